"""Days as they are asked for in three fields, day, month and year, and read from a form."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARTS = ("day", "month", "year")
FIRST_YEAR, LAST_YEAR = 2000, 2099


class BadDay(Exception):
    """A day that cannot be read: the field to go to, and what to give."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field, self.told = field, told


def day_of(form: Mapping[str, str], name: str) -> date | None:
    """The day of the fields `name-day` and so on; None if all are empty. Raises `BadDay`."""
    given = [form.get(f"{name}-{part}", "").strip() for part in PARTS]
    if not any(given):
        return None
    missing = [part for part, text in zip(PARTS, given, strict=True) if not text]
    if missing:
        raise BadDay(f"{name}-{missing[0]}", f"Give the {missing[0]} too, as in 15 9 2026")
    try:
        day, month, year = (int(text) for text in given)
        found = date(year, month, day)
    except ValueError:
        raise BadDay(f"{name}-day", "Give a day that there is, as 15 9 2026") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDay(f"{name}-year", f"Give a year from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def begins(day: date, zone: ZoneInfo) -> float:
    """When a day begins, in seconds since 1970."""
    return datetime.combine(day, time(), zone).timestamp()


def is_over(day: date, zone: ZoneInfo) -> float:
    """When it is over: the next one begins."""
    return begins(day + timedelta(days=1), zone)


def fields_of(name: str, day: date | None) -> dict[str, str]:
    """What the three fields show for a day."""
    if day is None:
        return {}
    return {f"{name}-{part}": str(getattr(day, part)) for part in PARTS}
