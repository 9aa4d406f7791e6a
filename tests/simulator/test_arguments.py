"""What the simulator's command line refuses, before anything starts: with 2, and the reason."""

import json

import pytest

from bot.simulator.server import main
from tests.simulator.scene import ALICE, DESK

PEOPLE = {
    "number": DESK,
    "customers": [{"name": "Alice", "number": ALICE}],
    "kinds": [{"name": "rings", "begins": "call", "handset": {"kind": "person"}}],
}
WRONG = [
    ("--characters-per-second=0", "above 0"),
    ("--characters-per-second=-4", "above 0"),
    ("--calls-per-second=nan", "above 0"),
    ("--clock-offset-seconds=1e30", "above"),
    ("--per-second=nan", "above 0"),
    ("--per-second=0", "above 0"),
    ("--drain-seconds=inf", "above"),
    ("--calls=0", "less than 1"),
    ("--keep=0", "less than 1"),
    ("--service=garbage", "not an absolute URL"),
    ("--report=/nowhere/at/all.json", "/nowhere/at/all.json"),
]


@pytest.fixture
def load(tmp_path):
    """A load that would begin, if nothing else were said."""
    path = tmp_path / "people.json"
    path.write_text(json.dumps(PEOPLE))
    return ["--port=0", "--calls=1", f"--people={path}", "--service=http://127.0.0.1:1"]


@pytest.mark.parametrize(("word", "reason"), WRONG)
def test_nonsense_is_refused(load, capsys, word, reason):
    with pytest.raises(SystemExit) as ended:
        main([*load, word], "ringback simulate")

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert reason in told
    assert "ringback simulate: error" in told


def test_a_report_of_nothing_is_refused(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["--port=0", f"--report={tmp_path / 'report.json'}"])

    assert "--report needs --calls" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("{", "Expecting"),
        ("[]", "not an object"),
        ('{"numbers": [{}]}', "number"),
        ('{"numbers": 5}', "not iterable"),
        ('{"handsets": [{"kind": "shoe", "number": "+447700900123"}]}', "unknown kind"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(capsys, tmp_path, scenario, reason):
    path = tmp_path / "scenario.json"
    path.write_text(scenario)

    assert main(["--port=0", f"--scenario={path}"]) == 2
    assert reason in capsys.readouterr().err


def test_a_scenario_that_is_not_there_is_refused(capsys, tmp_path):
    assert main(["--port=0", f"--scenario={tmp_path / 'none.json'}"]) == 2
    assert "No such file" in capsys.readouterr().err
