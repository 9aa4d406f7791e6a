"""What is past its time, kind by kind: how much there is, which, and its going, a few at a time.

Nothing here decides when (`bot.retention`). A row that is held does not go, whenever the hold was
placed: the statement that removes looks for itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Table,
    and_,
    delete,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from bot.flow_log import FlowLogLine
from bot.records.database import asking
from bot.records.flow_log_erasing import SqlErasing
from bot.records.flow_log_tables import flow_log_lines
from bot.records.holds import Hold, is_held
from bot.records.staff_tables import staff
from bot.records.tables import disclosures, missed_calls, tasks

PERSONAL = ("case", "number", "number_hash")  # of a line: who it is about
WHOLE = tuple(name for name in FlowLogLine.__slots__ if name not in ("at", "desk"))
_LINES = flow_log_lines.c


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where a kind stands, from when its time runs, what is there still, and what takes it away."""

    table: Table
    ids: Column[Any]
    at: Column[Any]
    there: ColumnElement[bool]
    changes: dict[str, Any] | None = None  # what is written instead; None: the row goes
    erases: tuple[str, ...] = ()  # fields of lines
    holdable: bool = True  # whether a legal hold is about it: one names a case, or what was said


def _task(there: ColumnElement[bool], changes: dict[str, Any] | None = None) -> _Kind:
    return _Kind(tasks, tasks.c.id, tasks.c.done_at, there, changes)


_KINDS = {
    "disclosures": _Kind(disclosures, disclosures.c.id, disclosures.c.at, disclosures.c.id != ""),
    "task_texts": _task(tasks.c.text_sealed.is_not(None), {"text_sealed": None}),
    "task_numbers": _task(
        tasks.c.number_sealed.is_not(None), {"number_sealed": None, "number": ""}
    ),
    "tasks": _task(tasks.c.id != ""),
    "missed_calls": _Kind(
        missed_calls, missed_calls.c.id, missed_calls.c.at, missed_calls.c.id != ""
    ),
    "flow_log_personal": _Kind(
        flow_log_lines,
        _LINES.id,
        _LINES.at,
        or_(*(_LINES[name].is_not(None) for name in ("case", "number_masked", "number_hash"))),
        erases=PERSONAL,
    ),
    "flow_log_lines": _Kind(
        flow_log_lines, _LINES.id, _LINES.at, _LINES.kind.is_not(None), erases=WHOLE
    ),
    "leavers": _Kind(  # handsets and credentials go when they leave (`bot.records.staff`)
        staff,
        staff.c.number,
        staff.c.left_at,
        staff.c.name_sealed != "",
        {"name_sealed": "", "leave_from": None, "leave_until": None},
        holdable=False,
    ),
}
KINDS = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many of a kind are past their time, when the oldest began, and how many holds keep."""

    count: int
    oldest: float | None
    held: int


class SqlExpiring:
    """Looks for what is past its time. Every method raises `StoreDown`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def overdue(self, kind: str, before: float, holds: Collection[Hold]) -> Overdue:
        """What of this kind is from before that instant."""
        each = _KINDS[kind]
        query = select(func.count(), func.min(each.at)).select_from(each.table)
        late = (each.at < before, each.there)
        with asking(self._engine) as connection:
            all_of_it, _ = connection.execute(query.where(*late)).one()
            count, oldest = connection.execute(query.where(*late, _free(each, holds))).one()
        return Overdue(count, oldest, all_of_it - count)

    def ids(self, kind: str, before: float, holds: Collection[Hold], most: int) -> list[str]:
        """Those that may go, the oldest first, at most so many. A line's has its desk before it."""
        each = _KINDS[kind]
        named = [_LINES.desk, _LINES.number] if each.erases else [each.ids]
        query = select(*named).where(each.at < before, each.there, _free(each, holds))
        with asking(self._engine) as connection:
            found = connection.execute(query.order_by(each.at, each.ids).limit(most))
            return [" ".join(map(str, row)) for row in found]

    def expire(self, kind: str, ids: Sequence[str], before: float, holds: Collection[Hold]) -> int:
        """Let these go, those of them that are past that instant, and that nothing holds."""
        each = _KINDS[kind]
        if each.erases:
            return self._erase(each, ids, before, holds)
        wanted = (each.ids.in_(ids), each.at < before, _free(each, holds))
        gone = delete(each.table).where(*wanted)
        change = update(each.table).where(*wanted).values(each.changes or {})
        with asking(self._engine) as connection:
            return connection.execute(gone if each.changes is None else change).rowcount

    def _erase(
        self, each: _Kind, ids: Sequence[str], before: float, holds: Collection[Hold]
    ) -> int:
        numbers: dict[str, list[int]] = {}
        for id in ids:
            desk, _, number = id.rpartition(" ")
            numbers.setdefault(desk, []).append(int(number))
        count = 0
        for desk, wanted in numbers.items():
            query = select(_LINES.number).where(
                *(_LINES.desk == desk, _LINES.number.in_(wanted), _LINES.at < before),
                _free(each, holds),
            )
            with asking(self._engine) as connection:
                free = list(connection.execute(query).scalars())
            count += SqlErasing(self._engine).erase(desk, free, each.erases)
        return count


def _free(each: _Kind, holds: Collection[Hold]) -> ColumnElement[bool]:
    """A comparison with nothing is neither true nor false: such a row is not held by it."""
    about = holds if each.holdable else ()
    held = [func.coalesce(is_held(each.table.c, hold), False) for hold in about]
    return and_(true(), *(not_(one) for one in held))
