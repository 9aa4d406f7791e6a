"""The service in this process, on a real Redis server of its own: no server, no wire."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import webhooks
from bench import machine
from bench.__main__ import environment, with_cases
from bot.settings import Settings
from bot.storage.embedded import EmbeddedServer


@contextmanager
def service(cases: int, port: int) -> Iterator[tuple[Any, Any]]:
    """The app and its customers; `port` stands in its addresses. Pinned to the server's cores."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that all is ended
    data = Path(".data")
    data.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=data)).absolute()
    cores = machine.Cores.of_this_machine()
    try:
        machine.pin(cores.rest)
        with EmbeddedServer.start(directory / "redis") as store:
            machine.pin(cores.server)
            customers = with_cases(directory, cases)
            settings = Settings.from_env(environment(directory, port, store.url))
            yield webhooks.create_app(settings), customers
    finally:
        shutil.rmtree(directory, ignore_errors=True)
