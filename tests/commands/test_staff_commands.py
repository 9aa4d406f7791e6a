"""`ringback staff` on a terminal: the first import, then Ada the administrator by her number."""

import re

import pytest

import webhooks
from bot.demo.staff import enrol_everybody
from bot.records import SAMPLE_STAFF
from bot.settings import Settings

HEADER = "number,name,roles,desk"
NINA = "s1009,Nina Newcomer,officer,main"


@pytest.fixture
def nina(tmp_path) -> str:
    path = tmp_path / "staff.csv"
    path.write_text(f"{HEADER}\n{NINA}\n")
    return str(path)


@pytest.fixture
def demo(demo):
    """The samples are on the list too, and nobody has enrolled."""
    demo.says("staff", "import", str(SAMPLE_STAFF))
    return demo


@pytest.fixture
def enrolled(demo):
    """Everybody of the samples can sign in, so that a change needs an administrator."""
    runtime = webhooks.connect(Settings.from_env(demo.environment))
    enrol_everybody(runtime)
    runtime.store.close()
    return demo


def row_of(told: str, number: str) -> str:
    return next(line for line in told.splitlines() if f" {number} " in line)


def lines(terminal) -> list[str]:
    """What the flow log says of staff."""
    told = terminal.says("log", "--no-follow", "--last", "100")
    return [line for line in told.splitlines() if "staff" in line]


def test_a_dry_run_tells_and_writes_nothing(demo, nina):
    told = demo.says("staff", "import", nina, "--dry-run")

    assert "joins    s1009" in told
    assert "1 join, 0 change, 0 leave, 0 stay as they are." in told
    assert "Nothing was written." in told
    assert "s1009" not in demo.says("staff", "list")


def test_nina_is_imported_invited_and_shown(demo, nina):
    assert "joins    s1009" in demo.says("staff", "import", nina)

    listed = demo.says("staff", "list")
    assert "not enrolled" in row_of(listed, "s1009")
    assert "Nina" not in listed
    assert "Nina Newcomer" in demo.says("staff", "show", "s1009")

    result = demo.run("staff", "invite", "s1009")
    assert re.fullmatch(r"[A-Z2-7-]{29}\n", result.stdout)
    assert "Give it to s1009 alone. It is good once, for 48 hours" in result.stderr
    assert result.stdout.strip() not in demo.says("staff", "show", "s1009")
    assert len([line for line in lines(demo) if "s1009" in line]) == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("s1009,=1+1,officer,main", "line 2: name: begins as a formula does"),
        ("s1009,Nina,king,main", "line 2: roles: not a role"),
        ("s1009,Nina,officer,moon", "line 2: desk: not a desk of policy.toml"),
        ("s1009,Nina,officer", "line 2: 3 columns where the header has 4"),
    ],
)
def test_one_bad_row_and_nothing_is_imported(demo, tmp_path, row, why):
    path = tmp_path / "staff.csv"
    path.write_text(f"{HEADER}\n{NINA.replace('s1009', 's1010')}\n{row}\n")

    result = demo.run("staff", "import", str(path))

    assert result.exit_code == 1
    assert why.replace("line 2", "line 3") in result.stderr
    assert "Traceback" not in result.stderr
    assert "s1010" not in demo.says("staff", "list")


def test_a_complete_file_asks_before_anybody_leaves(demo, nina):
    refused = demo.run("staff", "import", nina, "--complete")
    assert refused.exit_code == 2
    assert "add --yes" in refused.stderr

    assert "leaves   s1001" in demo.says("staff", "import", nina, "--complete", "--yes")
    assert "s1001" not in demo.says("staff", "list")
    assert "s1001" in demo.says("staff", "list", "--left")


def test_once_there_is_an_administrator_a_change_is_hers(enrolled, nina):
    for words in (
        ("staff", "import", nina),
        ("staff", "invite", "s1001"),
        ("staff", "leave", "s1001"),
        ("staff", "return", "s1001"),
        ("staff", "reassign", "s1001", "--manager", "s1003"),
        ("staff", "leave-of-absence", "s1001"),
    ):
        result = enrolled.run(*words)
        assert result.exit_code == 1, words
        assert "say who does it: --by NUMBER, of an administrator" in result.stderr
        result = enrolled.run(*words, "--by", "s1002")
        assert result.exit_code == 1, words
        assert "s1002 has no role that may change the staff list" in result.stderr

    enrolled.says("staff", "import", nina, "--by", "s1007")
    assert "s1007" in lines(enrolled)[-1]


def test_olga_is_reassigned_away_leaves_and_returns(enrolled):
    by = ("--by", "s1007")
    assert "signs in anew" in enrolled.says("staff", "reassign", "s1003", "--manager", "s1006", *by)
    assert "s1006" in row_of(enrolled.says("staff", "list"), "s1003")
    days = ("--from", "2020-01-01", "--until", "2100-01-01")
    assert "is away then" in enrolled.says("staff", "leave-of-absence", "s1003", *days, *by)
    assert "to" in row_of(enrolled.says("staff", "list"), "s1003")
    assert "is not on leave" in enrolled.says("staff", "leave-of-absence", "s1003", *by)
    assert "is signed out" in enrolled.says("staff", "leave", "s1003", *by)
    assert "s1003" in enrolled.says("staff", "list", "--left")
    assert "is back" in enrolled.says("staff", "return", "s1003", *by)
    assert "not enrolled" in row_of(enrolled.says("staff", "list"), "s1003")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("show", "s9999"), 1, "nobody has the staff number s9999; see `ringback staff list`"),
        (("invite", "s9999"), 1, "nobody has the staff number s9999"),
        (("return", "s9999"), 1, "nobody had the staff number s9999"),
        (("reassign", "s1001"), 2, "give --desk, --manager, or both"),
        (("reassign", "s1001", "--desk", "moon"), 2, "no desk of policy.toml"),
        (("reassign", "s1001", "--manager", "s1001"), 1, "their own manager"),
        (("leave-of-absence", "s1001", "--from", "2026-01-02"), 2, "a later --until"),
        (("code", "s1001"), 1, "s1001 has not enrolled: `ringback staff invite`"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(demo, words, code, why):
    result = demo.run("staff", *words)
    assert result.exit_code == code
    assert why in result.stderr
    assert "Traceback" not in result.stderr


def test_in_the_demo_the_terminal_shows_what_a_telephone_would(enrolled):
    assert re.fullmatch(r"\d{6}\n", enrolled.says("staff", "code", "s1002"))


def test_the_doctor_says_who_must_enrol_first(demo):
    told = demo.says("doctor")
    assert "warn    staff: nobody has enrolled yet" in told
    assert "→ `ringback staff invite s1007`" in told


def test_the_doctor_says_who_has_enrolled(enrolled):
    assert "staff: 8 work here, 8 have enrolled" in enrolled.says("doctor")
