"""The same words at other hours: what has passed, what is closed, and the nights clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.policy import Policy
from bot.text_reading import Reads, TextReader, TextRules, Window

LONDON = ZoneInfo("Europe/London")
WEEK = Policy.load().calling_hours.week
READER = TextReader(TextRules.load(), WEEK)


def at(when: str) -> float:
    return datetime.fromisoformat(when).replace(tzinfo=LONDON).timestamp()


def window(text: str, when: str) -> list[str] | None:
    """The window as the wall shows it, or None."""
    found = READER.read(text, at(when)).window
    if found is None:
        return None
    ends = [found.start, *([found.until] if found.until is not None else [])]
    return [f"{WEEK.local(end):%a %d %H:%M}" for end in ends]


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        # today's calling hours are over: the next day on which we ring
        ("2026-09-15T21:00", "after 5", ["Wed 16 17:00", "Thu 17 00:00"]),
        ("2026-09-15T21:00", "ring me at 10", ["Wed 16 10:00", "Wed 16 11:00"]),
        ("2026-09-19T20:30", "after 5", ["Mon 21 17:00", "Tue 22 00:00"]),  # nobody on a Sunday
        ("2026-09-20T12:00", "ring me at 2", ["Mon 21 14:00", "Mon 21 15:00"]),
        ("2026-09-20T12:00", "mornings", ["Mon 21 08:00", "Mon 21 12:00"]),
        # it has passed
        ("2026-09-15T14:00", "ring me at 1", None),
        ("2026-09-15T14:00", "between 9 and 11", None),
        ("2026-09-15T14:00", "this morning", None),
        ("2026-09-15T14:00", "today at 1pm", None),
        ("2026-09-15T14:00", "after 9", None),  # tonight, tomorrow, or is it after nine already?
        ("2026-09-15T14:00", "mornings are best", ["Wed 16 08:00", "Wed 16 12:00"]),
        ("2026-09-15T14:00", "in the morning", ["Wed 16 08:00", "Wed 16 12:00"]),
        # it has begun
        ("2026-09-15T18:10", "after 5", ["Tue 15 18:10", "Wed 16 00:00"]),
        ("2026-09-15T14:10", "ring me at 2", ["Tue 15 14:10", "Tue 15 15:00"]),
        ("2026-09-15T14:30", "between 2 and 4", ["Tue 15 14:30", "Tue 15 16:00"]),
        # early
        ("2026-09-15T06:00", "ring me at 9", ["Tue 15 09:00", "Tue 15 10:00"]),
        ("2026-09-15T00:10", "tomorrow", ["Wed 16 08:00", "Thu 17 00:00"]),
        # over the end of a month and of a year
        ("2026-12-31T10:00", "tomorrow after 5", ["Fri 01 17:00", "Sat 02 00:00"]),
        ("2026-09-28T10:00", "the 2nd at 3", ["Fri 02 15:00", "Fri 02 16:00"]),
        ("2028-02-27T10:00", "29 February at 3", ["Tue 29 15:00", "Tue 29 16:00"]),
    ],
)
def test_past_begun_and_still_to_come(when: str, text: str, expected: list[str] | None) -> None:
    assert window(text, when) == expected


def test_a_time_that_has_passed_is_owed_a_call_and_shown_to_somebody() -> None:
    reading = READER.read("ring me at 1", at("2026-09-15T14:00"))

    assert (reading.reads, reading.show) == (Reads.DOUBT, True)


def test_minutes_from_now_are_minutes_whatever_the_clocks_do() -> None:
    now = at("2026-10-25T00:50")
    found = READER.read("in 20 mins", now).window

    assert found == Window(now + 1200, now + 1200 + 3600)


def test_an_hour_that_comes_twice_is_in_the_window_twice() -> None:
    found = READER.read("between 1 am and 1.30 am on Sunday", at("2026-10-23T10:00")).window

    assert found is not None
    assert found.until is not None
    assert found.until - found.start == 1.5 * 3600  # the first 01:00 to the second 01:30


def test_an_hour_that_is_left_out_is_as_late_as_it_would_have_been() -> None:
    found = READER.read("Sunday at 1.30 am", at("2026-03-27T10:00")).window

    assert found is not None
    assert f"{WEEK.local(found.start):%H:%M}" == "02:30"
    assert found.until is not None
    assert found.until > found.start


def test_tomorrow_is_a_day_of_twenty_three_hours_when_clocks_go_forward() -> None:
    assert window("tomorrow at 5", "2026-03-28T10:00") == ["Sun 29 17:00", "Sun 29 18:00"]
