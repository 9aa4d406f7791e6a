"""What comes down the line from the far end, as machine detection hears it."""

from dataclasses import dataclass
from typing import Literal

WORDS_A_SECOND = 2.5  # of people, into the telephone


@dataclass(frozen=True)
class Sound:
    """So many seconds of one kind of sound; `tone` is the whistle of a fax."""

    kind: Literal["silence", "speech", "beep", "tone"]
    seconds: float


def saying_seconds(words: str) -> float:
    """How long somebody takes to say that."""
    return len(words.split()) / WORDS_A_SECOND
