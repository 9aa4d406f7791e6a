"""What of one person goes from the records, what stays by which rule; and its going.

Nothing here decides who orders it (`bot.erasing`). Lines of the flow log lose their fields the way
that retention has (`SqlErasing`), so that the chain still holds.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from bot.flow_log import LineKind
from bot.records.database import asking
from bot.records.expiring import PERSONAL
from bot.records.flow_log_erasing import SqlErasing
from bot.records.flow_log_tables import flow_log_lines
from bot.records.holds import Hold, is_held
from bot.records.person import Whose, is_about
from bot.records.tables import disclosures, missed_calls, tasks

RIGHTS = ("person_erased", "person_erased_again", "person_exported")  # what the log tells of them

_LINES = flow_log_lines.c
_WHO_A_TASK_IS_ABOUT = {"text_sealed": None, "number_sealed": None, "number": "", "case": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """By what a record stays: holds; disclosures from `told_since` on; callbacks still owed."""

    holds: Sequence[Hold]
    told_since: float
    callbacks: Collection[str]


@dataclass(frozen=True, slots=True)
class Found:
    """How many go, by kind; how many stay, by rule."""

    goes: Counter[str]
    kept: Counter[str]

    def and_those(self, other: "Found") -> "Found":
        """Both together."""
        return Found(self.goes + other.goes, self.kept + other.kept)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where a kind stands, what of it tells of a person still, and which rules keep it."""

    table: Table
    at: Column[Any]
    there: ColumnElement[bool]
    rules: Callable[[Whose, Keeping], Sequence[tuple[str, ColumnElement[bool]]]]
    changes: dict[str, Any] | None = None  # what is written instead; None: the row goes


def _rules_of_tasks(whose: Whose, keeping: Keeping) -> Sequence[tuple[str, ColumnElement[bool]]]:
    return [("open_task", tasks.c.done_at.is_(None))]


def _rules_of_disclosures(
    whose: Whose, keeping: Keeping
) -> Sequence[tuple[str, ColumnElement[bool]]]:
    return [("disclosures", disclosures.c.at >= keeping.told_since)]


def _rules_of_lines(whose: Whose, keeping: Keeping) -> Sequence[tuple[str, ColumnElement[bool]]]:
    told = (_LINES.kind == LineKind.DISCLOSURE.value) & (_LINES.at >= keeping.told_since)
    open_tasks = select(tasks.c.conversation).where(
        is_about(tasks, whose), tasks.c.done_at.is_(None)
    )
    owed = or_(_LINES.callback.in_(keeping.callbacks), _LINES.conversation.in_(keeping.callbacks))
    return [
        ("rights", _LINES.event.in_(RIGHTS)),
        ("disclosures", told),
        ("open_task", _LINES.conversation.in_(open_tasks)),
        ("open_callback", owed),
    ]


# Tasks first: one about no case is found by the lines of its conversation.
_KINDS = {
    "tasks": _Kind(
        tasks,
        tasks.c.raised_at,
        or_(
            *(tasks.c[name].is_not(None) for name in ("text_sealed", "number_sealed", "case")),
            tasks.c.number != "",
        ),
        _rules_of_tasks,
        _WHO_A_TASK_IS_ABOUT,
    ),
    "missed_calls": _Kind(
        missed_calls, missed_calls.c.at, missed_calls.c.id != "", lambda whose, keeping: ()
    ),
    "disclosures": _Kind(
        disclosures, disclosures.c.at, disclosures.c.id != "", _rules_of_disclosures
    ),
    "flow_log_personal": _Kind(
        flow_log_lines,
        _LINES.at,
        or_(*(_LINES[name].is_not(None) for name in ("case", "number_masked", "number_hash"))),
        _rules_of_lines,
    ),
}


class SqlPersonErasing:
    """Looks for what is about one person, and lets it go. Raises `StoreDown`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def look(self, whose: Whose, before: float, keeping: Keeping) -> Found:
        """What from before that instant would go, and what would stay."""
        found = Found(Counter(), Counter())
        with asking(self._engine) as connection:
            for name in _KINDS:
                rules = [row.rule for row in _rows(connection, name, whose, before, keeping)]
                goes = Counter({name: rules.count("")})
                found = found.and_those(Found(goes, Counter(rule for rule in rules if rule)))
        return found

    def erase(self, whose: Whose, before: float, keeping: Keeping) -> Found:
        """Let it go, and say the same. Twice is the same as once."""
        found = Found(Counter(), Counter())
        for name, kind in _KINDS.items():
            with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
                rows = list(_rows(connection, name, whose, before, keeping))
                free = [row for row in rows if not row.rule]
                if kind.table is not flow_log_lines:
                    _let_go(connection, kind, free)
            if kind.table is flow_log_lines:
                self._empty_lines(free)
            kept = Counter(row.rule for row in rows if row.rule)
            found = found.and_those(Found(Counter({name: len(free)}), kept))
        return found

    def _empty_lines(self, free: Sequence[Any]) -> None:
        for desk in sorted({row.desk for row in free}):
            numbers = [row.number for row in free if row.desk == desk]
            SqlErasing(self._engine).erase(desk, numbers, PERSONAL)


def _rows(
    connection: Connection, name: str, whose: Whose, before: float, keeping: Keeping
) -> Iterator[Any]:
    """What is about them: its key, and the first `rule` that keeps it, or none ("")."""
    kind = _KINDS[name]
    held = [("legal_hold", is_held(kind.table.c, hold)) for hold in keeping.holds]
    whens = [
        (func.coalesce(condition, False), literal(rule))
        for rule, condition in (*held, *kind.rules(whose, keeping))
    ]
    rule = case(*whens, else_=literal("")) if whens else literal("")
    query = select(*kind.table.primary_key.columns, rule.label("rule"))
    wanted = (is_about(kind.table, whose), kind.at < before, kind.there)
    yield from connection.execute(query.where(*wanted))


def _let_go(connection: Connection, kind: _Kind, free: Sequence[Any]) -> None:
    keys = list(kind.table.primary_key.columns)
    for row in free:
        this = [key == getattr(row, key.name) for key in keys]
        if kind.changes is None:
            connection.execute(delete(kind.table).where(*this))
        else:
            connection.execute(update(kind.table).where(*this).values(kind.changes))
