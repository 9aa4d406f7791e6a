"""Days and months within a date, by name or by number."""

from bot.answers.kind import are_digits
from bot.answers.number_words import ordinal, spelled, under_hundred
from bot.answers.utterance import PAUSE, Tokens

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_BY_NAME = {name: place for place, name in enumerate(MONTHS, 1)}
_BY_NAME |= {name[:3]: place for name, place in _BY_NAME.items()} | {"sept": 9}


def bare(tokens: Tokens, *links: str) -> Tokens:
    """The tokens without pauses around them, and without these words in front, in their order."""
    while tokens and tokens[0] == PAUSE:
        tokens = tokens[1:]
    while tokens and tokens[-1] == PAUSE:
        tokens = tokens[:-1]
    for link in links:
        if len(tokens) > 1 and tokens[0] == link:
            tokens = tokens[1:]
    return tokens


def day_in(tokens: Tokens) -> int | None:
    """The number of a day, if there is one: "the first", 1st, "twenty one", "oh one", 01."""
    return _ordinal_or_number(bare(tokens, "the"))


def month_in(tokens: Tokens) -> int | None:
    """The number of a month, if there is one: "of February", "of the second", "oh two"."""
    return named_month_in(tokens) or month_number_in(tokens)


def named_month_in(tokens: Tokens) -> int | None:
    """The month of this name, or its first three letters."""
    tokens = bare(tokens, "of")
    return _BY_NAME.get(tokens[0]) if len(tokens) == 1 else None


def month_number_in(tokens: Tokens) -> int | None:
    """The month by its number: "of the second", "oh two", 02."""
    return _ordinal_or_number(bare(tokens, "of", "the"))


def _ordinal_or_number(tokens: Tokens) -> int | None:
    if len(tokens) > 2:
        return None
    if len(tokens) == 1 and are_digits(tokens[0]):
        return int(tokens[0]) if len(tokens[0]) <= 2 else None
    found = ordinal(tokens) or under_hundred(tokens)
    if found is None and len(tokens) == 2:
        pair = spelled(tokens)  # "oh one", "one two"
        found = int(pair) if pair is not None and len(pair) == 2 else None
    return found
