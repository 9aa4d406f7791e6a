"""`ringback simulate --calls`: what it asks of the simulator, and how it ends."""

import json
import signal

from bot.commands.serving import SAMPLE_PEOPLE
from bot.simulator.load.people import read_people
from tests.commands.test_processes import PATIENCE, running

NOWHERE = "http://127.0.0.1:1"
LOAD = ("simulate", "--port", "0", "--calls", "3", "--per-second", "50", "--drain-seconds", "0.1")


def test_a_service_that_is_not_there_is_a_fault(terminal, tmp_path):
    report = tmp_path / "report.json"
    others = ("--service", NOWHERE, "--report", str(report), "--characters-per-second", "1000")
    with running(terminal, *LOAD, *others) as simulator:
        told, _ = simulator.communicate(timeout=PATIENCE)

    assert simulator.returncode == 1, told
    assert "3 things begun" in told
    assert json.loads(report.read_text())["faults"] >= 3


def test_it_rings_at_the_public_address_unless_told_otherwise(terminal):
    with running(terminal, *LOAD, RINGBACK_PUBLIC_URL=NOWHERE) as simulator:
        told, _ = simulator.communicate(timeout=PATIENCE)

    assert "carrier event 11205" in told


def test_ctrl_c_is_told_by_the_exit_code(terminal):
    slow = ("simulate", "--port", "0", "--calls", "3", "--per-second", "0.001")
    with running(terminal, *slow) as simulator:
        assert "begun" in [simulator.stdout.readline() for _ in range(2)][-1]
        simulator.send_signal(signal.SIGINT)
        told, _ = simulator.communicate(timeout=PATIENCE)

    assert simulator.returncode == 128 + signal.SIGINT
    assert "0 things begun" in told


def test_the_sample_people_fit_every_kind_of_them():
    people = read_people(SAMPLE_PEOPLE)
    for customer in people.customers:
        for kind in people.kinds:
            assert people.handset(customer, kind).number == customer.number
