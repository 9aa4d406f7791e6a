"""From an expression of time, and the time it was written, to the window that it means.

Only what is still to come: a time that has passed is in doubt, unless the day's calling hours are
over, when it means the next day on which we ring.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.hours import Week
from bot.text_reading.clocks import NOON
from bot.text_reading.expression import Said
from bot.text_reading.lexicon import HOUR, Clock
from bot.text_reading.reading import Window
from bot.text_reading.rules import DAYS, TextRules

DAY = 24 * HOUR
_FIRST_AM = 8 * HOUR  # nobody who writes "at 7" means the morning; "at 8" does
SECONDS = 60.0

Minutes = tuple[int, int]


class Calendar:
    """Finds windows in the hours of a week."""

    def __init__(self, rules: TextRules, week: Week) -> None:
        self._rules = rules
        self._week = week

    def window(self, said: Said, now: float) -> Window | None:
        """The window that is meant, or None where that is not clear."""
        if said.doubtful:
            return None
        if said.negative:
            return self._not_then(said, now)
        if said.minutes is not None:
            return self._from_now(said.minutes, now)
        today = self._week.local(now).date()
        if said.day is None:
            return self._undated(said, today, now)
        if said.day.name == "next_week" and said.day.weekday is None:
            return self._next_week(said, today)
        day = self._date(said, today)
        if day is None or not 0 <= (day - today).days <= self._rules.times.most_days:
            return None
        return self._on(said, day, now)

    def _not_then(self, said: Said, now: float) -> Window | None:
        """Not before 10 is after 10; not today is from tomorrow on. Anything else is unclear."""
        plain = replace(said, negative=False)
        if said.day is None and said.part is None and bool(said.after) != bool(said.before):
            return self.window(replace(plain, after=said.before, before=said.after), now)
        if said.is_not_today:
            day = self._next_open(self._week.local(now).date())
            return Window(self._opening(day)) if day else None
        return None

    def _from_now(self, minutes: int, now: float) -> Window | None:
        if not 0 < minutes <= self._rules.times.most_days * DAY:
            return None
        start = now + minutes * SECONDS
        return Window(start, start + self._rules.times.at_minutes * SECONDS)

    def _undated(self, said: Said, today: date, now: float) -> Window | None:
        if self._is_over(now):
            day = self._next_open(today)
            return self._on(said, day, now) if day else None
        window = self._on(said, today, now)
        if window is None and said.part and not said.by_clock:
            day = self._next_open(today)
            return self._on(said, day, now) if day else None
        passed = window is not None and window.start <= now
        early = said.after is not None and not said.after.sure and _resolved(said.after) < NOON
        return None if passed and early and said.before is None else window

    def _next_week(self, said: Said, today: date) -> Window | None:
        if said.by_clock or said.part not in (None, "any_time"):
            return None
        monday = today + timedelta(days=7 - today.weekday())
        until = self._instant(monday + timedelta(days=7), 0)
        return Window(self._opening(monday), until)

    def _date(self, said: Said, today: date) -> date | None:
        day = said.day
        if day is None:
            return None
        if day.ahead is not None:
            return today + timedelta(days=min(day.ahead, DAY))
        if day.name in DAYS:
            return today + timedelta(days=DAYS[day.name])
        if day.date is not None:
            return self._of_the_month(*day.date, day.weekday, today)
        if day.weekday is None:
            return None
        if day.name == "next_week":
            return today + timedelta(days=7 - today.weekday() + day.weekday)
        ahead = (day.weekday - today.weekday()) % 7
        if not ahead and not day.not_today:
            return None  # today, or in a week?
        return today + timedelta(days=ahead or 7)

    def _of_the_month(
        self, day: int, month: int | None, weekday: int | None, today: date
    ) -> date | None:
        for ahead in range(self._rules.times.most_days + 1):
            each = today + timedelta(days=ahead)
            if each.day == day and month in (None, each.month):
                return each if weekday in (None, each.weekday()) else None
        return None

    def _on(self, said: Said, day: date, now: float) -> Window | None:
        """On this day; None if that is over, or makes no sense."""
        minutes = self._minutes(said)
        if minutes is None:
            return None
        start = self._instant(day, minutes[0]) if minutes[0] else self._opening(day)
        until = self._instant(day, minutes[1], last=True)
        if said.at:  # as long as ever, on a night when the clocks are moved too
            until = start + (minutes[1] - minutes[0]) * SECONDS
        return Window(max(start, now), until) if max(start, now) < until else None

    def _minutes(self, said: Said) -> Minutes | None:
        """From and until, by the wall."""
        part = self._rules.parts[said.part] if said.part else None
        bounds = (_minute(part.from_), _minute(part.until)) if part else (0, DAY)
        if not said.by_clock:
            return bounds
        clocks = [said.at, said.after, said.before]
        if part:
            clocks = [_in_part(clock, bounds) for clock in clocks]
        at, after, before = clocks
        if at:
            start = _resolved(at)
            minutes = start, min(start + self._rules.times.at_minutes, DAY)
        elif after and before:
            minutes = _between(after, before)
        elif after:
            minutes = _resolved(after), bounds[1]
        else:
            minutes = bounds[0], _resolved(before) if before else DAY
        return minutes if minutes[0] < minutes[1] else None

    def _is_over(self, now: float) -> bool:
        """Whether nobody is rung any more on the day of `now`."""
        local = self._week.local(now)
        hours = self._week.days.get(local.weekday())
        return hours is None or local.time() >= hours[1]

    def _next_open(self, today: date) -> date | None:
        days = (today + timedelta(days=ahead) for ahead in range(1, 8))
        return next((day for day in days if day.weekday() in self._week.days), None)

    def _opening(self, day: date) -> float:
        hours = self._week.days.get(day.weekday())
        return self._instant(day, _minute(hours[0]) if hours else 0)

    def _instant(self, day: date, minute: int, *, last: bool = False) -> float:
        """The instant at which a wall shows this time.

        Of an hour that comes twice the first begins a window and the second ends it; in one that
        is left out it is as late as it would have been had the clocks not been moved.
        """
        on = day + timedelta(days=minute // DAY)
        wall = time(minute % DAY // HOUR, minute % HOUR, fold=int(last))
        if last and not _exists(datetime.combine(on, wall, self._week.zone)):
            wall = wall.replace(fold=0)
        return datetime.combine(on, wall, self._week.zone).timestamp()


def _exists(local: datetime) -> bool:
    """Whether clocks ever show it: not in the hour that summer time leaves out."""
    return datetime.fromtimestamp(local.timestamp(), local.tzinfo).time() == local.time()


def _minute(wall: time) -> int:
    return DAY if wall >= time(23, 59) else wall.hour * HOUR + wall.minute


def _resolved(clock: Clock) -> int:
    """The minute of the day that is meant, where nothing tells which half of it."""
    if clock.sure or clock.minute >= _FIRST_AM:
        return clock.minute
    return clock.minute + NOON


def _in_part(clock: Clock | None, bounds: Minutes) -> Clock | None:
    """In the half of the day that was named."""
    if clock is None or clock.sure:
        return clock
    minute = clock.minute % NOON
    return Clock(minute if bounds[1] <= NOON else minute + NOON, True)


def _between(after: Clock, before: Clock) -> Minutes:
    """Both in the halves of the day that make sense of the other."""
    if before.sure and not after.sure:
        ways = [each for each in _halves(after) if each < before.minute]
        return max(ways, default=DAY), before.minute
    start = _resolved(after)
    if before.sure:
        return start, before.minute
    return start, min((each for each in _halves(before) if each > start), default=0)


def _halves(clock: Clock) -> Minutes:
    return clock.minute % NOON, clock.minute % NOON + NOON
