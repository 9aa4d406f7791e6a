"""Two real servers: the one that is lost, and the one that a backup is put into."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from bot.storage.embedded import EmbeddedServer
from tests.house_in_memory import HouseInMemory
from tests.restoring.world import Drill


@pytest.fixture(scope="session")
def servers() -> Iterator[list[EmbeddedServer]]:
    folder = Path(tempfile.mkdtemp(prefix="rb-"))  # pytest's own are too long for a socket
    with (
        EmbeddedServer.start(folder / "here") as here,
        EmbeddedServer.start(folder / "there") as there,
    ):
        yield [here, there]
    shutil.rmtree(folder)


@pytest.fixture
def drill(
    servers: list[EmbeddedServer], build: Callable[..., HouseInMemory], tmp_path: Path
) -> Iterator[Drill]:
    """A house that lives on the first server; nothing is on the second."""
    for server in servers:
        redis.Redis.from_url(server.url).flushall()
    drill = Drill(build, tmp_path, *(server.url for server in servers))
    yield drill
    drill.close()
