"""`year`: YYYY, from 1900 to 2100, always in full: '84 may be one of two."""

from bot.answers.kind import Kind, Question, are_digits, the_same
from bot.answers.number_words import (
    cardinal,
    cardinal_in_words,
    digits_in_words,
    spelled,
    two_digits,
)
from bot.answers.utterance import COLON, PAUSE, Frame, Tokens, without_pauses

FIRST_YEAR, LAST_YEAR = 1900, 2100

_FRAME = Frame(
    names=("year",),
    leads=("in", "in the year", "the year of", "it was in", "that was in", "since", "from"),
)


def year_of(digits: str) -> str | None:
    """Four digits as a year that a question can be about."""
    if not are_digits(digits) or len(digits) != 4:
        return None
    return digits if FIRST_YEAR <= int(digits) <= LAST_YEAR else None


def year_in(tokens: Tokens) -> str | None:
    """ "Nineteen eighty four", "two thousand and four", "twenty twelve", 1984, digit by digit."""
    if len(tokens) < 2:
        return year_of(tokens[0]) if tokens else None
    single = spelled(without_pauses(tokens))
    if single is not None:
        return year_of(single)
    if {"hundred", "thousand", "and"} & set(tokens):
        whole = cardinal(tokens)
        return year_of(str(whole)) if whole else None
    century = two_digits(tokens[:1])
    rest = tokens[2:] if tokens[1] in (PAUSE, COLON) else tokens[1:]
    pair = two_digits(rest) if rest else None
    return None if century is None or pair is None else year_of(f"{century}{pair:02}")


def year_in_words(year: str) -> str:
    """`nineteen eighty four`, `two thousand and four`, `twenty twelve`."""
    number = int(year)
    century, rest = divmod(number, 100)
    if 2000 <= number < 2010:
        return cardinal_in_words(number)
    if not rest:
        return f"{cardinal_in_words(century)} hundred"
    words = cardinal_in_words(rest) if rest >= 10 else digits_in_words(f"{rest:02}")
    return f"{cardinal_in_words(century)} {words}"


def _said(_: Question, words: str) -> str | None:
    tokens = _FRAME.inside(words)
    return year_in(tokens) if tokens else None


KIND = Kind(
    version=1,
    keyed=lambda _, keys: year_of(keys),
    said=_said,
    written=lambda _, text: year_of(text.strip()),
    as_keyed=the_same,
    as_said=lambda _, canonical: year_in_words(canonical),
    in_file="1980",
)
