"""Who carries webhooks: in turn beside a virtual clock, or many threads side by side."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.simulator.error_numbers import RETRIEVAL_FAILED
from bot.simulator.timing.timeline import Timeline
from bot.simulator.webhooks.fetching import Answer, Errand, Fetcher
from bot.simulator.webhooks.hands import Hands

Then = Callable[[Answer], object]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Carried:
    """One errand that was run: how long until its answer, retries included, and how long it lay
    here before anybody had a hand free for it."""

    kind: str
    seconds: float
    waited_seconds: float
    error: int


OnCarried = Callable[[Carried], None]


class Courier(Protocol):
    """Runs errands without the network's lock, and hands back each answer under it.

    `on_carried` is told of each errand, on any thread; it must be quick.
    """

    on_carried: OnCarried

    @property
    def idle(self) -> bool:
        """Is no errand under way, and none waiting?"""
        ...

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
        self.on_carried: OnCarried = lambda carried: None

    @property
    def idle(self) -> bool:
        """Does none wait?"""
        return not self._waiting

    def send(self, errand: Errand, then: Then) -> None:
        """Put it in the queue."""
        self._waiting.append((errand, then))

    def carry_all(self) -> None:
        """Run every errand that waits, and those that come of them."""
        while self._waiting:
            errand, then = self._waiting.popleft()
            answer = self._fetcher.fetch(errand)
            self.on_carried(Carried(errand.kind, answer.seconds, 0.0, answer.error))
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
    """Errands side by side, so that a slow answer to one call holds up no other."""

    def __init__(self, fetcher: Fetcher, lock: threading.RLock, at_once: int = 256) -> None:
        """Start with nothing under way, and never have more than that many."""
        self._fetcher, self._lock = fetcher, lock
        self._hands = Hands(at_once)
        self._closed = False
        self.on_carried: OnCarried = lambda carried: None

    @property
    def idle(self) -> bool:
        """Is nobody out with one?"""
        return self._hands.idle

    def send(self, errand: Errand, then: Then) -> None:
        """Start it."""
        if not self._closed:
            given = time.monotonic()
            self._hands.give(lambda: self._run(errand, then, given))

    def _run(self, errand: Errand, then: Then, given: float) -> None:
        if self._closed:
            return
        begun = time.monotonic()
        try:
            answer = self._fetcher.fetch(errand)
        except Exception as fault:
            log.exception("webhook %s could not be sent", errand.kind)
            answer = Answer(errand.url, None, RETRIEVAL_FAILED, repr(fault))
        took = time.monotonic() - begun
        try:
            self.on_carried(Carried(errand.kind, took, begun - given, answer.error))
            with self._lock:
                if not self._closed:
                    then(answer)
        except Exception:
            log.exception("the answer to webhook %s could not be used", errand.kind)

    def close(self) -> None:
        """Start no more, and use no answer that is still to come."""
        self._closed = True
        self._hands.dismiss()
