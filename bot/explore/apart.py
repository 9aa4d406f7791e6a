"""Parts of a long work beside one another, each in a process of its own: Python has one core each.

A part that dies, or finds what may not be pickled (a secret), is done here once more: its error is
seen here, and nothing that must not leaves its process.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


def apart(parts: Sequence[Callable[[], T]]) -> list[T]:
    """What each of these gives, in their order; the last one is done in this process.

    Only a fork knows what its parent knows: where there is none, they are done in turn.
    """
    if "fork" not in get_all_start_methods():
        return [part() for part in parts]
    children = [_begin(part) for part in parts[:-1]]
    last = [part() for part in parts[-1:]]
    return [_result(*each) for each in zip(children, parts, strict=False)] + last


def _begin(part: Callable[[], T]) -> Connection:
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    context.Process(target=_do, args=(part, theirs), daemon=True).start()
    theirs.close()
    return ours


def _do(part: Callable[[], T], told: Connection) -> None:
    found = part()
    with suppress(TypeError):  # not to be pickled
        told.send(found)


def _result(told: Connection, part: Callable[[], T]) -> T:
    try:
        found: T = told.recv()
    except EOFError:
        return part()
    return found
