"""A bounded crew of threads that do jobs: as many as there is work for, up to a limit.

They are daemons, unlike those of `concurrent.futures`: a process that is told to end does not wait
for somebody's answer.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]


class Hands:
    """Jobs are begun in the order in which they were given. A job must not raise."""

    def __init__(self, most: int) -> None:
        """Hire nobody yet, and never more than that many."""
        self._most = most
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._count = threading.Lock()
        self._hired = self._free = self._waiting = self._open = 0

    def give(self, job: Job) -> None:
        """Have it done as soon as a hand is free."""
        with self._count:
            self._open += 1
            self._waiting += 1
            hire = self._waiting > self._free and self._hired < self._most
            self._hired += hire
        self._jobs.put(job)
        if hire:
            threading.Thread(target=self._work, daemon=True).start()

    @property
    def idle(self) -> bool:
        """Is every job done that was given?"""
        with self._count:
            return not self._open

    def dismiss(self) -> None:
        """Let everybody go once the jobs that were given are done."""
        for _ in range(self._most):
            self._jobs.put(None)

    def _work(self) -> None:
        while True:
            with self._count:
                self._free += 1
            job = self._jobs.get()
            if job is None:
                return
            with self._count:
                self._free -= 1
                self._waiting -= 1
            try:
                job()
            finally:
                with self._count:
                    self._open -= 1
