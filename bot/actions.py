"""What a flow may ask for: replies to speak, look-ups to answer, effects to carry out.

A `Reply` is stored with the conversation, typed, and rendered for the request; a `LookUp` is
answered by the engine with an event, in the same request; an `Effect` is committed with the state
and carried out by a worker.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.proof import ContactType, Fact
from bot.secret import Secret


class Action:
    """Anything that a flow may ask for."""

    __slots__ = ()


class Reply(Action):
    """Words or a wait: part of the answer to this request."""

    __slots__ = ()


class LookUp(Action):
    """A question to the house, answered with an event before the request ends."""

    __slots__ = ()


class Effect(Action):
    """Something that will be done beside the request, once it is committed."""

    __slots__ = ()


# Replies


@dataclass(frozen=True, slots=True)
class Say(Reply):
    """Say a prompt of `config/wording.*.toml`, named `flow.prompt`."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Ask(Reply):
    """Say a prompt and wait for keys, or for spoken words as well.

    `keys` maps single keys to choices, `digits` is the (least, most) length of a number to be
    keyed, `reference` that it is a case handle with its check digit, `number` that it is somebody's
    telephone number, `any_key` takes whatever comes as the choice `key_pressed`. `*` repeats and
    `0` leads to a person everywhere (`wants_repeat`, `wants_person`). `seconds` is how long silence
    may last. `speech` is set by the engine: only once a key has shown that there is a person.
    """

    prompt: str
    keys: dict[str, str] = field(default_factory=dict)
    digits: tuple[int, int] | None = None
    reference: bool = False
    number: bool = False
    any_key: bool = False
    seconds: int = 8
    speech: bool = False


@dataclass(frozen=True, slots=True)
class AskQuestion(Reply):
    """Ask the next question of this call's ledger. The engine puts its `Ask` in this place."""

    seconds: int = 15


@dataclass(frozen=True, slots=True)
class ReadCase(Reply):
    """Say a prompt with facts of the case, opened against the call's proof at rendering."""

    prompt: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Connect(Reply):
    """Ring the desk and join the caller to whoever answers; ends in `LegEnded`."""

    ring_seconds: int = 30


@dataclass(frozen=True, slots=True)
class HangUp(Reply):
    """End the call after the words before it."""


@dataclass(frozen=True, slots=True)
class Apologise(Reply):
    """Say the one built-in sentence, for any ears, and hang up; to a machine, only hang up."""


# Look-ups


@dataclass(frozen=True, slots=True)
class ReadText(LookUp):
    """What does this text ask for? `opted_out` says that the carrier took it for an opt-out."""

    text: Secret
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class FindSender(LookUp):
    """Whose number is it that this conversation came from?"""


@dataclass(frozen=True, slots=True)
class DrawQuestions(LookUp):
    """Fix the questions of this call, for the case whose handle was keyed, or for the number's."""

    contact: ContactType
    reference: Secret | None = None


@dataclass(frozen=True, slots=True)
class MarkAnswer(LookUp):
    """Mark the answer to the question that is open; None gives it up. `said` tells speech."""

    answer: Secret | None
    said: bool = False


@dataclass(frozen=True, slots=True)
class SeeNumber(LookUp):
    """Is the number in use one on which they can be rung? It may be withheld, or abroad."""


@dataclass(frozen=True, slots=True)
class KeepNumber(LookUp):
    """Keep this number for the rest of the call, to be said back. `said` tells speech."""

    number: Secret
    said: bool = False


@dataclass(frozen=True, slots=True)
class CheckDesk(LookUp):
    """Does the desk take calls now?"""


# Effects


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
    TEXT_FAILED = "text_failed"
    NOT_RECONCILED = "not_reconciled"
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
