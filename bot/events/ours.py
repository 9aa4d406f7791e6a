"""What the engine makes of the carrier's news, and the answers to look-ups."""

from dataclasses import dataclass
from typing import ClassVar

from bot.events.base import Event
from bot.secret import Secret

# What the engine makes of keys and words, by the `Ask` that they answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen(Event):
    """A key of the menu was pressed, or said; its meaning (`wants_case` …) is the trigger."""

    choice: str

    @property
    def trigger(self) -> str:  # type: ignore[override]
        """The choice itself: tables read `move("wants_person", …)`."""
        return self.choice


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerGiven(Event):
    """What was asked for was keyed or (`said`) spoken; what it is is nobody's business here."""

    trigger: ClassVar[str] = "answer_given"
    answer: Secret
    said: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NotUnderstood(Event):
    """Keys or words that answer nothing that was asked, judged by the input alone."""

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
class CallInDoubt(Event):
    """The text is owed a call, and somebody should look at it: something in it is not clear."""

    trigger: ClassVar[str] = "call_in_doubt"


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedsPerson(Event):
    """The text bears a sign that a person should see it at once, and nobody rings meanwhile."""

    trigger: ClassVar[str] = "needs_person"


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
class NumberShown(Event):
    """The number in use is one on which they can be rung."""

    trigger: ClassVar[str] = "number_shown"


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberNotShown(Event):
    """There is no number in use, or none that we may ring."""

    trigger: ClassVar[str] = "number_not_shown"


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberKept(Event):
    """The number that was keyed is one that we may ring, and is kept for this call."""

    trigger: ClassVar[str] = "number_kept"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskOpen(Event):
    """The desk takes calls now."""

    trigger: ClassVar[str] = "desk_open"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskClosed(Event):
    """The desk takes no calls now."""

    trigger: ClassVar[str] = "desk_closed"
