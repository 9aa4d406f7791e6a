"""Files of cases and of missed calls: imported whole, or not at all and with every reason."""

from bot.commands.cases import CASE_COLUMNS, MISSED_CALL_COLUMNS, known_of
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.records.case_sheet import ANSWER, case_readers, missed_call_readers
from tests.commands.conftest import SAMPLES


def test_the_sample_files_go_in(terminal):
    told = terminal.says("cases", "import", str(SAMPLES / "sample_cases.csv"))
    missed = terminal.says("cases", "import-missed-calls", str(SAMPLES / "sample_missed_calls.csv"))

    assert told.startswith("8 cases imported")
    assert missed.startswith("3 missed calls imported")


def test_every_bad_row_is_told_with_its_reason_and_nothing_goes_in(terminal, tmp_path):
    sheet = (SAMPLES / "sample_cases.csv").read_text().splitlines()
    sheet[2] = sheet[2].replace("100000025", "100000026")
    sheet[4] = sheet[4].replace("scotland", "scottland")
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join(sheet))

    result = terminal.run("cases", "import", str(bad))

    assert result.exit_code == 1
    assert "nothing was imported" in result.stderr
    assert "line 3: reference: wrong check digit" in result.stderr
    assert "line 5: nation: not a known nation" in result.stderr
    refused = terminal.run("ring", "100000017", "--officer", "s1001")
    assert "no case has the handle 100000017" in refused.stderr


def test_a_bad_row_shows_nothing_of_what_stands_in_it(terminal, tmp_path):
    sheet = (SAMPLES / "sample_cases.csv").read_text().splitlines()
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join([sheet[0], sheet[1].replace("alice,", "")]))

    result = terminal.run("cases", "import", str(bad))

    assert "Alice" not in result.output
    assert "7700" not in result.output


def test_every_column_that_is_read_is_documented(terminal):
    policy, questions = Policy.load(), QuestionSet.load().questions
    readers = case_readers(questions, known_of(policy), 0.0)

    plain = {name for name in readers if not name.startswith(ANSWER)}
    assert plain == set(CASE_COLUMNS)
    assert set(missed_call_readers(known_of(policy), 0.0)) == set(MISSED_CALL_COLUMNS)
    told = terminal.says("cases", "columns")
    assert all(name in told for name in [*readers, *MISSED_CALL_COLUMNS])
