"""`ringback rules explain`: why a number may or may not be rung, and what the exit code tells."""

import json
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result

import webhooks
from bot.commands import Terminal
from bot.dial_rules import RULES
from bot.dialler import Dialler
from bot.rule_words import WORDS
from bot.storage.embedded import EmbeddedServer
from tests.commands.conftest import ATerminal
from tests.house_in_memory import FakeCarrier
from tests.people import ALICE, BOB, CUSTOMERS, DAVE, FRANK

LONDON = ZoneInfo("Europe/London")
HEIDI = CUSTOMERS["heidi"]  # in breathing space
BEFORE_THE_RULES = {"being_rung", "on_the_line", "no_case"}


def set_clock(terminal: ATerminal, *moment: int) -> None:
    """The demo's clock shows this, by the wall in London."""
    target = datetime(*moment, tzinfo=LONDON).timestamp()
    clock = {"offset_seconds": target - time.time()}
    (terminal.data_dir / "demo-clock.json").write_text(json.dumps(clock))


@pytest.fixture(scope="module")
def tuesday(folder: Path) -> Iterator[ATerminal]:
    """The demo, on a Tuesday at ten: one for all tests, since explaining changes nothing."""
    terminal = ATerminal(Path(tempfile.mkdtemp(dir=folder)))
    with EmbeddedServer.start(terminal.data_dir / "redis"):
        terminal.import_samples()
        set_clock(terminal, 2027, 1, 26, 10)
        yield terminal


def explained(terminal, *words: str) -> Result:
    return terminal.run("rules", "explain", *words)


def test_every_rule_has_its_words():
    assert set(WORDS) == set(RULES) | BEFORE_THE_RULES
    assert all(fine and objects and fine != objects for fine, objects in WORDS.values())


def test_alice_may_be_rung_and_every_rule_says_why(tuesday):
    told = explained(tuesday, ALICE.phone)

    assert told.exit_code == 0
    assert f"+44…23, case {ALICE.reference}, at Tue 26 Jan 2027 10:00 GMT" in told.stdout
    assert told.stdout.count(" ok ") == len(WORDS)
    assert "NO" not in told.stdout
    assert told.stdout.endswith("It may be rung at Tue 26 Jan 2027 10:00 GMT.\n")
    for source in ("DMBM511677", "TCM0138160", "Ofcom", "DMBM510930", "SAM70060"):
        assert source in told.stdout


def test_on_a_sunday_it_is_told_when_she_may_be_rung_next(tuesday):
    told = explained(tuesday, "07700 900123", "--at", "2027-01-31T12:00")

    assert told.exit_code == 3
    assert "It may not be rung at Sun 31 Jan 2027 12:00 GMT: outside calling hours" in told.stdout
    assert "It may be rung from Mon 01 Feb 2027 08:00 GMT (in 20 h)" in told.stdout


@pytest.mark.parametrize(
    ("at", "shown", "code"),
    [
        ("19:59", "19:59 GMT", 0),
        ("20:00", "20:00 GMT", 3),
        ("2027-07-01T08:00", "Thu 01 Jul 2027 08:00 BST", 0),
        ("2027-07-01T07:00+00:00", "Thu 01 Jul 2027 08:00 BST", 0),
        ("2027-07-01T06:59Z", "Thu 01 Jul 2027 07:59 BST", 3),
    ],
)
def test_a_time_is_read_by_the_wall_there(tuesday, at, shown, code):
    told = explained(tuesday, ALICE.phone, "--at", at)

    assert told.exit_code == code
    assert shown in told.stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((HEIDI.phone,), "they are in breathing space"),
        ((DAVE.phone,), "we do not know whom to ask for"),
        ((FRANK.phone,), "we do not know whom to ask for"),  # two people share it
        (("0870 000 0000", "--case", BOB.reference), "or of an island or a kind that policy.toml"),
        (("+33199000000", "--case", BOB.reference), "no UK mobile, 01, 02 or 03 number"),
    ],
    ids=["held", "on no case", "on several people's", "special rate", "abroad"],
)
def test_where_time_is_no_cure_a_person_decides(tuesday, words, why):
    told = explained(tuesday, *words)

    assert told.exit_code == 4
    assert why in told.stdout
    assert "Time does not cure that: a person decides." in told.stdout


def test_of_a_number_on_no_case_nothing_is_said_that_only_a_case_could_tell(tuesday):
    assert "death" not in explained(tuesday, DAVE.phone).stdout


def test_a_shared_number_is_explained_for_the_case_that_is_named(tuesday):
    assert explained(tuesday, FRANK.phone, "--case", FRANK.reference).exit_code == 0


def test_the_number_is_masked_and_the_name_is_nowhere(tuesday):
    told = explained(tuesday, ALICE.phone).output

    assert ALICE.phone not in told
    assert "7700900123" not in told.replace(" ", "")
    assert "Alice" not in told


def test_in_a_pipe_a_line_stays_a_line_without_colours(tuesday):
    told = explained(tuesday, ALICE.phone, "--at", "2027-01-31T12:00").stdout

    assert "\x1b" not in told
    assert sum(line.startswith(("ok", "NO")) for line in map(str.strip, told.splitlines())) == len(
        WORDS
    )


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("not a number",), 2, "that is no telephone number"),
        ((ALICE.phone, "--at", "soon"), 2, "not a time such as 14:30"),
        ((ALICE.phone, "--at", "2027-02-30T10:00"), 2, "not a time such as 14:30"),
        ((ALICE.phone, "--at", "0001-01-01T00:00"), 2, "not a time|that is over"),
        ((ALICE.phone, "--at", "2027-01-25T10:00"), 2, "that is over"),
        ((ALICE.phone, "--case", "100000090"), 1, "no case has the handle 100000090"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_the_reason(tuesday, words, code, reason):
    refused = explained(tuesday, *words)

    assert refused.exit_code == code
    assert any(each in refused.stderr for each in reason.split("|"))
    assert "Traceback" not in refused.output


def test_the_help_has_an_example_and_the_exit_codes(terminal):
    told = " ".join(terminal.says("rules", "explain", "--help").split())

    assert "For example: ringback rules explain 07700900123 --at 2027-01-31T12:00" in told
    assert "0 for yes, 3 for later, 4 where a person must decide" in told


def test_a_refused_call_shows_its_reason_and_next_time_in_the_list(demo, monkeypatch):
    set_clock(demo, 2027, 1, 26, 20, 30)
    demo.says("ring", BOB.reference, "--officer", "s1001")
    monkeypatch.setenv("RINGBACK_DATA_DIR", str(demo.data_dir))
    terminal = Terminal(webhooks.connect, webhooks.OUR_FLOWS, webhooks.create_app)
    with terminal.runtime() as runtime:
        assert Dialler(runtime, FakeCarrier()).take_one("main") == "refused"

    listed = demo.says("callbacks")
    assert "calling hours" in listed
    assert "Wed 27 Jan 08:00" in listed
    assert explained(demo, BOB.phone, "--at", "2027-01-27T08:00").exit_code == 0
