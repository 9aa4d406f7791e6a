"""What was disclosed, kept by the retention rule (IDG40210); append-only, never the fact itself.

No code alters a row. A record goes when its time is over (`bot.retention`), and in no other way.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.disclosure_record import DisclosureRecord
from bot.records.database import asking
from bot.records.tables import disclosures

_LISTS = ("facts", "checks", "wordings")  # separated by spaces: ids of ours have none
_PAGE = 500  # rows fetched at a time


class SqlDisclosures:
    """The log of disclosures. Every method raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def file(self, record: DisclosureRecord) -> bool:
        """Put a record into the log; False if it is there already: filing twice is filing once.

        One with the same id and another time is another telling: a failover of Redis may take a
        call a turn back, and what was told before it was told all the same.
        """
        try:
            with asking(self._engine) as connection:
                connection.execute(insert(disclosures).values(_row(record)))
        except IntegrityError:
            if not self._has(record):
                raise
            return False
        return True

    def told(
        self,
        *,
        case: str | None = None,
        since: float | None = None,
        before: float | None = None,
    ) -> Iterator[DisclosureRecord]:
        """The records, the oldest first: about one case, from an instant on, from before one."""
        query = select(disclosures).where(*_wanted(case, since, before))
        ordered = query.order_by(disclosures.c.at, disclosures.c.id)
        with asking(self._engine) as connection:
            streamed = connection.execution_options(yield_per=_PAGE)
            for row in streamed.execute(ordered):
                yield _record(row)

    def newest(
        self,
        most: int,
        *,
        case: str | None = None,
        since: float | None = None,
        before: float | None = None,
    ) -> list[DisclosureRecord]:
        """The newest of the same, at most so many; the oldest of these first."""
        query = select(disclosures).where(*_wanted(case, since, before)).limit(most)
        ordered = query.order_by(disclosures.c.at.desc(), disclosures.c.id.desc())
        with asking(self._engine) as connection:
            return [_record(row) for row in connection.execute(ordered)][::-1]

    def count(self, *, before: float) -> int:
        """How many were told before an instant."""
        query = select(func.count()).select_from(disclosures).where(*_wanted(None, None, before))
        with asking(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def oldest(self) -> float | None:
        """When the first thing that is still on record was told."""
        with asking(self._engine) as connection:
            first: float | None = connection.execute(select(func.min(disclosures.c.at))).scalar()
            return first

    def ids_before(self, before: float, most: int) -> list[str]:
        """The ids of what was told before an instant, the oldest first, at most so many."""
        query = select(disclosures.c.id).where(*_wanted(None, None, before))
        ordered = query.order_by(disclosures.c.at, disclosures.c.id).limit(most)
        with asking(self._engine) as connection:
            return list(connection.execute(ordered).scalars())

    def remove(self, ids: Sequence[str], *, before: float) -> int:
        """Let these records go, those of them that are from before that instant; how many went."""
        gone = delete(disclosures).where(disclosures.c.id.in_(ids), disclosures.c.at < before)
        with asking(self._engine) as connection:
            return connection.execute(gone).rowcount

    def _has(self, record: DisclosureRecord) -> bool:
        same = (disclosures.c.id == record.id, disclosures.c.at == record.at)
        with asking(self._engine) as connection:
            found = connection.execute(select(disclosures.c.id).where(*same))
            return found.one_or_none() is not None


def _wanted(
    case: str | None, since: float | None, before: float | None
) -> list[ColumnElement[bool]]:
    wanted = []
    if case is not None:
        wanted.append(disclosures.c.case == case)
    if since is not None:
        wanted.append(disclosures.c.at >= since)
    if before is not None:
        wanted.append(disclosures.c.at < before)
    return wanted


def _row(record: DisclosureRecord) -> dict[str, Any]:
    fields = record.to_json()
    fields["conversation"] = fields.pop("call")
    fields["contact"] = fields["contact"] or ""
    return fields | {name: " ".join(fields[name]) for name in _LISTS}


def _record(row: Any) -> DisclosureRecord:
    fields = dict(row._mapping)
    fields["call"] = fields.pop("conversation")
    return DisclosureRecord.from_json(fields | {name: fields[name].split() for name in _LISTS})
