"""A page that watches, as a browser does: one open connection, messages as they come."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

PATIENCE = 10.0  # seconds for anything to come


@dataclass(frozen=True)
class Told:
    """A message: its id is where the page stands then."""

    event: str
    data: str
    id: str


class Page:
    """An open stream."""

    def __init__(self, address: str, after: str, *, view: str = "", last_event: str = "") -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(str(parts.netloc), timeout=PATIENCE)
        headers = {"Accept": "text/event-stream"}
        if last_event:
            headers["Last-Event-ID"] = last_event
        path = f"/live?view={quote(view)}&after={quote(after)}"
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.stands_at = after

    def messages(self) -> Iterator[Told]:
        """Whatever comes, until the stream ends."""
        fields: dict[str, list[str]] = {}
        ends = time.monotonic() + PATIENCE
        while line := self.answer.readline().decode():
            assert time.monotonic() < ends, "nothing comes but heartbeats"
            name, _, value = line.rstrip("\n").partition(": ")
            if line != "\n":
                fields.setdefault(name, []).append(value)
                continue
            id = "".join(fields.get("id", []))
            self.stands_at = id or self.stands_at
            if "event" in fields:
                yield Told(fields["event"][0], "\n".join(fields.get("data", [])), id)
            fields = {}

    def next(self, event: str = "lines") -> Told:
        """The next message of this kind; others are passed over."""
        return next(told for told in self.messages() if told.event == event)

    def rows_until(self, id: str) -> list[str]:
        """The rows that come until the page stands there, in whatever batches, the oldest first."""
        rows: list[str] = []
        while self.stands_at != id:
            rows += reversed(self.next().data.splitlines())
        return rows

    def leave(self) -> None:
        """Vanish."""
        sock = self.connection.sock or self.answer.fp.raw._sock  # type: ignore[union-attr]
        sock.shutdown(socket.SHUT_RDWR)
        self.answer.close()
        self.connection.close()


@contextmanager
def watching(address: str, after: str = "main:0", **options: str) -> Iterator[Page]:
    """A page that is left open for as long as this goes on."""
    page = Page(address, after, **options)
    try:
        yield page
    finally:
        page.leave()
