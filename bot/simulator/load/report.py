"""What came of a load: figures, as lines for people and as JSON for machines."""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from bot.simulator.load.driver import Load
from bot.simulator.load.tally import Row, Times

NO_FAULT = frozenset({"0", "12200"})  # words of the simulator's own; warnings (twilio.md section 8)
COLUMNS = tuple(each.name for each in fields(Row))


@dataclass(frozen=True)
class Latency:
    """How long things of one sort took, in milliseconds; errors among them."""

    count: int
    errors: int
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True)
class Report:
    """All figures of one load."""

    begun: int
    seconds: float
    peak_calls: int
    still_awaited: int
    kinds: dict[str, Row]
    texts: int
    texts_answered_empty: int
    texts_replied_to: int
    webhooks: dict[str, Latency]
    rest: dict[str, Latency]
    events: dict[str, int]
    own_lateness: Latency
    own_waiting: Latency
    own_cpu_share: float

    @property
    def faults(self) -> int:
        """Errors of the carrier's debugger (warnings apart), and apologies that were heard."""
        errors = sum(n for words, n in self.events.items() if words.split(":")[0] not in NO_FAULT)
        return errors + sum(row.apologies for row in self.kinds.values())

    @property
    def passed(self) -> bool:
        """No fault, and everybody was rung who waited for it? That a service answers every text and
        rings nobody is no fault that a carrier could see."""
        return not self.faults and not self.still_awaited

    def write(self, path: Path) -> None:
        """As JSON."""
        data = asdict(self) | {"faults": self.faults, "passed": self.passed}
        path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")

    def lines(self) -> list[str]:
        """As text."""
        heads = ("begun", "calls", "answered", "verified", "left msg", "busy", "no answer")
        rows = [["", *heads, "failed", "apology"]]
        rows += [[name, *map(str, asdict(row).values())] for name, row in self._with_total()]
        times = [["", "count", "errors", "p50 ms", "p99 ms", "max ms"]]
        times += [_row(f"webhook {kind}", each) for kind, each in self.webhooks.items()]
        times += [_row(f"REST {what}", each) for what, each in self.rest.items()]
        times += [_row("its own clock late by", self.own_lateness)]
        times += [_row("its own hands busy for", self.own_waiting)]
        return [
            f"{self.begun} things begun in {self.seconds:.1f} s; "
            f"at most {self.peak_calls} calls at once; {self.still_awaited} calls still awaited",
            *_table(rows),
            f"texts: {self.texts}, answered empty {self.texts_answered_empty}, "
            f"replied to by text {self.texts_replied_to}",
            *_table(times),
            *(f"carrier event {words}  ({count} times)" for words, count in self.events.items()),
            f"the simulator used {self.own_cpu_share:.0%} of one core; faults: {self.faults}; "
            f"calls that never came: {self.still_awaited}; {'passed' if self.passed else 'FAILED'}",
        ]

    def _with_total(self) -> list[tuple[str, Row]]:
        total = Row(*(sum(getattr(row, c) for row in self.kinds.values()) for c in COLUMNS))
        return [*self.kinds.items(), ("altogether", total)]


@dataclass
class Stopwatch:
    """When a load began, by the network's clock and by the work of this process."""

    started: datetime
    cpu: float

    @classmethod
    def start(cls, now: datetime) -> "Stopwatch":
        """From now on."""
        return cls(now, time.process_time())


def report_on(load: Load, watch: Stopwatch, now: datetime) -> Report:
    """The figures so far."""
    tally, seconds = load.tally, (now - watch.started).total_seconds()
    answered = tally.webhooks["text"]
    return Report(
        begun=load.begun,
        seconds=seconds,
        peak_calls=tally.peak,
        still_awaited=len(load.awaited),
        kinds=dict(tally.rows),
        texts=tally.texts,
        texts_answered_empty=len(answered.seconds) - answered.errors - tally.replies,
        texts_replied_to=tally.replies,
        webhooks={kind: latency(each) for kind, each in sorted(tally.webhooks.items())},
        rest={what: latency(each) for what, each in sorted(tally.rest.items())},
        events=dict(tally.events.most_common()),
        own_lateness=latency(tally.late),
        own_waiting=latency(tally.waited),
        own_cpu_share=(time.process_time() - watch.cpu) / max(seconds, 0.001),
    )


def latency(times: Times) -> Latency:
    """Percentiles by the nearest rank."""
    ordered = sorted(times.seconds)

    def at(share: float) -> float:
        index = max(0, math.ceil(share * len(ordered)) - 1)
        return round(ordered[index] * 1000, 2) if ordered else 0.0

    return Latency(len(ordered), times.errors, at(0.5), at(0.99), at(1.0))


def _row(name: str, times: Latency) -> list[str]:
    figures = (times.p50_ms, times.p99_ms, times.max_ms)
    return [name, str(times.count), str(times.errors), *(f"{each:.1f}" for each in figures)]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [first.ljust(widths[0])] + [w.rjust(n) for w, n in zip(rest, widths[1:], strict=True)]
        )
        for first, *rest in rows
    ]
