"""An officer has a customer rung: a callback that an officer asked for, by case."""

from bot.callback_book import ask_again, find_open, queue_callback
from bot.callbacks import Callback
from bot.errors import RingbackError
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork


class CannotRing(RingbackError):
    """This request cannot become a callback; the text says why, for the officer."""


def ring_case(runtime: Runtime, handle: str, officer: str) -> Callback:
    """Owe the customer of this case a call, now; the one that is open already, if there is one.

    The number is the case's own: one that is not on the case is a lead, and nobody is rung on it.
    Whether it may be rung now is for the dial rules, when a worker takes it. Raises `CannotRing`.
    """
    case = runtime.directory.by_handle(handle)
    if case is None:
        raise CannotRing(f"no case has the handle {handle}; see the letter, or the import")
    if officer not in runtime.house.policy.desk[case.desk].officers:
        raise CannotRing(f"{officer} is no officer of the desk {case.desk}; see policy.toml")
    e164 = runtime.directory.number_of(handle)
    if e164 is None:
        raise CannotRing(f"case {handle} has no number to ring")
    number = PhoneNumber(e164)
    now = runtime.clock.now()
    number_hash = runtime.keyring.number_hash(e164)
    unit = UnitOfWork(runtime.store, case.desk)
    callback = find_open(unit, number_hash, handle)
    if callback is None:
        callback = Callback(
            id=f"OF{runtime.keyring.mac('ring', officer, handle, repr(now))[:32]}",
            desk=case.desk,
            number_sealed=runtime.keyring.seal(e164, bound_to=NUMBER),
            number_hash=number_hash,
            number_mask=str(number),
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
    unit.commit()
    return callback
