"""The console as it is served: uvicorn on a port of this machine, in a thread of its own."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from flask import Flask

from bot.console.asgi import AsgiApp, console_asgi, server_of


@contextmanager
def serving(
    console: Flask, live: AsgiApp | None = None, proxies: Sequence[str] = ()
) -> Iterator[str]:
    """Its address; it is over when this is left."""
    server = uvicorn.Server(server_of(console_asgi(console, live), "127.0.0.1", 0, proxies))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive(), "it did not start"
        (listening,) = server.servers
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
