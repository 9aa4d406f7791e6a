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
from bot import start
from bot.clock import Clock
from bot.keys import Keyring
from bot.records import Records, connect, upgrade
from bot.runtime import Runtime
from bot.settings import Settings
from bot.storage.embedded import EmbeddedServer
from bot.storage.fenced import FencedStore
from bot.storage.redis_store import RedisStore

PATIENCE_SECONDS = 10.0


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
            clock = start.the_clock(settings)
            yield webhooks.create_app(runtime=patient(settings, clock)), customers
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def patient(settings: Settings, clock: Clock) -> Runtime:
    """The service as it is, but that it waits for its stores: a busy machine is no fault here."""
    if settings.redis_url is None or settings.keys is None:
        raise ValueError("a bench brings its own store and keys")
    records, keyring = connect(settings.database_url), Keyring.parse(settings.keys)
    upgrade(records)
    store = RedisStore.connect(settings.redis_url, timeout=PATIENCE_SECONDS)
    return Runtime.assemble(
        settings,
        webhooks.OUR_FLOWS,
        keyring=keyring,
        clock=clock,
        store=FencedStore(store, keyring.names),
        records=Records.on(records, keyring),
    )
