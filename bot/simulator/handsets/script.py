"""What a person does when they hear things: steps, tried from top to bottom.

A step matches when its words are in what was just said. Steps are used once in each call unless
they are made with `always=True`; inside `InOrder` only the first unused step counts. A step with
`at` is done at its moment: so many seconds after its words began, or after the answer without any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Act:
    """What a person decided to do."""

    keys: str = ""
    hang_up: bool = False
    seconds: float = 0.0
    speech: str = ""


@dataclass(kw_only=True)
class Step:
    """One thing a person may do. `during` does it while the bot is still speaking."""

    when: str = ""
    always: bool = False
    during: bool = False
    at: float | None = None

    def matches(self, words: str) -> bool:
        """Do these words set it off? Case does not matter; an empty `when` fits anything."""
        return self.when.lower() in words.lower()

    def act(self, words: str) -> Act | None:
        """What is done; None to let the next step have its turn."""
        return None

    @property
    def ends_call(self) -> bool:
        """Is it done as soon as the words are said, without waiting to be asked?"""
        return False


@dataclass
class Press(Step):
    """Press these keys (`w` waits half a second)."""

    keys: str

    def act(self, words: str) -> Act:
        """Press them."""
        return Act(keys=self.keys)


@dataclass
class Says(Step):
    """Say these words into the telephone."""

    words: str

    def act(self, words: str) -> Act:
        """Say them."""
        return Act(speech=self.words)


@dataclass
class HangUp(Step):
    """Put the phone down."""

    def act(self, words: str) -> Act:
        """Put it down."""
        return Act(hang_up=True)

    @property
    def ends_call(self) -> bool:
        """Nobody waits to be asked before putting the phone down."""
        return True


@dataclass
class Silent(Step):
    """Do nothing this time."""

    def act(self, words: str) -> Act:
        """Stay silent."""
        return Act()


@dataclass
class Wait(Step):
    """Take that much longer; the step after it is then what is done."""

    seconds: float
    during: bool = field(default=False, init=False)
    at: float | None = field(default=None, init=False)


@dataclass
class Answers(Step):
    """Answer questions by what is asked: the keys of the phrase that comes last in the words. The
    same question is answered again each time, unless told otherwise."""

    by_phrase: Mapping[str, str]
    when: str = field(default="", init=False)
    always: bool = field(default=True, kw_only=True)
    during: bool = field(default=False, init=False)
    at: float | None = field(default=None, init=False)

    def matches(self, words: str) -> bool:
        """Is one of the phrases in the words?"""
        return any(phrase.lower() in words.lower() for phrase in self.by_phrase)

    def act(self, words: str) -> Act:
        """The keys for the phrase that was said last, the longer one if two end together."""
        lowered = words.lower()
        found = [phrase for phrase in self.by_phrase if phrase.lower() in lowered]
        last = max(
            found, key=lambda phrase: (lowered.rfind(phrase.lower()) + len(phrase), len(phrase))
        )
        return Act(keys=self.by_phrase[last])


@dataclass(init=False)
class InOrder(Step):
    """These steps one after the other: only the first unused one counts."""

    steps: Sequence[Step]

    def __init__(self, *steps: Step) -> None:
        """In this order."""
        super().__init__()
        self.steps = steps
