"""One real server for the whole folder; each test has a partition or data directory of its own."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.embedded import EmbeddedServer
from bot.storage.memory import MemoryStore
from bot.storage.redis_store import RedisStore
from bot.store import Store
from tests.storage.fleet import Fleet, Six, Watched

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def short_dir() -> Iterator[Path]:
    """A folder with a short name: pytest's own are too long for a socket."""
    path = Path(tempfile.mkdtemp(prefix="rb-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data_dir(short_dir: Path) -> Path:
    """A data directory that no server has seen yet."""
    return short_dir / f"data{next(_numbers)}"


@pytest.fixture(scope="session")
def server(short_dir: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start(short_dir / "shared") as running:
        yield running


@pytest.fixture(scope="session")
def redis_store(server: EmbeddedServer) -> Iterator[RedisStore]:
    # A busy test machine may take a while over one answer; time-outs have their own tests.
    store = RedisStore.connect(server.url, timeout=5.0)
    yield store
    store.close()


@pytest.fixture(scope="session")
def fleet(short_dir: Path) -> Iterator[Fleet]:
    """Servers past one, killed at the end."""
    servers = Fleet(short_dir / "fleet")
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def watched(fleet: Fleet) -> Watched:
    """A master, its replica and three sentinels; whole again after each test that harms them."""
    return Watched(fleet)


@pytest.fixture(scope="session")
def six(fleet: Fleet) -> Six:
    """A cluster of three masters and their replicas; whole again after each test that harms it."""
    return Six(fleet)


@pytest.fixture(scope="session")
def sentinel_store(watched: Watched) -> Iterator[RedisStore]:
    store = RedisStore.connect(watched.url, timeout=5.0)
    yield store
    store.close()


@pytest.fixture(scope="session")
def cluster_store(six: Six) -> Iterator[RedisStore]:
    store = RedisStore.connect(six.url, timeout=5.0)
    yield store
    store.close()


@pytest.fixture(params=["memory", "redis", "sentinel", "cluster"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def desk() -> str:
    """A partition that no other test uses."""
    return f"desk{next(_numbers)}"
