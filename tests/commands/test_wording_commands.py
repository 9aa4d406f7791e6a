"""`ringback wording`: what each command shows, asks and refuses. Ada writes, Grace approves."""

import pytest

FAREWELL = '[common.goodbye]\naudience = "any_ears"\ntext = "Thank you. Farewell."\n'


def test_every_item_is_listed_with_its_length(demo):
    told = demo.says("wording", "list")

    assert "outbound_call.voicemail" in told and "questions" in told
    (voicemail,) = [line for line in told.splitlines() if "outbound_call.voicemail" in line]
    assert voicemail.split()[:3] == ["outbound_call.voicemail", "machine", "never"]
    assert 15 < int(voicemail.split()[-1]) < 40
    assert "0 of " in told
    assert "The demo speaks its words without; production would not." in told


def test_a_text_on_its_way_from_its_author_to_a_withdrawal(demo):
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")
    assert "common.goodbye" in demo.says("wording", "list", "--state", "submitted")

    told = demo.says("wording", "approve", "common.goodbye", "--as", "grace", "--yes")
    assert "Thank you. Goodbye." in told  # what is approved is shown
    (line,) = [
        line
        for line in demo.says("wording", "list", "--state", "approved").splitlines()
        if line.strip().startswith("common.")
    ]
    assert "grace, for ada" in line

    told = demo.says("wording", "withdraw", "common.goodbye", "--as", "grace", "--yes")
    assert "common.goodbye en v1 withdrawn by grace." in told
    assert "nothing is dialled" in told
    assert "for ada" not in demo.says("wording", "list", "--state", "withdrawn")
    assert "The demo receives only: common.goodbye withdrawn." in demo.says("wording", "list")
    assert "only receives, in the demo too" in demo.says("doctor")

    history = demo.says("wording", "show", "common.goodbye").splitlines()
    (row,) = [line for line in history if line.strip().startswith("1 ")]
    assert "(configured)" in row and "ada," in row and row.count("grace,") == 2
    assert "common.goodbye@" in demo.says("log", "--no-follow")


def test_show_tells_what_a_text_is(demo):
    told = demo.says("wording", "show", "outbound_call.voicemail")

    assert "This is a message for {full_name}." in told
    assert "audience  machine" in told
    assert "fields    full_name, service_number, desk_hours" in told
    assert "lint      nothing in it offends machine" in told


def test_columns_that_say_nothing_are_left_out(demo):
    (heading,) = [row for row in demo.says("wording", "list").splitlines() if " item " in row]
    assert heading.split() == ["item", "audience", "state", "seconds"]

    demo.says("wording", "submit", "common.goodbye", "--as", "ada")
    (heading,) = [row for row in demo.says("wording", "list").splitlines() if " item " in row]
    assert heading.split() == ["item", "audience", "version", "state", "by", "when", "seconds"]


def test_of_altered_questions_only_the_lines_that_differ_are_shown(demo, tmp_path):
    demo.says("wording", "submit", "questions", "--as", "ada")
    demo.says("wording", "approve", "--all", "--as", "grace", "--yes")
    (tmp_path / "verification.toml").write_text("[budget]\nfailed = 2\n")
    demo.environment["RINGBACK_CONFIG_DIR"] = str(tmp_path)

    told = demo.says("wording", "diff", "questions")

    assert "budget.failed = [-3-]{+2+}" in told
    assert "birth_date: kind date" not in told


def test_show_tells_what_is_asked(demo):
    told = demo.says("wording", "show", "questions")

    assert "contact.inbound.pass = 5" in told
    assert "birth_date: kind date" in told


def test_diff_shows_what_was_altered_word_by_word(demo, tmp_path):
    assert "Nothing is approved. Configured:\nThank you." in demo.says(
        "wording", "diff", "common.goodbye"
    )
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")
    demo.says("wording", "approve", "--all", "--as", "grace", "--yes")
    assert "As approved in version 1." in demo.says("wording", "diff", "common.goodbye")

    (tmp_path / "wording.en.toml").write_text(FAREWELL)
    demo.environment["RINGBACK_CONFIG_DIR"] = str(tmp_path)

    told = demo.says("wording", "diff", "common.goodbye")
    assert "Thank you. [-Goodbye-]{+Farewell+}." in told
    assert "\x1b[" not in told


def test_the_newest_version_is_the_one_that_is_approved(demo, tmp_path):
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")
    (tmp_path / "wording.en.toml").write_text(FAREWELL)
    demo.environment["RINGBACK_CONFIG_DIR"] = str(tmp_path)
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")

    told = demo.says("wording", "approve", "--all", "--as", "grace", "--yes")

    assert "version 2 by ada" in told and "Farewell" in told
    assert "version 1" not in told


def test_whoever_approves_sees_that_it_is_not_what_is_configured_here(demo, tmp_path):
    (tmp_path / "wording.en.toml").write_text(FAREWELL)
    told = demo.run(
        "wording", "submit", "common.goodbye", "--as", "ada", RINGBACK_CONFIG_DIR=str(tmp_path)
    )
    assert told.exit_code == 0

    told = demo.says("wording", "approve", "--all", "--as", "grace", "--yes")

    assert "It is not what is configured here." in told


@pytest.mark.parametrize("decision", ["approve", "withdraw"])
def test_where_nobody_can_be_asked_yes_must_be_said(demo, decision):
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")

    result = demo.run("wording", decision, "common.goodbye", "--as", "grace", typed="y\n")

    assert (result.exit_code, result.stdout) == (2, "")  # nothing is shown in vain
    assert "add --yes" in result.stderr
    assert "common.goodbye" in demo.says("wording", "list", "--state", "submitted")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["submit", "--as", "ada"], 2, "Name items, or say --all"),
        (["submit", "--all", "common.goodbye", "--as", "ada"], 2, "Name items, or say --all"),
        (["submit", "common.goodby", "--as", "ada"], 2, "no item common.goodby"),
        (["submit", "common.goodbye", "--language", "cy", "--as", "ada"], 2, "in cy"),
        (["submit", "--all", "--as", "grace"], 1, "grace is none of the authors"),
        (["approve", "common.goodbye", "--as", "grace"], 2, "nothing of it waits"),
        (["withdraw", "common.goodbye", "--as", "grace"], 2, "nothing of it is approved"),
        (["show", "nothing"], 2, "no item nothing"),
    ],
)
def test_what_cannot_be_done_is_told(demo, words, code, told):
    result = demo.run("wording", *words)

    assert result.exit_code == code
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_ada_is_told_before_she_reads_on_that_she_may_not_approve(demo):
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")

    result = demo.run("wording", "approve", "--all", "--as", "ada", "--yes")

    assert result.exit_code == 1
    assert "ada is none of the approvers in policy.toml: grace" in result.stderr
    assert "Goodbye" not in result.stdout


def test_words_that_offend_are_shown_of_every_text_at_once(terminal, tmp_path):
    (tmp_path / "wording.en.toml").write_text(
        '[common.goodbye]\naudience = "any_ears"\ntext = "Pay your debt. Goodbye."\n'
        '[desk.connecting]\naudience = "unverified"\ntext = "It is about your tax."\n'
    )

    result = terminal.run(
        "wording", "submit", "--all", "--as", "ada", RINGBACK_CONFIG_DIR=str(tmp_path)
    )

    assert result.exit_code == 2
    assert "2 not fit for their ears" in result.stderr
    assert "common.goodbye: not for any_ears: has words of a case: pay, debt" in result.stderr
    assert "desk.connecting: not for unverified: has words of a case: tax" in result.stderr


def test_list_and_submit_need_no_redis(terminal):
    nowhere = {"RINGBACK_REDIS_URL": "redis://127.0.0.1:1/0"}

    submitted = terminal.run("wording", "submit", "--all", "--as", "ada", **nowhere)

    again = terminal.run("wording", "submit", "--all", "--as", "ada", **nowhere)

    assert submitted.exit_code == again.exit_code == 0
    assert again.stdout == "Nothing to submit: all of it is submitted or approved.\n"
    assert terminal.run("wording", "list", **nowhere).exit_code == 0
    result = terminal.run("wording", "approve", "--all", "--as", "grace", "--yes", **nowhere)
    assert result.exit_code == 1 and "ringback doctor" in result.stderr


@pytest.mark.parametrize("command", ["list", "show", "diff", "submit", "approve", "withdraw"])
def test_each_has_its_own_help(terminal, command):
    assert f"Usage: ringback wording {command}" in terminal.says("wording", command, "--help")


def test_no_summary_is_cut_off(terminal):
    assert "..." not in terminal.says("wording", "--help").split("Commands:")[1]
