"""Opening a conversation: which flow an event begins, and what the engine knows at its start."""

from collections.abc import Mapping

from bot.callback_book import KEEP_CALLBACK, read_callback
from bot.callbacks import Callback, CallbackState, callback_of
from bot.conversation import Conversation
from bot.errors import OtherCall
from bot.events import (
    CallAnswered,
    CallMissed,
    CallReceived,
    CarrierEvent,
    Notice,
    OtherLeg,
    TextReceived,
)
from bot.flow import Flow
from bot.keys import Keyring
from bot.phone import PhoneNumber
from bot.unit_of_work import UnitOfWork

Opens = Mapping[tuple[str, str], type[Flow]]

NUMBER = "number"  # what sealed numbers are bound to
TEXT = "text"
MEETING = "meeting"  # the token that names the conversation of the other leg
WRITTEN_AT = "written_at"  # the token that says when a text was sent, if that is a while ago


class Opening:
    """Opens conversations by `flows.OPENS`, keyed by (event, line)."""

    def __init__(self, opens: Opens, keyring: Keyring) -> None:
        self._opens = opens
        self._keyring = keyring

    def open(self, unit: UnitOfWork, event: CarrierEvent, now: float) -> Conversation | None:
        """A new conversation for this event, or None if nothing of ours begins with it."""
        if isinstance(event, TextReceived):
            return self._text(event)
        if isinstance(event, CallReceived | CallMissed):
            return self._call(event)
        if isinstance(event, OtherLeg):
            return None  # nothing begins with it
        if isinstance(event, (CallAnswered, Notice)):
            return self._attempt(unit, event)
        return None

    def _text(self, event: TextReceived) -> Conversation:
        line = event.line if ("text_received", event.line) in self._opens else "customers"
        talk = self._new(self._opens["text_received", line], event)
        self._remember_number(talk, event.sender)
        talk.tokens["text_sealed"] = self._keyring.seal(event.body.reveal(), bound_to=TEXT)
        if event.listed_at is not None:
            talk.tokens[WRITTEN_AT] = repr(event.listed_at)
        return talk

    def _call(self, event: CallReceived | CallMissed) -> Conversation | None:
        flow = self._opens.get((event.trigger, event.line))
        talk = self._new(flow or self._opens[event.trigger, "customers"], event)
        self._remember_number(talk, event.caller)
        talk.tokens["call"] = event.call
        talk.ended = isinstance(event, CallMissed)
        if flow is None:
            talk.tokens["refused"] = "no flow answers this line"
        return talk

    def _attempt(self, unit: UnitOfWork, event: CarrierEvent) -> Conversation | None:
        callback = read_callback(unit, callback_of(event.conversation))
        attempt = callback.find(event.conversation) if callback else None
        if callback is None or attempt is None:
            return None
        its_own_call(event, attempt.call)
        talk = self._new(self._opens["call_answered", callback.line], event)
        talk.tokens |= _tokens_of(callback) | {"call": getattr(event, "call", "")}
        if attempt.disposition is not None:
            talk.tokens["refused"] = "the attempt was given up"
        elif callback.state is CallbackState.PLACING:
            placed = callback.placed(talk.tokens["call"])
            unit.put(f"callback:{callback.id}", placed.to_json(), keep=KEEP_CALLBACK)
        return talk

    def _new(self, flow: type[Flow], event: CarrierEvent) -> Conversation:
        return Conversation(
            id=event.conversation,
            desk=event.desk,
            flow=flow.name,
            flow_version=flow.version,
            state=flow.states[0],
            facts=flow.new_facts(),
        )

    def _remember_number(self, talk: Conversation, number: PhoneNumber | None) -> None:
        if number is None:
            return
        talk.tokens["number"] = str(number)
        talk.tokens["number_hash"] = self._keyring.number_hash(number.e164)
        talk.tokens["number_sealed"] = self._keyring.seal(number.e164, bound_to=NUMBER)


def its_own_call(event: CarrierEvent, call: str | None) -> None:
    """Raise `OtherCall` if this comes from another call than the one that is known here.

    The signature says that the carrier sent it, not that it is about this conversation: an id in a
    URL may have been copied to another call's address.
    """
    told = getattr(event, "call", "")
    if call and told and told != call:
        raise OtherCall(event.conversation)


def _tokens_of(callback: Callback) -> dict[str, str]:
    tokens = {
        "callback": callback.id,
        "number": callback.number_mask,
        "number_hash": callback.number_hash,
        "number_sealed": callback.number_sealed,
    }
    tokens |= {MEETING: callback.meeting} if callback.meeting else {}
    return tokens | {"case": callback.case} if callback.case else tokens
