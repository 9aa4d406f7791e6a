"""The time in the phone network: moved by hand in tests, else the wall clock's plus an offset."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the network's time, which can be moved forward."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...

    def move(self, by: timedelta) -> None:
        """Let that much time pass at once."""
        ...


class VirtualClock:
    """Stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        """Start at that moment; a time without a zone is taken as UTC."""
        self._now = start if start.tzinfo else start.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Move forward."""
        self._now += by

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment; never backward."""
        self._now = max(self._now, moment)


class WallClock:
    """Real time, shifted by an offset that can grow."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        """Run that far ahead of (or behind) the wall."""
        self.offset = offset

    def now(self) -> datetime:
        """Wall time plus the offset."""
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> None:
        """Jump ahead: whatever would be due by then becomes due."""
        self.offset += by
