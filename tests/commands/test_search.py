"""The archive in the terminal: what was archived is found; what would read all is refused."""

import json

import pytest

import webhooks
from bot.archivist import Archivist
from bot.flow_log import FlowLogLine, LineKind
from bot.settings import Settings
from bot.unit_of_work import UnitOfWork
from tests.commands.test_log import texted


@pytest.fixture
def archived(demo):
    texted(demo)
    runtime = webhooks.connect(Settings.from_env(demo.environment))
    while Archivist(runtime, "first").take_one("main") is not None:
        pass
    runtime.store.close()
    return demo


def test_lines_are_found_by_a_number_typed_in_full(archived):
    told = archived.says("search", "--number", "07700 900123")

    assert "received → callback_owed" in told
    assert archived.says("search", "--number", "07700 900456") == ""


def test_lines_are_found_by_time_for_programs(archived):
    told = archived.says("search", "--since", "2020-01-01", "--until", "2020-02-01", "--json")
    assert told == ""

    first = json.loads(archived.says("search", "--attempts", "SM1", "--json").splitlines()[0])
    assert first["kind"] == "callback"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "every line"),
        (("--flow", "inbound_text"), "from when"),
        (("--since", "2015-01-01", "--until", "2025-01-01"), "400 days"),
        (("--number", "a lot"), "not a telephone number"),
        (("--case", "100000017", "--cursor", "x"), "first one"),
    ],
)
def test_what_cannot_be_searched_says_what_to_give(archived, options, reason):
    result = archived.run("search", *options)

    assert result.exit_code != 0
    assert reason in " ".join(result.stderr.split())


def test_doctor_tells_how_far_the_archive_is_behind(demo):
    texted(demo)
    assert "the desk main: 2 lines of the flow log wait for it" in demo.says("doctor")


def test_neither_the_archive_nor_the_log_tells_which_checks_were_asked(demo):
    runtime = webhooks.connect(Settings.from_env(demo.environment))
    unit = UnitOfWork(runtime.store, "main")
    about = {"desk": "main", "conversation": "CA" + "1" * 32, "at": runtime.clock.now()}
    said = "checks.begin@000000000000 question.postcode_digits@111111111111"
    unit.log(FlowLogLine(kind=LineKind.STEP, after="asking", said=said, **about))
    told = "balance on postcode_digits birth_date"
    unit.log(FlowLogLine(kind=LineKind.DISCLOSURE, detail=told, **about))
    unit.commit()
    in_the_log = [demo.says("log", "--no-follow", *how) for how in ((), ("--json",))]
    assert Archivist(runtime, "first").take_one("main") is not None
    runtime.store.close()

    of_it = ("--conversation", about["conversation"])
    in_the_archive = [demo.says("search", *of_it, *how) for how in ((), ("--json",))]

    for shown in (*in_the_log, *in_the_archive):
        assert "checks.begin" in shown
        assert "question" in shown
        assert "balance on 2 checks" in shown
        assert "postcode" not in shown
        assert "birth" not in shown
    refused = demo.run("search", *of_it, "--wording", "question.postcode_digits")
    assert refused.exit_code != 0
    assert "which checks were asked is not told" in " ".join(refused.stderr.split())
