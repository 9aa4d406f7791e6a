"""When what is kept for so many years or days may go: whole days of UTC."""

from datetime import UTC, date, datetime, time, timedelta

from bot.retention_rules import Retention as Rule

EPOCH, DAY = date(1970, 1, 1), 86400.0


def cleared_before(now: float, years: int) -> float:
    """The instant (seconds since 1970) before which whatever was told may go now.

    Whole days of UTC and calendar years: a record is kept to the end of the day, so many years on,
    that bears the date of the telling. What was told on 29 February is kept, where that year has
    none, to the end of the 28th.
    """
    today = _day(now)
    if _is_leap_day(today) and not _has_leap_day(today.year - years):
        return _midnight(date(today.year - years, 3, 1))
    return _midnight(today.replace(year=today.year - years))


def kept_until(at: float, years: int) -> float:
    """The first instant at which what was told `at` may go: the other side of the same rule."""
    day = _day(at)
    if _is_leap_day(day) and not _has_leap_day(day.year + years):
        return _midnight(date(day.year + years, 3, 1))
    return _midnight(day.replace(year=day.year + years) + timedelta(days=1))


def goes_before(rule: Rule, kind: str, now: float) -> float:
    """The instant before which what is of this kind may go now: whole days of UTC."""
    if kind == "disclosures":
        return cleared_before(now, rule.disclosures_years)
    return _midnight(_day(now) - timedelta(days=rule.days(kind)))


def midnight_after(at: float) -> float:
    """When the day of this instant is over."""
    return _midnight(_day(at) + timedelta(days=1))


def _day(at: float) -> date:
    return EPOCH + timedelta(days=at // DAY)  # `fromtimestamp` would round up to the next one


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
