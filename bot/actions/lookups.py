"""Look-ups: questions to the house, answered by the engine with an event in the same request."""

from dataclasses import dataclass

from bot.actions.base import LookUp
from bot.proof import ContactType
from bot.secret import Secret


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
