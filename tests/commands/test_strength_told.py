"""`ringback verification strength`, and where else it is told that the checks are weak."""

import pytest

IDS = (
    "birth_date",
    "postcode_digits",
    "house_number",
    "insurance_digits",
    "moved_in",
    "phone_last4",
)
STRONG = "sample = false\n" + "\n".join(
    f'[[question]]\nid = "{id}"\nkind = "digits"\nlength = 6' for id in IDS
)


@pytest.fixture
def strong(tmp_path) -> str:
    (tmp_path / "verification.toml").write_text(STRONG)
    return str(tmp_path)


def rows(told: str) -> list[list[str]]:
    """The lines of a table, cell by cell, as they stand in a pipe."""
    return [
        [cell.strip() for cell in line.split("   ") if cell.strip()] for line in told.split("\n")
    ]


def test_the_samples_are_above_the_limit(terminal):
    result = terminal.run("verification", "strength")

    assert result.exit_code == 1
    assert "samples, production asks none of them" in result.stdout
    told = rows(result.stdout)
    assert [
        "house_number",
        "number",
        "1 in 30",
        "our own estimate: low numbers are the commonest",
    ] in told
    assert ["account_last4", "digits", "1 in 10,000", "one answer is as common as another"] in told
    assert "inbound: asks 6 of 9 questions, 5 must be right\n" in result.stdout
    assert ["none", "a call", "1 in 38 billion", "1 in 2 billion"] in told
    assert ["none", "a day", "1 in 12 billion", "1 in 791,757,049", "1 in 1,000,000"] in told
    assert ["2", "a day", "1 in 122", "1 in 39", "1 in 1,000: too weak"] in told
    assert "officer_present 1 in 2.4 a day; the most is 1 in 1,000" in result.stdout
    assert "Production receives only" in result.stdout


def test_strong_questions_are_within_it(terminal, strong):
    result = terminal.run("verification", "strength", RINGBACK_CONFIG_DIR=strong)

    assert result.exit_code == 0
    assert "Every limit of [strength] is kept." in result.stdout
    assert "3 failed tries in 24 h" in result.stdout
    assert "too weak" not in result.stdout


def test_the_limit_itself_may_be_set(terminal, tmp_path):
    loose = "[strength]\nguessing_one_in = 1_000\nknowing = 1\nknowing_one_in = 30\n"
    (tmp_path / "verification.toml").write_text(loose)

    result = terminal.run("verification", "strength", RINGBACK_CONFIG_DIR=str(tmp_path))

    assert result.exit_code == 0, result.stdout


def test_doctor_names_the_file_the_rule_the_reason_and_the_next_step(terminal):
    told = terminal.run("doctor").stdout

    line = next(line for line in told.splitlines() if "strength.knowing_one_in" in line)
    assert line.startswith("warn    strength: config/verification.toml: strength.knowing_one_in: ")
    assert "outbound 1 in 39 a day; the most is 1 in 1,000" in line
    assert "nothing is dialled" in line
    assert "→ Ask what is harder to guess" in line


def test_doctor_is_silent_about_checks_that_are_strong(terminal, strong):
    assert "strength:" not in terminal.run("doctor", RINGBACK_CONFIG_DIR=strong).stdout
