"""All rows about one person, table by table: by the handles of cases and hashes of numbers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Engine, Table, and_, or_, select

from bot.records.database import asking
from bot.records.flow_log_tables import flow_log_lines
from bot.records.tables import (
    best_numbers,
    case_numbers,
    cases,
    disclosures,
    missed_calls,
    tasks,
)

Json = dict[str, Any]

_LINES = flow_log_lines.c
_WHERE = (
    (cases, cases.c.handle, None),
    (case_numbers, case_numbers.c.handle, case_numbers.c.number_hash),
    (best_numbers, best_numbers.c.handle, None),
    (missed_calls, missed_calls.c.case, missed_calls.c.number_hash),
    (tasks, tasks.c.case, None),
    (disclosures, disclosures.c.case, disclosures.c.number_hash),
    (flow_log_lines, _LINES.case, _LINES.number_hash),
)


class SqlPerson:
    """Collects rows. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, handles: Collection[str], hashes: Collection[str]) -> dict[str, list[Json]]:
        """By table, the rows of these cases, and those of no case with one of these hashes."""
        found: dict[str, list[Json]] = {}
        with asking(self._engine) as connection:
            for table, case, number in _WHERE:
                wanted: list[ColumnElement[bool]] = [case.in_(handles)]
                if number is not None:
                    wanted.append(and_(case.is_(None), number.in_(hashes)))
                found[table.name] = _read(connection, table, or_(*wanted))
        return found


def _read(connection: Any, table: Table, wanted: ColumnElement[bool]) -> list[Json]:
    query = select(table).where(wanted).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(query)]
