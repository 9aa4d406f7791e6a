"""What an officer out on call sees of their cases: handles and times, and nothing about a person.

Theirs are the cases on which they stand as officer, at their own desk.
"""

from dataclasses import dataclass

from bot.actions import Outcome, TaskReason
from bot.callback_book import open_callback
from bot.callbacks import Callback
from bot.flow_log import LineKind
from bot.owing import owe_task
from bot.records.flow_log_search import Wanted
from bot.runtime import Runtime
from bot.staff import Person
from bot.staff_log import line_of
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

MOST_CASES = 50
MOST_ENDED = 10
_LOOKED_AT = 20  # lines of each case


class NotTheirs(Exception):
    """A case that is no case of this officer's: whether there is one shows nowhere."""


@dataclass(frozen=True, slots=True)
class OnCall:
    """One case of theirs: when a visit is planned, and the call that is owed, if there is one."""

    handle: str
    visit_at: float | None
    callback: Callback | None


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that has ended: about which case, when, and how."""

    handle: str
    at: float
    disposition: str


def cases_on_call(runtime: Runtime, officer: Person) -> list[OnCall]:
    """Their cases, those with a visit today first, in its order."""
    since, until = runtime.house.policy.desk[officer.desk].today(runtime.clock.now())
    visits = {handle: at for at, handle in runtime.directory.visits(officer.number, since, until)}
    handles = runtime.directory.cases_of(officer.number, MOST_CASES)
    unit = UnitOfWork(runtime.store, officer.desk)
    unit.get_all(*(f"open:case:{handle}" for handle in handles))  # in one trip
    found = [
        OnCall(handle, visits.get(handle), open_callback(unit, f"case:{handle}"))
        for handle in handles
        if _is_theirs(runtime, officer, handle)
    ]
    return sorted(found, key=lambda one: (one.visit_at is None, one.visit_at or 0.0, one.handle))


def ended_lately(runtime: Runtime, cases: list[OnCall]) -> list[Ended]:
    """How the latest attempts about these cases ended, the newest first."""
    found = []
    for case in cases:
        wanted = Wanted(case=case.handle, kind=LineKind.CALLBACK.value)
        for each in runtime.records.flow_log_search.search(
            wanted, longest_days=1, limit=_LOOKED_AT
        ).found:
            if each.line.disposition:
                found.append(Ended(case.handle, each.line.at, each.line.disposition))
    return sorted(set(found), key=lambda one: -one.at)[:MOST_ENDED]


def note_outcome(runtime: Runtime, officer: Person, handle: str, outcome: Outcome) -> None:
    """What came of a visit or call: a draft for the record. Raises `NotTheirs`."""
    refuse_others(runtime, officer, handle)
    now, unit = runtime.clock.now(), UnitOfWork(runtime.store, officer.desk)
    unit.log(line_of(officer, "outcome", now, case=handle, detail=outcome.value))
    owe_task(
        unit,
        Task(
            id=f"{officer.number}:{handle}:{now:.3f}:{TaskReason.NOTE_TO_APPROVE.value}",
            desk=officer.desk,
            reason=TaskReason.NOTE_TO_APPROVE,
            priority=priority_of(TaskReason.NOTE_TO_APPROVE),
            owner="",
            raised_at=now,
            conversation="",
            case=handle,
        ),
    )
    unit.commit()


def refuse_others(runtime: Runtime, officer: Person, handle: str) -> None:
    """Raise `NotTheirs` unless it is a case of theirs."""
    if not _is_theirs(runtime, officer, handle):
        raise NotTheirs


def _is_theirs(runtime: Runtime, officer: Person, handle: str) -> bool:
    case = runtime.directory.by_handle(handle)
    return case is not None and (case.officer, case.desk) == (officer.number, officer.desk)
