"""The breaker: after a time-out nobody waits for one again until the store has had a rest."""

import threading
import time
from collections.abc import Callable

from bot.errors import StoreDown


class Breaker:
    """Closed while the store answers; after a failure open for `rest_seconds`, then tried by one.

    A caller on the telephone waits for every time-out (design section 2, *Deadline*), so only one
    request in each rest pays for finding out.
    """

    def __init__(
        self, rest_seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._closed_again_at: float | None = None
        self._lock = threading.Lock()

    @property
    def open(self) -> bool:
        """Whether the last that was heard of it is a failure."""
        return self._closed_again_at is not None

    @property
    def resting(self) -> bool:
        """Whether it is not to be asked now. After a rest the first to look hears no, alone."""
        try:
            self.check()
        except StoreDown:
            return True
        return False

    def check(self) -> None:
        """Pass, or raise `StoreDown` at once. After a rest the first to ask passes, alone."""
        if self._closed_again_at is None:
            return
        with self._lock:
            if self._closed_again_at is None:
                return
            if self._clock() < self._closed_again_at:
                raise StoreDown("the store did not answer a moment ago")
            self._rest()

    def failed(self) -> None:
        """No answer came."""
        with self._lock:
            self._rest()

    def worked(self) -> None:
        """An answer came."""
        if self._closed_again_at is not None:
            with self._lock:
                self._closed_again_at = None

    def _rest(self) -> None:
        self._closed_again_at = self._clock() + self._rest_seconds
