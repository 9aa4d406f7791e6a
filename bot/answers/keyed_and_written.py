"""What a customer keys as an answer, in the one form that is hashed and compared.

`normalise` reads keys, `normalise_written` the forms that people write in an import file; both end
in the same canonical text, or in None where the input cannot be understood as an answer of its
kind. The input alone decides that, never what the right answer is (design section 1, invariant 4).
"""

import re
from collections.abc import Callable
from datetime import date

from bot.errors import ConfigError

NORMALISER_VERSION = 1  # part of every hash: raise it whenever a canonical form changes

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/. -])(?:([0-9]{1,2})\2)?([0-9]{4})")


def normalise(kind: str, text: str, *, length: int | None) -> str | None:
    """What was keyed, in canonical form, or None if it is no answer of this kind.

    `date` is DDMMYYYY, `month_year` MMYYYY, `year` YYYY; `digits` has exactly `length` digits and
    `number` at most so many, counting from 1. Raises `ConfigError` for a kind we do not know, or
    where the length is missing.
    """
    read = _reader(kind)
    if not (text.isascii() and text.isdigit()):
        return None
    return read(text, length)


def normalise_written(kind: str, text: str, *, length: int | None) -> str | None:
    """What stands in an import file, in the same canonical form.

    Understands what `normalise` does and also `1980-02-01`, `01/02/1980` (the day first, as here
    in the UK), `2019-04`, `04/2019`, and digits in groups (`12 34 56`).
    """
    bare = text.strip()
    if kind in ("date", "month_year"):
        bare = _as_keyed(bare, parts=3 if kind == "date" else 2)
    elif kind == "digits":
        bare = re.sub(r"[ -]", "", bare)
    return normalise(kind, bare, length=length)


def _as_keyed(text: str, *, parts: int) -> str:
    """A written date or month as its keys; anything else unchanged, for `normalise` to judge."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
        found = [day, month, year]
    elif match := _DAY_FIRST.fullmatch(text):
        first, _, second, year = match.groups()
        found = [first, second, year] if second else [None, first, year]
    else:
        return text
    numbers = [number for number in found if number is not None]
    return "".join(number.zfill(2) for number in numbers) if len(numbers) == parts else ""


def _digits(text: str, length: int | None) -> str | None:
    return text if len(text) == _needed(length) else None


def _number(text: str, length: int | None) -> str | None:
    return text.lstrip("0") or None if len(text) <= _needed(length) else None


def _date(text: str, _: int | None) -> str | None:
    if len(text) != 8 or not _year(text[4:], None):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2])).isoformat()
    except ValueError:
        return None


def _month_year(text: str, _: int | None) -> str | None:
    day = _date(f"01{text}", None)
    return day[:7] if day else None


def _year(text: str, _: int | None) -> str | None:
    return text if len(text) == 4 and _FIRST_YEAR <= int(text) <= _LAST_YEAR else None


_READERS: dict[str, Callable[[str, int | None], str | None]] = {
    "date": _date,
    "digits": _digits,
    "number": _number,
    "month_year": _month_year,
    "year": _year,
}
KINDS = frozenset(_READERS)
KINDS_WITH_LENGTH = frozenset({"digits", "number"})


def _reader(kind: str) -> Callable[[str, int | None], str | None]:
    try:
        return _READERS[kind]
    except KeyError:
        raise ConfigError("questions", "kind", f"{kind!r} is none of {sorted(KINDS)}") from None


def _needed(length: int | None) -> int:
    if length is None:
        raise ConfigError("questions", "length", "digits and number need one")
    return length
