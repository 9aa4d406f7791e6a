"""A meeting: an officer's call and a customer's, which tell each other how they stand.

They are two conversations of one desk. Each knows the other by its id; what one tells is owed by
the outbox, in the commit that decided it, and comes to the other as a notice.
"""

from functools import singledispatchmethod

from bot import events
from bot.actions import Effect, LeaveMeeting, LookUp, News, RingForMeeting, SeeCustomer, TellOther
from bot.attempts import IN_MEETING
from bot.callback_book import find_open, queue_callback
from bot.callbacks import Callback, CallbackState, callback_of
from bot.cases import CaseDirectory
from bot.conversation import Conversation
from bot.events import Event
from bot.keys import Keyring
from bot.opening import MEETING, NUMBER
from bot.owing import log_of_officer
from bot.phone import PhoneNumber
from bot.store import DUE, OUTBOX, Line
from bot.unit_of_work import UnitOfWork

TELL = "tell"  # the kind of a line of the outbox
CUSTOMER = "customer"  # tokens of the number to ring: its mask; with endings its hash, sealed


def room_of(talk: Conversation) -> str:
    """The name of the conference, for both legs: that of the customer's callback."""
    return talk.tokens.get("callback") or callback_of(talk.tokens.get(MEETING, ""))


def owe_news(unit: UnitOfWork, to: str, of: str, news: News, now: float) -> None:
    """Owe a leg this news of the other."""
    data = {"to": to, "of": of, "news": news.value}
    line_id = f"{TELL}:{to}:{of}:{news.value}"
    unit.owe(Line(queue=OUTBOX, id=line_id, kind=TELL, due=now, data=data))


class Meetings:
    """The look-up and the effects of meetings."""

    def __init__(self, directory: CaseDirectory, keyring: Keyring) -> None:
        self._directory = directory
        self._keyring = keyring

    @singledispatchmethod
    def answer(self, lookup: LookUp, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        """The event that answers this look-up."""
        raise TypeError(f"nobody answers {type(lookup).__name__}")

    @answer.register
    def _(self, lookup: SeeCustomer, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        case = talk.tokens["case"]
        e164 = self._directory.number_of(case)
        if e164 is None:
            return events.CustomerUnreachable()
        number_hash = self._keyring.number_hash(e164)
        owed = find_open(unit, number_hash, case)
        if owed is not None and (owed.state is not CallbackState.DUE or owed.meeting):
            return events.CustomerUnreachable()
        talk.tokens |= {
            CUSTOMER: str(PhoneNumber(e164)),
            f"{CUSTOMER}_hash": number_hash,
            f"{CUSTOMER}_sealed": self._keyring.seal(e164, bound_to=NUMBER),
        }
        return events.CustomerReachable()

    @singledispatchmethod
    def carry(self, effect: Effect, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        """Write this effect into the unit of work."""
        raise TypeError(f"nobody carries out {type(effect).__name__}")

    @carry.register
    def _(self, effect: RingForMeeting, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        tokens, case = talk.tokens, talk.tokens["case"]
        mask, number_hash = tokens.pop(CUSTOMER), tokens.pop(f"{CUSTOMER}_hash")
        sealed = tokens.pop(f"{CUSTOMER}_sealed")
        owed = find_open(unit, number_hash, case)
        if owed is not None:  # what is owed already is this call: it is rung once
            unit.drop(DUE, owed.next_attempt)
            owed = owed.for_meeting(talk.id, now)
        else:
            owed = Callback(
                id=f"OF{self._keyring.mac('meeting', talk.id, case, str(talk.turn))[:32]}",
                desk=talk.desk,
                number_sealed=sealed,
                number_hash=number_hash,
                number_mask=mask,
                case=case,
                asked_by=tokens["officer"],
                opened_at=now,
                due_at=now,
                line=IN_MEETING,
                meeting=talk.id,
            )
        tokens[MEETING] = owed.next_attempt
        log_of_officer(unit, talk, "meeting_asked_for", now)
        queue_callback(unit, owed, now)

    @carry.register
    def _(self, effect: TellOther, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        other = talk.tokens.get(MEETING)
        if other is not None:
            owe_news(unit, other, talk.id, effect.news, now)

    @carry.register
    def _(self, effect: LeaveMeeting, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        talk.tokens.pop(MEETING, None)
