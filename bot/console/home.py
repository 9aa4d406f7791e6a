"""Home: what needs attention now, as far as whoever looks may see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template

from bot.approvals import approved_set
from bot.console.guarded import Gate
from bot.console.room import person, runtime
from bot.dialling_gate import gate_of, why_in_words
from bot.release import why_not
from bot.runtime import Runtime
from bot.staff import Person, Right
from bot.submissions import State
from bot.tasks import Priority, Task
from bot.unit_of_work import UnitOfWork

page = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that somebody should look at; `runbook` names the page of the help about it."""

    about: str
    told: str
    urgent: bool = False
    runbook: str = ""


@page.get("/", right=Gate.SIGNED_IN, menu="Home")
def home() -> str:
    """What needs attention, the urgent first."""
    found = sorted(attention(runtime(), person()), key=lambda each: not each.urgent)
    return render_template("home.html", attention=found)


def attention(runtime: Runtime, person: Person) -> Iterator[Attention]:
    """Everything that this person may see and should."""
    if person.may(Right.SEE_FLOW):
        for desk in runtime.desks:
            yield from _dialling(runtime, desk)
        yield from _tasks(runtime.tasks.open(), runtime.clock.now())
    if person.may(Right.SEE_DOCTOR) or person.may(Right.SEE_WORDING):
        yield from _silenced(runtime)
    if person.may(Right.APPROVE_WORDING):
        waiting = [one for one in runtime.wordings.unapproved() if one.state is State.SUBMITTED]
        if waiting:
            yield Attention("Wording", f"{_many(len(waiting), 'text')} to approve")


def _dialling(runtime: Runtime, desk: str) -> Iterator[Attention]:
    gate = gate_of(UnitOfWork(runtime.store, desk))
    if gate.runs:
        return
    told = f"the desk {desk} rings nobody, or one at a time: {why_in_words(gate)}"
    yield Attention("Dialling", told, urgent=gate.pause is None, runbook="dialling_stopped")


def _tasks(tasks: list[Task], now: float) -> Iterator[Attention]:
    if overdue := [task for task in tasks if task.overdue(now)]:
        yield Attention("Tasks", f"{_many(len(overdue), 'task')} overdue", urgent=True)
    urgent = [task for task in tasks if task.priority is Priority.URGENT and not task.overdue(now)]
    if urgent:
        yield Attention("Tasks", f"{_many(len(urgent), 'urgent task')} to do", urgent=True)
    if rest := len(tasks) - len(overdue) - len(urgent):
        yield Attention("Tasks", f"{_many(rest, 'other task')} to do")


def _silenced(runtime: Runtime) -> Iterator[Attention]:
    """The desks that may say nothing: invariant 9."""
    for desk in runtime.desks:
        reason = why_not(approved_set(runtime.store, desk), runtime.release, runtime.house.keys)
        if reason:
            told = f"the desk {desk} receives only, and rings nobody: {reason}"
            yield Attention("Wording", told, urgent=True, runbook="not_approved")


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
