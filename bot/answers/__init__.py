"""What counts as an answer: keys, spoken words and import files, in the one form that is hashed.

`keyed`, `said` and `written` end in the same canonical text, or in None where the input cannot be
understood as an answer of its kind. The input alone decides that, never what the right answer is
(design section 1, invariant 4).
"""

from collections.abc import Mapping
from typing import Protocol

from bot.answers.keyed_and_written import (
    KINDS,
    KINDS_WITH_LENGTH,
    NORMALISER_VERSION,
    normalise,
    normalise_written,
)
from bot.keys import Keyring

__all__ = ["KINDS", "KINDS_WITH_LENGTH", "answer_mac", "keyed", "said", "version_of", "written"]


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


def keyed(question: Question, keys: str) -> str | None:
    """What was keyed, in canonical form, or None if it is no answer of this kind."""
    return normalise(question.kind, keys, length=question.length)


def said(question: Question, words: str) -> str | None:
    """What was said, as the carrier wrote it down, in canonical form; None if it is no answer."""
    return normalise_written(question.kind, words, length=question.length)


def written(question: Question, text: str) -> str | None:
    """What stands in an import file, in canonical form; None if it is no answer of this kind."""
    return normalise_written(question.kind, text, length=question.length)


def version_of(kind: str) -> int:
    """Part of every hash of this kind: raised whenever its canonical form changes."""
    return NORMALISER_VERSION


def answer_mac(
    keyring: Keyring, *, case: str, question: str, kind: str, answer: str, key_id: str | None = None
) -> str:
    """The keyed hash under which the right answer of a case is kept; `answer` is canonical.

    Bound to the case and the question, so that equal answers of two people look unlike.
    """
    version = str(version_of(kind))
    return keyring.mac("answer", case, question, kind, version, answer, key_id=key_id)
