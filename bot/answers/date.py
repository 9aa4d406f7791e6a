"""`date`: a day, kept as `1980-02-01`, keyed DDMMYYYY. The day comes first, as here in the UK.

A year is always said in full: "oh one oh two eighty" may be 1980 or 2080, and 25 a person of either
century. The month first is understood only by name, and with an ordinal: "February the first".
"""

import re
from collections.abc import Iterator
from datetime import date

from bot.answers.kind import Kind, Question, are_digits
from bot.answers.months import MONTHS, bare, day_in, month_in, named_month_in
from bot.answers.number_words import ordinal, ordinal_in_words, spelled
from bot.answers.utterance import PAUSE, POINT, SLASH, Frame, Tokens, without_pauses
from bot.answers.year import year_in, year_in_words, year_of

_FRAME = Frame(
    names=("date of birth", "birth date", "birthdate", "birthday", "date", "dob", "d o b"),
    leads=("i was born on", "i was born", "born on", "born", "on", "it was on", "that was on"),
)
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/. -])([0-9]{1,2})\2([0-9]{4})")
_MOST_TOKENS = 16  # "the twenty first of the twelfth nineteen hundred and eighty four" has 11
_DIGITS = 8


def day_of(year: str, month: str | int, day: str | int) -> str | None:
    """These figures as a day of the calendar, within the years that are asked about."""
    if year_of(year) is None:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _keyed(_: Question, keys: str) -> str | None:
    if not are_digits(keys) or len(keys) != _DIGITS:
        return None
    return day_of(keys[4:], keys[2:4], keys[:2])


def _said(question: Question, words: str) -> str | None:
    tokens = _FRAME.inside(words)
    if not tokens or len(tokens) > _MOST_TOKENS:
        return None
    tokens = tuple(PAUSE if token in (SLASH, POINT) else token for token in tokens)
    found = set(_readings(tokens)) | {_digit_by_digit(question, tokens)}
    found.discard(None)
    return found.pop() if len(found) == 1 else None  # two ways to read it: none is sure


def _readings(tokens: Tokens) -> Iterator[str | None]:
    """Every day that a division into day, month and year gives."""
    if all(_is_one_digit(token) for token in without_pauses(tokens)):
        return  # all of them must be there: `_digit_by_digit`
    for second in range(2, len(tokens)):
        year = year_in(bare(tokens[second:], "of", "in"))
        for first in range(1, second) if year else ():
            left, middle = tokens[:first], tokens[first:second]
            day, month = day_in(left), month_in(middle)
            if day is None or month is None:  # February the first
                day, month = ordinal(bare(middle, "the")), named_month_in(left)
            if year and day and month:
                yield day_of(year, month, day)


def _is_one_digit(token: str) -> bool:
    return spelled((token,)) is not None


def _digit_by_digit(question: Question, tokens: Tokens) -> str | None:
    """Eight digits in a row: "oh one oh two one nine eight oh", `0102 1980`."""
    digits = ""
    for token in without_pauses(tokens):
        if are_digits(token) and len(token) > 1:
            if len(digits) % 2 or len(token) % 2:
                return None  # a figure that lies across day and month
            digits += token
        elif (one := spelled((token,))) is not None:
            digits += one
        else:
            return None
    return _keyed(question, digits)


def _written(question: Question, text: str) -> str | None:
    """`1980-02-01` or `1/2/1980`, the day first, or as it is keyed."""
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return day_of(match[1], match[2], match[3])
    if match := _DAY_FIRST.fullmatch(text):
        return day_of(match[4], match[3], match[1])
    return _keyed(question, text)


def _as_said(_: Question, canonical: str) -> str:
    year, month, day = canonical.split("-")
    name = MONTHS[int(month) - 1].capitalize()
    return f"the {ordinal_in_words(int(day))} of {name} {year_in_words(year)}"


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=_written,
    as_keyed=lambda _, canonical: "".join(reversed(canonical.split("-"))),
    as_said=_as_said,
    in_file="1980-02-01, or 01/02/1980: the day first",
)
