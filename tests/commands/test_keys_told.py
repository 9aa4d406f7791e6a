"""`ringback keys`: from one key to the next at the command line, and what doctor says meanwhile."""

import base64

import pytest

from bot.keys import Keyring
from bot.records import connect
from bot.records.naming import begin
from bot.start import demo_secrets
from tests.people import ALICE

NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def old(demo) -> str:
    return demo_secrets(demo.data_dir)["keys"]


@pytest.fixture
def two(demo, old):
    """The new key leads, and the old one opens."""
    demo.environment["RINGBACK_KEYS"] = f"{NEW},{old}"
    return demo


def test_a_fresh_key_is_one_that_the_settings_take(terminal):
    line = terminal.says("keys", "new", "spring2027")

    assert Keyring.parse(line.strip()).newest == "spring2027"
    assert line != terminal.says("keys", "new", "spring2027")


def test_an_id_that_cannot_be_one_is_refused(terminal):
    result = terminal.run("keys", "new", "spring 2027")

    assert result.exit_code == 2
    assert "letters and digits only" in result.stderr


def test_a_fresh_key_says_where_it_goes(terminal):
    first = terminal.run("keys", "new", "spring2027")
    second = terminal.run("keys", "new", "autumn", RINGBACK_KEYS=first.stdout)

    assert "Set RINGBACK_KEYS to this line" in first.stderr and "last" not in first.stderr
    assert "after a comma or on a line of its own" in second.stderr
    both = first.stdout + second.stdout
    assert Keyring.parse(both).live == ("spring2027", "autumn")


def test_a_name_that_a_key_has_already_is_refused_whatever_else_is_missing(terminal):
    taken = {"RINGBACK_KEYS": NEW, "RINGBACK_PROFILE": "production"}
    result = terminal.run("keys", "new", "new", **taken)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "has a key new already" in result.stderr


def test_a_key_that_was_never_first_is_told_as_that(demo, old):
    demo.environment["RINGBACK_KEYS"] = f"{old}\n{NEW}"

    told = demo.says("keys", "status")

    assert "new opens only, nothing hangs on it: put it first if new" in told


def test_from_one_key_to_the_next(two):
    two.says("ring", ALICE.reference, "--officer", "s1001")
    assert "demo1 is needed by" in two.says("keys", "status")

    assert "values sealed anew with new." in two.says("keys", "rotate")
    assert "Nothing to seal anew" in two.says("keys", "rotate")
    assert "demo1 makes the names of records" in two.says("keys", "status")

    assert "new makes all names. Now restart" in two.says("keys", "rename", "--yes")
    assert two.says("keys", "rename").startswith("Nothing to rename")
    told = two.says("keys", "status")
    assert "demo1 may be dropped, but" in told
    assert "answers count as not held without it" in told

    two.import_samples()
    assert "demo1 opens only, nothing hangs on it" in two.says("keys", "status")
    two.environment["RINGBACK_KEYS"] = NEW
    assert "It was owed already" in two.says("ring", ALICE.reference, "--officer", "s1001")


def test_status_shows_what_hangs_where(two):
    told = two.says("keys", "status")

    line = next(line for line in told.splitlines() if "cases.details" in line)
    assert line.split()[2:] == ["0", "8", "0"]


def test_nobody_renames_by_accident(two):
    two.says("callbacks")
    result = two.run("keys", "rename", typed="y\n")

    assert result.exit_code == 2
    assert "add --yes" in result.stderr
    assert "demo1 is needed" in two.says("keys", "status")


def test_a_value_that_does_not_open_is_told_by_its_row(two):
    engine = connect(f"sqlite:///{next(two.data_dir.glob('*.sqlite'))}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE cases SET details = 'demo1:AAAA' WHERE handle < '10000002'"
        )
    engine.dispose()

    result = two.run("keys", "rotate")

    assert result.exit_code == 1
    assert (
        f"does not open, left as it is: cases.details {ALICE.reference} (key demo1)"
        in result.stderr
    )


def test_dropping_a_key_too_soon_says_which_one_is_missing(demo, old):
    demo.environment["RINGBACK_KEYS"] = NEW

    result = demo.run("callbacks")

    assert result.exit_code == 2
    assert "the records are named with the key demo1, which is not given" in result.stderr
    assert "records are named with demo1" in demo.run("doctor").stdout


def test_doctor_tells_of_two_keys_and_what_is_to_be_done(two):
    two.says("callbacks")

    told = two.says("doctor")

    assert "keys: new seals all that is written, for 0 days now" in told
    assert "keys: demo1 is needed by" in told


def test_doctor_tells_of_a_change_that_was_left_in_the_middle(two):
    two.says("callbacks")
    engine = connect(f"sqlite:///{next(two.data_dir.glob('*.sqlite'))}")
    begin(engine, "new")
    engine.dispose()

    assert "was begun and has not ended" in two.run("doctor").stdout
    assert "keys rename" in two.run("callbacks").stderr
    two.says("keys", "rename", "--yes")
    two.says("callbacks")
