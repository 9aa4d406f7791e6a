"""The number on which a customer is best reached: the first of the case, the others after it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from bot.keys import Keyring
from bot.records.database import asking
from bot.records.naming import hold
from bot.records.tables import best_numbers, case_numbers, cases, sealed_in


class Noted(StrEnum):
    """What became of it."""

    CHANGED = "changed"
    AS_BEFORE = "as_before"  # it was the first already
    OVERTAKEN = "overtaken"  # a later call or import has said which number is the best
    NO_CASE = "no_case"
    SOMEBODY_ELSES = "somebody_elses"  # it stands on another customer's case: nothing is changed


class SqlBestNumbers:
    """Writes best numbers down. Writing one twice is writing it once, in whatever order."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def note(self, handle: str, e164: str, *, conversation: str, at: float) -> Noted:
        """This number was given in that call, then; what became of it.

        Raises `StoreDown`, and `ConfigError` while the names of numbers are being changed.
        """
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            case = connection.execute(
                select(cases.c.imported_at, cases.c.customer)
                .where(cases.c.handle == handle)
                .with_for_update()
            ).one_or_none()
            if case is None:
                return Noted.NO_CASE
            hold(connection, self._keyring)
            last = connection.execute(
                select(best_numbers).where(best_numbers.c.handle == handle)
            ).one_or_none()
            if last is not None and last.conversation == conversation:
                return Noted.CHANGED if last.changed else Noted.AS_BEFORE
            if case.imported_at > at or (last is not None and last.at > at):
                return Noted.OVERTAKEN
            if self._is_somebody_elses(connection, handle, case.customer, e164):
                return Noted.SOMEBODY_ELSES
            return self._put_first(connection, handle, e164, conversation, at)

    def _is_somebody_elses(
        self, connection: Connection, handle: str, customer: str, e164: str
    ) -> bool:
        """Whether it is on a case of another customer, and not yet on this one.

        On both it would be nobody's: neither could be found by it any more.
        """
        found = connection.execute(
            select(case_numbers.c.handle, cases.c.customer)
            .join(cases, cases.c.handle == case_numbers.c.handle)
            .where(case_numbers.c.number_hash == self._keyring.number_hash(e164))
        ).all()
        here = any(row.handle == handle for row in found)
        return not here and any(row.customer != customer for row in found)

    def _put_first(
        self, connection: Connection, handle: str, e164: str, conversation: str, at: float
    ) -> Noted:
        number_hash = self._keyring.number_hash(e164)
        held = connection.execute(
            select(case_numbers)
            .where(case_numbers.c.handle == handle)
            .order_by(case_numbers.c.place)
        ).all()
        changed = not held or held[0].number_hash != number_hash
        if changed:
            bound_to = sealed_in("case", handle, "number")
            first = (number_hash, self._keyring.seal(e164, bound_to=bound_to))
            others = [(row.number_hash, row.number_sealed) for row in held]
            _write(connection, handle, [first, *(row for row in others if row[0] != number_hash)])
        connection.execute(delete(best_numbers).where(best_numbers.c.handle == handle))
        connection.execute(
            insert(best_numbers).values(
                handle=handle, conversation=conversation, at=at, changed=changed
            )
        )
        return Noted.CHANGED if changed else Noted.AS_BEFORE


def _write(connection: Connection, handle: str, numbers: Sequence[tuple[str, str]]) -> None:
    connection.execute(delete(case_numbers).where(case_numbers.c.handle == handle))
    rows: list[dict[str, Any]] = [
        {"handle": handle, "place": place, "number_hash": number_hash, "number_sealed": sealed}
        for place, (number_hash, sealed) in enumerate(numbers)
    ]
    connection.execute(insert(case_numbers), rows)
