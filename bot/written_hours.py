"""A customer's own hours, as a case holds them: `mon-fri 17:00-20:00; sat 10:00-12:00`."""

import re
from datetime import time

from bot.hours import Week

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? "
    r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])"
)


def read_week(text: str, zone: str) -> Week:
    """Read hours as they are written, one stretch for each day; a day that is not named is closed.

    Raises `ValueError`, which never repeats the text.
    """
    days: dict[int, tuple[time, time]] = {}
    for span in re.split(r"\s*[;,]\s*", text.strip().casefold()):
        for day, hours in _days_of(span).items():
            if days.setdefault(day, hours) != hours:
                raise ValueError("one day with two kinds of hours")
    return Week(zone, days)


def _days_of(span: str) -> dict[int, tuple[time, time]]:
    found = _SPAN.fullmatch(span)
    if found is None:
        raise ValueError("not hours such as mon-fri 17:00-20:00; sat 10:00-12:00")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    opens, closes = time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6]))
    if last < first or closes <= opens:
        raise ValueError("hours that end before they begin")
    return {day: (opens, closes) for day in range(first, last + 1)}
