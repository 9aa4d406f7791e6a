"""What staff do to a callback: hold it, release it, move it, cancel it, hand it over to a person.

Each says why, and is one commit: the callback, its place in the queue, the task and the line with
the staff number, or nothing. An attempt that has begun is never taken back by it: it ends first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.actions import Disposition, TaskReason
from bot.callback_book import HELD, close, queue_callback, read_callback, save
from bot.callbacks import Callback, CallbackState
from bot.errors import RingbackError
from bot.flow_log import FlowLogLine
from bot.owing import raise_task_about
from bot.runtime import Runtime
from bot.staff import Person
from bot.staff_log import line_of, reason_given
from bot.store import DUE
from bot.unit_of_work import UnitOfWork

LONGEST_HOLD_SECONDS = 14 * 86400.0  # held for longer, a call that is owed is a call forgotten
FURTHEST_MOVE_SECONDS = 60 * 86400.0


class CannotOrder(RingbackError):
    """This cannot be done to this callback, or not as things stand; the text says why."""


class Order(StrEnum):
    """What may be done to a callback; the word is in the flow log, as `callback_hold`."""

    HOLD = "hold"
    RELEASE = "release"
    MOVE = "move"
    CANCEL = "cancel"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order and why. `until`: to when it is held, or moved (seconds since 1970, UTC)."""

    order: Order
    reason: str
    until: float | None = None


def carry_out(runtime: Runtime, person: Person, desk: str, id: str, ordered: Ordered) -> Callback:
    """Do it; the callback as it stands then.

    Raises `CannotOrder`, `BadReason`, `StoreDown`; `Conflict` if somebody else got on with it.
    """
    ordered = replace(ordered, reason=reason_given(ordered.reason))
    now = runtime.clock.now()
    unit = UnitOfWork(runtime.store, desk, (f"callback:{id}",))
    callback = read_callback(unit, id)
    if callback is None:
        raise CannotOrder("there is no such callback any more")
    if callback.state is CallbackState.ENDED:
        raise CannotOrder("nothing is owed any more: it has ended")
    changed = _ORDERS[ordered.order](unit, callback, ordered.until, now)
    unit.log(_line(person, callback, ordered, now))
    unit.commit()
    return changed


def _hold(unit: UnitOfWork, callback: Callback, until: float | None, now: float) -> Callback:
    """It stays in the queue: the dial rules refuse it until then."""
    if until is None or not now < until <= now + LONGEST_HOLD_SECONDS:
        raise CannotOrder("hold it until a time that is to come, at most 14 days from now")
    if callback.last:
        raise CannotOrder("nothing is owed after the call that is under way")
    held = replace(_unheld(callback, now), held_until=until)
    if held.state is CallbackState.DUE and held.due_at <= now:
        held = replace(held, refused=HELD)
    if callback.refused == HELD:  # an earlier hold, which may be longer, put it off
        return _again_in_the_queue(unit, held, "held", now)
    save(unit, held, "held", now)
    return held


def _release(unit: UnitOfWork, callback: Callback, until: float | None, now: float) -> Callback:
    """Due when it would have been, had nobody held it; all other rules stand."""
    if callback.held_until is None:
        raise CannotOrder("nobody holds it")
    return _again_in_the_queue(unit, _unheld(callback, now), "released", now)


def _unheld(callback: Callback, now: float) -> Callback:
    """As if nobody had held it. `refused` tells whether it waits for the hold: it was due before.

    What was not due yet when it was held keeps its time (it rang in vain, and is tried again).
    """
    unheld = replace(callback, held_until=None)
    if callback.refused != HELD:
        return unheld
    begins = callback.ring_from if callback.ring_from is not None else now
    return replace(unheld, refused=None, due_at=min(callback.due_at, max(begins, now)))


def _move(unit: UnitOfWork, callback: Callback, until: float | None, now: float) -> Callback:
    """To be rung from then on, as if they had asked for that time; all other rules stand."""
    if until is None or not now < until <= now + FURTHEST_MOVE_SECONDS:
        raise CannotOrder("move it to a time that is to come, at most 60 days from now")
    if callback.state is not CallbackState.DUE:
        raise CannotOrder("they are being rung at this moment: see how it ends")
    moved = replace(
        callback, ring_from=until, ring_until=None, due_at=until, held_until=None, refused=None
    )
    return _again_in_the_queue(unit, moved, "moved", now)


def _cancel(unit: UnitOfWork, callback: Callback, until: float | None, now: float) -> Callback:
    return _no_more(unit, callback, Disposition.CANCELLED, now)


def _hand_over(unit: UnitOfWork, callback: Callback, until: float | None, now: float) -> Callback:
    raise_task_about(unit, callback, TaskReason.HANDED_OVER, now)
    return _no_more(unit, callback, Disposition.NEEDS_PERSON, now)


_ORDERS: dict[Order, Callable[[UnitOfWork, Callback, float | None, float], Callback]] = {
    Order.HOLD: _hold,
    Order.RELEASE: _release,
    Order.MOVE: _move,
    Order.CANCEL: _cancel,
    Order.HAND_OVER: _hand_over,
}


def _no_more(
    unit: UnitOfWork, callback: Callback, disposition: Disposition, now: float
) -> Callback:
    """Nothing is owed after the attempt that is under way, or at once."""
    if callback.under_way:
        last = callback.not_owed_any_more()
        save(unit, last, "last attempt", now)
        return last
    settled = callback.settled(disposition)
    unit.drop(DUE, callback.next_attempt)
    close(unit, settled, now)
    return settled


def _again_in_the_queue(unit: UnitOfWork, callback: Callback, step: str, now: float) -> Callback:
    if callback.state is CallbackState.DUE:
        unit.drop(DUE, callback.next_attempt)  # added again, at its time, in the same commit
        queue_callback(unit, callback, now, told=step)
    else:
        save(unit, callback, step, now)
    return callback


def _line(person: Person, callback: Callback, ordered: Ordered, now: float) -> FlowLogLine:
    return line_of(
        person,
        f"callback_{ordered.order}",
        now,
        desk=callback.desk,
        reason=ordered.reason,
        case=callback.case or "",
        callback=callback.id,
        conversation=callback.id,
        number=callback.number_mask,
        number_hash=callback.number_hash,
    )
