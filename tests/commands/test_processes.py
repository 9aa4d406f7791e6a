"""Commands that stay: as processes, started, asked, and ended by a signal."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0  # seconds, on a busy machine


def soon(holds: Callable[[], bool], what: str) -> None:
    """Return once this holds. Looks again and again until the deadline."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, what
        pause.wait(0.02)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def get(url: str) -> str:
    """What a page says, or nothing."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
    except (URLError, OSError):
        return ""


@contextmanager
def running(demo, *words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", "import webhooks; webhooks.main()", *words],
        cwd=ROOT,
        env={**os.environ, **demo.environment, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str]:
    """The exit code after this signal, and what was printed."""
    process.send_signal(by)
    told, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, told


def test_the_web_server_answers_and_ends_cleanly(demo):
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    with running(demo, "serve", RINGBACK_PUBLIC_URL=here) as server:
        soon(lambda: get(f"{here}/healthz") == "alive\n", "it never answered")
        assert get(f"{here}/readyz") == "ready\n"

        code, told = ended(server, signal.SIGTERM)

    assert code == 0, told
    assert f"Serving {here}" in told
    assert "strength.guessing_one_in" in told, "that the checks are weak is said at the start"
    assert "Traceback" not in told


def test_a_mistake_is_one_message_and_no_worker_is_started(terminal):
    result = terminal.run("serve", RINGBACK_PROFILE="production")

    assert result.exit_code == 2
    assert result.stderr.count("RINGBACK_KEYS: production needs it") == 1


def test_a_port_that_is_taken_is_told_as_that(demo):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        result = demo.run("serve", "--port", str(other.getsockname()[1]))

    assert result.exit_code == 2
    assert "cannot listen there" in result.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_what_it_has_begun(demo, by):
    with running(demo, "work", RINGBACK_TWILIO_API_URL="http://127.0.0.1:1") as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("Working for main")

        code, told = ended(worker, by)

    assert code == 0, told
    assert "strength.guessing_one_in" in told, "that the checks are weak is said at the start"
    assert "Traceback" not in told


def test_the_log_is_followed_live_and_ends_with_ctrl_c(demo):
    demo.says("ring", "100000017", "--officer", "s1001")
    with running(demo, "log") as log:
        assert log.stdout is not None
        assert "due for +44…23" in log.stdout.readline()
        demo.says("ring", "100000025", "--officer", "s1001")
        assert "due for +44…56" in log.stdout.readline()

        code, told = ended(log, signal.SIGINT)

    assert (code, told) == (0, "")


def test_the_simulator_is_a_process_with_the_demos_account(demo):
    with running(demo, "simulate", "--port", "0") as simulator:
        assert simulator.stdout is not None
        told = simulator.stdout.readline()
        url = told.rsplit(" ", 1)[1].strip()
        assert get(f"{url}/simulator/clock")

        code, _ = ended(simulator, signal.SIGTERM)

    assert code == 0
