"""What a leg is about to hear, in plain words: the last form before a carrier's own language."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence to be spoken. May hold case details: never logged, never stored."""

    text: str = field(repr=False)
    language: str = "en-GB"
    slowly: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """Say words and wait for keys, for `seconds` of silence after them.

    `most_keys` ends the wait as soon as so many were pressed; None waits for `#` or silence.
    `speech`: spoken words answer as well; `hints` are some that are likely.
    """

    words: Words
    seconds: int
    most_keys: int | None = None
    speech: bool = False
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Ring this number (E.164) with that caller ID and join it to the call."""

    number: str
    caller_id: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class End:
    """Hang up."""


@dataclass(frozen=True, slots=True)
class Meet:
    """Go into the conference of this name, which is over as soon as one leaves it."""

    room: str


Item = Words | Listen | Join | Meet | End


@dataclass(frozen=True, slots=True)
class Spoken:
    """The answer to one voice request: whose it is, the turn that its keys will carry, the items.

    Nothing to say (`items` empty) is an empty answer, which for a text means no reply.
    """

    desk: str
    conversation: str
    turn: int
    items: tuple[Item, ...] = ()
