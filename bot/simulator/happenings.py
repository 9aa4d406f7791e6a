"""What happened in the phone network, told to whoever listens, as small frozen facts."""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from bot.simulator.books import trim

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
        self.happenings: list[Happening] = []
        self.keep: int | None = None  # so many at least; None: all
        self._count = 0
        self._listeners: list[Listener] = []
        self._news = threading.Condition()

    def on(self, listener: Listener) -> None:
        """Tell this listener of every happening from now on; it must be quick."""
        self._listeners.append(listener)

    def note(
        self, at: datetime, kind: Kind, who: str, to: str = "", words: str = "", sid: str = ""
    ) -> None:
        """Write down one happening and tell the listeners."""
        with self._news:
            self._count += 1
            happening = Happening(self._count, at, kind, who, to, words, sid)
            self.happenings.append(happening)
            trim(self.happenings, self.keep)
            self._news.notify_all()
        for listener in self._listeners:
            listener(happening)

    def after(self, number: int, wait_seconds: float = 0.0) -> list[Happening]:
        """The happenings after that number; if there are none yet, wait a little for one."""
        with self._news:
            self._news.wait_for(lambda: self._count > number, wait_seconds)
            forgotten = self._count - len(self.happenings)
            return self.happenings[max(0, number - forgotten) :]
