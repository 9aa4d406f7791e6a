"""The lives of workers, seen from outside: born, killed, born again until they are told to rest."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tests.chaos.dying import Fate

ROOT = Path(__file__).parents[2]  # where `tests` is found
LOOK_EVERY_SECONDS = 0.02
NEXT_TRY_SECONDS = 0.3  # after a life that could not begin: the store may be down


@dataclass
class Lives:
    """One worker. `next_fate` says where each of its lives is to end, or None: nowhere."""

    next_fate: Callable[[], Fate | None]
    ask: TextIO
    hear: TextIO
    born_at: float = 0.0
    alive: int | None = None  # the process
    fate: Fate | None = None
    _working: threading.Event = field(default_factory=threading.Event)
    _over: bool = False

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._live_on, daemon=True)
        self._thread.start()

    def work(self) -> None:
        """Have one life after the other from now on."""
        self._working.set()

    def rest(self, within: float = 30.0) -> None:
        """Kill it, and let no other life begin. Raises `TimeoutError`."""
        self._working.clear()
        deadline = time.monotonic() + within
        while self._living:
            self.kill()
            if time.monotonic() > deadline:
                raise TimeoutError("a worker does not die")
            time.sleep(LOOK_EVERY_SECONDS)

    def kill(self) -> bool:
        """`kill -9`, wherever it is; whether it lived."""
        if (pid := self.alive) is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def end(self) -> None:
        """No more lives; to be called when the processes have ended."""
        self._over = True
        self._working.set()
        self._thread.join()
        for end in (self.ask, self.hear):
            with suppress(OSError):
                end.close()

    def _live_on(self) -> None:
        while True:
            self._living = False
            self._working.wait()
            if self._over:
                return
            self._living = True
            try:
                code = self._live()
            except (OSError, ValueError):  # the process has ended
                self._living = False
                return
            if code > 0:
                time.sleep(NEXT_TRY_SECONDS)

    def _live(self) -> int:
        fate = self.next_fate()
        self._tell(fate.to_json() if fate else None)
        born = self._answer()["born"]
        self.alive, self.fate, self.born_at = born, fate, time.monotonic()
        code = self._answer()["code"]
        self.alive = self.fate = None
        return code

    def _tell(self, what: Any) -> None:
        self.ask.write(json.dumps(what) + "\n")
        self.ask.flush()

    def _answer(self) -> dict[str, int]:
        heard: dict[str, int] = json.loads(self.hear.readline())
        return heard


class Nursery:
    """The process that all lives of all workers are forked from."""

    def __init__(
        self, count: int, next_fate: Callable[[], Fate | None], notes: Path, log_file: Path
    ) -> None:
        self._count, self._next_fate = count, next_fate
        self._notes, self._log_file = notes, log_file
        self._process: subprocess.Popen[bytes] | None = None
        self.workers: list[Lives] = []

    def start(self, environment: Mapping[str, str]) -> None:
        """Load it; the workers rest until they are told to work."""
        pipes = [(os.pipe(), os.pipe()) for _ in range(self._count)]
        theirs = [(asked[0], told[1]) for asked, told in pipes]
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.worker", str(self._notes)]
                + [f"{asked},{told}" for asked, told in theirs],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stderr=log,
                stdout=log,
                pass_fds=[end for pair in theirs for end in pair],
                cwd=ROOT,
                start_new_session=True,
            )
        for asked, told in pipes:
            os.close(asked[0])
            os.close(told[1])
            ask, hear = os.fdopen(asked[1], "w"), os.fdopen(told[0])
            self.workers.append(Lives(self._next_fate, ask, hear))

    def end(self) -> None:
        """No more lives, and no process either."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for worker in self.workers:
            worker.end()
