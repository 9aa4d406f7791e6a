"""`month_year`: a month of a year, kept as `2019-04`, keyed MMYYYY. A day beside it is too much."""

import re

from bot.answers.kind import Kind, Question, are_digits
from bot.answers.months import MONTHS, bare, month_number_in, named_month_in
from bot.answers.number_words import spelled
from bot.answers.utterance import PAUSE, POINT, SLASH, Frame, Tokens, without_pauses
from bot.answers.year import year_in, year_in_words, year_of

_FRAME = Frame(
    names=("month", "date"),
    leads=(
        *("in", "since", "from", "it was in", "that was in", "it was", "back in"),
        *("i moved in", "we moved in", "i moved in in", "we moved in in", "i moved here in"),
        *("we moved here in", "i moved there in", "we moved there in", "moved in in"),
    ),
)
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{4})")
_MOST_TOKENS = 12
_DIGITS = 6


def _month_of(year: str, month: str | int) -> str | None:
    if year_of(year) is None or not 1 <= int(month) <= 12:
        return None
    return f"{year}-{int(month):02}"


def _keyed(_: Question, keys: str) -> str | None:
    if not are_digits(keys) or len(keys) != _DIGITS:
        return None
    return _month_of(keys[2:], keys[:2])


def _said(question: Question, words: str) -> str | None:
    tokens = _FRAME.inside(words)
    if not tokens or len(tokens) > _MOST_TOKENS:
        return None
    tokens = tuple(PAUSE if token in (SLASH, POINT) else token for token in tokens)
    digits = _all_digits(tokens)
    if digits is not None:
        return _keyed(question, digits)
    found = set()
    for place in range(1, len(tokens)):
        month = _month_in(tokens[:place])
        year = year_in(bare(tokens[place:], "of", "in"))
        if month and year:
            found.add(_month_of(year, month))
    return found.pop() if len(found) == 1 else None


def _month_in(tokens: Tokens) -> int | None:
    """By name or number; but "one two" may be the first of February, whose day is too much."""
    digits = spelled(bare(tokens))
    if digits is not None and len(digits) > 1 and digits[0] != "0":
        return None
    return named_month_in(tokens) or month_number_in(tokens)


def _all_digits(tokens: Tokens) -> str | None:
    """What was said digit by digit, which must then be all six."""
    words = without_pauses(tokens)
    if len(words) == 1 and are_digits(words[0]):
        return words[0]
    return spelled(words)


def _written(question: Question, text: str) -> str | None:
    """`2019-04` or `04/2019`, or as it is keyed."""
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return _month_of(match[1], match[2])
    if match := _MONTH_FIRST.fullmatch(text):
        return _month_of(match[2], match[1])
    return _keyed(question, text)


def _as_said(_: Question, canonical: str) -> str:
    year, month = canonical.split("-")
    return f"{MONTHS[int(month) - 1].capitalize()} {year_in_words(year)}"


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=_written,
    as_keyed=lambda _, canonical: "".join(reversed(canonical.split("-"))),
    as_said=_as_said,
    in_file="2019-04, or 04/2019",
)
