"""What can happen: the carrier's news in our words, what a caller chose, and answers to look-ups.

Route, function, event and trigger are one name: `/text/received`, `text_received`,
`TextReceived`, `"text_received"`. What a person said or keyed is a `Secret`: a flow passes it on
and cannot read it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.phone import PhoneNumber
from bot.secret import Secret

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
class Event:
    """Something that happened. `trigger` is the word by which tables know it."""

    trigger: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierEvent(Event):
    """News from the carrier. `conversation` is the id within the desk (design section 2)."""

    desk: str
    conversation: str


# What opens a conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class TextReceived(CarrierEvent):
    """A customer sent us a text. `sender` is None where it is withheld or another channel's."""

    trigger: ClassVar[str] = "text_received"
    line: str
    sender: PhoneNumber | None
    body: Secret
    pictures: int = 0
    opted_out: bool = False  # the carrier took it for one of its opt-out keywords


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


# What the caller does, on a turn


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitsPressed(CarrierEvent):
    """Keys were pressed in answer to the words of `turn`; no keys is `Silence`."""

    trigger: ClassVar[str] = "digits_pressed"
    turn: int | None
    digits: Secret


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence(CarrierEvent):
    """The words of `turn` were met by nothing."""

    trigger: ClassVar[str] = "silence"
    turn: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LegEnded(CarrierEvent):
    """The leg that the words of `turn` had added to the call is over."""

    trigger: ClassVar[str] = "leg_ended"
    turn: int | None
    outcome: LegOutcome


# Notices: in any order, and more than once


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice(CarrierEvent):
    """News that is known by `notice`: kind and status (design section 2)."""

    @property
    def notice(self) -> str:
        """What makes two notices the same one."""
        return self.trigger


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


# What the engine makes of keys, by the `Ask` that they answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen(Event):
    """A key of the menu was pressed; its meaning (`wants_case` …) is the trigger."""

    choice: str

    @property
    def trigger(self) -> str:  # type: ignore[override]
        """The choice itself: tables read `move("wants_person", …)`."""
        return self.choice


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitsEntered(Event):
    """Digits of the asked-for length were keyed; what they are is nobody's business here."""

    trigger: ClassVar[str] = "digits_entered"
    digits: Secret


@dataclass(frozen=True, kw_only=True, slots=True)
class NotUnderstood(Event):
    """Keys that answer nothing that was asked, judged by the input alone."""

    trigger: ClassVar[str] = "not_understood"


# Answers to look-ups


@dataclass(frozen=True, kw_only=True, slots=True)
class WantsCall(Event):
    """The text asks for nothing that a call would be against."""

    trigger: ClassVar[str] = "wants_call"


@dataclass(frozen=True, kw_only=True, slots=True)
class WantsNoContact(Event):
    """The text asks to be left alone."""

    trigger: ClassVar[str] = "wants_no_contact"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFound(Event):
    """The number leads to one person's case, or an officer rang it from one."""

    trigger: ClassVar[str] = "case_found"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeveralFound(Event):
    """The number leads to several people, or to nobody to ask for by name."""

    trigger: ClassVar[str] = "several_found"


@dataclass(frozen=True, kw_only=True, slots=True)
class NothingFound(Event):
    """The number is on no case and nobody rang it; or it is withheld."""

    trigger: ClassVar[str] = "nothing_found"


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionsDrawn(Event):
    """The questions of this call are fixed. Whether any case was found shows nowhere."""

    trigger: ClassVar[str] = "questions_drawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerTaken(Event):
    """An answer was taken down, right or wrong; there are more questions."""

    trigger: ClassVar[str] = "answer_taken"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecksPassed(Event):
    """After the last question: enough answers were right."""

    trigger: ClassVar[str] = "checks_passed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecksFailed(Event):
    """After the last question: too few right answers, or no case, or no try left."""

    trigger: ClassVar[str] = "checks_failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskOpen(Event):
    """The desk takes calls now."""

    trigger: ClassVar[str] = "desk_open"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskClosed(Event):
    """The desk takes no calls now."""

    trigger: ClassVar[str] = "desk_closed"
