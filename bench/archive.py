"""`make bench`: whether archiving slows as the archive grows, and how long a search takes then.

    python -m bench.archive [LINES] [--postgres URL]

A hundred thousand lines unless more are asked for; ten million is a matter of an hour. What counts
are the ratios: lines a second at the end to those at the start, and a search at the end to one at
the start. Invented lines of invented people.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bot.flow_log import FlowLogLine, LineKind
from bot.records import SqlFlowLog, SqlFlowLogSearch, Wanted, connect, upgrade

DESK, BEGIN = "main", 1_789_466_400.0
BLOCK = 500  # as the archivist has them
PART = 0.1  # of all lines: the start, and the end
ROUNDS = 7
FLOWS = ("inbound_text", "inbound_call", "outbound_call")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Lines a second by part; milliseconds of each search early and at the end."""

    rates: list[float]
    early: dict[str, float]
    late: dict[str, float]

    @property
    def ratio(self) -> float:
        """How quick archiving is at the end, where it was 1 at the start."""
        return self.rates[-1] / self.rates[0]


def measure(url: str, lines: int) -> Outcome:
    """Archive so many lines into an empty database, and search there."""
    engine = connect(url, patience_seconds=60.0)
    upgrade(engine)
    log, search = SqlFlowLog(engine), SqlFlowLogSearch(engine)
    part = max(BLOCK, round(lines * PART) // BLOCK * BLOCK)
    rates: list[float] = []
    early: dict[str, float] = {}
    for first in range(0, lines, part):
        began = time.perf_counter()
        for start in range(first, min(first + part, lines), BLOCK):
            log.append(DESK, list(_entries(start, min(BLOCK, lines - start))), BEGIN)
        rates.append(min(part, lines - first) / (time.perf_counter() - began))
        early = early or _searches(search, first + part)
    late = _searches(search, lines)
    engine.dispose()
    return Outcome(rates, early, late)


def report(outcome: Outcome, lines: int, console: Console) -> None:
    """The table."""
    console.print(f"{lines} lines, {BLOCK} a block; the last part archived at {outcome.ratio:.2f}")
    console.print(
        "of the first one's rate: " + ", ".join(f"{each:.0f}/s" for each in outcome.rates)
    )
    table = Table("search", "ms early", "ms at the end", "ratio")
    for name, late in outcome.late.items():
        early = outcome.early[name]
        table.add_row(name, f"{early:.2f}", f"{late:.2f}", f"{late / early:.2f}")
    console.print(table)


def _entries(start: int, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    for n in range(start, start + count):
        person = n * 7919 % 50_021  # scattered, as they come
        told = FlowLogLine(
            at=BEGIN + n * 3.0,
            kind=LineKind.FAULT if n % 1000 == 0 else LineKind.STEP,
            desk=DESK,
            conversation=f"SM{n // 12:030x}-1",
            flow=FLOWS[n % 3],
            event="keys_pressed",
            before="asking",
            after=f"state_{n % 40}",
            turn=str(n % 12),
            listener="person",
            said=f"prompt_{n % 80}@0123456789ab",
            disposition="left_message" if n % 12 == 11 else "",
            case=f"{person:09}",
            number="+44…23",
            number_hash=f"{person:064x}",
        )
        yield f"{n + 1}-0", told.to_fields()


def _searches(search: SqlFlowLogSearch, lines: int) -> dict[str, float]:
    ends = BEGIN + lines * 3.0
    year = {"since": max(BEGIN, ends - 366 * 86400.0), "until": ends}
    newest = lines - 1
    person = newest * 7919 % 50_021
    wanted = {
        "time": Wanted(**year),
        "case": Wanted(case=f"{person:09}"),
        "number": Wanted(numbers=(f"{person:064x}",)),
        "conversation": Wanted(conversation=f"SM{newest // 12:030x}-1"),
        "kind (one in 1000)": Wanted(**year, kind="fault"),
        "kind, of a flow": Wanted(**year, kind="fault", flow="inbound_text"),
        "state": Wanted(**year, state="state_7"),
        "disposition": Wanted(**year, disposition="left_message"),
        "wording": Wanted(**year, wording="prompt_7"),
        "nothing like it": Wanted(**year, state="never"),
    }
    found = {name: _took(lambda each=each: _page(search, each)) for name, each in wanted.items()}
    return found | {"tenth page": _took(lambda: _page(search, wanted["time"], pages=10)) / 10}


def _page(search: SqlFlowLogSearch, wanted: Wanted, pages: int = 1) -> None:
    cursor = None
    for _ in range(pages):
        cursor = search.search(wanted, longest_days=400, cursor=cursor).cursor


def _took(ask: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


def main() -> None:
    """Measure on a new SQLite file, or on the empty PostgreSQL database that is named."""
    asked = argparse.ArgumentParser(description="Does archiving slow as the archive grows?")
    asked.add_argument("lines", nargs="?", type=int, default=100_000)
    asked.add_argument("--postgres", metavar="URL", help="an empty database")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.postgres or f"sqlite:///{Path(folder) / 'records.db'}"
        report(measure(url, given.lines), given.lines, Console())


if __name__ == "__main__":
    main()
