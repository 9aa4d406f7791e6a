"""Production does not start on what it cannot trust, and names each reason."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.settings import Settings
from bot.settings_refused import SettingsRefused
from bot.signing import Signer
from bot.start import demo_secrets, prepared, refuse_unready
from bot.storage.embedded import EmbeddedServer
from bot.storage.server_binary import server_binary

GOOD_SERVER = {"appendonly": "yes", "appendfsync": "always", "eviction": "noeviction"}


def production(directory: Path, **different: str) -> dict[str, str]:
    return {
        "RINGBACK_PROFILE": "production",
        "RINGBACK_PUBLIC_URL": "https://ringback.example",
        "RINGBACK_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "RINGBACK_TWILIO_AUTH_TOKEN": "a token",
        "RINGBACK_REDIS_URL": "redis://127.0.0.1:1",
        "RINGBACK_DATABASE_URL": f"sqlite:///{directory / 'records.sqlite'}",
        "RINGBACK_KEYS": f"k1:{base64.b64encode(bytes(32)).decode()}",
        "RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED": "a reference",
    } | different


def start_serving(environment: dict[str, str], *first: str) -> subprocess.CompletedProcess[str]:
    """`ringback serve` in a process of its own, after these lines of Python."""
    lines = [*first, "import sys", "sys.argv = ['ringback', 'serve', '--port', '1']"]
    script = "\n".join([*lines, "import webhooks", "webhooks.main()"])
    return subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def forgetful_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server without an append-only file."""
    directory = tmp_path_factory.mktemp("r")
    socket = directory / "s.sock"
    process = subprocess.Popen(
        [str(server_binary()), "--port", "0", "--unixsocket", str(socket)]
        + ["--dir", str(directory), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(unix_socket_path=str(socket))
    for _ in range(10_000):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert process.poll() is None
    client.close()
    yield f"unix://{socket}"
    process.kill()
    process.wait()


def test_a_server_that_forgets_is_refused_by_name(tmp_path: Path, forgetful_server: str) -> None:
    done = start_serving(production(tmp_path, RINGBACK_REDIS_URL=forgetful_server))

    assert done.returncode == 2
    assert "RINGBACK_REDIS_URL" in done.stderr
    assert "appendonly" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_simulator_is_refused_by_name(tmp_path: Path) -> None:
    with EmbeddedServer.start(tmp_path / "redis") as server:
        environment = production(tmp_path, RINGBACK_REDIS_URL=server.url)

        loaded_before = "import os; profile = os.environ.pop('RINGBACK_PROFILE')"
        loaded_before += "; import bot.simulator; os.environ['RINGBACK_PROFILE'] = profile"
        done = start_serving(environment, loaded_before)
        too_late = start_serving(environment, "import bot.simulator")

    assert done.returncode == 2
    assert "the simulator is loaded" in done.stderr
    assert too_late.returncode != 0
    assert "ImportError: RINGBACK_PROFILE" in too_late.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RINGBACK_TWILIO_AUTH_TOKEN", ""),
        ("RINGBACK_KEYS", ""),
        ("RINGBACK_PUBLIC_URL", "http://ringback.example"),
        ("RINGBACK_TWILIO_API_URL", "http://127.0.0.1:8471"),
        ("RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED", ""),
    ],
)
def test_what_is_missing_or_wrong_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    done = start_serving(production(tmp_path, **{name: value}))

    assert done.returncode == 2
    assert name in done.stderr


def test_eviction_is_refused(tmp_path: Path) -> None:
    settings = Settings.from_env(production(tmp_path))

    with pytest.raises(SettingsRefused, match="RINGBACK_REDIS_URL.*allkeys-lru"):
        refuse_unready(settings, GOOD_SERVER | {"eviction": "allkeys-lru"})


def test_the_demo_makes_its_secrets_up_once(tmp_path: Path) -> None:
    settings = Settings.from_env({"RINGBACK_DATA_DIR": str(tmp_path), "RINGBACK_REDIS_URL": "x"})

    first, second = prepared(settings), prepared(settings)

    assert (first.keys, first.twilio_auth_token) == (second.keys, second.twilio_auth_token)
    assert demo_secrets(tmp_path)["keys"] == first.keys
    assert first.records_key == second.records_key
    kept = {"demo-secrets.json", "demo-records-key.json"}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_a_demo_from_before_the_archive_gets_the_key_that_it_lacks(tmp_path: Path) -> None:
    demo_secrets(tmp_path)
    (tmp_path / "demo-records-key.json").unlink()

    assert Signer.parse(demo_secrets(tmp_path)["records_key"])
    assert (tmp_path / "demo-secrets.json").stat().st_mode & 0o777 == 0o600
