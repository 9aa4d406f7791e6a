"""The load generator: N connections kept alive, every answer checked, in a process of its own.

One thread on non-blocking sockets; a request costs it some 30 µs, so that it is never what is
measured. Requests come ready as bytes, signature included.
"""

import selectors
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

HOST = "127.0.0.1"
SILENT_SECONDS = 10.0  # no answer for so long ends the measurement
ERRORS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire, and what its answer has to contain."""

    wire: bytes
    expected: tuple[bytes, ...]


Chain = list[Request]  # one caller's requests: each is sent when the one before was answered


@dataclass
class Load:
    """What came of it: latencies in seconds, in the order of the answers."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    first_errors: list[str] = field(default_factory=list)

    def refuse(self, why: str) -> None:
        """Count an error, and keep the first few to be shown."""
        self.errors += 1
        if len(self.first_errors) < ERRORS_KEPT:
            self.first_errors.append(why)


def drive(port: int, chains: list[Chain], connections: int) -> Load:
    """Send all chains over these connections, as fast as the answers come."""
    load = Load()
    waiting = iter(chains)
    with selectors.DefaultSelector() as selector:
        callers = [_Caller(port, load) for _ in range(connections)]
        begun = time.perf_counter()
        live = sum(caller.begin(waiting, selector) for caller in callers)
        while live:
            ready = selector.select(SILENT_SECONDS)
            if not ready:
                load.refuse(f"{live} requests unanswered for {SILENT_SECONDS:.0f} s")
                break
            live -= sum(not key.data.hear() for key, _ in ready)
        load.seconds = time.perf_counter() - begun
        for caller in callers:
            caller.socket.close()
    return load


class _Caller:
    """One connection: it works off one chain after another."""

    def __init__(self, port: int, load: Load) -> None:
        self.socket = socket.create_connection((HOST, port), SILENT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._load = load
        self._heard = bytearray()
        self._sent_at = 0.0

    def begin(self, chains: "Iterable[Chain]", selector: selectors.BaseSelector) -> bool:
        """Send the first request; False if there is none."""
        self._requests = (request for chain in chains for request in chain)
        selector.register(self.socket, selectors.EVENT_READ, self)
        return self._next()

    def hear(self) -> bool:
        """Take what has come in; False when this connection has nothing more to do."""
        piece = self.socket.recv(65536)
        if not piece:
            self._load.refuse("the server closed the connection")
            return False
        self._heard += piece
        head, blank, body = bytes(self._heard).partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return True
        self._load.latencies.append(time.perf_counter() - self._sent_at)
        self._heard.clear()
        self._check(head, body)
        return self._next()

    def _next(self) -> bool:
        request = next(self._requests, None)
        if request is None:
            return False
        self._expected = request.expected
        self._sent_at = time.perf_counter()
        self.socket.sendall(request.wire)
        return True

    def _check(self, head: bytes, body: bytes) -> None:
        status = head.partition(b" ")[2][:3]
        missing = [part for part in self._expected if part not in body]
        if status != b"200" or missing:
            self._load.refuse(f"status {status!r}, without {missing}: {body[:300]!r}")


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError(f"an answer without a length: {head[:200]!r}")
