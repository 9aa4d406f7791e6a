"""The service runs without its simulator: it is never loaded, and may not be there at all."""

import os
import subprocess
import sys

from tests.commands.test_processes import PATIENCE, ROOT, free_port, get, soon

RINGBACK = [sys.executable, "-c", "import webhooks; webhooks.main()"]


def loaded_by(demo, tmp_path, ready, *words, **environment):
    """Every module that a command and its children imported, from its start to its end."""
    told = tmp_path / "told.txt"
    with told.open("w") as file:
        process = subprocess.Popen(
            [*RINGBACK, *words],
            cwd=ROOT,
            env={**os.environ, **demo.environment, **environment, "PYTHONPROFILEIMPORTTIME": "1"},
            stdout=file,
            stderr=file,
        )
        try:
            soon(lambda: ready(told.read_text()), "it never was ready")
            process.terminate()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            process.wait()
    lines = [line for line in told.read_text().splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def simulators(modules):
    return {name for name in modules if name.startswith("bot.simulator")}


def test_the_worker_never_loads_it(demo, tmp_path):
    def ready(told):
        return "Working for" in told

    loaded = loaded_by(demo, tmp_path, ready, "work", RINGBACK_TWILIO_API_URL="http://127.0.0.1:1")

    assert {"bot.worker", "bot.twilio.client"} <= loaded
    assert simulators(loaded) == set()


def test_the_web_server_never_loads_it(demo, tmp_path):
    here = f"http://127.0.0.1:{free_port()}"

    def ready(told):
        return get(f"{here}/healthz") == "alive\n"

    loaded = loaded_by(demo, tmp_path, ready, "serve", RINGBACK_PUBLIC_URL=here)

    assert {"bot.runtime", "granian.server"} <= loaded
    assert simulators(loaded) == set()


def test_production_never_loads_it_whoever_asks():
    done = subprocess.run(
        [sys.executable, "-m", "bot.simulator", "--help"],
        cwd=ROOT,
        env={**os.environ, "RINGBACK_PROFILE": "production"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert done.returncode == 1
    assert "RINGBACK_PROFILE: the simulator rings invented phones" in done.stderr


def test_without_the_extra_it_says_what_to_install(terminal):
    blocked = "import sys; sys.modules['requests'] = None; import webhooks; webhooks.main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "simulate", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, **terminal.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2
    assert "install ringback[simulator]" in done.stderr
    assert "Traceback" not in done.stderr
