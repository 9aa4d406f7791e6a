"""`amount`: pounds and pence, kept as `12.50`. Keyed in pounds, with `*` for the point: 12*50.

Said without "pounds" only where that is clear: "twelve fifty" may be 12.50 or 1,250, and the figure
1250 may be how it was written down. Below one million pounds.
"""

import re

from bot.answers.kind import Kind, Question, are_digits
from bot.answers.number_words import cardinal, cardinal_in_words, digit_of, spelled, under_hundred
from bot.answers.number_words import two_digits as pair
from bot.answers.utterance import PAUSE, POINT, Frame, Tokens

_FRAME = Frame(
    names=("amount", "payment", "balance", "last payment", "monthly payment"),
    leads=(
        "i paid",
        "i pay",
        "we paid",
        "we pay",
        "i owe",
        "for",
        "it was for",
        "it is for",
        "the payment was for",
    ),
)
_KEYED = re.compile(r"([0-9]{1,6})(?:\*([0-9]{2}))?")
_WRITTEN = re.compile(r"£? ?([0-9]{1,6}|[0-9]{1,3},[0-9]{3})(?:\.([0-9]{2}))?")
_POUNDS = frozenset({"pound", "pounds", "quid"})
_PENCE = frozenset({"p", "pence", "penny"})
_NO_POUNDS = frozenset({("zero",), ("nil",), ("nought",), ("no",), ("0",)})
_PENCE_FIGURE = re.compile(r"([0-9]{1,2})p")


def _kept(pounds: int, pence: int) -> str:
    return f"{pounds}.{pence:02}"


def _keyed(_: Question, keys: str) -> str | None:
    match = _KEYED.fullmatch(keys) if keys.isascii() else None
    if match is None or (match[2] is None and int(match[1]) == 0):
        return None  # a single 0 leads to a person; nothing at all is keyed 0*00
    return _kept(int(match[1]), int(match[2] or 0))


def _said(_: Question, words: str) -> str | None:
    tokens = _FRAME.inside(words)
    if not tokens:
        return None
    tokens = _split_pence(tokens)
    if tokens[0] == "£":
        return _with_sign(tokens[1:])
    for place, token in enumerate(tokens):
        if token in _POUNDS:
            return _pounds_then(tokens[:place], tokens[place + 1 :])
    if tokens[-1] in _PENCE:
        pence = under_hundred(tokens[:-1])
        return _kept(0, pence) if pence else None
    return _bare(tokens)


def _split_pence(tokens: Tokens) -> Tokens:
    """`50p` as two tokens."""
    match = _PENCE_FIGURE.fullmatch(tokens[-1])
    return (*tokens[:-1], match[1], "p") if match else tokens


def _with_sign(tokens: Tokens) -> str | None:
    """After £: a figure with its pence or without, perhaps with the word "pounds" again."""
    if not tokens or not are_digits(tokens[0]):
        return None
    if tokens[1:2] == (PAUSE,) and tokens[-1] not in _PENCE:
        return None  # £12,50
    if tokens[1:2] == (POINT,):
        return _decimal(tokens[:3]) if not set(tokens[3:]) - _POUNDS else None
    rest = tokens[2:] if tokens[1:2] and tokens[1] in _POUNDS else tokens[1:]
    return _pounds_then(tokens[:1], rest)


def _pounds_then(before: Tokens, after: Tokens) -> str | None:
    """What was said before and after the word "pounds"."""
    if len(before) == 3 and before[1] == POINT:
        return _decimal(before) if not after else None
    if "point" in before:
        return _point_in_words(before) if not after else None
    pounds = 1 if before == ("a",) else 0 if before in _NO_POUNDS else cardinal(before)
    if pounds and pounds % 100 == 0 and after[:1] == (PAUSE,) and after[-1] not in _PENCE:
        return None  # "a hundred pounds, twenty" may be 120
    pence = _pence_in(after)
    return _kept(pounds, pence) if pounds is not None and pence is not None else None


def _pence_in(tokens: Tokens) -> int | None:
    """ "Fifty", "oh five", "and five pence"; "twelve pounds five" may lack a word."""
    if not tokens:
        return 0
    if tokens[-1] not in _PENCE:  # "a hundred pounds and fifty" may be 150: no "and" here
        return pair(tokens[1:] if tokens[0] == PAUSE else tokens)
    counted = tokens[:-1]
    while counted[:1] in (("and",), (PAUSE,)):
        counted = counted[1:]
    if counted in (*_NO_POUNDS, ("a",)):
        return int(counted == ("a",))
    return under_hundred(counted) or pair(counted)


def _bare(tokens: Tokens) -> str | None:
    """Without any unit: `12.50`, "twelve point five oh", "twelve", "twelve hundred"."""
    if tokens[1:2] == (POINT,):
        return _decimal(tokens)
    if "point" in tokens:
        return _point_in_words(tokens)
    if len(tokens) == 1 and are_digits(tokens[0]) and len(tokens[0]) > 2:
        return None
    pounds = cardinal(tokens)
    return _kept(pounds, 0) if pounds else None


def _decimal(tokens: Tokens) -> str | None:
    """`12.50`: three tokens, two of them the pence."""
    if len(tokens) != 3 or len(tokens[0]) > 6 or len(tokens[2]) != 2:
        return None
    if not (are_digits(tokens[0]) and are_digits(tokens[2])):
        return None
    return _kept(int(tokens[0]), int(tokens[2]))


def _point_in_words(tokens: Tokens) -> str | None:
    """ "Twelve point five oh": two digits, one by one, as nobody says "point fifty" for certain."""
    place = tokens.index("point")
    before, after = tokens[:place], tokens[place + 1 :]
    pounds = 0 if before in _NO_POUNDS else cardinal(before)
    if pounds is None or len(after) != 2 or not all(digit_of(token) for token in after):
        return None
    return _kept(pounds, int(spelled(after) or "0"))


def _written(_: Question, text: str) -> str | None:
    """`1234.56`, `£1,234.56` or `1234`."""
    text = text.strip()
    match = _WRITTEN.fullmatch(text) if text.replace("£", "").isascii() else None
    return _kept(int(match[1].replace(",", "")), int(match[2] or 0)) if match else None


def _as_keyed(_: Question, canonical: str) -> str:
    pounds, pence = canonical.split(".")
    return f"{pounds}*{pence}" if pence != "00" or pounds == "0" else pounds


def _as_said(_: Question, canonical: str) -> str:
    pounds, pence = (int(part) for part in canonical.split("."))
    parts = []
    if pounds or not pence:
        parts.append(f"{cardinal_in_words(pounds)} pound{'' if pounds == 1 else 's'}")
    if pence:
        parts.append(f"{cardinal_in_words(pence)} {'penny' if pence == 1 else 'pence'}")
    return " and ".join(parts)


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=_written,
    as_keyed=_as_keyed,
    as_said=_as_said,
    in_file="1234.56",
)
