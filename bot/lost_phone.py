"""A telephone is lost: everything by which its officer gets in is shut at once, and found again.

The order is that of the harm: first the staff list (sessions, PINs, codes and handsets open nothing
from then on), then the calls that go on from it, and then whoever must know. All of it may be done
again: it is once.
"""

from dataclasses import dataclass

from bot.actions import TaskReason
from bot.conversation import Conversation
from bot.errors import Conflict, RingbackError
from bot.in_progress import calls_in_progress
from bot.officers import TOKEN
from bot.owing import owe_about_call, owe_task
from bot.records.staff import NotOnTheList
from bot.runtime import Runtime
from bot.sign_in_log import SignInLog
from bot.staff import Person
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

MOST_CONFLICTS = 20


class NotByThemselves(RingbackError):
    """Somebody wants to let themselves in again; the text says who may."""


@dataclass(frozen=True, slots=True)
class Shut:
    """What was shut: whether it was news, and how many calls were ended by it."""

    news: bool
    calls: int


def lose_phone(runtime: Runtime, number: str, by: Person, *, told_in: str = "") -> Shut:
    """Shut everything of this officer's. `told_in` is the call in which they say so: it goes on.

    Raises `NotOnTheList`, `StoreDown`.
    """
    runtime.records.staff.here(number)
    log = SignInLog(runtime.store, runtime.clock, runtime.house.policy.default_desk)
    news = runtime.records.staff.lose_phone(
        number, runtime.clock.now(), lambda: log.changed(by, ("phone_lost", number))
    )
    ended = sum(_end_calls(runtime, desk, number, told_in) for desk in runtime.desks)
    _tell_manager(runtime, runtime.records.staff.here(number), told_in)
    return Shut(news, ended)


def find_phone(runtime: Runtime, number: str, by: Person) -> None:
    """It is found, and opens again what it opened. Raises `NotOnTheList`, `NotByThemselves`."""
    if by.number == number:
        raise NotByThemselves("somebody else has to let you in again: your manager")
    officer = runtime.records.staff.here(number)
    if officer.lost_at is None:
        raise NotOnTheList(f"nothing is lost of {number}")
    log = SignInLog(runtime.store, runtime.clock, runtime.house.policy.default_desk)
    runtime.records.staff.find_phone(
        number, runtime.clock.now(), lambda: log.changed(by, ("phone_found", number))
    )


def _end_calls(runtime: Runtime, desk: str, number: str, told_in: str) -> int:
    """End the calls that go on with this officer, or from one of their handsets."""
    handsets = set(runtime.records.staff.handset_hashes(number))
    ended = 0
    for talk, _ in calls_in_progress(runtime.store, desk, runtime.clock.now()):
        theirs = talk.tokens.get("officer") == number or talk.tokens.get("number_hash") in handsets
        if theirs and talk.id != told_in:
            ended += _end(runtime, talk.id, desk)
    return ended


def _end(runtime: Runtime, conversation: str, desk: str) -> bool:
    """Nothing for an officer's ears is said in it any more, and the carrier ends it."""
    key = f"call:{conversation}"
    for _ in range(MOST_CONFLICTS):
        unit = UnitOfWork(runtime.store, desk, (key,))
        data = unit.get(key)
        talk = Conversation.from_json(data) if data else None
        if talk is None or talk.ended:
            return False
        talk.tokens.pop(TOKEN, None)
        unit.put(key, talk.to_json())
        owe_about_call(unit, talk, "end_call", runtime.clock.now())
        try:
            unit.commit()
        except Conflict:
            continue
        return True
    raise Conflict(f"{conversation}: changed {MOST_CONFLICTS} times while it was ended")


def _tell_manager(runtime: Runtime, officer: Person, told_in: str) -> None:
    unit = UnitOfWork(runtime.store, officer.desk)
    at = officer.lost_at or runtime.clock.now()
    owe_task(
        unit,
        Task(
            id=f"lost_phone:{officer.number}:{at:.3f}",
            desk=officer.desk,
            reason=TaskReason.LOST_PHONE,
            priority=priority_of(TaskReason.LOST_PHONE),
            owner=officer.manager,
            raised_at=runtime.clock.now(),
            conversation=told_in,
        ),
    )
    unit.commit()
