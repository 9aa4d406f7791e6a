"""Effects: what will be done beside the request, once it is committed; and their words."""

from dataclasses import dataclass
from enum import StrEnum

from bot.actions.base import Effect


class Disposition(StrEnum):
    """How a call or a callback ended (design section 10; issue of callbacks)."""

    CONNECTED = "connected"
    DETAILS_READ = "details_read"
    LEFT_MESSAGE = "left_message"
    NO_RESPONSE = "no_response"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    FAX = "fax"
    ABANDONED = "abandoned"
    WRONG_PERSON = "wrong_person"
    NOT_VERIFIED = "not_verified"
    REFUSED = "refused"
    POSTPONED = "postponed"
    SETTLED_BY_CUSTOMER = "settled_by_customer"
    CANCELLED = "cancelled"
    NEEDS_PERSON = "needs_person"


class TaskReason(StrEnum):
    """Why a person must do something."""

    UNKNOWN_SENDER = "unknown_sender"
    SEVERAL_PEOPLE = "several_people"
    WANTS_NO_CONTACT = "wants_no_contact"
    WANTS_PERSON = "wants_person"
    TEXT_NEEDS_PERSON = "text_needs_person"
    TEXT_IN_DOUBT = "text_in_doubt"
    NOT_VERIFIED = "not_verified"
    NOT_VERIFIABLE = "not_verifiable"
    CHECKS_USED_UP = "checks_used_up"
    THIRD_PARTY_ANSWERED = "third_party_answered"
    CANNOT_TALK = "cannot_talk"
    WANTS_PROOF = "wants_proof"
    COULD_NOT_BE_HELPED = "could_not_be_helped"
    ATTEMPTS_USED_UP = "attempts_used_up"
    DIALLING_STOPPED = "dialling_stopped"
    MAY_NOT_BE_RUNG = "may_not_be_rung"
    ATTEMPT_UNCLEAR = "attempt_unclear"
    NOT_APPROVED = "not_approved"
    OUR_FAULT = "our_fault"
    NUMBER_CHANGED = "number_changed"
    NUMBER_LEAD = "number_lead"
    TEXT_FAILED = "text_failed"
    NOT_RECONCILED = "not_reconciled"
    OFFICER_LOCKED = "officer_locked"
    OFFICER_DURESS = "officer_duress"
    LOST_PHONE = "lost_phone"
    NOTE_TO_APPROVE = "note_to_approve"
    HANDED_OVER = "handed_over"  # by one of the staff, instead of a call by us


class Wish(StrEnum):
    """When somebody would like to be rung."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY_TIME = "any_time"


@dataclass(frozen=True, slots=True)
class QueueCallback(Effect):
    """Owe this number a call, at the time that a text asked for (a token) or as soon as allowed.

    Opens a callback, or updates the open one, which keeps its place unless a time was asked for.
    """


@dataclass(frozen=True, slots=True)
class SettleCallback(Effect):
    """They were helped by speaking to us, or (`to_person`) a person owes it now: done with."""

    to_person: bool = False


@dataclass(frozen=True, slots=True)
class KeepLineFree(Effect):
    """They ring us: nobody rings them while this call goes on."""


@dataclass(frozen=True, slots=True)
class CancelCallback(Effect):
    """They want to be left alone: the open callback to this number is not owed any more."""


@dataclass(frozen=True, slots=True)
class HoldCallback(Effect):
    """A person decides whether this number is rung at all: what is open is not owed any more."""


@dataclass(frozen=True, slots=True)
class NoteBestNumber(Effect):
    """They are best reached on the number they keyed, or (`in_use`) on the one we speak on."""

    in_use: bool


@dataclass(frozen=True, slots=True)
class EndAttempt(Effect):
    """The attempt that this conversation is has ended so; its retry rule decides what is next."""

    disposition: Disposition


@dataclass(frozen=True, slots=True)
class RaiseTask(Effect):
    """A person must do something about this conversation."""

    reason: TaskReason
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class RedirectCall(Effect):
    """Have the live call fetch this turn's replies now, in the middle of what it is playing."""


@dataclass(frozen=True, slots=True)
class EndCall(Effect):
    """Have the carrier end the live call."""


@dataclass(frozen=True, slots=True)
class RecordDisposition(Effect):
    """Note in the flow log how this conversation ended."""

    disposition: Disposition
