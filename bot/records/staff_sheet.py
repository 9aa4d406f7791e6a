"""The columns of an import file of staff: what each must hold.

`number` (the staff number), `name`, `roles` (one or more, separated by `;`), `desk`, and if
there are any `manager` (a staff number), `language` (blank is `en`), `handsets` (work telephones,
separated by `;`), `leave_from` and `leave_until` (dates; they are back on the second).
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime

from bot.errors import BadNumber
from bot.phone import WITHHELD, PhoneNumber
from bot.records.sheets import Reader
from bot.records.spoken_facts import LANGUAGES, read_date
from bot.staff import NUMBER_FORM, Role

STAFF_OPTIONAL = frozenset({"manager", "language", "handsets", "leave_from", "leave_until"})
LONGEST_NAME = 100

_FORMULA = ("=", "+", "-", "@")


def staff_readers(desks: Collection[str]) -> dict[str, Reader]:
    """A reader for every column of a file of staff."""
    return {
        "number": staff_number,
        "name": _name,
        "roles": _roles,
        "desk": lambda cell: _known_desk(cell, desks),
        "manager": lambda cell: staff_number(cell) if cell else "",
        "language": _language,
        "handsets": _handsets,
        "leave_from": _day,
        "leave_until": _day,
    }


def staff_number(cell: str) -> str:
    """A staff number as it is filed. Raises `ValueError` with the reason."""
    number = cell.lower()
    if not NUMBER_FORM.fullmatch(number):
        raise ValueError("not a staff number: up to 40 letters and digits, and . _ - inside")
    return number


def _name(cell: str) -> str:
    if not cell:
        raise ValueError("missing")
    if cell.startswith(_FORMULA):  # a spreadsheet would run it when the list is exported again
        raise ValueError("begins as a formula does, with = + - or @")
    if len(cell) > LONGEST_NAME or not cell.isprintable():
        raise ValueError(f"over {LONGEST_NAME} characters, or characters that cannot be shown")
    return " ".join(cell.split())


def _roles(cell: str) -> frozenset[Role]:
    words = [word for word in re.split(r"[;,\s]+", cell) if word]
    if not words:
        raise ValueError(f"missing: one or more of {', '.join(Role)}")
    if any(word not in set(Role) for word in words):
        raise ValueError(f"not a role; there are {', '.join(Role)}")
    return frozenset(Role(word) for word in words)


def _known_desk(cell: str, desks: Collection[str]) -> str:
    if cell not in desks:
        raise ValueError("not a desk of policy.toml")
    return cell


def _language(cell: str) -> str:
    if cell and cell not in LANGUAGES:
        raise ValueError("not a known language")
    return cell or "en"


def _handsets(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_handset(part) for part in cell.split(";") if part.strip()))


def _handset(part: str) -> str:
    try:
        e164 = PhoneNumber.parse(part).e164
    except BadNumber:
        raise ValueError("not a telephone number") from None
    if e164 in WITHHELD:
        raise ValueError("not a telephone number that exists")
    return e164


def _day(cell: str) -> float | None:
    if not cell:
        return None
    day = read_date(cell)
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
