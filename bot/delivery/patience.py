"""A connection is cut when its time is over, however the other side spends it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def at_most(seconds: float, sock: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Within, shut this socket down after so long: whoever waits for it gets an `OSError`.

    A time-out of a socket only bounds one wait: a byte now and then would keep us for ever.
    """

    def cut() -> None:
        living = sock()
        if living is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which others are reading: the connection's own.
                socket.socket.shutdown(living, socket.SHUT_RDWR)

    watch = threading.Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
