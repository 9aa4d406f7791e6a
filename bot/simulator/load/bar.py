"""Telling how far a load is: a bar on a terminal, else a plain line every few seconds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.simulator.load.driver import Load

LINE_EVERY_SECONDS = 2.0

Tell = Callable[[], None]


@contextmanager
def telling(load: Load, count: int) -> Iterator[Tell]:
    """Call what this yields as often as you like."""
    console = Console(stderr=True)
    if console.is_terminal:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        ) as progress:
            task = progress.add_task("", total=count)
            yield lambda: progress.update(task, completed=load.begun, description=_line(load))
    else:
        yield _in_lines(load, count)


def _in_lines(load: Load, count: int) -> Tell:
    last = time.monotonic()

    def tell() -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY_SECONDS:
            last = time.monotonic()
            sys.stderr.write(f"{load.begun}/{count} begun; {_line(load)}\n")
            sys.stderr.flush()

    return tell


def _line(load: Load) -> str:
    verified = sum(row.verified for row in list(load.tally.rows.values()))
    up = load.tally.calls_up
    return f"{up} calls up, {verified} verified, {len(load.awaited)} calls awaited"
