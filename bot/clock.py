"""The one clock, handed in. Nothing else in the house asks what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Wall time plus an offset: the demo lives on a Tuesday at ten (design section 2, *Time*)."""

    def __init__(self, offset_seconds: float = 0.0, wall: Callable[[], float] = time.time) -> None:
        self.offset_seconds = offset_seconds
        self._wall = wall

    def now(self) -> float:
        """Seconds since 1970, UTC: the form in which rules, leases and scores get the time."""
        return self._wall() + self.offset_seconds

    def moment(self) -> datetime:
        """The same instant as an aware datetime."""
        return datetime.fromtimestamp(self.now(), UTC)
