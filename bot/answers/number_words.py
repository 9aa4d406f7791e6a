"""Numbers in words, read and said: "double oh seven", "twelve hundred and five", "the 21st".

Readers take tokens of an utterance and return None unless every one of them belongs to the number.
"""

from bot.answers.kind import are_digits
from bot.answers.utterance import Tokens

UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ZEROS = ("oh", "o", "zero", "nought", "naught", "nil")

ONE_DIGIT = {word: str(digit) for digit, word in enumerate(UNITS)} | dict.fromkeys(_ZEROS, "0")
TEN_TO_NINETEEN = {word: 10 + place for place, word in enumerate(_TEENS)}
TENS = {word: 20 + 10 * place for place, word in enumerate(_TENS)} | {"fourty": 40}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
# What a recogniser may write for a digit among digits. Only inside a row of them: at its start
# "for" and "to" are prepositions.
_SOUNDS_LIKE = {"to": "2", "too": "2", "for": "4", "ate": "8"}

_FIRST = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth"),
)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def digit_of(token: str) -> str | None:
    """The digit that this one token is, in words or as a figure."""
    return ONE_DIGIT.get(token) or (token if len(token) == 1 and are_digits(token) else None)


def spelled(tokens: Tokens, *, groups: bool = False, homophones: bool = False) -> str | None:
    """A row of digits: "oh one double two". Never longer than it was said, nor shorter.

    With `groups` also figures of any length and pairs ("forty two" is 42). A figure of several
    digits after "double" is doubtful (double 12: 112, or 1212?) unless it begins with 0.
    """
    found: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token in _TIMES:
            following = tokens[place + 1] if place + 1 < len(tokens) else ""
            digits, taken = _repeated(_TIMES[token], following, groups=groups), 2
        elif (one := digit_of(token)) is not None:
            digits, taken = one, 1
        elif homophones and found and token in _SOUNDS_LIKE:
            digits, taken = _SOUNDS_LIKE[token], 1
        else:
            digits, taken = _group(tokens, place) if groups else ("", 1)
        if not digits:
            return None
        found.append(digits)
        place += taken
    return "".join(found) or None


def _repeated(times: int, token: str, *, groups: bool) -> str:
    one = digit_of(token)
    if one is not None:
        return one * times
    if groups and are_digits(token) and token.startswith("0"):
        return token[0] * (times - 1) + token
    return ""


def _group(tokens: Tokens, place: int) -> tuple[str, int]:
    """The digits of a figure or pair at this place, and how many tokens it has."""
    token = tokens[place]
    if are_digits(token):
        return token, 1
    if token in TEN_TO_NINETEEN:
        return str(TEN_TO_NINETEEN[token]), 1
    if token in TENS:
        unit = _unit(tokens[place + 1]) if place + 1 < len(tokens) else None
        return str(TENS[token] + (unit or 0)), 2 if unit else 1
    return "", 1


def _unit(token: str) -> int | None:
    """One to nine, in words."""
    digit = ONE_DIGIT.get(token)
    return int(digit) if digit and digit != "0" else None


def under_hundred(tokens: Tokens) -> int | None:
    """1 to 99 in words, or a figure without leading zero."""
    if len(tokens) == 1:
        token = tokens[0]
        if are_digits(token):
            return int(token) if len(token) <= 2 and token[0] != "0" else None
        return TEN_TO_NINETEEN.get(token) or TENS.get(token) or _unit(token)
    if len(tokens) == 2 and tokens[0] in TENS:
        unit = _unit(tokens[1])
        return TENS[tokens[0]] + unit if unit else None
    return None


def cardinal(tokens: Tokens) -> int | None:
    """1 to 999,999: "two thousand and four", "twelve hundred", "a hundred and five", 1234."""
    if len(tokens) == 1 and are_digits(tokens[0]):
        return int(tokens[0]) if len(tokens[0]) <= 6 and tokens[0][0] != "0" else None
    if tokens[1:2] == ("and",):
        return _round_figure_and(tokens)
    if "thousand" not in tokens:
        return _hundreds(tokens, most=99)
    place = tokens.index("thousand")
    head, tail = tokens[:place], tokens[place + 1 :]
    if tail[:1] == (",",):
        tail = tail[1:]
    thousands = 1 if head == ("a",) else _hundreds(head, most=9)
    if thousands is None:
        return None
    rest = under_hundred(tail[1:]) if tail[:1] == ("and",) else _rest(tail)
    return thousands * 1000 + rest if rest is not None else None


def _round_figure_and(tokens: Tokens) -> int | None:
    """`2000 and 4`, which is how "two thousand and four" may be written down."""
    figure, rest = tokens[0], under_hundred(tokens[2:])
    if not (are_digits(figure) and figure.endswith("00") and figure[0] != "0" and len(figure) <= 6):
        return None
    return int(figure) + rest if rest else None


def _rest(tokens: Tokens) -> int | None:
    """What follows the thousands: nothing, or up to 999."""
    return _hundreds(tokens, most=9) if tokens else 0


def _hundreds(tokens: Tokens, *, most: int) -> int | None:
    """Up to 999, or with `most` 99 also "twelve hundred"."""
    if "hundred" not in tokens:
        return _figure_to_999(tokens) or under_hundred(tokens)
    place = tokens.index("hundred")
    head, tail = tokens[:place], tokens[place + 1 :]
    hundreds = 1 if head == ("a",) else under_hundred(head)
    if hundreds is None or hundreds > most or hundreds % 10 == 0:
        return None  # nobody says "twenty hundred"
    if not tail:
        return hundreds * 100
    rest = under_hundred(tail[1:] if tail[0] == "and" else tail)
    return hundreds * 100 + rest if rest is not None else None


def _figure_to_999(tokens: Tokens) -> int | None:
    if len(tokens) == 1 and are_digits(tokens[0]) and len(tokens[0]) == 3 and tokens[0][0] != "0":
        return int(tokens[0])
    return None


def two_digits(tokens: Tokens) -> int | None:
    """0 to 99 as a pair: "oh four", "oh oh", 04, "eighty four", "one two"."""
    if len(tokens) == 1 and are_digits(tokens[0]) and len(tokens[0]) == 2:
        return int(tokens[0])
    if len(tokens) == 2 and (pair := spelled(tokens)) is not None:
        return int(pair) if len(pair) == 2 else None
    found = under_hundred(tokens)
    return found if found is not None and found >= 10 else None


def ordinal(tokens: Tokens) -> int | None:
    """1 to 99 as a place in a row: "first", "twenty first", 21st; "21th" is none."""
    return _ORDINALS.get(" ".join(tokens))


def _spelled_ordinals() -> dict[str, int]:
    words = {word: number for number, word in enumerate(_FIRST, 1)}
    tens = {f"{ten.removesuffix('y')}ieth": TENS[ten] for ten in _TENS}
    compounds = {
        f"{ten} {first}": TENS[ten] + unit
        for ten in _TENS
        for unit, first in enumerate(_FIRST[:9], 1)
    }
    figures = {f"{number}{_ending(number)}": number for number in range(1, 100)}
    return words | tens | compounds | figures


def _ending(number: int) -> str:
    return "th" if 10 < number < 20 else _ENDINGS.get(number % 10, "th")


_ORDINALS = _spelled_ordinals()
_ORDINAL_WORDS = {number: words for words, number in _ORDINALS.items() if not words[0].isdigit()}


def digits_in_words(digits: str) -> str:
    """`oh one two`: digit by digit."""
    return " ".join("oh" if digit == "0" else UNITS[int(digit)] for digit in digits)


def ordinal_in_words(number: int) -> str:
    """`twenty first`, for 1 to 99."""
    return _ORDINAL_WORDS[number]


def cardinal_in_words(number: int) -> str:
    """`two thousand and four`, for 0 to 999,999."""
    if number < 10:
        return UNITS[number]
    if number < 20:
        return _TEENS[number - 10]
    if number < 100:
        tens, unit = divmod(number, 10)
        return f"{_TENS[tens - 2]} {UNITS[unit]}" if unit else _TENS[tens - 2]
    if number < 1000:
        return _joined(number, 100, "hundred")
    return _joined(number, 1000, "thousand")


def _joined(number: int, size: int, name: str) -> str:
    many, rest = divmod(number, size)
    whole = f"{cardinal_in_words(many)} {name}"
    if not rest:
        return whole
    return f"{whole} {'and ' if rest < 100 else ''}{cardinal_in_words(rest)}"
