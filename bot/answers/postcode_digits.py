"""`postcode_digits`: the two or three digits of a postcode: 12 of SW1A 2AA, 152 of SO15 2AB.

Declared weaker than `postcode`, which telephone keys cannot give. Two or three, since every
postcode has a district and the first digit of its end.
"""

import re

from bot.answers.digits import digits_in
from bot.answers.kind import Kind, Question, are_digits, the_same
from bot.answers.number_words import digit_of, digits_in_words
from bot.answers.postcode import KIND as POSTCODE
from bot.answers.postcode import postcode_in
from bot.answers.utterance import Frame, Tokens

_LEADS = ("they are", "the numbers are", "the digits are", "my digits are")
_DIGITS_FRAME = Frame(names=("numbers", "digits"), leads=_LEADS)
_POSTCODE_FRAME = Frame(names=("postcode", "post code", "postal code"), bare=True)


def _keyed(_: Question, keys: str) -> str | None:
    if not are_digits(keys) or len(keys) not in (2, 3):
        return None
    return None if len(keys) == 3 and keys[0] == "0" else keys  # no district begins with 0


def _said(question: Question, words: str) -> str | None:
    """The digits, or the whole postcode that they stand in."""
    tokens = _DIGITS_FRAME.inside(words)
    if tokens and (digits := digits_in(_without_and(tokens))):
        return _keyed(question, digits)
    tokens = _POSTCODE_FRAME.inside(words)
    return _digits_of(postcode_in(tokens)) if tokens else None


def _without_and(tokens: Tokens) -> Tokens:
    """ "One and two" are two digits; "one hundred and two" is refused as it was."""
    if len(tokens) == 3 and tokens[1] == "and" and digit_of(tokens[0]) and digit_of(tokens[2]):
        return tokens[0], tokens[2]
    return tokens


def _written(question: Question, text: str) -> str | None:
    """The digits, or the whole postcode."""
    return _keyed(question, re.sub(r"[ -]", "", text)) or _digits_of(
        POSTCODE.written(question, text)
    )


def _digits_of(postcode: str | None) -> str | None:
    return "".join(one for one in postcode if one.isdigit()) if postcode else None


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=_written,
    as_keyed=the_same,
    as_said=lambda _, canonical: digits_in_words(canonical),
    in_file="12, or the whole SW1A 2AA",
)
