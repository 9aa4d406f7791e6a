"""Legal holds: what may not go, whatever its time; placed and lifted by a named person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, insert, or_, select, true, update

from bot.records.database import asking
from bot.records.tables import case_numbers, legal_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What is held: all about a case; or all of a desk from `since` until before `until`.

    Times are seconds since 1970. Both places of a desk and its times may be open (None).
    """

    id: int = 0
    case: str | None = None
    desk: str | None = None
    since: float | None = None
    until: float | None = None
    reason: str
    placed_by: str
    placed_at: float
    hashes: tuple[str, ...] = ()  # of the numbers on the case, by which lines without it are known

    @property
    def what(self) -> str:
        """What is held, in words."""
        return f"case {self.case}" if self.case else f"desk {self.desk or 'any'}"


class SqlHolds:
    """The list of holds. Every method raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def place(self, hold: Hold) -> int:
        """Hold this from now on; the number by which it is lifted."""
        names = ("case", "desk", "since", "until", "reason", "placed_by", "placed_at")
        values = {name: getattr(hold, name) for name in names}
        with asking(self._engine) as connection:
            found = connection.execute(insert(legal_holds).values(values)).inserted_primary_key
            return int(found[0]) if found else 0

    def lift(self, id: int, by: str, reason: str, at: float) -> bool:
        """Hold it no longer; False if no such hold stands."""
        standing = (legal_holds.c.id == id, legal_holds.c.lifted_at.is_(None))
        lifted = {"lifted_by": by, "lifted_at": at, "lifted_why": reason}
        with asking(self._engine) as connection:
            return (
                connection.execute(update(legal_holds).where(*standing).values(lifted)).rowcount > 0
            )

    def standing(self) -> list[Hold]:
        """The holds that stand, the oldest first."""
        query = select(legal_holds).where(legal_holds.c.lifted_at.is_(None))
        with asking(self._engine) as connection:
            rows = list(connection.execute(query.order_by(legal_holds.c.id)))
            numbers: dict[str, list[str]] = {}
            for handle, hashed in connection.execute(
                select(case_numbers.c.handle, case_numbers.c.number_hash).where(
                    case_numbers.c.handle.in_([row.case for row in rows if row.case])
                )
            ):
                numbers.setdefault(handle, []).append(hashed)
        return [_hold(row, tuple(numbers.get(row.case, ()))) for row in rows]


def is_held(columns: Any, hold: Hold) -> ColumnElement[bool]:
    """Whether a row of a table with these columns is held: `case`, `number_hash`, `desk`, a time.

    Where a table knows no desk, a hold of any desk's time holds it.
    """
    if hold.case is not None:
        by_number = "number_hash" in columns and hold.hashes
        found = [columns.case == hold.case] if "case" in columns else []
        found += [columns.number_hash.in_(hold.hashes)] if by_number else []
        return or_(*found)
    at = columns.raised_at if "raised_at" in columns else columns.at
    wanted = [true()]
    if hold.desk is not None and "desk" in columns:
        wanted.append(columns.desk == hold.desk)
    if hold.since is not None:
        wanted.append(at >= hold.since)
    if hold.until is not None:
        wanted.append(at < hold.until)
    return and_(*wanted)


def _hold(row: Any, hashes: tuple[str, ...]) -> Hold:
    fields = dict(row._mapping)
    for name in ("lifted_by", "lifted_at", "lifted_why"):
        del fields[name]
    return Hold(**fields, hashes=hashes)
