"""`number`: a counting number of at most `length` digits, such as a house number."""

from bot.answers.kind import Kind, Question, are_digits, length_of, the_same
from bot.answers.number_words import (
    TEN_TO_NINETEEN,
    TENS,
    cardinal,
    cardinal_in_words,
    digit_of,
    digits_in_words,
    spelled,
    under_hundred,
)
from bot.answers.utterance import Frame, Tokens

_FRAME = Frame(
    names=("number", "house number", "door number", "flat number", "house", "flat", "address"),
    leads=(
        *("i live at", "we live at", "i live at number", "we live at number", "i'm at number"),
        *("number of my house is", "the number of my house is", "the number of my flat is"),
        *("my house is number", "my flat is number", "it's at number", "at number"),
    ),
)
_LARGEST_IN_WORDS = 999_999


def _keyed(question: Question, keys: str) -> str | None:
    if not are_digits(keys) or len(keys) > length_of(question):
        return None
    return keys.lstrip("0") or None


def _said(question: Question, words: str) -> str | None:
    tokens = _FRAME.inside(words)
    return _keyed(question, _number_in(tokens)) if tokens else None


def _number_in(tokens: Tokens) -> str:
    """One number: a figure, in words, or digit by digit; empty where it might be two."""
    if len(tokens) == 1 and are_digits(tokens[0]):
        return tokens[0]
    whole = cardinal(tokens)
    if whole is not None:
        return str(whole)
    return spelled(tokens) or _hundred_left_out(tokens)


def _hundred_left_out(tokens: Tokens) -> str:
    """ "One twenty five" is 125. In words only: the figures `1 25` may be a flat and a house."""
    first, rest = digit_of(tokens[0]), tokens[1:]
    in_words = rest and (rest[0] in TENS or rest[0] in TEN_TO_NINETEEN)
    pair = under_hundred(rest) if in_words else None
    return f"{first}{pair}" if first not in (None, "0", tokens[0]) and pair else ""


def _as_said(_: Question, canonical: str) -> str:
    if int(canonical) > _LARGEST_IN_WORDS:
        return digits_in_words(canonical)
    return cardinal_in_words(int(canonical))


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=lambda question, text: _keyed(question, text.strip()),
    as_keyed=the_same,
    as_said=_as_said,
    in_file="12",
    takes_length=True,
)
