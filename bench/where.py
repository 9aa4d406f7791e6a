"""Where the time of a durable turn goes: the same calls in one process, each part timed.

    python -m bench.where

No server and no wire: what granian costs is the difference to `python -m bench`. A part's time
holds that of the parts in it; each timer itself costs some 0.3 µs.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from io import BytesIO
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import callers
from bench.in_process import service
from bench.load import Request
from bot.conversation import Conversation
from bot.engine import Engine
from bot.flow import Flow
from bot.speaker import Speaker
from bot.step import Stepper
from bot.storage.redis_store import RedisStore
from bot.twilio import inbound, twiml
from bot.twilio.signature import SignatureCheck
from bot.verification import Verification

CALLS = 200
PORT = 8499

# (what it is, whose attribute, its name); those indented are inside the one above.
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("signature", SignatureCheck, "accepts"),
    ("form to event", inbound, "digits_pressed"),
    ("engine: open, step, commit", Engine, "receive"),
    ("  read (MGET)", RedisStore, "read"),
    ("  JSON to conversation", Conversation, "from_json"),
    ("  step", Stepper, "take"),
    ("    flow: its move", Flow, "handle"),
    ("    ledger: mark", Verification, "mark"),
    ("    ledger: seal", Verification, "seal"),
    ("    ledger: unseal", Verification, "unseal"),
    ("  conversation to JSON", Conversation, "to_json"),
    ("  commit (one script)", RedisStore, "commit"),
    ("speak: find the words", Speaker, "speak"),
    ("TwiML", twiml, "render"),
)


class Clockwork:
    """Wraps functions with timers: (seconds, times) by the name of the part."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])

    def start(self) -> None:
        """Forget what was timed so far."""
        for entry in self.taken.values():
            entry[:] = [0.0, 0.0, 0]

    def wrap(self, part: str, owner: Any, name: str) -> None:
        """Time this function from now on."""
        plain = owner.__dict__[name]
        if isinstance(plain, classmethod):
            setattr(owner, name, classmethod(self._timed(part, plain.__func__)))
        elif isinstance(plain, property) and plain.fget:
            setattr(owner, name, property(self._timed(part, plain.fget)))
        elif callable(plain):
            setattr(owner, name, self._timed(part, plain))

    def _timed(self, part: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        entry = self.taken[part]

        def timed(*args: Any, **named: Any) -> Any:
            begun, worked = time.perf_counter(), time.thread_time()
            try:
                return plain(*args, **named)
            finally:
                entry[0] += time.thread_time() - worked
                entry[1] += time.perf_counter() - begun
                entry[2] += 1

        return timed


def ask(app: Any, request: Request) -> None:
    """One request, straight into the app."""
    head, _, body = request.wire.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": first.split(" ")[1],
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": headers["Content-Type"],
        "CONTENT_LENGTH": headers["Content-Length"],
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    said = b"".join(app(environ, lambda status, headers, error=None: None))
    if not all(part in said for part in request.expected):
        raise SystemExit(f"a wrong answer: {said[:300]!r}")


def play(
    app: Any, customers: list[callers.Customer], number: int, clockwork: Clockwork
) -> tuple[float, float]:
    """A call of each customer; µs of CPU, and µs, for one of the measured turns."""
    base = f"http://127.0.0.1:{PORT}"
    named = [(one, f"CA{number:08x}{at:024x}") for at, one in enumerate(customers)]
    for who in named:
        for request in callers.opening(base, *who):
            ask(app, request)
    clockwork.start()
    requests = [request for who in named for request in callers.turns(base, *who)]
    begun, worked = time.perf_counter(), time.thread_time()
    for request in requests:
        ask(app, request)
    taken = time.thread_time() - worked, time.perf_counter() - begun
    return taken[0] / len(requests) * 1e6, taken[1] / len(requests) * 1e6


def main() -> None:
    """Play without timers, then with them, and print the parts."""
    console = Console(highlight=False)
    with service(CALLS, PORT) as (app, customers):
        clockwork = Clockwork()
        play(app, customers, 0, clockwork)
        whole = min(play(app, customers, number, clockwork) for number in range(1, 4))
        for part in PARTS:
            clockwork.wrap(*part)
        play(app, customers, 9, clockwork)
        report(console, whole, clockwork)


def report(console: Console, whole: tuple[float, float], clockwork: Clockwork) -> None:
    """The parts, and what is left."""
    turns = CALLS * len(callers.TURNS)
    table = Table("part")
    for column in ("CPU µs a turn", "µs a turn", "times a turn"):
        table.add_column(column, justify="right")
    outer = 0.0
    for part, _, _ in PARTS:
        worked, seconds, times = clockwork.taken[part]
        outer += 0 if part.startswith(" ") else worked
        figures = (worked / turns * 1e6, seconds / turns * 1e6, times / turns)
        table.add_row(
            part, *(f"{figure:.{d}f}" for figure, d in zip(figures, (0, 0, 1), strict=True))
        )
    table.add_row("Flask, form, response: the rest", f"{whole[0] - outer / turns * 1e6:.0f}")
    table.add_row("all, without timers", f"{whole[0]:.0f}", f"{whole[1]:.0f}")
    console.print(table)


if __name__ == "__main__":
    main()
