"""The worker's part of a better number: it goes into the records, and the officer is told.

A stranger who has passed could turn our calls to a telephone of their own. So it stands in the
log, the officer is told to see to it that the department's own record says the same, and the
number that was there stays on the case, as the second. One that stands on another customer's case
is not put on this one: the officer is told of it all the same, and decides.
"""

from bot import best_number
from bot.actions import TaskReason
from bot.best_number import BestNumbers
from bot.opening import NUMBER
from bot.owing import owe_task
from bot.phone import PhoneNumber
from bot.records import Noted
from bot.runtime import Runtime
from bot.store import Json
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

KEEP_SECONDS = 8 * 86400.0  # longer than any line of the outbox is tried


def note_best_number(runtime: Runtime, desk: str, data: Json) -> None:
    """Write it down, and owe the task; again as often as need be. Raises `BadSeal`, `StoreDown`."""
    number = PhoneNumber(_opened(runtime, data))
    numbers = BestNumbers(runtime.house.policy, rehearsal=not runtime.settings.production)
    if not numbers.may_be_rung(number):
        return
    noted = runtime.records.best_numbers.note(
        data["case"], number.e164, conversation=data["conversation"], at=data["at"]
    )
    if noted is not Noted.AS_BEFORE:
        _tell(runtime, desk, data, number)


def _opened(runtime: Runtime, data: Json) -> str:
    if best_number.TOKEN in data:
        bound_to = best_number.bound_to(data["conversation"])
        return runtime.keyring.open(data[best_number.TOKEN], bound_to=bound_to)
    return runtime.keyring.open(data["number_sealed"], bound_to=NUMBER)


def _tell(runtime: Runtime, desk: str, data: Json, number: PhoneNumber) -> None:
    """Owe the officer this task, and the log its line: once, even if this is done again."""
    unit = UnitOfWork(runtime.store, desk)
    told = f"number_told:{data['conversation']}"
    if unit.get(told) is not None:
        return
    now = runtime.clock.now()
    unit.put(told, {"at": now}, keep=KEEP_SECONDS)
    reason = TaskReason.NUMBER_CHANGED
    task = Task(
        id=f"{data['conversation']}:{reason.value}",
        desk=desk,
        reason=reason,
        priority=priority_of(reason),
        owner="",  # the worker that files it looks the case's officer up
        raised_at=now,
        conversation=data["conversation"],
        case=data["case"],
        number=str(number),
        number_sealed=runtime.keyring.seal(number.e164, bound_to=NUMBER),
    )
    owe_task(unit, task)
    unit.commit()
