"""How things stand now: calls, callbacks, tasks, dialling, archive; read once for everybody.

What does not answer is said to be unknown: it is never shown as it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.alert_health import known_of
from bot.archivist import Lag, lag
from bot.callback_book import held_back_by, reason_in_words
from bot.callbacks import Callback
from bot.dialling_gate import gate_of, why_in_words
from bot.dialling_pace import DiallingPace
from bot.errors import StorageRefused, StoreDown
from bot.in_progress import calls_in_progress
from bot.owed_list import open_callbacks
from bot.runtime import Runtime
from bot.tasks import Priority
from bot.unit_of_work import UnitOfWork

MOST_CALLS = 50  # of a desk that are shown; how many there are is told of all
MOST_CALLBACKS = 1000  # of a desk that are counted
Told = TypeVar("Told")

DUE, LATER, UNDER_WAY = "due now", "at a later time", "being rung"


@dataclass(frozen=True, slots=True)
class CallNow:
    """A call that is going on."""

    id: str
    flow: str
    state: str
    began: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Callbacks that wait for the same thing: how many, and since when the oldest is owed.

    `held` by a rule of dialling, or by a person.
    """

    what: str
    number: int
    since: float
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNow:
    """One desk."""

    name: str
    held_because: str  # "" where it rings customers as usual
    paused: bool
    calls: tuple[CallNow, ...]
    under_way: int
    rung: int  # how many calls of ours may be going on, of `at_once`
    at_once: int
    callbacks: tuple[Waiting, ...]
    lag: Lag
    alerts: tuple[tuple[str, float], ...]  # by which channel telling of tasks fails, since when


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksNow:
    """Open tasks of one priority, at all desks."""

    priority: str
    number: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything. None is what did not answer."""

    at: float
    desks: tuple[DeskNow, ...] | None
    tasks: tuple[TasksNow, ...] | None


def snapshot(runtime: Runtime) -> Snapshot:
    """Read it all."""
    now = runtime.clock.now()
    desks = _told(lambda: tuple(_desk(runtime, desk, now) for desk in runtime.desks))
    tasks = _told(lambda: tuple(_tasks(runtime, now)))
    return Snapshot(at=now, desks=desks, tasks=tasks)


def _told(ask: Callable[[], Told]) -> Told | None:
    """What it answers; None where nothing answers."""
    try:
        return ask()
    except (StoreDown, StorageRefused):
        return None


def _desk(runtime: Runtime, desk: str, now: float) -> DeskNow:
    store, rules = runtime.store, runtime.house.policy.desk[desk]
    gate = gate_of(UnitOfWork(store, desk))
    calls = calls_in_progress(store, desk, now)
    return DeskNow(
        name=desk,
        held_because=why_in_words(gate),
        paused=gate.pause is not None,
        calls=tuple(CallNow(t.id, t.flow, t.state, began) for t, began in calls[:MOST_CALLS]),
        under_way=len(calls),
        rung=DiallingPace(store, runtime.house.policy).at_once(desk, now),
        at_once=rules.calls_at_once,
        callbacks=_callbacks(runtime, desk, now),
        lag=lag(store, desk, now),
        alerts=tuple(
            (channel, known["failing_since"])
            for channel, known in sorted(known_of(store, desk).items())
            if "failing_since" in known
        ),
    )


def _callbacks(runtime: Runtime, desk: str, now: float) -> tuple[Waiting, ...]:
    """What is owed, by what it waits for."""
    counted: dict[tuple[str, bool], list[float]] = {}
    for callback in open_callbacks(runtime, desk, MOST_CALLBACKS):
        counted.setdefault(_waits_for(callback, now), []).append(callback.opened_at)
    return tuple(
        Waiting(what, len(since), min(since), held)
        for (what, held), since in sorted(counted.items(), key=lambda each: (each[0][1], each[0]))
    )


def _waits_for(callback: Callback, now: float) -> tuple[str, bool]:
    if callback.under_way:
        return UNDER_WAY, False
    if rule := held_back_by(callback, now):
        return reason_in_words(rule).replace("_", " "), True
    return (DUE if callback.due_at <= now else LATER), False


def _tasks(runtime: Runtime, now: float) -> Iterator[TasksNow]:
    found = runtime.tasks.counts(now)
    for priority in Priority:
        counts = [count for (_, each), count in found.items() if each is priority]
        number, overdue = sum(n for n, _ in counts), sum(late for _, late in counts)
        yield TasksNow(priority=priority.value, number=number, overdue=overdue)
