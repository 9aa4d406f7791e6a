"""What is going to happen, and when: one heap of timers, in order of time and then of asking."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.timing.clock import Clock

FEW = 1024  # timers, of which it does not matter whether they are cancelled


@dataclass(order=True)
class Timer:
    """One thing that will be done at its moment, unless cancelled."""

    at: datetime
    order: int
    action: Callable[[], object] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never do it, and let go of whatever it was about."""
        self.cancelled = True
        self.action = _nothing


def _nothing() -> None:
    """What a cancelled timer does."""


class Timeline:
    """The heap of timers. Ties are settled by order of asking, so a run can be repeated exactly."""

    def __init__(self, clock: Clock) -> None:
        """Keep time by that clock."""
        self.clock = clock
        self.changed: Callable[[], None] = lambda: None
        self.on_late: Callable[[float], object] = lambda seconds: None
        self._heap: list[Timer] = []
        self._order = itertools.count()
        self._sweep_at = FEW

    def __len__(self) -> int:
        """How many timers lie here, cancelled ones among them."""
        return len(self._heap)

    def after(self, seconds: float, action: Callable[[], object]) -> Timer:
        """Do something that many seconds from now."""
        due = self.clock.now() + timedelta(seconds=max(0.0, seconds))
        timer = Timer(due, next(self._order), action)
        heapq.heappush(self._heap, timer)
        if len(self._heap) >= self._sweep_at:
            self._sweep()
        self.changed()
        return timer

    def _sweep(self) -> None:
        """Throw cancelled timers out: a call's time limit would lie here hours after its end."""
        self._heap = [timer for timer in self._heap if not timer.cancelled]
        heapq.heapify(self._heap)
        self._sweep_at = max(FEW, 2 * len(self._heap))

    def next_due(self) -> datetime | None:
        """When the next timer is due, if there is one."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def pop_due(self, until: datetime) -> Timer | None:
        """Take the next timer that is due by then."""
        due = self.next_due()
        if due is None or due > until:
            return None
        return heapq.heappop(self._heap)
