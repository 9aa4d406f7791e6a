"""`choice`: one of a list. The name of a choice, its first way to be said, is what is hashed.

A choice is keyed by its key, and said in one of its ways or by that key ("two", "option two").
Nothing but a whole way is understood, so "not monthly" is no choice.
"""

from collections.abc import Mapping
from functools import lru_cache

from bot.answers.kind import Kind, Question
from bot.answers.number_words import UNITS, digit_of
from bot.answers.utterance import Frame, Tokens, tokens_of, without_pauses

# No "yes", "right" or "okay" here: a list may well have one of them as a choice. No "by": a
# recogniser writes "bi-monthly" as "by monthly", which is not "monthly".
_FRAME = Frame(
    leads=("i pay", "i said", "i choose", "i'd like", "i would like"),
    bare=True,
)
_NUMBERED = ("option", "number", "choice")


def problem_of(choices: Mapping[str, tuple[str, ...]]) -> str:
    """Why these choices cannot be asked about; empty where they can."""
    if len(choices) < 2:
        return "a choice needs two or more `choices`"
    for key, ways in choices.items():
        if len(key) != 1 or key not in "123456789":
            return f"the key {key!r}: a choice has one of the keys 1 to 9; 0 leads to a person"
        if not ways or not all(_plain(way) for way in ways):
            return f"the choice {key} needs ways to say it, in plain words and figures"
    return _sounding_alike(choices)


def names_of(question: Question) -> list[str]:
    """The names of its choices, as they are hashed."""
    return [_name(ways) for ways in question.choices.values()]


def _sounding_alike(choices: Mapping[str, tuple[str, ...]]) -> str:
    heard: dict[Tokens, str] = {}
    for key, ways in choices.items():
        for tokens in _all_tokens(key, ways):
            if heard.setdefault(tokens, key) != key:
                alike = " ".join(tokens)
                return f"the choices {heard[tokens]} and {key} sound alike: {alike!r}"
    return ""


@lru_cache(maxsize=64)
def _names(choices: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[Tokens, str]:
    """By everything that may be said, the name of the choice."""
    return {tokens: _name(ways) for key, ways in choices for tokens in _all_tokens(key, ways)}


def _all_tokens(key: str, ways: tuple[str, ...]) -> list[Tokens]:
    """Every row of tokens by which this choice may be known."""
    plain = [_plain(way) for way in ways]
    alone = [_FRAME.stripped(tokens) for tokens in plain]
    numbered = [(key,), *((word, key) for word in _NUMBERED)]
    return [*plain, *(tokens for tokens in alone if tokens), *numbered]


def _plain(text: str) -> Tokens:
    """Words as they are compared: no pauses, single digits as figures; empty where unreadable."""
    tokens = without_pauses(tokens_of(text) or ())
    return tuple(digit_of(token) or token for token in tokens)


def _name(ways: tuple[str, ...]) -> str:
    return " ".join(_plain(ways[0]))


def _keyed(question: Question, keys: str) -> str | None:
    ways = question.choices.get(keys)
    return _name(ways) if ways else None


def _said(question: Question, words: str) -> str | None:
    """As it stands, else without lead-ins: a way may begin with "it's" itself."""
    names = _names(tuple(question.choices.items()))
    tokens = _plain(words)
    return names.get(tokens) or names.get(_FRAME.stripped(tokens))


def _written(question: Question, text: str) -> str | None:
    """In a file, one of its ways; not its key, which may be given to another choice one day."""
    tokens = _plain(text)
    for ways in question.choices.values():
        if tokens and tokens in [_plain(way) for way in ways]:
            return _name(ways)
    return None


def _as_keyed(question: Question, canonical: str) -> str | None:
    return next((key for key, ways in question.choices.items() if _name(ways) == canonical), None)


def _as_said(_: Question, canonical: str) -> str:
    return " ".join(UNITS[int(word)] if digit_of(word) else word for word in canonical.split())


KIND = Kind(
    version=1,
    keyed=_keyed,
    said=_said,
    written=_written,
    as_keyed=_as_keyed,
    as_said=_as_said,
    in_file="the name of a choice, its first way to be said",
    takes_choices=True,
)
