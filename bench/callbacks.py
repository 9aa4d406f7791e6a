"""Callbacks a second, how a claim grows with what waits, and the bytes of what waits and is open.

    python -m bench.callbacks [--quick] [--most 100000]

How to read it: `docs/performance.md`.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
import structlog
from rich.console import Console
from rich.progress import Progress

import webhooks
from bench import callers, growth, hired, machine, stages, waiting
from bench.__main__ import NOW, environment, with_cases
from bench.callbacks_report import Found, report
from bench.callers import DESK
from bench.growth import TWIN
from bench.in_process import patient
from bench.memory import Bytes, Scales
from bench.under_load import policy
from bench.where import PORT, ask
from bot import application_log
from bot.clock import Clock
from bot.runtime import Runtime
from bot.settings import Settings
from bot.storage.embedded import EmbeddedServer

NEVER_THE_LIMIT = 1e6  # calls a second that the desk may place
WEIGHED = 100_000  # the largest desk whose keys are weighed one by one
MID_CHECKS = 4  # turns after the reference


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int  # of workers
    callbacks: int  # a round
    conversations: int
    smallest: int  # desk
    asked: growth.Size
    workers: tuple[int, ...] = (1, 2)


FULL = Size(rounds=3, callbacks=300, conversations=200, smallest=1000, asked=growth.Size(10, 60))
QUICK = Size(rounds=1, callbacks=12, conversations=5, smallest=50, asked=growth.Size(2, 5))


class Bench:
    """A store, the records and customers; what is measured in them, part by part."""

    def __init__(
        self, directory: Path, url: str, size: Size, cores: machine.Cores, progress: Progress
    ) -> None:
        self._directory, self._url, self._size, self._cores = directory, url, size, cores
        self._progress = progress
        self._client: Any = redis.Redis.from_url(url, protocol=2, decode_responses=True)
        self._customers = with_cases(directory, max(size.callbacks, size.conversations))
        policy(directory / "config", NEVER_THE_LIMIT)
        self._environment = environment(directory, PORT, url) | {
            "RINGBACK_CONFIG_DIR": str(directory / "config")
        }

    def stages(self) -> stages.Times:
        """Each stage of a life, in one thread."""
        task = self._progress.add_task("A life, stage by stage", total=None)
        runtime, clock = self._runtime()
        times = stages.measure(runtime, clock, self._customers[: self._size.callbacks])
        self._progress.remove_task(task)
        return times

    def workers(self) -> dict[tuple[str, int], list[hired.Run]]:
        """Callbacks a second: rung to the end, and settled; with one worker and with two."""
        found: dict[tuple[str, int], list[hired.Run]] = defaultdict(list)
        kinds = [(settling, count) for settling in (False, True) for count in self._size.workers]
        task = self._progress.add_task("Workers", total=self._size.rounds * len(kinds))
        for number in range(self._size.rounds):
            for settling, count in kinds:
                name = "settled after a death" if settling else "rung to the end"
                found[name, count].append(self._run(number, settling, count))
                self._progress.advance(task)
        self._progress.remove_task(task)
        return found

    def _run(self, number: int, settling: bool, count: int) -> hired.Run:
        runtime, clock = self._runtime()
        customers = self._customers[: self._size.callbacks]
        stages.owed(runtime, customers)
        if settling:
            stages.die_placing(runtime, len(customers))
            clock.offset_seconds += stages.LONGER_THAN_A_LEASE
        cores = (self._cores.server, self._cores.rest)
        orders = [
            hired.Orders(
                environment=self._environment,
                offset_seconds=clock.offset_seconds,
                settling=settling,
                core=cores[place % 2],
                log=self._directory / f"worker-{number}-{settling}-{count}-{place}.log",
            )
            for place in range(count)
        ]
        return hired.run(orders, len(customers))

    def conversations(self) -> Bytes:
        """Callers in the middle of their checks."""
        app = webhooks.create_app(runtime=self._runtime()[0])
        scales, count = Scales(self._url), self._size.conversations
        base = f"http://127.0.0.1:{PORT}"
        for at, customer in enumerate(self._customers[:count]):
            call = f"CA{at:032x}"
            turns = callers.turns(base, customer, call)[:MID_CHECKS]
            for request in (*callers.opening(base, customer, call), *turns):
                ask(app, request)
        return scales.weigh(DESK, count)

    def growth(self, most: int) -> tuple[dict[str, int], dict[str, Bytes], growth.Times]:
        """Desks of every size, and what one callback weighs at each; then every question to all."""
        self._client.flushall()
        sizes = _sizes(self._size.smallest, most)
        weighed: dict[str, Bytes] = {}
        task = self._progress.add_task("Loading", total=sum(sizes.values()))
        with self._quick_to_load():
            for desk, count in sizes.items():
                scales = Scales(self._url)
                waiting.load(
                    self._url, desk, count, lambda done: self._progress.advance(task, done)
                )
                weighed[desk] = scales.weigh(desk, count, in_parts=count <= WEIGHED)
        self._progress.remove_task(task)
        asked = self._size.asked
        task = self._progress.add_task("Asking desks of every size", total=asked.rounds + 1)
        times = growth.measure(self._url, sizes, asked, lambda: self._progress.advance(task))
        self._progress.remove_task(task)
        return sizes, weighed, times

    def close(self) -> None:
        """Give up the connection."""
        self._client.close()

    def _runtime(self) -> tuple[Runtime, Clock]:
        """The service on an empty store, on a Tuesday at eleven."""
        self._client.flushall()
        clock = Clock()
        clock.offset_seconds = NOW - clock.now()
        settings = Settings.from_env(self._environment)
        return patient(settings, clock), clock

    @contextmanager
    def _quick_to_load(self) -> Iterator[None]:
        """The disk is not waited for, nor the file written anew, while desks are loaded."""
        settings = {"appendfsync": "everysec", "auto-aof-rewrite-percentage": "0"}
        for name, value in settings.items():
            self._client.config_set(name, value)
        yield
        self._client.config_set("appendfsync", "always")


def _sizes(smallest: int, most: int) -> dict[str, int]:
    """Ten times as many each, the smallest twice: desks by name."""
    sizes = {TWIN: smallest}
    while smallest < most:
        sizes[f"{smallest:,}"] = smallest
        smallest *= 10
    return sizes | {f"{most:,}": most}


def measure(size: Size, most: int, console: Console, cores: machine.Cores) -> Found:
    """Run everything."""
    data = Path(".data")  # not the system's temporary folder: that may be memory
    data.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=data)).absolute()
    busy = os.getloadavg()[0]
    try:
        machine.pin(cores.rest)
        with (
            _log_in(directory / "log"),
            EmbeddedServer.start(directory / "redis") as server,
            Progress(console=console, transient=True) as progress,
        ):
            bench = Bench(directory, server.url, size, cores, progress)
            machine.pin(cores.server)  # one after the other: the store has the other core
            one_by_one, conversation = bench.stages(), bench.conversations()
            machine.pin(cores.rest)
            runs = bench.workers()
            machine.pin(cores.server)
            sizes, weighed, asked = bench.growth(most)
            bench.close()
            sync = machine.sync_microseconds(directory)
        return Found(one_by_one, runs, conversation, sizes, weighed, asked, cores, busy, sync)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _log_in(file: Path) -> Iterator[None]:
    """Keep what the service tells of itself out of the tables."""
    before = structlog.get_config()
    try:
        with file.open("w", encoding="utf-8") as log, redirect_stderr(log):
            application_log.configure("worker")
            yield
    finally:
        structlog.configure(**before)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="bench.callbacks", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="a few seconds: to see that it works")
    parser.add_argument("--most", type=int, help="callbacks that wait at the largest desk")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that all is ended
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    size = QUICK if asked.quick else FULL
    most = asked.most or (500 if asked.quick else 1_000_000)
    try:
        report(measure(size, most, console, machine.Cores.of_this_machine()), console)
    except stages.WrongWay as wrong:
        console.print(f"[red]The bench failed.[/red] {wrong}", markup=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
