"""Measures a durable turn beside a tutorial's handler, in turns, and prints how they compare.

    python -m bench [--quick]

How to read it, and what is not measured: `docs/performance.md`.
"""

import argparse
import multiprocessing
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench import callers, machine
from bench.callers import Customer
from bench.load import Chain, Load, drive
from bench.machine import Cores
from bot import records
from bot.commands.cases import known_of
from bot.demo.processes import free_port
from bot.keys import Keyring
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore

CONNECTIONS = 8
NOW = 1_789_466_400.0  # when the invented cases were imported


class BenchFailed(Exception):
    """An answer was wrong, or none came: figures of it would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    calls: int


FULL = Size(rounds=5, calls=250)
QUICK = Size(rounds=2, calls=40)


@dataclass
class Figures:
    """One kind of request: a figure a round for each column."""

    rates: list[float] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    store: list[float] = field(default_factory=list)

    def add(self, load: Load, server: float, store: float) -> None:
        """Another round."""
        count = len(load.latencies)
        ordered = sorted(load.latencies)
        self.rates.append(count / load.seconds)
        self.p50s.append(ordered[count // 2] * 1000)
        self.p99s.append(ordered[count * 99 // 100] * 1000)
        self.server.append(server / count)
        self.store.append(store / count)


class Bench:
    """Everything that is running, and what was measured so far."""

    def __init__(self, directory: Path, size: Size, started: ExitStack) -> None:
        self.size = size
        self.cores = Cores.of_this_machine()
        machine.pin(self.cores.rest)
        self.customers = with_cases(directory, size.calls)
        store = started.enter_context(EmbeddedServer.start(directory / "redis"))
        self.server_facts = _facts(store.url)
        self._store = store.pid
        self._apps: dict[str, tuple[int, int]] = {}
        for name in ("durable", "tutorial"):
            port = free_port(0)
            variables = environment(directory, port, store.url)
            session = started.enter_context(machine.served(name, port, variables, self.cores))
            self._apps[name] = (port, session)
        spawn = multiprocessing.get_context("spawn")  # a clean process, pinned as we are now
        self._load = started.enter_context(ProcessPoolExecutor(1, spawn))
        self.opening, self.durable, self.tutorial = Figures(), Figures(), Figures()

    def round(self, number: int) -> None:
        """New calls come in; their turns; as many requests of the tutorial."""
        named = [(one, f"CA{number:08x}{at:024x}") for at, one in enumerate(self.customers)]
        base, other = self._base("durable"), self._base("tutorial")
        self._drive("durable", [callers.opening(base, *who) for who in named], self.opening)
        self._drive("durable", [callers.turns(base, *who) for who in named], self.durable)
        self._drive("tutorial", [callers.tutorial(other, *who) for who in named], self.tutorial)

    def forget(self) -> None:
        """What was measured so far was warming up."""
        self.opening, self.durable, self.tutorial = Figures(), Figures(), Figures()

    def _base(self, name: str) -> str:
        return f"http://127.0.0.1:{self._apps[name][0]}"

    def _drive(self, name: str, chains: list[Chain], into: Figures) -> None:
        port, session = self._apps[name]
        before = [machine.cpu_microseconds(one) for one in (session, self._store)]
        load = self._load.submit(drive, port, chains, CONNECTIONS).result()
        after = [machine.cpu_microseconds(one) for one in (session, self._store)]
        if load.errors or len(load.latencies) != sum(map(len, chains)):
            raise BenchFailed(f"{name}: {load.errors} errors; the first: {load.first_errors}")
        into.add(load, after[0] - before[0], after[1] - before[1])


def with_cases(directory: Path, count: int) -> list[Customer]:
    """Customers, their cases in the records."""
    sheet = directory / "cases.csv"
    found = callers.customers(count, sheet)
    engine = records.connect(f"sqlite:///{directory / 'records.sqlite'}")
    records.upgrade(engine)
    records.import_cases(
        engine,
        Keyring.parse(callers.KEYS),
        QuestionSet.load().questions,
        sheet,
        known=known_of(Policy.load()),
        now=NOW,
    )
    engine.dispose()
    return found


def environment(directory: Path, port: int, redis_url: str) -> dict[str, str]:
    """What both apps read."""
    return {
        "RINGBACK_PROFILE": "demo",
        "RINGBACK_DATA_DIR": str(directory),
        "RINGBACK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RINGBACK_TWILIO_AUTH_TOKEN": callers.TOKEN,
        "RINGBACK_KEYS": callers.KEYS,
        "RINGBACK_REDIS_URL": redis_url,
    }


def _facts(url: str) -> str:
    store = RedisStore.connect(url)
    facts = store.ping()
    store.close()
    return f"{facts['server']} {facts['version']}, appendfsync {facts['appendfsync']}"


def measure(size: Size, console: Console) -> tuple[Bench, float]:
    """Run everything; the bench with its figures, and the disk's time to sync in µs."""
    data = Path(
        ".data"
    )  # not the system's temporary folder: that may be memory, where a sync is free
    data.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=data)).absolute()
    try:
        with ExitStack() as started, Progress(console=console, transient=True) as progress:
            task = progress.add_task("Starting", total=size.rounds + 1)
            bench = Bench(directory, size, started)
            for number in range(size.rounds + 1):
                progress.update(task, description="Measuring" if number else "Warming up")
                bench.round(number)
                if number == 0:
                    bench.forget()
                progress.advance(task)
            return bench, machine.sync_microseconds(directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def report(bench: Bench, sync: float, console: Console) -> None:
    """The table, what it was measured on, and the ratio."""
    table = Table("medians of the rounds", title=f"{bench.size.rounds} rounds, taken in turns")
    for column in ("requests/s", "p50 ms", "p99 ms", "server CPU µs", "store CPU µs"):
        table.add_column(column, justify="right")
    rows = (
        ("durable turn of inbound_call", bench.durable),
        ("tutorial's handler", bench.tutorial),
        ("call comes in, reference keyed", bench.opening),
    )
    for name, figures in rows:
        columns = (figures.p50s, figures.p99s, figures.server, figures.store)
        rounded = [f"{median(figures.rates):.0f}"]
        rounded += [f"{median(c):.{d}f}" for c, d in zip(columns, (1, 1, 0, 0), strict=True)]
        table.add_row(name, *rounded)
    console.print(table)
    each = [a / b for a, b in zip(bench.durable.rates, bench.tutorial.rates, strict=True)]
    console.print(f"{CONNECTIONS} connections kept alive; {bench.cores}")
    console.print(f"{bench.server_facts}; this disk keeps 200 bytes in {sync:.0f} µs")
    console.print(f"ratio by round: {min(each):.2f} to {max(each):.2f}")
    ratio = median(bench.durable.rates) / median(bench.tutorial.rates)
    console.print(f"ratio durable/tutorial: {ratio:.2f}")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds: to see that it works")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that all is ended
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    try:
        report(*measure(QUICK if asked.quick else FULL, console), console)
    except BenchFailed as failed:
        console.print(f"[red]The bench failed.[/red] {failed}", markup=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
