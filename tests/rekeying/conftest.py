"""A real server for the folder; each test finds it empty, and a service that is lived in."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from bot.storage.embedded import EmbeddedServer
from tests.house_in_memory import HOUR
from tests.rekeying_world import (
    OLD,
    Service,
    lived_in,
)

DAY = 24 * HOUR


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    folder = Path(tempfile.mkdtemp(prefix="rb-"))  # pytest's own are too long for a socket
    with EmbeddedServer.start(folder / "redis") as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def make(server: EmbeddedServer, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    redis.Redis.from_url(server.url).flushall()
    made: list[Service] = []

    def make(*keys: str) -> Service:
        made.append(Service(tmp_path, server.url, *keys))
        return made[-1]

    yield make
    for service in made:
        service.store.close()
        service.records.dispose()


@pytest.fixture
def service(make: Callable[..., Service]) -> Service:
    """Everybody has done something, under the old key."""
    service = make(OLD)
    lived_in(service)
    return service
