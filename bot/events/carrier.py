"""The carrier's news in our words: what opens a conversation, what a caller does, notices."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.events.base import Event
from bot.phone import PhoneNumber
from bot.secret import Secret

OTHER_CHANNEL = "other_channel"  # WhatsApp, Messenger, RCS: not a text, and no number to ring
MADE_UP = "SX"  # how the id begins that we give to a text that came without one


class AnsweredBy(StrEnum):
    """Who picked up, as answering-machine detection believes. Nobody is right always."""

    PERSON = "person"
    MACHINE = "machine"
    FAX = "fax"
    UNKNOWN = "unknown"


class LegOutcome(StrEnum):
    """How a leg that we added to a call (a transfer) ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


class CallOutcome(StrEnum):
    """How a whole call ended, as the carrier reports it."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierEvent(Event):
    """News from the carrier. `conversation` is the id within the desk (design section 2)."""

    desk: str
    conversation: str


# What opens a conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class TextReceived(CarrierEvent):
    """A customer sent us a text. `sender` is None where it is withheld or another channel's.

    `listed_at` is when it was sent, of one that the carrier's list told us of and no webhook.
    """

    trigger: ClassVar[str] = "text_received"
    line: str
    sender: PhoneNumber | None
    body: Secret
    pictures: int = 0
    opted_out: bool = False  # the carrier took it for one of its opt-out keywords
    listed_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CallReceived(CarrierEvent):
    """Somebody rang one of our numbers. `caller` is None where the caller ID is withheld."""

    trigger: ClassVar[str] = "call_received"
    line: str
    call: str
    caller: PhoneNumber | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CallAnswered(CarrierEvent):
    """A call that we placed was picked up, by whom is not known yet."""

    trigger: ClassVar[str] = "call_answered"
    call: str


# What the caller does, on a turn; `call` is the carrier's id of the call, where it is told


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitsPressed(CarrierEvent):
    """Keys were pressed in answer to the words of `turn`; no keys is `Silence`."""

    trigger: ClassVar[str] = "digits_pressed"
    turn: int | None
    digits: Secret
    call: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeechHeard(CarrierEvent):
    """Words were spoken in answer to the words of `turn`, as the carrier understood them.

    `confidence` is how sure it is, from 0 to 1; None where it does not tell.
    """

    trigger: ClassVar[str] = "speech_heard"
    turn: int | None
    words: Secret
    confidence: float | None
    call: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence(CarrierEvent):
    """The words of `turn` were met by nothing."""

    trigger: ClassVar[str] = "silence"
    turn: int | None
    call: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LegEnded(CarrierEvent):
    """The leg that the words of `turn` had added to the call is over."""

    trigger: ClassVar[str] = "leg_ended"
    turn: int | None
    outcome: LegOutcome
    call: str = ""


# Notices: in any order, and more than once


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice(CarrierEvent):
    """News that is known by `notice`: kind and status (design section 2)."""

    @property
    def notice(self) -> str:
        """What makes two notices the same one."""
        return self.trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class CallMissed(Notice):
    """Somebody rang and did not get through to us: the carrier's list told of it, and no webhook.

    The call is over. `caller` is None where the caller ID is withheld.
    """

    trigger: ClassVar[str] = "call_missed"
    line: str
    call: str
    caller: PhoneNumber | None
    listed_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineHeard(Notice):
    """The verdict of answering-machine detection, which ran beside our first words."""

    trigger: ClassVar[str] = "machine_heard"
    call: str
    by: AnsweredBy


@dataclass(frozen=True, kw_only=True, slots=True)
class CallRinging(Notice):
    """A call that we placed is on its way: `stage` is queued, initiated, ringing or in_progress."""

    trigger: ClassVar[str] = "call_ringing"
    call: str
    stage: str

    @property
    def notice(self) -> str:
        """One notice for each stage."""
        return f"{self.trigger}:{self.stage}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEnded(Notice):
    """A call is over, however it ended."""

    trigger: ClassVar[str] = "call_ended"
    call: str
    outcome: CallOutcome
    seconds: int = 0
    words_fetched: bool = True  # set by the engine: had the carrier fetched our last words?


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDelivered(Notice):
    """A text that we sent has arrived."""

    trigger: ClassVar[str] = "text_delivered"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFailed(Notice):
    """A text that we sent did not arrive."""

    trigger: ClassVar[str] = "text_failed"
    code: str = ""
