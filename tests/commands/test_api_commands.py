"""`ringback api` on a terminal: a token is made, listed, revoked; the API serves and ends."""

import json
import re
import signal

import pytest

import webhooks
from bot.demo.staff import enrol_everybody
from bot.records import SAMPLE_STAFF
from bot.settings import Settings
from tests.commands.test_processes import ended, free_port, get, running, soon


@pytest.fixture
def department(demo):
    demo.says("staff", "import", str(SAMPLE_STAFF))
    runtime = webhooks.connect(Settings.from_env(demo.environment))
    enrol_everybody(runtime)
    runtime.store.close()
    return demo


def test_a_token_is_made_by_an_administrator_listed_and_revoked(department) -> None:
    made = department.run("api", "token", "payroll", "--scope", "callbacks:read", "--by", "s1007")
    assert re.fullmatch(r"[\w-]{43}\n", made.stdout)
    assert "kept as a hash" in made.stderr

    listed = department.says("api", "tokens")
    assert "payroll" in listed and "callbacks:read" in listed and "never" in listed
    again = department.run("api", "token", "payroll", "--scope", "callbacks:read", "--by", "s1007")
    assert "revoke it first" in again.stderr

    assert "opens nothing any more" in department.says("api", "revoke", "payroll", "--by", "s1007")
    assert department.run("api", "revoke", "payroll", "--by", "s1007").exit_code == 1
    logged = department.says("log", "--no-follow", "--last", "20")
    assert "api_token_made" in logged and "api_token_revoked" in logged


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("payroll", "--scope", "everything", "--by", "s1007"), "there are callbacks:read"),
        (("Pay roll", "--scope", "callbacks:read", "--by", "s1007"), "small letters"),
        (("payroll", "--scope", "callbacks:read", "--by", "s1001"), "no role with the right"),
        (("payroll", "--scope", "callbacks:read", "--by", "s9999"), "nobody has"),
        (("payroll", "--scope", "callbacks:read"), "--by"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(department, words, says) -> None:
    refused = department.run("api", "token", *words)
    assert refused.exit_code != 0
    assert says in refused.stderr.replace("\n", " ")


def test_the_api_is_a_process_of_its_own_and_ends_cleanly(department) -> None:
    port = free_port()
    with running(department, "api", "serve", "--port", str(port)) as serving:
        here = f"http://127.0.0.1:{port}"
        soon(lambda: get(f"{here}/healthz") != "", "it never answered")
        document = json.loads(get(f"{here}/v1/openapi.json"))
        code, told = ended(serving, signal.SIGTERM)
    assert document["openapi"] == "3.1.0"
    assert code in (0, -signal.SIGTERM), told  # uvicorn ends by the signal, after the last answer
    assert "Traceback" not in told
