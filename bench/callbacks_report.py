"""What `bench.callbacks` found, as tables."""

from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from bench import growth, hired, stages
from bench.machine import Cores
from bench.memory import Bytes


@dataclass(frozen=True, slots=True)
class Found:
    """All figures of a run; `busy`: the load average before it, `sync`: µs of the disk."""

    stages: stages.Times
    workers: dict[tuple[str, int], list[hired.Run]]
    conversation: Bytes
    sizes: dict[str, int]
    waiting: dict[str, Bytes]
    asked: growth.Times
    cores: Cores
    busy: float
    sync: float


def report(found: Found, console: Console) -> None:
    """The tables, and what they were measured on."""
    for table in (_workers(found), _stages(found)):
        console.print(table)
    whole = list(growth.in_whole(found.asked, found.sizes))
    server = list(growth.of_the_server(found.asked, found.sizes))
    console.print(_growth("µs: with the way and the disk", found, whole))
    console.print(_growth("µs: the server's work, fastest round", found, server))
    console.print(_bytes(found))
    console.print(_kinds("one waiting callback", _in_parts(found)))
    console.print(_kinds("one call in the middle of its checks", found.conversation))
    console.print(f"appendfsync always; this disk keeps 200 bytes in {found.sync:.0f} µs")
    console.print(f"one worker: {found.cores}; the second shares the core of the store")
    console.print(f"load average before it began: {found.busy:.1f}")
    for each, own in zip(whole, server, strict=True):
        told = (
            f"{each.verdict} ({each.ratio:.2f}); the server's work: {own.verdict} ({own.ratio:.2f})"
        )
        console.print(f"grows? {each.name}: {told}")


def _workers(found: Found) -> Table:
    table = _table("callbacks", "workers", "a second", "by round", "worker CPU µs each", "put off")
    for (name, count), runs in found.workers.items():
        rates = [run.rate for run in runs]
        table.add_row(
            name,
            str(count),
            f"{median(rates):.0f}",
            f"{min(rates):.0f} to {max(rates):.0f}",
            f"{median(run.cpu for run in runs):.0f}",
            f"{median(run.put_off for run in runs):.0f}",
        )
    return table


def _stages(found: Found) -> Table:
    table = _table("a stage, in one thread", "µs", "p95 µs")
    for name, taken in found.stages.items():
        ordered = sorted(taken)
        table.add_row(name, f"{median(taken):.0f}", f"{ordered[len(ordered) * 95 // 100]:.0f}")
    return table


def _growth(title: str, found: Found, growths: list[growth.Growth]) -> Table:
    desks = [desk for desk in found.sizes if desk != growth.TWIN]
    table = _table(title, *desks, "ratio", "by round", "same size twice", "grows")
    for each in growths:
        table.add_row(
            each.name,
            *(f"{figure:.0f}" if figure >= 10 else f"{figure:.1f}" for figure in each.figures),
            f"{each.ratio:.2f}",
            f"{min(each.ratios):.2f} to {max(each.ratios):.2f}",
            f"{min(each.twins):.2f} to {max(each.twins):.2f}",
            each.verdict,
        )
    return table


def _bytes(found: Found) -> Table:
    table = _table("waiting at a desk", "bytes each, by used memory")
    for desk, weighed in found.waiting.items():
        if desk != growth.TWIN:
            table.add_row(desk, f"{weighed.grown:.0f}")
    return table


def _in_parts(found: Found) -> Bytes:
    """The largest desk whose keys were weighed one by one."""
    return [weighed for weighed in found.waiting.values() if weighed.by_kind][-1]


def _kinds(what: str, weighed: Bytes) -> Table:
    table = _table(what, "bytes")
    for kind, size in weighed.by_kind.items():
        table.add_row(kind, f"{size:.0f}")
    table.add_row("all its keys", f"{weighed.summed:.0f}")
    table.add_row("by used memory", f"{weighed.grown:.0f}")
    return table


def _table(first: str, *columns: str) -> Table:
    table = Table(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table
