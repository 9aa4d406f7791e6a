"""The simulator's own limit: how many calls and webhooks it carries where the service does nothing.

The service answers fixed TwiML from a process of its own (bench/fixed.py), on another core where
there is one. First as many calls as it can, one after the other, all in a hurry; then many calls
that are up at the same time, in the time that people take.

python -m bench.network [--quick]
"""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.fixed import PATH, TURNS
from bench.machine import Cores, served
from bot.demo.processes import free_port
from bot.simulator import PhoneNetwork, Settings, WallClock
from bot.simulator.load.driver import Load
from bot.simulator.load.people import Customer, Kind, People
from bot.simulator.load.report import Report, Stopwatch, report_on

NUMBER, PORT = "+443069990100", 8490
LONGEST_SECONDS = 120.0


@dataclass(frozen=True)
class Trial:
    """One measurement: so many calls, begun at that rate, with people and speech that fast."""

    name: str
    calls: int
    per_second: float
    characters_per_second: float
    reaction_seconds: float


TRIALS = (
    Trial("in a hurry", 1500, 2000, 100_000, 0.0),
    Trial("at people's pace", 1500, 50, 15, 2.0),
)
QUICK = (Trial("in a hurry", 150, 2000, 100_000, 0.0), Trial("at people's pace", 20, 20, 60, 0.2))


def people(base: str, trial: Trial) -> People:
    """A thousand customers who ring in and press a key whenever they are asked."""
    script = [{"press": "1", "when": "any key", "always": True}]
    handset = {"kind": "person", "script": script, "reaction_seconds": trial.reaction_seconds}
    customers = tuple(Customer(f"{n}", f"+447700900{n:03d}") for n in range(1000))
    kinds = (Kind("rings in", handset, "call"),)
    return People(NUMBER, customers, kinds, verified_when="goodbye", voice_url=f"{base}{PATH}0")


def measure(base: str, trial: Trial) -> Report:
    """Run it to its end."""
    settings = Settings(characters_per_second=trial.characters_per_second)
    network = PhoneNetwork("AC" + "0" * 32, "bench", WallClock(), settings=settings)
    network.own(NUMBER, f"{base}{PATH}0")
    load = Load(network, people(base, trial), trial.calls, trial.per_second, keep=1000)
    watch, until = Stopwatch.start(network.clock.now()), time.monotonic() + LONGEST_SECONDS
    load.begin()
    while not load.over and time.monotonic() < until:
        time.sleep(0.02)
    report = report_on(load, watch, network.clock.now())
    network.close()
    return report


@contextmanager
def beside() -> Iterator[str]:
    """The service on a core of its own, this process on the other."""
    cores, port = Cores.of_this_machine(), free_port(PORT)
    pinned = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    with served("fixed", port, {}, cores):
        yield f"http://127.0.0.1:{port}"
    if pinned:
        with suppress(OSError):
            os.sched_setaffinity(0, pinned)


def main() -> int:
    """The command; 1 if a call went wrong."""
    parser = argparse.ArgumentParser(prog="bench.network")
    parser.add_argument("--quick", action="store_true", help="to see that it works")
    trials = QUICK if parser.parse_args().quick else TRIALS
    table = Table(title=f"the simulator's own limit; {TURNS + 1} webhooks a call")
    heads = ("calls", "at once", "calls/s", "webhooks/s", "answered in ms p50", "p99")
    own = ("clock late ms p50", "p99", "waited ms p99", "CPU share", "CPU µs a webhook")
    for head in ("", *heads, *own):
        table.add_column(head, justify="right")
    wrong = 0
    with beside() as base:
        for trial in trials:
            report = measure(base, trial)
            table.add_row(trial.name, *figures(report))
            wrong += report.faults + trial.calls - report.kinds["rings in"].verified
    Console(width=160).print(table)
    return int(wrong > 0)


def figures(report: Report) -> list[str]:
    """One row of the table."""
    each = list(report.webhooks.values())
    webhooks, voice = sum(one.count for one in each), each[-1]
    cpu = report.own_cpu_share * report.seconds / max(webhooks, 1) * 1e6
    return [
        f"{report.begun}",
        f"{report.peak_calls}",
        f"{report.begun / report.seconds:.0f}",
        f"{webhooks / report.seconds:.0f}",
        f"{voice.p50_ms:.1f}",
        f"{voice.p99_ms:.1f}",
        f"{report.own_lateness.p50_ms:.1f}",
        f"{report.own_lateness.p99_ms:.1f}",
        f"{report.own_waiting.p99_ms:.1f}",
        f"{report.own_cpu_share:.0%}",
        f"{cpu:.0f}",
    ]


if __name__ == "__main__":
    raise SystemExit(main())
