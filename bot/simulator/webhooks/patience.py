"""A socket that gives up: too long between two packets, or too long altogether.

A time-out of the socket alone would let a service that sends a byte each second go on for ever.
"""

import io
import socket
import time
from typing import Any


class _Packets(io.RawIOBase):
    """What comes in, packet by packet, each waited for as long as there is time."""

    def __init__(self, sock: socket.socket, between: float, until: float) -> None:
        super().__init__()
        self._sock, self._between, self._until = sock, between, until
        self._raw = sock.makefile("rb", buffering=0)  # keeps the socket open until it is read

    def readable(self) -> bool:
        """Yes: that is all it does."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next packet. Raises `TimeoutError`."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time altogether is over")
        self._sock.settimeout(min(self._between, left))
        return self._raw.readinto(buffer) or 0

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class PatientSocket:
    """As much of a socket as http.client needs; the time altogether runs from when it is made."""

    def __init__(self, between_seconds: float, total_seconds: float) -> None:
        """Begin to count, connecting included."""
        self._between = between_seconds
        self._until = time.monotonic() + total_seconds
        self._sock: socket.socket | None = None

    def around(self, sock: socket.socket) -> Any:
        """The same, now that there is a connection. To http.client it is a socket."""
        self._sock = sock
        sock.settimeout(self._between)
        return self

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._connected.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The answer as a file."""
        return io.BufferedReader(_Packets(self._connected, self._between, self._until))

    def close(self) -> None:
        """Hang up."""
        self._connected.close()

    @property
    def _connected(self) -> socket.socket:
        if self._sock is None:
            raise RuntimeError("not connected")
        return self._sock
