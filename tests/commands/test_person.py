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
        demo.says("ring", person.reference, "--officer", "s1001")

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


ERASE = ("--erase", "--by", "s1001", "--reason", "they asked in writing")


def test_a_dry_run_tells_what_would_go_and_what_stays_and_takes_nothing(demo):
    demo.says("ring", ALICE.reference, "--officer", "s1001")

    for _ in range(2):
        told = demo.says("records", "person", "--case", ALICE.reference, *ERASE, "--dry-run")
        assert "would go" in told and "missed calls" in told
        assert "open_callback" in told and "a call is owed to them" in told
        assert "case_sheet" in told and "next import" in told
    assert "person_erased" not in demo.says("log", "--no-follow")


def test_erased_she_is_by_her_number_and_the_number_is_written_nowhere(demo, tmp_path):
    told = demo.says("records", "person", "--number", ALICE.phone, *ERASE, "--yes")

    assert "1 records were erased" in told and "erasures.jsonl" in told
    log = demo.says("log", "--no-follow")
    assert "person_erased" in log and "they asked in writing" in log
    held, _ = exported(demo, tmp_path, "--case", ALICE.reference)
    assert held["records"]["missed_calls"] == []
    assert ALICE.phone not in (demo.data_dir / "erasures.jsonl").read_text() + log + told


def test_nobody_is_erased_without_a_name_a_reason_and_a_yes(demo):
    for words, told in (
        (("--erase", "--by", "s1001"), "needs --by and --reason"),
        (("--erase", "--by", "mallory", "--reason", "so"), "neither staff nor an officer"),
        (("--erase", "--by", "s1001", "--reason", f"of {ALICE.phone}"), "no telephone number"),
        ((), "--export FILE or --erase"),
        ((*ERASE, "--export", "x"), "--export FILE or --erase"),
        (ERASE, "add --yes"),
    ):
        result = demo.run("records", "person", "--case", ALICE.reference, *words)
        assert result.exit_code != 0
        assert told in result.stderr
    assert "person_erased" not in demo.says("log", "--no-follow")
