"""Effects of an officer's call: what they report is noted, owed a person, or a customer a call."""

from dataclasses import replace
from functools import singledispatchmethod

from bot.actions import (
    CloseCase,
    Disposition,
    Effect,
    NoteOutcome,
    NotePersonalCall,
    RaiseTexterTask,
    ReportLostPhone,
    RingOfficerBack,
    RingTexter,
    SettleRingBack,
    TaskReason,
)
from bot.callback_book import open_callback, queue_callback, settle
from bot.callbacks import Callback, CallbackState
from bot.calling_back import owe_call_back
from bot.conversation import Conversation
from bot.desk import CallerLine
from bot.keys import Keyring
from bot.meetings import Meetings
from bot.officer_lookups import POWERS, TEXTER
from bot.officers import TOKEN, Officers
from bot.owing import log_of_officer, owe_officer_task, raise_task
from bot.store import OUTBOX, Line
from bot.unit_of_work import UnitOfWork

LOST_PHONE = "lost_phone"


class OfficerEffects:
    """Writes them into the unit of work."""

    def __init__(self, keyring: Keyring, ring_back_seconds: float, meetings: Meetings) -> None:
        self._meetings = meetings
        self._ring_back_seconds = ring_back_seconds
        self._keyring = keyring
        self._officers = Officers(keyring)

    @singledispatchmethod
    def carry(self, effect: Effect, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        """Write this effect into the unit of work."""
        self._meetings.carry(effect, talk, unit, now)

    @carry.register
    def _(self, effect: CloseCase, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        ledger = self._officers.unseal(talk.tokens.get(TOKEN), talk.id)
        talk.tokens[TOKEN] = self._officers.seal(replace(ledger, case="", private=False))
        for token in ("case", POWERS):
            talk.tokens.pop(token, None)

    @carry.register
    def _(self, effect: NoteOutcome, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        log_of_officer(unit, talk, "outcome", now, detail=effect.outcome.value)
        owe_officer_task(unit, talk, TaskReason.NOTE_TO_APPROVE, "", now)

    @carry.register
    def _(self, effect: NotePersonalCall, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        log_of_officer(unit, talk, "personal_call", now)

    @carry.register
    def _(self, effect: RingOfficerBack, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        officer = talk.tokens["officer"]
        log_of_officer(unit, talk, "ring_back", now)
        queue_callback(
            unit,
            Callback(
                id=f"OF{self._keyring.mac('officer', talk.id)[:32]}",
                desk=talk.desk,
                number_sealed=talk.tokens["number_sealed"],
                number_hash=talk.tokens["number_hash"],
                number_mask=talk.tokens["number"],
                case=None,
                asked_by=officer,
                opened_at=now,
                due_at=now + self._ring_back_seconds,
                last=True,  # if they miss it, they ring in
                line=CallerLine.OFFICERS.value,
            ),
            now,
        )

    @carry.register
    def _(self, effect: SettleRingBack, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        owed = open_callback(unit, talk.tokens.get("number_hash", ""))
        officers = owed is not None and owed.line == CallerLine.OFFICERS
        if owed is not None and officers and owed.state is CallbackState.DUE:
            settle(unit, owed, Disposition.SETTLED_BY_CUSTOMER, now)

    @carry.register
    def _(self, effect: RingTexter, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        log_of_officer(unit, talk, "customer_texted", now)
        owe_call_back(unit, self._texter(talk), now)

    @carry.register
    def _(self, effect: RaiseTexterTask, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        log_of_officer(unit, talk, "somebody_texted", now)
        raise_task(unit, self._texter(talk), TaskReason.UNKNOWN_SENDER, now)

    @carry.register
    def _(self, effect: ReportLostPhone, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        log_of_officer(unit, talk, LOST_PHONE, now)
        officer = talk.tokens["officer"]
        data = {"officer": officer, "by": officer, "conversation": talk.id}
        line_id = f"{LOST_PHONE}:{talk.id}"
        unit.owe(Line(queue=OUTBOX, id=line_id, kind=LOST_PHONE, due=now, data=data))

    def _texter(self, talk: Conversation) -> Conversation:
        """The text that the officer got, as if it had come to us. Nothing of it stays here."""
        tokens = {
            "number": talk.tokens.pop(TEXTER),
            "number_hash": talk.tokens.pop(f"{TEXTER}_hash"),
            "number_sealed": talk.tokens.pop(f"{TEXTER}_sealed"),
        }
        if case := talk.tokens.pop(f"{TEXTER}_case"):
            tokens["case"] = case
        # One for each number that is keyed in this call, so that a repeat is the same one.
        named = self._keyring.mac("texter", talk.id, tokens["number_hash"])
        return Conversation(
            id=f"OF{named[:32]}",
            desk=talk.desk,
            flow=talk.flow,
            flow_version=talk.flow_version,
            state=talk.state,
            tokens=tokens,
        )
