"""An expression of time: a day, a part of it, hours by the clock, or several of these as one."""

from dataclasses import dataclass

from bot.text_reading.lexicon import Clock


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it is said; `weekday` 0 is Monday, `date` is (day of the month, month or None).

    `not_today` says that they named today as a day on which they cannot.
    """

    name: str = ""  # today, tomorrow, day_after_tomorrow, next_week, past
    weekday: int | None = None
    date: tuple[int, int | None] | None = None
    ahead: int | None = None
    not_today: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One expression, from item `first` up to item `end`."""

    first: int
    end: int
    day: Day | None = None
    part: str | None = None
    at: Clock | None = None
    after: Clock | None = None
    before: Clock | None = None
    minutes: int | None = None  # from now
    until: bool = False  # the word was "until"
    negative: bool = False
    doubtful: bool = False

    @property
    def is_not_today(self) -> bool:
        """Whether it says that today will not do, and nothing more."""
        today = self.negative and self.day is not None and self.day.name == "today"
        return today and not self.by_clock and not self.part

    @property
    def by_clock(self) -> bool:
        """Whether it tells hours."""
        return bool(self.at or self.after or self.before)


def joined(said: Said, piece: Said) -> Said | None:
    """Both as one; None if they cannot be."""
    if piece.negative or said.negative:
        return None
    day = said.day or piece.day
    if said.day and piece.day:
        day = _one_day(said.day, piece.day)
        if day is None:
            return None
    if (said.by_clock and piece.by_clock and not _are_two_ends(said, piece)) or (
        said.part and piece.part
    ):
        return None
    if said.minutes is not None or piece.minutes is not None:
        return None
    part = said.part or piece.part
    if part == "any_time" and (said.by_clock or piece.by_clock):
        part = None
    return Said(
        said.first,
        piece.end,
        day=day,
        part=part,
        at=said.at or piece.at,
        after=said.after or piece.after,
        before=said.before or piece.before,
        until=said.until or piece.until,
        doubtful=said.doubtful or piece.doubtful,
    )


def _are_two_ends(said: Said, piece: Said) -> bool:
    """After 3 but before 5."""
    both = (said.after, piece.after), (said.before, piece.before)
    return not (said.at or piece.at) and all(bool(one) != bool(other) for one, other in both)


def _one_day(one: Day, other: Day) -> Day | None:
    """A weekday and its date, or a weekday of next week; None if these are two days."""
    both = (one, other)
    weekday = next((day.weekday for day in both if day.weekday is not None), None)
    if weekday is None:
        return None
    date = next((day.date for day in both if day.date), None)
    if date is not None:
        return Day(weekday=weekday, date=date)
    week_later = any(day.name == "next_week" for day in both)
    return Day(name="next_week", weekday=weekday) if week_later else None
