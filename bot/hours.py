"""Hours of a week in a zone, summer time and bank holidays included."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

# The words of `Case.nation`. Holidays differ: St Andrew's Day is Scotland's, 12 July Northern
# Ireland's, Easter Monday everybody's but Scotland's.
NATIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}

_DAYS_AHEAD = 370  # a week with any open day opens again well within a year


class Week:
    """Opening hours by weekday (0 is Monday); a day that is not named is closed."""

    def __init__(self, zone: str, days: dict[int, tuple[time, time]]) -> None:
        self.zone = ZoneInfo(zone)
        self.days = days

    def local(self, now: float) -> datetime:
        """The instant as people there read it off the wall."""
        return datetime.fromtimestamp(now, self.zone)

    def is_open(self, now: float, closed: Callable[[date], bool]) -> bool:
        """Whether `now` is within the hours of a day that is not `closed`."""
        local = self.local(now)
        hours = self.days.get(local.weekday())
        if hours is None or closed(local.date()):
            return False
        return hours[0] <= local.time() < hours[1]

    def next_opening(self, now: float, closed: Callable[[date], bool]) -> float | None:
        """The first opening instant after `now`, or None if there is none within a year."""
        today = self.local(now).date()
        for day in (today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD)):
            hours = self.days.get(day.weekday())
            if hours is None or closed(day):
                continue
            opening = datetime.combine(day, hours[0], self.zone).timestamp()
            if opening > now:
                return opening
        return None

    def after_open(self, now: float, seconds: float, closed: Callable[[date], bool]) -> float:
        """The instant by which it has been open for so long since `now`."""
        until = now
        for opens, shuts in self._stretches(now, closed):
            begins = max(opens, now)
            if seconds <= shuts - begins:
                return begins + seconds
            seconds, until = seconds - (shuts - begins), shuts
        return until

    def open_seconds(self, since: float, until: float, closed: Callable[[date], bool]) -> float:
        """For how long it has been open between two instants."""
        total = 0.0
        for opens, shuts in self._stretches(since, closed):
            if opens >= until:
                break
            total += min(shuts, until) - max(opens, since)
        return total

    def next_day(self, now: float) -> float:
        """The instant at which the next local day begins."""
        tomorrow = self.local(now).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), self.zone).timestamp()

    def _stretches(
        self, now: float, closed: Callable[[date], bool]
    ) -> Iterator[tuple[float, float]]:
        """The hours of each open day that end after `now`, from the first on, for ten years."""
        today = self.local(now).date()
        for day in (today + timedelta(days=ahead) for ahead in range(10 * _DAYS_AHEAD)):
            hours = self.days.get(day.weekday())
            if hours is None or closed(day):
                continue
            opens, shuts = (datetime.combine(day, at, self.zone).timestamp() for at in hours)
            if shuts > now:
                yield opens, shuts


def is_bank_holiday(day: date, nation: str) -> bool:
    """Whether banks of this nation are closed; for a nation we do not know, of any nation."""
    nations = (nation,) if nation in NATIONS else tuple(NATIONS)
    return any(day in _bank_holidays(name, day.year) for name in nations)


@lru_cache(maxsize=64)
def _bank_holidays(nation: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=NATIONS[nation], years=[year]))
