"""All rows about one person, table by table: by the handles of cases and hashes of numbers."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Table, and_, or_, select

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
_WHERE: dict[Table, tuple[Column[Any], Column[Any] | None]] = {
    cases: (cases.c.handle, None),
    case_numbers: (case_numbers.c.handle, case_numbers.c.number_hash),
    best_numbers: (best_numbers.c.handle, None),
    missed_calls: (missed_calls.c.case, missed_calls.c.number_hash),
    tasks: (tasks.c.case, None),
    disclosures: (disclosures.c.case, disclosures.c.number_hash),
    flow_log_lines: (_LINES.case, _LINES.number_hash),
}


@dataclass(frozen=True, slots=True)
class Whose:
    """One person: the handles of their cases, the keyed hashes of numbers that are theirs alone."""

    handles: Collection[str]
    hashes: Collection[str]


class SqlPerson:
    """Collects rows. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, whose: Whose) -> dict[str, list[Json]]:
        """By table, the rows of these cases, and those of no case with one of these hashes."""
        with asking(self._engine) as connection:
            return {
                table.name: _read(connection, table, is_about(table, whose)) for table in _WHERE
            }


def is_about(table: Table, whose: Whose) -> ColumnElement[bool]:
    """Whether a row of this table is about this person.

    A task bears no hash: one about no case is known by the archived lines of its conversation.
    """
    handle, number = _WHERE[table]
    wanted: list[ColumnElement[bool]] = [handle.in_(whose.handles)]
    if number is not None:
        wanted.append(and_(handle.is_(None), number.in_(whose.hashes)))
    if table is tasks:
        theirs = and_(_LINES.case.is_(None), _LINES.number_hash.in_(whose.hashes))
        talks = select(_LINES.conversation).where(theirs, _LINES.conversation != "")
        wanted.append(and_(handle.is_(None), tasks.c.conversation.in_(talks)))
    return or_(*wanted)


def _read(connection: Any, table: Table, wanted: ColumnElement[bool]) -> list[Json]:
    query = select(table).where(wanted).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(query)]
