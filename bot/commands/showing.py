"""How things look in a terminal, and how they read in a pipe."""

import sys
from collections.abc import Collection
from enum import Enum

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.policy import Policy

PIPE_WIDTH = 200  # columns where nobody looks on: a line stays a line
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def console(*, stderr: bool = False) -> Console:
    """Standard output or error; colours only on a terminal, and not where NO_COLOR is set."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def table(*columns: str, whole: Collection[str] = ()) -> Table:
    """A plain table with these headings. What stands in `whole` columns is never broken."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in whole)
    return made


def words(value: str | Enum | None) -> str:
    """A name of ours as people read it: `unknown_sender` is "unknown sender"."""
    plain = value.value if isinstance(value, Enum) else value
    return str(plain).replace("_", " ") if plain else ""


def moment(policy: Policy, at: float) -> str:
    """An instant as people here read it off the wall."""
    return f"{policy.calling_hours.week.local(at):%a %d %b %H:%M}"


def span(seconds: float) -> str:
    """A length of time, roughly: `40 s`, `12 min`, `3 h`, `5 days`."""
    seconds = abs(seconds)
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR:.0f} h"
    return f"{seconds // DAY:.0f} days"


def until(at: float, now: float) -> str:
    """When that is, seen from now."""
    if at <= now:
        return "now" if now - at < MINUTE else f"{span(now - at)} ago"
    return f"in {span(at - now)}"
