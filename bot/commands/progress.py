"""A progress bar on a terminal; nothing in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from bot.commands.showing import console

Tell = Callable[[int, int], None]  # done and total, in units of the work's own


@contextmanager
def progress_bar(label: str) -> Iterator[Tell]:
    """What the work tells how far it is."""
    said = console(stderr=True)
    if not said.is_terminal:
        yield lambda done, total: None
        return
    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*parts, console=said, transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
