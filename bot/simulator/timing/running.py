"""What makes the timeline move: a hand on a virtual clock, or a thread beside a wall clock."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.simulator.timing.clock import Clock, VirtualClock
from bot.simulator.timing.timeline import Timeline

LONGEST_NAP_SECONDS = 0.5  # so that a moved clock is noticed even without news
BREATH_SECONDS = 0.0001  # between two timers, in which whoever waits for the lock gets it

log = logging.getLogger(__name__)


class NeverQuiet(Exception):
    """Something was still going on when the time given for it was over."""


class Stepper:
    """Moves a virtual clock from one due thing to the next, carrying webhooks between them."""

    def __init__(
        self,
        clock: VirtualClock,
        timeline: Timeline,
        carry_all: Callable[[], None],
        lock: threading.RLock,
    ) -> None:
        """Move that clock and no other; `carry_all` has every webhook that waits carried."""
        self._clock, self._timeline, self._lock = clock, timeline, lock
        self._carry_all = carry_all
        self._moving = False

    def advance(self, seconds: float) -> None:
        """Do everything that falls due within that many seconds, in order."""
        until = self._clock.now() + timedelta(seconds=seconds)
        if self._moving:
            raise RuntimeError("the clock is being moved already: a webhook may not move it")
        self._moving = True
        try:
            self._carry_all()
            while self._step(until):
                self._carry_all()
        finally:
            self._moving = False
        self._clock.move_to(until)

    def _step(self, until: datetime) -> bool:
        with self._lock:
            timer = self._timeline.pop_due(until)
            if timer is None:
                return False
            self._clock.move_to(timer.at)
            timer.action()
            return True

    def run_until_quiet(self, limit_seconds: float) -> None:
        """Go on until nothing is due any more."""
        limit = self._clock.now() + timedelta(seconds=limit_seconds)
        self.advance(0)
        while (due := self._timeline.next_due()) is not None:
            if due > limit:
                raise NeverQuiet(f"still busy after {limit_seconds:g} s")
            self.advance((due - self._clock.now()).total_seconds())


class Ticker:
    """A thread that does things when the wall clock says that they are due."""

    def __init__(self, clock: Clock, timeline: Timeline, lock: threading.RLock) -> None:
        """Start at once."""
        self._clock, self._timeline = clock, timeline
        self._news = threading.Condition(lock)
        self._stopped = False
        timeline.changed = self.notice
        self._thread = threading.Thread(target=self._run, name="network clock", daemon=True)
        self._thread.start()

    def notice(self) -> None:
        """Look again: there is a new timer, or the clock was moved."""
        with self._news:
            self._news.notify_all()

    def stop(self) -> None:
        """Do nothing more."""
        self._stopped = True
        self.notice()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopped:
            with self._news:
                if not self._one():
                    self._news.wait(self._nap())
                    continue
            # The lock would come back to this thread before a waiting one is even awake.
            time.sleep(BREATH_SECONDS)

    def _one(self) -> bool:
        """Do one thing that is due, if there is one."""
        now = self._clock.now()
        timer = self._timeline.pop_due(now)
        if timer is None:
            return False
        self._timeline.on_late((now - timer.at).total_seconds())
        try:
            timer.action()
        except Exception:
            log.exception("a timer of the phone network failed")
        return True

    def _nap(self) -> float:
        due = self._timeline.next_due()
        if due is None:
            return LONGEST_NAP_SECONDS
        return min(LONGEST_NAP_SECONDS, max(0.0, (due - self._clock.now()).total_seconds()))
