"""The application log: for us, one JSON line an event, on standard error.

A line has its time, level, event and process; while a request or a job is carried out also its id,
the conversation and the desk. Paths are logged without their query, numbers mask themselves,
secrets print as `[secret]`; an exception is logged by its type and place, never with the values of
its variables. What a library has to say is told by its name and place only: its words may hold an
address with a number in it.
"""

import itertools
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars

Event = MutableMapping[str, Any]


class Watcher(Protocol):
    """Sees each line as it goes into the log."""

    def line(self, event: Event) -> None:
        """This one."""


_CARRIERS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # as Twilio writes its own
_made = itertools.count(1)


def configure(process: str, watcher: Watcher | None = None) -> None:
    """Set structlog up; safe to call more than once. `process` is the kind of this one.

    On a terminal lines are for people, anywhere else JSON. `watcher` sees each line.
    """

    def named(logger: Any, method: str, event: Event) -> Event:
        event["process"] = process
        if watcher is not None:
            watcher.line(event)
        return event

    structlog.configure(
        processors=[
            merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where_it_failed,
            named,
            _renderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _Library) for handler in root.handlers):
        root.addHandler(_Library(logging.WARNING))


def begin(**known: str) -> None:
    """A request or a job begins: its lines carry this, and nothing of the one before."""
    clear_contextvars()
    bind(**known)


def bind(**known: str) -> None:
    """From here on its lines carry this too; what is empty is left out."""
    bind_contextvars(**{name: value for name, value in known.items() if value})


@contextmanager
def carrying(**known: str) -> Iterator[None]:
    """Within, lines carry this; afterwards nothing of it is left."""
    begin(**known)
    try:
        yield
    finally:
        clear_contextvars()


def request_id(carriers: str) -> str:
    """The carrier's own id of a request, which its retries share; one of ours where it gave none.

    Only what looks like one is taken: a header is no place for anything else.
    """
    return carriers if _CARRIERS_ID.fullmatch(carriers) else f"{os.getpid()}-{next(_made)}"


class _Library(logging.Handler):
    """What a library warns of, without its words."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().warning(
            "library_warns",
            logger=record.name,
            place=f"{record.filename}:{record.lineno}",
            **({"exc_info": error} if error else {}),
        )


def _renderer() -> Any:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(default=str)


def _where_it_failed(logger: Any, method: str, event: Event) -> Event:
    """An exception as its type and the places it passed; its text may hold what was posted."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["places"] = _places(error.__traceback__)
    return event


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-6:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
