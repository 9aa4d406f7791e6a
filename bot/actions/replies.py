"""Replies: words to speak and waits. Stored with the conversation, typed, never as XML."""

from dataclasses import dataclass, field

from bot.actions.base import Reply
from bot.proof import Fact


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
    slowly: bool = False


@dataclass(frozen=True, slots=True)
class SayPowers(Reply):
    """Say what this officer may do about the case: the engine puts a `Say` for each here."""


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
