"""What counts as an answer: keys, spoken words and import files, in the one form that is hashed.

`keyed`, `said` and `written` end in the same canonical text, or in None where the input cannot be
understood as an answer of its kind. The input alone decides that, never what the right answer is
(design section 1, invariant 4). `as_keyed` and `as_said` lead back.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.answers import (
    amount,
    choice,
    date,
    digits,
    month_year,
    number,
    postcode,
    postcode_digits,
    year,
)
from bot.answers.choice import problem_of as problem_of_choices
from bot.answers.kind import Digits, Kind, Question
from bot.answers.made_up import made_up
from bot.errors import ConfigError
from bot.keys import Keyring

__all__ = [
    "Digits",
    "KINDS",
    "KINDS_WITH_LENGTH",
    "Kind",
    "Question",
    "answer_mac",
    "as_keyed",
    "as_said",
    "keyed",
    "kind_named",
    "made_up",
    "problem_of_choices",
    "said",
    "version_of",
    "written",
]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "amount": amount.KIND,
        "choice": choice.KIND,
        "date": date.KIND,
        "digits": digits.KIND,
        "month_year": month_year.KIND,
        "number": number.KIND,
        "postcode": postcode.KIND,
        "postcode_digits": postcode_digits.KIND,
        "year": year.KIND,
    }
)
KINDS_WITH_LENGTH = frozenset(name for name, kind in KINDS.items() if kind.takes_length)


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises `ConfigError` for one that we do not know."""
    try:
        return KINDS[name]
    except KeyError:
        raise ConfigError("questions", "kind", f"{name!r} is none of {sorted(KINDS)}") from None


def keyed(question: Question, keys: str) -> str | None:
    """What was keyed, in canonical form, or None if it is no answer of this kind."""
    return kind_named(question.kind).keyed(question, keys)


def said(question: Question, words: str) -> str | None:
    """What was said, as the carrier wrote it down, in canonical form; None if it is no answer."""
    return kind_named(question.kind).said(question, words)


def written(question: Question, text: str) -> str | None:
    """What stands in an import file, in canonical form; None if it is no answer of this kind."""
    return kind_named(question.kind).written(question, text)


def as_keyed(question: Question, canonical: str) -> str | None:
    """The keys of this answer; None where keys cannot give it."""
    return kind_named(question.kind).as_keyed(question, canonical)


def as_said(question: Question, canonical: str) -> str:
    """One natural way to say this answer."""
    return kind_named(question.kind).as_said(question, canonical)


def version_of(kind: str) -> int:
    """Part of every hash of this kind: raised whenever its canonical form changes.

    0 for a kind that is no longer there: nothing that was hashed as such can match.
    """
    return KINDS[kind].version if kind in KINDS else 0


def answer_mac(
    keyring: Keyring, *, case: str, question: str, kind: str, answer: str, key_id: str | None = None
) -> str:
    """The keyed hash under which the right answer of a case is kept; `answer` is canonical.

    Bound to the case and the question, so that equal answers of two people look unlike.
    """
    version = str(version_of(kind))
    return keyring.mac("answer", case, question, kind, version, answer, key_id=key_id)
