"""`ringback records`: what is past its time, and what is held, at the command line."""

import pytest

from bot.records import connect
from tests.people import ALICE, BOB


@pytest.fixture
def old(demo):
    """Two missed calls of years ago, to Alice and to Bob."""
    demo.says("callbacks")
    engine = connect(f"sqlite:///{next(demo.data_dir.glob('*.sqlite'))}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM missed_calls")
        for person in (ALICE, BOB):
            connection.exec_driver_sql(
                "INSERT INTO missed_calls VALUES (?, 'hash', 'sealed', ?, 'omar', 1.0)",
                (person.name, person.reference),
            )
    engine.dispose()
    return demo


def row(told: str, kind: str) -> list[str]:
    return next(line for line in told.splitlines() if line.strip().startswith(kind)).split()


def test_a_dry_run_shows_and_takes_nothing(old):
    for _ in range(2):
        told = old.says("records", "expire", "--dry-run")
        assert row(told, "missed calls") == [
            "missed",
            "calls",
            "2",
            "01",
            "Jan",
            "1970",
            "365",
            "days",
        ]
        assert row(told, "disclosures") == ["disclosures", "0", "3", "years"]


def test_what_is_held_is_told_by_its_hold_and_stays(old):
    placed = old.says(
        *("records", "hold", "--case", ALICE.reference, "--by", "s1001", "--reason", "inquiry 12")
    )
    assert f"Hold 1: case {ALICE.reference} stays until" in placed

    told = old.says("records", "expire", "--yes")
    assert row(told, "missed calls")[2:] == ["1", "01", "Jan", "1970", "1", "1", "365", "days"]
    assert "1 went." in told
    assert "inquiry 12" in old.says("records", "holds")
    assert row(old.says("records", "expire", "--dry-run"), "missed calls")[2:4] == ["0", "1"]

    old.says("records", "lift", "1", "--by", "s1001", "--reason", "closed")
    assert "1 went." in old.says("records", "expire", "--yes")
    assert "Nothing is held." in old.says("records", "holds")


def test_nobody_lets_go_by_accident(old):
    result = old.run("records", "expire", typed="y\n")

    assert result.exit_code == 2
    assert "add --yes" in result.stderr
    assert row(old.says("records", "expire", "--dry-run"), "missed calls")[2] == "2"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--case", "999999999", "--by", "s1001"), "no such case"),
        (("--case", ALICE.reference, "--by", "mallory"), "neither staff nor an officer"),
        (("--desk", "south", "--by", "s1001"), "no such desk"),
        (("--by", "s1001"), "Say either"),
        (("--case", ALICE.reference, "--since", "2026-01-01", "--by", "s1001"), "leave --since"),
    ],
)
def test_what_cannot_be_held_is_refused_by_name(old, words, told):
    result = old.run("records", "hold", *words, "--reason", "inquiry")

    assert result.exit_code == 2
    assert told in result.stderr


def test_a_hold_that_does_not_stand_cannot_be_lifted(old):
    result = old.run("records", "lift", "7", "--by", "s1001", "--reason", "over")

    assert "no hold 7 stands" in result.stderr
