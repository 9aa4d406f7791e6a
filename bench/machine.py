"""What runs beside the bench: both apps, each pinned; their CPU time, and the disk's."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import HOST

START_WITHIN_SECONDS = 30.0
_TICK_MICROSECONDS = 1_000_000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cores:
    """One core for the server that is measured, another for the load and the store; or no pins."""

    server: frozenset[int] | None
    rest: frozenset[int] | None

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """The first two cores that we may use; no pins where there are fewer, or no such call."""
        if not hasattr(os, "sched_getaffinity"):
            return cls(None, None)
        ours = sorted(os.sched_getaffinity(0))
        if len(ours) < 2:
            return cls(None, None)
        return cls(frozenset(ours[:1]), frozenset(ours[1:2]))

    def __str__(self) -> str:
        if self.server is None or self.rest is None:
            return "not pinned: this system lacks the call, or a second core"
        return f"server on core {min(self.server)}; load and store on core {min(self.rest)}"


def pin(core: frozenset[int] | None) -> None:
    """Keep this process, and what it starts from now on, on a core."""
    if core is not None:
        os.sched_setaffinity(0, core)


@contextmanager
def served(name: str, port: int, environment: dict[str, str], cores: Cores) -> Iterator[int]:
    """One of the apps on its server; yields the process whose session it is."""
    pin(cores.server)  # a process keeps the pin of whoever starts it
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.serve", name, str(port)],
        env={**os.environ, **environment},
        cwd=Path(__file__).parent.parent,
        start_new_session=True,
    )
    pin(cores.rest)
    try:
        _await(process, port)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=1).close()
            return
        except urllib.error.HTTPError:
            return  # the tutorial has no such page, and answers
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("a server did not start; what it said stands above")


def cpu_microseconds(session: int) -> float:
    """CPU time used so far by all processes of a session; 0 where the system does not tell."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks * _TICK_MICROSECONDS


def sync_microseconds(directory: Path, times: int = 50) -> float:
    """How long this disk takes to keep 200 bytes: the median."""
    taken = []
    with (directory / "sync").open("ab", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 200)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return sorted(taken)[times // 2] * 1e6
