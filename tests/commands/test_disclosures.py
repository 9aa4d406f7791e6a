"""What was disclosed, as people list it, hand it on, and see it go."""

import csv
import io
from dataclasses import replace

import pytest

from bot.records import SqlDisclosures, connect, upgrade
from tests.people import ALICE, BOB
from tests.tellings import ALICE_WAS_TOLD

YEAR = 365.25 * 86400.0
NOW = ALICE_WAS_TOLD.at
BOB_WAS_TOLD = replace(ALICE_WAS_TOLD, id="CA2:9", call="CA2", case=BOB.reference, at=NOW + 60)
LONG_AGO = replace(ALICE_WAS_TOLD, id="CA3:9", call="CA3", at=NOW - 8 * YEAR)


@pytest.fixture
def filed(terminal):
    """Puts records into the terminal's log; what is told of them is told at this instant."""

    def file(*records):
        engine = connect(f"sqlite:///{terminal.data_dir / 'records.sqlite'}")
        upgrade(engine)
        for record in records:
            assert SqlDisclosures(engine).file(record)
        engine.dispose()

    return file


def test_a_list_says_when_to_whom_what_and_on_what_checks(terminal, filed):
    filed(BOB_WAS_TOLD, ALICE_WAS_TOLD)

    listed = terminal.says("disclosures")

    lines = [line for line in listed.splitlines() if "15 Sep 2026" in line]
    assert [ALICE.reference in lines[0], BOB.reference in lines[1]] == [True, True]
    assert lines[0].strip().startswith("15 Sep 2026 11:00")
    for words in (
        "verified customer",
        "balance, next action",
        "2 checks, inbound",
    ):
        assert words in lines[0]


def test_a_list_of_one_case_or_from_a_day_on(terminal, filed):
    filed(LONG_AGO, ALICE_WAS_TOLD, BOB_WAS_TOLD)

    of_alice = terminal.says("disclosures", "--case", ALICE.reference)
    lately = terminal.says("disclosures", "--since", "2026-09-15")

    assert BOB.reference not in of_alice and of_alice.count(ALICE.reference) == 2
    assert lately.count("Sep 2026") == 2 and "2018" not in lately
    assert terminal.says("disclosures", "--since", "2026-09-16") == "Nothing was disclosed.\n"


def test_a_long_list_shows_the_newest_and_says_so(terminal, filed):
    filed(*(replace(ALICE_WAS_TOLD, id=f"CA:{n}", at=NOW + 60 * n) for n in range(5)))

    listed = terminal.says("disclosures", "--last", "2")

    assert "11:04" in listed and "11:03" in listed and "11:02" not in listed
    assert "`ringback disclosures export` has all" in listed
    assert "has all" not in terminal.says("disclosures", "--last", "5")


def test_an_export_is_csv_with_everything_but_numbers(terminal, filed):
    filed(ALICE_WAS_TOLD, BOB_WAS_TOLD)

    written = terminal.says("disclosures", "export", "--case", ALICE.reference)

    (row,) = csv.DictReader(io.StringIO(written))
    assert row == {
        "id": "CA1:9",
        "told_at": "2026-09-15T11:00:00+01:00",
        "desk": "main",
        "conversation": "CA1",
        "case": ALICE.reference,
        "recipient": "verified_customer",
        "contact": "inbound",
        "facts": "balance next_action",
        "checks": "birth_date house_number",
        "wordings": ALICE_WAS_TOLD.wordings[0],
        "release": ALICE_WAS_TOLD.release,
        "purpose": ALICE_WAS_TOLD.purpose,
        "authority": ALICE_WAS_TOLD.authority,
        "restriction": "none",
        "kept_until": "2029-09-16T01:00:00+01:00",
    }
    assert ALICE_WAS_TOLD.number_hash not in written


@pytest.mark.parametrize(
    "options", [("--case", ALICE.reference), ("--since", "2026-09-15"), ("--last", "1")]
)
@pytest.mark.parametrize("subcommand", ["export", "due"])
def test_options_before_a_subcommand_are_refused_and_not_passed_over(
    terminal, filed, options, subcommand
):
    filed(ALICE_WAS_TOLD, BOB_WAS_TOLD)

    result = terminal.run("disclosures", *options, subcommand)

    assert result.exit_code == 2
    assert f"put it after `{subcommand}`" in result.stderr
    assert BOB.reference not in result.stdout


def test_due_shows_what_the_next_clearing_takes_away_and_takes_nothing(terminal, filed):
    filed(LONG_AGO)

    for _ in range(2):
        told = terminal.says("disclosures", "due")
        assert told.startswith("Past their time: 1, from ")
        assert "kept for 3 years (IDG40210)" in told
        assert "2018" in told and ALICE.reference in told


def test_due_says_until_when_the_oldest_is_kept(terminal, filed):
    assert terminal.says("disclosures", "due") == "Nothing was disclosed.\n"
    filed(replace(ALICE_WAS_TOLD, at=NOW + 100 * YEAR))

    told = terminal.says("disclosures", "due")

    assert "Nothing is past its time" in told
    assert "2129" in told


def test_a_day_that_is_none_is_refused(terminal):
    result = terminal.run("disclosures", "--since", "yesterday")

    assert result.exit_code == 2
    assert "--since" in result.stderr
