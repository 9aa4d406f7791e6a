"""Who carries webhooks: in turn beside a virtual clock, or each on a thread of its own."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from bot.simulator.fetching import RETRIEVAL_FAILED, Answer, Errand, Fetcher
from bot.simulator.timeline import Timeline

Then = Callable[[Answer], None]

log = logging.getLogger(__name__)


class Courier(Protocol):
    """Runs errands without the network's lock, and hands back each answer under it."""

    def send(self, errand: Errand, then: Then) -> None:
        """Run the errand some time soon, then do that with the answer."""
        ...

    def close(self) -> None:
        """Take no more errands."""
        ...


class TurnCourier:
    """One errand after the other, when asked to; for a clock that is moved by hand."""

    def __init__(self, fetcher: Fetcher, timeline: Timeline, lock: threading.RLock) -> None:
        """Wait until somebody calls `carry_all`."""
        self._fetcher, self._timeline, self._lock = fetcher, timeline, lock
        self._waiting: deque[tuple[Errand, Then]] = deque()

    def send(self, errand: Errand, then: Then) -> None:
        """Put it in the queue."""
        self._waiting.append((errand, then))

    def carry_all(self) -> None:
        """Run every errand that waits, and those that come of them."""
        while self._waiting:
            errand, then = self._waiting.popleft()
            answer = self._fetcher.fetch(errand)
            with self._lock:
                self._hand_back(answer, then)

    def _hand_back(self, answer: Answer, then: Then) -> None:
        """At once, or later if the answer says that it took a while."""
        if answer.seconds:
            self._timeline.after(answer.seconds, lambda: then(answer))
        else:
            then(answer)

    def close(self) -> None:
        """Drop what still waits."""
        self._waiting.clear()


class ThreadCourier:
    """Each errand on a thread of its own, so that a slow answer to one call holds up no other.

    The threads are daemons: a process that is told to end does not wait for somebody's answer.
    """

    def __init__(self, fetcher: Fetcher, lock: threading.RLock) -> None:
        """Start with nothing under way."""
        self._fetcher, self._lock = fetcher, lock
        self._closed = False

    def send(self, errand: Errand, then: Then) -> None:
        """Start it."""
        if not self._closed:
            threading.Thread(target=self._run, args=(errand, then), daemon=True).start()

    def _run(self, errand: Errand, then: Then) -> None:
        try:
            answer = self._fetcher.fetch(errand)
        except Exception as fault:
            log.exception("webhook %s could not be sent", errand.kind)
            answer = Answer(errand.url, None, RETRIEVAL_FAILED, repr(fault))
        try:
            with self._lock:
                if not self._closed:
                    then(answer)
        except Exception:
            log.exception("the answer to webhook %s could not be used", errand.kind)

    def close(self) -> None:
        """Start no more, and use no answer that is still to come."""
        self._closed = True
