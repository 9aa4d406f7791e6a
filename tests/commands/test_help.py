"""How the command line presents itself, and what it says when it cannot go on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTED = [
    *("demo", "serve", "console", "api", "work", "metrics", "simulate", "cases", "ring"),
    *("callbacks", "rules", "dialling", "tasks", "staff", "disclosures"),
    *("log", "search", "wording"),
    *("verification", "keys", "records", "backup", "restore"),
    *("play", "prove", "doctor"),
]


def test_the_commands_are_listed_in_the_order_in_which_they_are_met(terminal):
    told = terminal.says("--help").split("Commands:")[1].split("Settings")[0]

    assert [line.split()[0] for line in told.splitlines() if line.strip()] == LISTED
    assert "..." not in told, "a summary is cut off"


def test_every_command_has_its_own_help(terminal):
    for command in LISTED:
        assert terminal.says(command, "--help").startswith(f"Usage: ringback {command}")


def test_no_command_but_the_simulator_loads_the_simulator():
    loaded = "import sys, webhooks; print([m for m in sys.modules if m.startswith('bot.simul')])"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_missing_setting_is_named_with_its_next_step_and_no_trace(terminal):
    result = terminal.run("callbacks", RINGBACK_PROFILE="production")

    assert result.exit_code == 2
    assert "RINGBACK_REDIS_URL: production needs it. Set RINGBACK_REDIS_URL" in result.stderr
    assert "Traceback" not in result.output


def test_a_mistake_in_the_rules_is_named_by_file_and_key(terminal, tmp_path):
    (tmp_path / "policy.toml").write_text("[attempts]\nper_case = 9\n")

    result = terminal.run("callbacks", RINGBACK_CONFIG_DIR=str(tmp_path))

    assert result.exit_code == 2
    assert "policy.toml" in result.stderr
    assert "ringback doctor" in result.stderr


def test_a_store_that_does_not_answer_is_told_as_that(terminal):
    result = terminal.run("callbacks", RINGBACK_REDIS_URL="redis://127.0.0.1:1/0")

    assert result.exit_code == 1
    assert "ringback doctor" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", [["simulate", "--port", "0"], ["play", "inbound_call"]])
def test_production_refuses_the_simulator_by_name(terminal, command):
    production = {
        "RINGBACK_PROFILE": "production",
        "RINGBACK_PUBLIC_URL": "https://ringback.example",
        "RINGBACK_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "RINGBACK_TWILIO_AUTH_TOKEN": "12345",
        "RINGBACK_REDIS_URL": "redis://127.0.0.1:1/0",
        "RINGBACK_DATABASE_URL": "sqlite:////nowhere/records.sqlite",
        "RINGBACK_KEYS": "k1:" + "A" * 43 + "=",
        "RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED": "DPIA 7",
    }

    result = terminal.run(*command, **production)

    assert result.exit_code == 2
    assert "RINGBACK_PROFILE: the simulator rings invented phones" in result.stderr


@pytest.mark.parametrize("command", ["demo", "simulate"])
def test_in_production_the_demo_is_refused_with_one_reason(terminal, command):
    result = terminal.run(command, RINGBACK_PROFILE="production")

    assert result.exit_code == 2
    assert "RINGBACK_PROFILE: the simulator rings invented phones" in result.stderr
    assert "production needs it" not in result.stderr


@pytest.mark.parametrize(
    "command",
    [["prove"], ["verification", "strength"], ["wording", "say", "common.goodbye", "--out", "x"]],
)
def test_what_looks_at_rules_and_words_needs_no_other_setting(terminal, tmp_path, command):
    (tmp_path / "policy.toml").write_text("[attempts]\nper_case = 9\n")
    (tmp_path / "verification.toml").write_text("sampl = false\n")

    result = terminal.run(
        *command, RINGBACK_PROFILE="production", RINGBACK_CONFIG_DIR=str(tmp_path)
    )

    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr
    assert "production needs it" not in result.stderr


def test_a_setting_that_is_misspelt_is_told_there_too(terminal, tmp_path):
    result = terminal.run("verification", "strength", RINGBACK_CONFIG_DIRR=str(tmp_path))

    assert result.exit_code == 2
    assert "Did you mean RINGBACK_CONFIG_DIR?" in result.stderr


def test_a_command_ends_the_store_that_it_started(terminal):
    assert terminal.says("callbacks") == "No call is owed.\n"

    lines = (terminal.data_dir / "redis" / "valkey.log").read_text()
    assert "bye bye" in lines


def test_colours_stay_out_of_pipes():
    environment = {**os.environ, "TERM": "xterm-256color"}
    done = subprocess.run(
        [sys.executable, "-c", "import webhooks; webhooks.main()", "cases", "columns"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )

    assert b"\x1b[" not in done.stdout
