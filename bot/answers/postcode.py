"""`postcode`: a whole postcode, kept as `SW1A2AA`. It can only be said: keys have no letters.

Letters come one by one, by alphabet ("sierra"), by example ("S for sugar"), doubled, or together
(`SW1A 2AA`). All ways to understand them are tried; unless exactly one is a postcode, it is asked
again. A number that was said as one stays one: "S E twenty one A B" lacks a digit, and is neither
SE20 1AB ("twenty, one") nor SE2 1AB ("two one").
"""

import re
from collections.abc import Iterator
from itertools import islice, product

from bot.answers.kind import Kind, Question, are_digits
from bot.answers.number_words import ONE_DIGIT, TEN_TO_NINETEEN, TENS, UNITS
from bot.answers.postcode_shape import GLUED, shaped
from bot.answers.utterance import PAUSE, Frame, Tokens

_FRAME = Frame(names=("postcode", "post code", "postal code"), bare=True)

_ALPHABET = (
    *("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"),
    *("kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango"),
    *("uniform", "victor", "whiskey", "xray", "yankee", "zulu"),
)
_LETTERS = {word: word[0].upper() for word in (*_ALPHABET, "alfa", "juliett", "whisky")}
# The names of letters, as a recogniser may write them down when it takes them for words.
_LETTERS |= {
    **{"bee": "B", "be": "B", "cee": "C", "see": "C", "sea": "C", "dee": "D", "gee": "G"},
    **{"aitch": "H", "haitch": "H", "eye": "I", "jay": "J", "kay": "K", "pea": "P", "pee": "P"},
    **{"queue": "Q", "cue": "Q", "are": "R", "ess": "S", "tea": "T", "tee": "T", "you": "U"},
    **{"vee": "V", "why": "Y", "zed": "Z", "zee": "Z"},
}
_SOUNDS_LIKE = {"to": "2", "too": "2"}  # not "for": it may begin an example that was not heard
_ZERO_OR_O = ("O", "0")
_OUTWARD_PAIR = re.compile(r"([a-z0]{1,2})([1-9][0-9])")
_JOINED = re.compile(r"[a-z0]{1,2}[0-9o](?:[a-z][0-9]?)?|[0-9o]?[a-z]{1,2}")
_MOST_READINGS = 256
_MOST_TOKENS = 24

Readings = tuple[str, ...]  # the ways to understand one piece of it


def postcode_in(tokens: Tokens) -> str | None:
    """The one postcode that these tokens can be, or None."""
    if len(tokens) > _MOST_TOKENS:
        return None
    pieces = list(_pieces(tokens))
    if () in pieces:
        return None
    readings = list(islice(product(*pieces), _MOST_READINGS + 1))
    if len(readings) > _MOST_READINGS:
        return None
    found = {shaped("".join(reading)) for reading in readings} - {None}
    return found.pop() if len(found) == 1 else None


def _pieces(tokens: Tokens) -> Iterator[Readings]:
    place = 0
    while place < len(tokens):
        if tokens[place] == PAUSE:
            place += 1
            continue
        readings, taken = _piece(tokens[place : place + 4])
        yield readings
        place += taken


def _piece(tokens: Tokens) -> tuple[Readings, int]:
    """The ways to understand what begins here, and how many tokens it takes; none: ()."""
    token, following = tokens[0], tokens[1] if len(tokens) > 1 else ""
    if token == "double":  # noqa: S105
        return (("W",) if following in ("u", "you") else _twice(_one(following))), 2
    if token in ("x", "ex") and following == "ray":
        return ("X",), 2
    if taken := _by_example(tokens):
        return (token.upper(),), taken
    if token in TENS and (unit := ONE_DIGIT.get(following, "0")) != "0":
        return (_glued(TENS[token] + int(unit)),), 2
    return _one(token), 1


def _by_example(tokens: Tokens) -> int:
    """How many tokens "S for sugar" or "S as in sugar" has; 0 where it is none."""
    for link in (("for",), ("as", "in")):
        example = tokens[1 + len(link)] if len(tokens) > 1 + len(link) else ""
        if tokens[1 : 1 + len(link)] == link and len(tokens[0]) == 1 and tokens[0].isalpha():
            return 2 + len(link) if len(example) > 2 and example[0] == tokens[0] else 0
    return 0


def _one(token: str) -> Readings:
    if token in ("o", "oh"):
        return _ZERO_OR_O
    if token in _LETTERS or token in ONE_DIGIT or token in _SOUNDS_LIKE:
        return (_LETTERS.get(token) or ONE_DIGIT.get(token) or _SOUNDS_LIKE[token],)
    if token in TEN_TO_NINETEEN or token in TENS:
        return (_glued((TEN_TO_NINETEEN | TENS)[token]),)
    if are_digits(token):
        return _figure(token)
    return _joined(token)


def _figure(token: str) -> Readings:
    """A figure that stands alone: 15 may have been "fifteen", so it does not fall apart."""
    if len(token) == 1:
        return _ZERO_OR_O if token == "0" else (token,)  # noqa: S105
    return (_glued(int(token)),) if len(token) == 2 and token[0] != "0" else ()


def _joined(token: str) -> Readings:
    """Letters and figures in one: `sw1a2aa`, `sw1a`, `2aa`, `aa`. A word is none of these."""
    if len(token) > 7 or not token.isalnum():
        return ()
    readings = _read(token)
    if whole := tuple(reading for reading in readings if shaped(reading)):
        return whole  # without its space: the last three are the end of it
    if pair := _OUTWARD_PAIR.fullmatch(token):  # se21 ends here, and is not SE2 1…
        return tuple(area + _glued(int(pair[2])) for area in _read(pair[1]))
    return readings if _JOINED.fullmatch(token) else ()


def _read(token: str) -> Readings:
    return tuple(map("".join, product(*(_character(one) for one in token))))


def _character(one: str) -> Readings:
    return _ZERO_OR_O if one in "o0" else (one.upper(),)


def _twice(readings: Readings) -> Readings:
    return tuple(reading * 2 for reading in readings if len(reading) == 1 and reading < chr(GLUED))


def _glued(number: int) -> str:
    return chr(GLUED + number)


def _said(_: Question, words: str) -> str | None:
    tokens = _FRAME.inside(words)
    return postcode_in(tokens) if tokens else None


def _written(_: Question, text: str) -> str | None:
    """In a file only as it is printed, with or without its space; an O is no zero there."""
    return shaped(re.sub(r"[ ]", "", text.strip()).upper()) if text.isascii() else None


def _as_said(_: Question, canonical: str) -> str:
    """Its characters one by one, the figures in words, a break before the last three."""
    words = [UNITS[int(one)] if one.isdigit() else one for one in canonical]
    return f"{' '.join(words[:-3])}, {' '.join(words[-3:])}"


KIND = Kind(
    version=1,
    keyed=lambda question, keys: None,
    said=_said,
    written=_written,
    as_keyed=lambda question, canonical: None,
    as_said=_as_said,
    in_file="SW1A 2AA",
    only_said=True,
)
