"""Calls: one is asked for, looked at, cancelled."""

import re
from datetime import UTC, datetime

from flask import Blueprint

from bot.api.bodies import (
    CALLBACK_ID,
    Callback,
    CallbackRequest,
    CancelRequest,
    Lead,
)
from bot.api.door import Answered, body_of, event, for_scope, runtime_here, who
from bot.api.problems import Refused
from bot.api_tokens import Scope
from bot.callback_book import read_callback
from bot.callback_orders import CannotOrder, Order, Ordered, carry_out
from bot.callbacks import Callback as Owed
from bot.callbacks import CallbackState
from bot.ring_case import CannotRing, NumberIsALead, ring_case
from bot.staff_log import BadReason, act
from bot.unit_of_work import UnitOfWork

blueprint = Blueprint("callbacks", __name__, url_prefix="/v1/callbacks")


@blueprint.post("")
@for_scope(Scope.CALLBACKS_WRITE)
def ask_for_call() -> Answered:
    """Have a customer rung, as soon as the dial rules let us. One that is owed is owed once."""
    asked, runtime = body_of(CallbackRequest), runtime_here()
    act(runtime.store, runtime.clock, who(), "call_asked_for", detail=f"for {asked.officer}")
    try:
        owed = ring_case(runtime, asked.case, asked.officer, number=asked.number, event=event())
    except NumberIsALead:
        return 202, Lead(state="awaiting_approval")
    except CannotRing as error:
        raise Refused(409, "cannot_ring", "This cannot become a call", str(error)) from None
    return 201, _told(owed)


@blueprint.get("/<id>")
@for_scope(Scope.CALLBACKS_READ)
def look_at_call(id: str) -> Answered:
    """How a callback stands."""
    return 200, _told(_found(id))


@blueprint.post("/<id>/cancel")
@for_scope(Scope.CALLBACKS_WRITE)
def cancel_call(id: str) -> Answered:
    """A callback is owed no longer; an attempt that is under way still ends as it ends."""
    asked, owed, runtime = body_of(CancelRequest), _found(id), runtime_here()
    if owed.state is CallbackState.ENDED:
        return 200, _told(owed)
    try:
        ordered = Ordered(order=Order.CANCEL, reason=asked.reason)
        return 200, _told(carry_out(runtime, who(), owed.desk, id, ordered))
    except (BadReason, CannotOrder) as error:
        raise Refused(409, "cannot_cancel", "This cannot be cancelled", str(error)) from None


def _found(id: str) -> Owed:
    """The callback of this id, at whichever desk. Raises `Refused` where there is none."""
    runtime = runtime_here()
    for desk in runtime.desks if re.fullmatch(CALLBACK_ID, id) else ():
        owed = read_callback(UnitOfWork(runtime.store, desk), id)
        if owed is not None:
            return owed
    raise Refused(
        404,
        "no_such_callback",
        "There is no such callback",
        "Its id was answered when the call was asked for; 90 days later it is gone.",
    )


def _told(owed: Owed) -> Callback:
    over = owed.state is CallbackState.ENDED
    ended = [attempt.disposition for attempt in owed.attempts if attempt.disposition]
    return Callback.model_validate(
        {
            "id": owed.id,
            "state": owed.state.value,
            "due_at": None if over else datetime.fromtimestamp(owed.due_at, UTC),
            "attempts": len(owed.attempts),
            "ended_as": owed.disposition or (ended[-1] if ended else None),
        }
    )
