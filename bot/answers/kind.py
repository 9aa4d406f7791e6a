"""What a kind of answer is: how it is keyed, said and written, and the version of its one form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import ConfigError


class Question(Protocol):
    """What a kind needs to know of a question: how long, or which of what."""

    @property
    def kind(self) -> str:
        """One of `KINDS`."""

    @property
    def length(self) -> int | None:
        """Digits that the answer has, or has at most, by its kind."""

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """By key, the ways to say a choice, its name first; empty for every other kind."""


@dataclass(frozen=True, slots=True)
class Digits:
    """A made-up question for so many digits: what else is keyed or said as an answer is."""

    length: int | None
    kind: str = "digits"
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind: three ways in, which give the canonical form or None, and two ways out of it.

    `version` is part of every hash of this kind: raised whenever the canonical form changes.
    `as_keyed` and `as_said` take a canonical form. `in_file` tells how an import file may hold it.
    """

    version: int
    keyed: Callable[[Question, str], str | None]
    said: Callable[[Question, str], str | None]
    written: Callable[[Question, str], str | None]
    as_keyed: Callable[[Question, str], str | None]
    as_said: Callable[[Question, str], str]
    in_file: str
    takes_length: bool = False
    takes_choices: bool = False
    only_said: bool = False


def are_digits(text: str) -> bool:
    """Whether this is one digit or more and nothing else; figures of other scripts are none."""
    return text.isascii() and text.isdigit()


def length_of(question: Question) -> int:
    """Its `length`. Raises `ConfigError` where there is none."""
    if question.length is None:
        raise ConfigError("questions", "length", f"{question.kind} needs one")
    return question.length


def the_same(_: Question, canonical: str) -> str:
    """For a kind that is keyed as it is kept."""
    return canonical
