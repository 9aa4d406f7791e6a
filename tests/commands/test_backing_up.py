"""`ringback backup` and `ringback restore` at the command line."""

import pytest
import redis

from bot.records import connect
from tests.people import ALICE


@pytest.fixture
def backup(demo, tmp_path):
    demo.says("ring", ALICE.reference, "--officer", "s1001")
    file = tmp_path / "monday.backup"
    told = demo.says("backup", str(file))
    assert "rows of records" in told and "RINGBACK_KEYS" in told
    return file


def test_there_and_back(demo, backup):
    refused = demo.run("restore", str(backup), "--yes")
    assert refused.exit_code == 1
    assert "are not empty: --replace removes what is there" in refused.stderr

    demo.says("callbacks")
    redis.Redis(unix_socket_path=str(demo.data_dir / "redis" / "valkey.sock")).flushall()
    engine = connect(f"sqlite:///{next(demo.data_dir.glob('*.sqlite'))}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cases")
    engine.dispose()
    told = demo.says("restore", str(backup), "--replace", "--yes")

    assert "Restored; 1 calls are owed." in told
    assert ALICE.reference in demo.says("callbacks")


def test_nobody_restores_by_accident(demo, backup):
    result = demo.run("restore", str(backup), "--replace", typed="y\n")

    assert result.exit_code == 2
    assert "add --yes" in result.stderr


def test_a_check_touches_nothing(demo, backup):
    before = demo.says("callbacks")

    assert "is whole" in demo.says("restore", str(backup), "--check")

    assert demo.says("callbacks") == before


def test_a_file_that_is_not_there_or_none_of_ours_is_told(demo, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear department")

    assert "there is no such file" in demo.run("restore", str(tmp_path / "no")).stderr
    assert "no backup of ours" in demo.run("restore", str(tmp_path / "letter.txt")).stderr


def test_who_was_erased_since_is_erased_again_by_the_file_or_by_what_is_replaced(demo, backup):
    order = ("--erase", "--by", "s1001", "--reason", "she asked", "--yes")
    demo.says("records", "person", "--case", ALICE.reference, *order)
    erased, elsewhere = demo.data_dir / "erasures.jsonl", demo.data_dir / "copy.jsonl"
    erased.rename(elsewhere)

    told = demo.run("restore", str(backup), "--replace", "--yes")  # asks the records before
    assert "1 erasures that the backup did not know were carried out again" in told.stdout
    assert erased.read_text().count("\n") == 1, "and writes down what it found there"
    erased.unlink()
    _forget_erasures(demo)
    told = demo.run("restore", str(backup), "--replace", "--yes")
    assert told.exit_code == 0 and "There is no file of erasures" in told.stderr

    words = ("restore", str(backup), "--replace", "--erasures", str(elsewhere), "--yes")
    assert "1 erasures that the backup did not know" in demo.says(*words)
    elsewhere.write_text(elsewhere.read_text().replace("she asked", "he asked"))
    refused = demo.run(*words)
    assert refused.exit_code == 1 and "line 1 was altered" in refused.stderr


def _forget_erasures(demo):
    engine = connect(f"sqlite:///{next(demo.data_dir.glob('*.sqlite'))}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM erasures")
    engine.dispose()
