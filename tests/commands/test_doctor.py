"""Doctor: what is well, what is not, and what to do about it."""

import pytest

from bot.carrier import ListedCall
from bot.clock import Clock
from bot.doctor import Patient, examine, read_house
from bot.errors import CarrierError
from bot.findings import Level
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from webhooks import OUR_FLOWS


class Facts(MemoryStore):
    """A store that says this about its server."""

    def __init__(self, **facts: str) -> None:
        super().__init__()
        self._facts = {
            "server": "redis",
            "version": "7.2",
            "appendonly": "yes",
            "appendfsync": "always",
            "eviction": "noeviction",
        } | facts

    def ping(self):
        return self._facts


class Line:
    """A carrier that lists calls, or refuses to."""

    def __init__(self, error: CarrierError | None = None) -> None:
        self._error = error

    def calls_to(self, number, caller_id, since) -> list[ListedCall]:
        if self._error:
            raise self._error
        return []


PRODUCTION = {
    "RINGBACK_PROFILE": "production",
    "RINGBACK_PUBLIC_URL": "https://ringback.example",
    "RINGBACK_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "RINGBACK_TWILIO_AUTH_TOKEN": "12345",
    "RINGBACK_REDIS_URL": "redis://127.0.0.1:1/0",
    "RINGBACK_KEYS": "k1:" + "A" * 43 + "=",
    "RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED": "DPIA 7",
}


@pytest.fixture
def production(tmp_path) -> Settings:
    database = f"sqlite:///{tmp_path / 'records.sqlite'}"
    return Settings.from_env(PRODUCTION | {"RINGBACK_DATABASE_URL": database})


def findings(settings, store=None, clock=None, **other):
    house, _ = read_house(settings, OUR_FLOWS)
    patient = Patient(
        settings=settings, store=store or Facts(), clock=clock or Clock(), house=house, **other
    )
    return [*examine(patient)]


def of(found, level):
    return [f"{one.about}: {one.found} {one.next_step}" for one in found if one.level is level]


def test_a_demo_is_well(demo):
    demo.says("callbacks")

    told = demo.says("doctor")

    assert "problem" not in told
    for line in (
        "Redis: appendonly yes",
        "Redis: appendfsync always",
        "Redis: maxmemory-policy noeviction",
        "records: migrated to",
        "wording: approved for the desk main",
        "STOP, START and HELP",
        "request logs",
    ):
        assert line in told
    assert "a sample; in production texts are kept" in told


def test_settings_that_are_missing_are_problems_with_their_next_step(terminal):
    result = terminal.run("doctor", RINGBACK_PROFILE="production")

    assert result.exit_code == 1
    assert "problem RINGBACK_KEYS: production needs it → Set RINGBACK_KEYS" in result.stdout


def test_a_store_that_does_not_answer_hides_nothing_else(terminal):
    result = terminal.run("doctor", RINGBACK_REDIS_URL="redis://127.0.0.1:1/0")

    assert result.exit_code == 1
    assert "problem Redis" in result.stdout
    assert "Start it, or mend RINGBACK_REDIS_URL" in result.stdout
    assert "records: the database answers" in result.stdout


def test_a_mistake_in_config_is_a_problem(terminal, tmp_path):
    (tmp_path / "policy.toml").write_text("[attempts]\nper_case = 9\n")

    result = terminal.run("doctor", RINGBACK_CONFIG_DIR=str(tmp_path))

    assert result.exit_code == 1
    assert "problem config" in result.stdout
    assert "per_case" in result.stdout


@pytest.mark.parametrize(
    ("facts", "level", "told"),
    [
        ({"appendonly": "no"}, Level.PROBLEM, "Set appendonly yes"),
        ({"eviction": "allkeys-lru"}, Level.PROBLEM, "Set maxmemory-policy noeviction"),
        ({"appendfsync": "everysec"}, Level.WARN, "Set appendfsync always"),
        ({"appendfsync": "unknown"}, Level.WARN, "appendfsync is not told"),
    ],
)
def test_a_store_that_may_forget(production, facts, level, told):
    found = of(findings(production, Facts(**facts)), level)

    assert any(told in one for one in found)


def test_production_without_approval_receives_only(production):
    found = of(findings(production), Level.WARN)

    assert any(
        "not approved for the desk main" in one and "nothing is dialled" in one for one in found
    )


def test_a_clock_from_the_past_is_a_problem(production):
    found = findings(production, clock=Clock(wall=lambda: 0.0))

    assert any(one.startswith("clock: it says 01 January 1970") for one in of(found, Level.PROBLEM))


def test_tables_that_are_not_there_yet(production):
    assert any("tables at none" in one for one in of(findings(production), Level.WARN))


def test_the_carrier_is_asked_only_on_request(production):
    refused = Line(CarrierError("401 Authenticate", retryable=False))

    assert "carrier: not asked" in of(findings(production), Level.NOTE)[0]
    assert any("answers" in one for one in of(findings(production, carrier=Line()), Level.OK))
    assert any(
        "401" in one and "RINGBACK_TWILIO_AUTH_TOKEN" in one
        for one in of(findings(production, carrier=refused), Level.PROBLEM)
    )
