"""What happened in the phone network, told to whoever listens, as small frozen facts."""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from bot.simulator.books import Book

Kind = Literal[
    "call_placed",
    "call_received",
    "ringing",
    "answered",
    "saying",
    "said",
    "pressed",
    "spoke",
    "joined",
    "machine_detected",
    "hung_up",
    "ended",
    "voicemail_recorded",
    "text_received",
    "text_replied",
    "text_sent",
    "webhook",
    "carrier_event",
]


@dataclass(frozen=True)
class Happening:
    """One thing that happened: when, what, who did it, to whom, in what words."""

    number: int
    at: datetime
    kind: Kind
    who: str
    to: str = ""
    words: str = ""
    sid: str = ""

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self) | {"at": self.at.isoformat()}


Listener = Callable[[Happening], None]


class Journal:
    """All happenings in order (or the latest), and who wants to be told of each as it happens."""

    def __init__(self) -> None:
        """Start empty."""
        self.happenings: Book[Happening] = Book()
        self.keep: int | None = None  # so many at least; None: all
        self._listeners: list[Listener] = []
        self._news = threading.Condition()

    @property
    def last(self) -> int:
        """The number of the latest happening, 0 before the first."""
        with self._news:
            return self.happenings.forgotten + len(self.happenings)

    def on(self, listener: Listener) -> None:
        """Tell this listener of every happening from now on.

        It is called on whatever thread it happens on: several at once, so that numbers may come out
        of order, and often under the network's lock, so that it must be quick, and must wait for
        nothing. Whoever wants them in order, or takes their time, follows `after` instead.
        """
        self._listeners.append(listener)

    def note(
        self, at: datetime, kind: Kind, who: str, to: str = "", words: str = "", sid: str = ""
    ) -> None:
        """Write down one happening and tell the listeners."""
        with self._news:
            happening = Happening(self.last + 1, at, kind, who, to, words, sid)
            self.happenings.append(happening)
            self.happenings.trim(self.keep)
            self._news.notify_all()
        for listener in self._listeners:
            listener(happening)

    def after(self, number: int, wait_seconds: float = 0.0) -> list[Happening]:
        """The happenings after that number; if there are none yet, wait a little for one."""
        with self._news:
            self._news.wait_for(lambda: self.last > number, wait_seconds)
            return self.happenings.after(number)[0]
