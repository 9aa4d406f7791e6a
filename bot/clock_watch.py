"""Notices a clock that was put back, and brings forward what waits for a time that it made up.

A clock that ran ahead puts down times that are never reached, or years too late: a call that is
due, a lease, a line of the outbox. Each desk keeps the latest time that any worker has seen; where
a worker's own is well before it, the clock was put back, and whatever waits is looked at again.
"""

from dataclasses import replace

import structlog

from bot.callback_book import queue_callback, read_callback
from bot.callbacks import CLOCKS_DIFFER_SECONDS, CallbackState
from bot.errors import Conflict
from bot.runtime import Runtime
from bot.store import DUE, OUTBOX, Change, Line
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

SEEN = "clock"  # the record: the latest time that a worker of this desk has seen
EVERY_SECONDS = 60.0
LONGEST_WAIT = 7200.0  # of a line of the outbox; none of them waits for longer
ALL_LINES = 1_000_000


class ClockWatch:
    """Watches the clock for any desk. Any number of copies may run."""

    def __init__(self, runtime: Runtime) -> None:
        self._store = runtime.store
        self._clock = runtime.clock

    def take_one(self, desk: str) -> int | None:
        """Look at the clock; how many lines were brought forward, None if it goes on as it should.

        Raises `StoreDown`, or `Conflict` if another worker was first.
        """
        now = self._clock.now()
        unit = UnitOfWork(self._store, desk, (SEEN,))
        seen = (unit.get(SEEN) or {}).get("latest", now - EVERY_SECONDS)
        if seen - CLOCKS_DIFFER_SECONDS <= now < seen + EVERY_SECONDS:
            return None
        moved = None
        if now < seen:
            log.warning("clock_put_back", desk=desk, seconds=round(seen - now))
            moved = self._bring_forward(desk, now)  # first: if it dies here, the next one goes on
        unit.put(SEEN, {"latest": now})
        unit.commit()
        return moved

    def _bring_forward(self, desk: str, now: float) -> int:
        moved = 0
        for line in self._store.waiting(desk, OUTBOX, ALL_LINES):
            if line.due > now + LONGEST_WAIT:
                again = replace(line, due=now)
                self._store.commit(desk, Change(drop=[(OUTBOX, line.id)], lines=[again]))
                moved += 1
        for line in self._store.waiting(desk, DUE, ALL_LINES):
            if line.due > now:
                moved += self._look_again(desk, line, now)
        return moved

    def _look_again(self, desk: str, line: Line, now: float) -> bool:
        """Whether this line waited for a time that a wrong clock had made up; it is due now."""
        unit = UnitOfWork(self._store, desk)
        callback = read_callback(unit, line.data["callback"])
        due = callback if callback and callback.state is CallbackState.DUE else None
        wanted = now if due is None or due.is_astray(now) else max(due.due_at, now)
        if line.due <= wanted + EVERY_SECONDS:
            return False
        unit.drop(DUE, line.id)
        if due is not None:
            queue_callback(unit, replace(due, due_at=wanted), now, told="clock put back")
        else:  # gone, or under way: whoever takes it finds out
            unit.owe(replace(line, due=wanted))
        try:
            unit.commit()
        except Conflict:
            return False  # somebody has just moved it, by the clock as it is now
        return True
