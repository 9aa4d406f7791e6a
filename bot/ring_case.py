"""An officer has a customer rung: a callback that an officer asked for, by case."""

from bot.actions import TaskReason
from bot.callback_book import ask_again, find_open, queue_callback, read_callback
from bot.callbacks import Callback
from bot.cases import Case
from bot.errors import RingbackError
from bot.opening import NUMBER
from bot.owing import owe_task
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

KEEP_ASKED = 30 * 86400.0  # longer than anybody sends the same request again


class CannotRing(RingbackError):
    """This request cannot become a callback; the text says why, for the officer."""


class NumberIsALead(RingbackError):
    """The number is not on the case: a person has to approve it, and has been told."""


def ring_case(
    runtime: Runtime, handle: str, officer: str, *, number: str | None = None, event: str = ""
) -> Callback:
    """Owe the customer of this case a call, now; the one that is open already, if there is one.

    `number` (E.164) is one of the case's own, else its best one is rung; one that is not on the
    case is a lead: a task, and nobody is rung on it. `event` names a request that may come twice:
    the same again is the same as once. Whether it may be rung now is for the dial rules, when a
    worker takes it. Raises `CannotRing`, `NumberIsALead`.
    """
    case = _case(runtime, handle, officer)
    e164 = number or runtime.directory.number_of(handle)
    if e164 is None:
        raise CannotRing(f"case {handle} has no number to ring")
    number_hash = runtime.keyring.number_hash(e164)
    if number_hash not in runtime.directory.number_hashes(handle):
        _owe_lead(runtime, case, officer, PhoneNumber(e164), event)
        raise NumberIsALead("the number is not on the case: a person decides, and has been told")
    now = runtime.clock.now()
    unit = UnitOfWork(runtime.store, case.desk)
    asked = f"asked:{event}"
    known = unit.get(asked) if event else None
    before = read_callback(unit, known["callback"]) if known else None
    if before is not None:
        return before
    callback = find_open(unit, number_hash, handle)
    if callback is None:
        callback = Callback(
            id=f"OF{runtime.keyring.mac('ring', officer, handle, event or repr(now))[:32]}",
            desk=case.desk,
            number_sealed=runtime.keyring.seal(e164, bound_to=NUMBER),
            number_hash=number_hash,
            number_mask=str(PhoneNumber(e164)),
            case=handle,
            asked_by=officer,
            opened_at=now,
            due_at=now,
        )
        unit.get(f"callback:{callback.id}")
        queue_callback(unit, callback, now)
    elif callback.last:
        raise CannotRing("a call is under way, and they asked for none after it; see the tasks")
    else:
        callback = ask_again(unit, callback, now, by_customer=False)
    if event:
        unit.put(asked, {"callback": callback.id}, keep=KEEP_ASKED)
    unit.commit()
    return callback


def _case(runtime: Runtime, handle: str, officer: str) -> Case:
    case = runtime.directory.by_handle(handle)
    if case is None:
        raise CannotRing(f"no case has the handle {handle}; see the letter, or the import")
    if officer not in runtime.house.policy.desk[case.desk].officers:
        raise CannotRing(f"{officer} is no officer of the desk {case.desk}; see policy.toml")
    return case


def _owe_lead(runtime: Runtime, case: Case, officer: str, number: PhoneNumber, event: str) -> None:
    """Whose it is, is for a person to find out; the number is sealed in the task."""
    unit, now = UnitOfWork(runtime.store, case.desk), runtime.clock.now()
    reason = TaskReason.NUMBER_LEAD
    named = runtime.keyring.mac("lead", case.handle, officer, number.e164, event)
    owe_task(
        unit,
        Task(
            id=f"LE{named[:32]}:{reason.value}",
            desk=case.desk,
            reason=reason,
            priority=priority_of(reason),
            owner="",  # the worker that files it looks the case's officer up
            raised_at=now,
            conversation=f"LE{named[:32]}",
            case=case.handle,
            number=str(number),
            number_sealed=runtime.keyring.seal(number.e164, bound_to=NUMBER),
        ),
    )
    unit.commit()
