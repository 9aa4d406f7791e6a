"""Twilio's webhooks as our events: one pure function for each route, of the same name.

Whatever is posted, nothing is raised but `BadEvent` (something needed is missing or malformed) and
`UnknownWord` (a status that no table knows). A notice that raises is acknowledged with 200 and
logged by `webhooks.py`; a refusal would only bring it back. Desks and ids of the path: the door
checks that the desk exists, here the id is checked that it may become a key.
"""

from bot.events import (
    OTHER_CHANNEL,
    CallAnswered,
    CallEnded,
    CallReceived,
    CallRinging,
    DigitsPressed,
    LegEnded,
    MachineHeard,
    Silence,
    SpeechHeard,
    TextDelivered,
    TextFailed,
    TextReceived,
)
from bot.secret import Secret
from bot.twilio import statuses
from bot.twilio.characters import fit
from bot.twilio.forms import (
    Desks,
    Form,
    checked_id,
    count,
    desk_and_line,
    is_other_channel,
    number_in,
    share,
    sid,
    text_id,
    turn_of,
    word,
)


def text_received(form: Form, desks: Desks, token: str) -> TextReceived:
    """Somebody texted one of our numbers, or wrote to it on another channel.

    `token` is the account's: it keys the id of a text that came without one.
    """
    desk, line = desk_and_line(form, "To", desks)
    other_channel = is_other_channel(form)
    return TextReceived(
        desk=desk,
        conversation=text_id(form, token),
        line=OTHER_CHANNEL if other_channel else line,
        sender=None if other_channel else number_in(form, "From"),
        body=Secret(fit(form.get("Body", ""))),
        pictures=count(form.get("NumMedia")),
        opted_out=form.get("OptOutType") == "STOP",
    )


def text_delivery(form: Form, desks: Desks) -> TextDelivered | TextFailed | None:
    """What became of a text that we sent; None while it is still on its way."""
    desk, _ = desk_and_line(form, "From", desks)
    conversation = sid(form, "MessageSid", "SmsSid", "SmsMessageSid")
    status = word(form, "MessageStatus", "SmsStatus")
    arrived = statuses.ours(statuses.TEXT_ARRIVED, "MessageStatus", status)
    if arrived is None:
        return None
    if arrived:
        return TextDelivered(desk=desk, conversation=conversation)
    code = count(form.get("ErrorCode"))
    return TextFailed(desk=desk, conversation=conversation, code=str(code) if code else "")


def call_received(form: Form, desks: Desks) -> CallReceived:
    """Somebody rang one of our numbers."""
    desk, line = desk_and_line(form, "To", desks)
    call = sid(form, "CallSid")
    return CallReceived(
        desk=desk, conversation=call, call=call, line=line, caller=number_in(form, "From")
    )


def call_answered(form: Form, desk: str, id: str) -> CallAnswered:
    """A call that we placed was picked up."""
    return CallAnswered(desk=desk, conversation=checked_id("id", id), call=sid(form, "CallSid"))


def digits_pressed(
    form: Form, desk: str, id: str, turn: str
) -> DigitsPressed | SpeechHeard | Silence:
    """Keys in answer to the words of a turn, else what was said, or neither."""
    at = {"desk": desk, "conversation": checked_id("id", id), "call": sid(form, "CallSid")}
    which = turn_of(turn)
    if keys := fit(form.get("Digits", "")).strip():
        return DigitsPressed(**at, turn=which, digits=Secret(keys))
    if said := fit(form.get("SpeechResult", "")).strip():
        return SpeechHeard(
            **at,
            turn=which,
            words=Secret(said),
            confidence=share(form.get("Confidence")),
        )
    return Silence(**at, turn=which)


def machine_heard(form: Form, desk: str, id: str) -> MachineHeard:
    """The verdict of answering-machine detection, which ran beside our first words."""
    return MachineHeard(
        desk=desk,
        conversation=checked_id("id", id),
        call=sid(form, "CallSid"),
        by=statuses.ours(statuses.ANSWERED_BY, "AnsweredBy", word(form, "AnsweredBy")),
    )


def leg_ended(form: Form, desk: str, id: str, turn: str) -> LegEnded:
    """The leg that the words of a turn had added to the call is over."""
    status = word(form, "DialCallStatus")
    return LegEnded(
        desk=desk,
        conversation=checked_id("id", id),
        call=sid(form, "CallSid"),
        turn=turn_of(turn),
        outcome=statuses.ours(statuses.LEG_OUTCOMES, "DialCallStatus", status),
    )


def call_status(
    form: Form, desk: str | None, id: str | None, desks: Desks
) -> CallRinging | CallEnded:
    """A notice on how a call stands: one that we placed, or (without ids) one that came in."""
    call = sid(form, "CallSid")
    conversation = call if id is None else checked_id("id", id)
    desk = desk or desk_and_line(form, "To", desks)[0]
    status = word(form, "CallStatus")
    if stage := statuses.CALL_STAGES.get(status):
        return CallRinging(desk=desk, conversation=conversation, call=call, stage=stage)
    return CallEnded(
        desk=desk,
        conversation=conversation,
        call=call,
        outcome=statuses.ours(statuses.CALL_OUTCOMES, "CallStatus", status),
        seconds=count(form.get("CallDuration")),
    )
