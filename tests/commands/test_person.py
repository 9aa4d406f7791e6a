"""`ringback records person`: Alice gets what is held on her, and nothing about anybody else."""

import json
import stat

from tests.people import ALICE, BOB, CUSTOMERS, FRANK


def exported(demo, tmp_path, *whose):
    file = tmp_path / "person.json"
    demo.says("records", "person", *whose, "--export", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.with_suffix(".txt")
    held = json.loads(file.read_text()), text.read_text()
    for each in (file, text):  # theirs to have, numbers and all: no other file may hold any
        each.unlink()
    return held


def test_alice_gets_what_is_hers_and_not_what_is_bobs(demo, tmp_path):
    for person in (ALICE, BOB):
        demo.says("ring", person.reference, "--officer", "omar")

    held, text = exported(demo, tmp_path, "--case", ALICE.reference)

    assert [row["number_sealed"] for row in held["records"]["case_numbers"]] == [ALICE.phone]
    assert [row["number_sealed"] for row in held["records"]["missed_calls"]] == [ALICE.phone]
    assert any(key.startswith("main callback:") for key in held["redis"])
    everything = json.dumps(held)
    assert BOB.phone not in everything and BOB.reference not in everything
    for told in (everything, text):
        assert not ALICE.tells(told) and ALICE.full_name not in told
    assert "the department's own" in text
    assert "person_exported" in demo.says("log", "--no-follow")


def test_the_same_by_her_number(demo, tmp_path):
    held, _ = exported(demo, tmp_path, "--number", ALICE.phone)

    assert [row["handle"] for row in held["records"]["cases"]] == [ALICE.reference]


def test_of_a_number_that_two_share_each_gets_their_own(demo, tmp_path):
    result = demo.run("records", "person", "--number", FRANK.phone, "--export", str(tmp_path / "x"))
    assert "several people share this number" in result.stderr

    held, _ = exported(demo, tmp_path, "--case", FRANK.reference)
    assert CUSTOMERS["grace"].reference not in json.dumps(held)


def test_no_file_is_written_over(demo, tmp_path):
    (tmp_path / "there").write_text("mine")
    words = ("--case", ALICE.reference, "--export", str(tmp_path / "there"))

    assert demo.run("records", "person", *words).exit_code == 1
    assert (tmp_path / "there").read_text() == "mine"
