"""`digits`: exactly `length` digits, such as the last four of a reference. Zeros in front count."""

import re
from functools import lru_cache

from bot.answers.kind import Kind, Question, are_digits, length_of, the_same
from bot.answers.number_words import UNITS, cardinal, digits_in_words, spelled
from bot.answers.utterance import COLON, PAUSE, POINT, Frame, Tokens

_SOFT = (POINT, COLON)  # "twelve thirty four" may be written down as 12:34
_WHOSE = ("", "the ", "my ")


@lru_cache(maxsize=32)
def _frame(length: int) -> Frame:
    """What may lead in; "the last four digits are" where there are four, and nowhere else."""
    counts = (str(length), *UNITS[length : length + 1])
    lasts = [f"{whose}last {count}" for whose in _WHOSE for count in counts]
    return Frame(
        names=("code", "number", "digits", "reference", "reference number", "account number"),
        leads=(
            *("the numbers are", "the digits are", "my digits are", "the code's", "they are"),
            *(f"{last}{digits} are" for last in lasts for digits in ("", " digits")),
        ),
    )


def _keyed(question: Question, keys: str) -> str | None:
    return keys if are_digits(keys) and len(keys) == length_of(question) else None


def _said(question: Question, words: str) -> str | None:
    tokens = _frame(length_of(question)).inside(words)
    return _keyed(question, digits_in(tokens)) if tokens else None


def digits_in(tokens: Tokens) -> str:
    """The digits that these tokens are, in any grouping; empty where they are anything else.

    A pause ends a pair: "twenty, one" is 201, "twenty one" is 21.
    """
    soft = tuple(PAUSE if token in _SOFT else token for token in tokens)
    parts: list[Tokens] = [()]
    for token in soft:
        if token == PAUSE:
            parts.append(())
        else:
            parts[-1] += (token,)
    rows = [spelled(part, groups=True, homophones=True) for part in parts if part]
    if all(row is not None for row in rows):
        return "".join(row for row in rows if row)
    whole = cardinal(soft)
    return str(whole) if whole else ""


def _written(question: Question, text: str) -> str | None:
    return _keyed(question, re.sub(r"[ -]", "", text.strip()))


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=_written,
    as_keyed=the_same,
    as_said=lambda _, canonical: digits_in_words(canonical),
    in_file="1234, or 12 34",
    takes_length=True,
)
