"""A load by the command line: a real service on a port, the report, and how it ends."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from flask import Flask, Response, request
from twilio.rest import Client
from werkzeug.serving import make_server

from bot.simulator.server import main
from tests.simulator.load_scene import people_file
from tests.simulator.ports import running
from tests.simulator.scene import DESK, SID, TOKEN
from tests.simulator.test_process import PATIENCE_SECONDS

NOWHERE = "http://127.0.0.1:1"
TEXTS = [{"name": "texts", "begins": "text", "handset": {"rings_seconds": 0}}]
RINGS = [{"name": "rings", "begins": "call", "handset": {"script": [{"press": "1"}]}}]


class House:
    """A service in a few lines; it rings back whoever texts, once it knows where the API is."""

    def __init__(self, words="<Say>You are through</Say>"):
        self.app, self.api, self.words = Flask("house"), "", words
        self.app.post("/<path:path>")(self.page)

    def page(self, path):
        assert request.headers["X-Twilio-Signature"]
        if path == "text/received" and self.api:
            client = Client(SID, TOKEN)
            client.api.base_url = self.api
            url = f"{request.host_url}call/received"
            client.calls.create(to=request.form["From"], from_=DESK, url=url)
        words = self.words if path == "call/received" else ""
        return Response(f"<Response>{words}</Response>", mimetype="text/xml")


@contextmanager
def simulator(*arguments):
    """The process; it says where it is in its first line."""
    account = ("--account-sid", SID, "--auth-token", TOKEN)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.simulator", "--port", "0", *account, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "100"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def load(house, folder, kinds, *others, calls=5):
    """The arguments of a load upon that house."""
    people = people_file(folder, kinds=kinds)
    report = folder / "report.json"
    return [
        *("--calls", str(calls), "--per-second", "50", "--people", str(people)),
        *("--service", house, "--report", str(report), "--calls-per-second", "50"),
        *("--characters-per-second", "1000", *others),
    ]


def test_people_text_and_are_rung_back(tmp_path):
    house = House()
    with (
        running(make_server("127.0.0.1", 0, house.app, threaded=True)) as address,
        simulator(*load(address, tmp_path, TEXTS)) as process,
    ):
        house.api = process.stdout.readline().split()[-1]
        told, complaints = process.communicate(timeout=PATIENCE_SECONDS)
    report = json.loads((tmp_path / "report.json").read_text())

    assert (process.returncode, complaints) == (0, "")
    assert "5 things begun" in told
    row = report["kinds"]["texts"]
    assert (row["begun"], row["calls"], row["answered"], row["verified"]) == (5, 5, 5, 5)
    assert report["rest"]["POST Calls"]["count"] == 5
    assert report["rest"]["POST Calls"]["max_ms"] > 0
    assert report["texts_answered_empty"] == 5
    assert report["webhooks"]["text"]["p99_ms"] >= report["webhooks"]["text"]["p50_ms"] > 0
    assert (report["still_awaited"], report["passed"]) == (0, True)
    assert "calls that never came: 0; passed" in told


def test_who_hears_an_apology_makes_it_fail(tmp_path):
    house = House("<Say>")
    with (
        running(make_server("127.0.0.1", 0, house.app, threaded=True)) as address,
        simulator(*load(address, tmp_path, RINGS)) as process,
    ):
        told, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert "carrier event 12100" in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_the_report_so_far(tmp_path, number):
    house = House('<Pause length="600"/>')
    with (
        running(make_server("127.0.0.1", 0, house.app, threaded=True)) as address,
        simulator(*load(address, tmp_path, RINGS, calls=2)) as process,
    ):
        told_at_first = process.stderr.readline()  # a plain line: there is no terminal
        process.send_signal(number)
        told, complaints = process.communicate(timeout=PATIENCE_SECONDS)

    assert told_at_first.startswith("2/2 begun; 2 calls up")
    assert process.returncode == 128 + number
    assert "2 things begun" in told
    assert "Traceback" not in complaints


def test_nobody_waits_longer_than_the_drain(tmp_path):
    house = House()  # which rings nobody
    with (
        running(make_server("127.0.0.1", 0, house.app, threaded=True)) as address,
        simulator(*load(address, tmp_path, TEXTS, "--drain-seconds", "0.5")) as process,
    ):
        told, _ = process.communicate(timeout=PATIENCE_SECONDS)

    report = json.loads((tmp_path / "report.json").read_text())

    assert process.returncode == 1
    assert "faults: 0; calls that never came: 5; FAILED" in told
    assert (report["faults"], report["still_awaited"], report["passed"]) == (0, 5, False)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--calls", "1", "--people", "none"], "--service"),
        (["--calls", "1", "--service", NOWHERE], "--people"),
        (["--calls", "0", "--service", NOWHERE, "--people", "none"], "less than 1"),
        (["--calls", "1", "--service", NOWHERE, "--people", "none"], "none"),
    ],
)
def test_what_cannot_be_done_is_said(capsys, arguments, why):
    with pytest.raises(SystemExit) as ended:
        main(["--port", "0", *arguments])

    assert ended.value.code == 2
    assert why in capsys.readouterr().err.splitlines()[-1]
