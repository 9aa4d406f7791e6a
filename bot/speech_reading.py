"""What spoken words mean, by the question that they answer: the twin of `bot.keypad`.

Words are heard only where a key has shown that there is a person. What the carrier is not sure of
is asked again, and never guessed (DMBM510460); so is whatever could mean two things.
"""

from dataclasses import dataclass

from bot import answers
from bot.actions import Ask
from bot.answers import Digits
from bot.cases import is_case_handle
from bot.events import AnswerGiven, Chosen, Event, NotUnderstood
from bot.keypad import ALWAYS
from bot.proof import Listener
from bot.secret import Secret
from bot.vocabulary import Vocabulary

_LISTENED_TO = frozenset({Listener.PERSON, Listener.VERIFIED, Listener.OFFICER})
REFERENCE = Digits(9)  # a case handle, as a kind of answer
LONGEST = 300  # characters that are read at all


@dataclass(frozen=True, slots=True)
class SpeechReader:
    """Reads speech as the policy allows; `least_confidence` from 0 to 1."""

    vocabulary: Vocabulary
    enabled: bool
    least_confidence: float

    def listens(self, ask: Ask, listener: Listener) -> bool:
        """Whether this may be answered by speech: never before a first key."""
        return self.enabled and not ask.any_key and listener in _LISTENED_TO

    def hints(self, ask: Ask) -> tuple[str, ...]:
        """What is likely to be said."""
        return self.vocabulary.hints(ALWAYS | ask.keys, number=ask.digits is not None)

    def read(self, ask: Ask, words: Secret, confidence: float | None) -> Event:
        """The event that these words are. Judged by the input alone, never by what is right."""
        said = words.reveal()
        if confidence is None or confidence < self.least_confidence or len(said) > LONGEST:
            return NotUnderstood()
        number = ask.digits is not None
        meant = self.vocabulary.meant(said, ALWAYS | ask.keys, number=number)
        if len(meant) == 1:
            return Chosen(choice=meant.pop())
        if meant or not number:
            return NotUnderstood()
        if not ask.reference:
            return AnswerGiven(answer=words, said=True)
        handle = reference_said(said)
        return AnswerGiven(answer=Secret(handle)) if handle else NotUnderstood()


def reference_said(words: str) -> str | None:
    """The case handle that somebody says, as it is keyed; None if its check digit is wrong."""
    handle = answers.said(REFERENCE, words)
    return handle if handle is not None and is_case_handle(handle) else None
