"""Doctor says whether anybody is told of tasks, and where telling them fails."""

from dataclasses import replace

from bot.alert_health import note_failure, note_given_up, note_success
from bot.alerts import Channel
from bot.clock import Clock
from bot.doctor import Patient, examine, read_house
from bot.findings import Level
from bot.settings import Profile, Settings
from bot.storage.memory import MemoryStore
from tests.alerts.conftest import settings_with_key
from tests.house_in_memory import DESK, TUESDAY_AT_TEN
from webhooks import OUR_FLOWS

WEBHOOK = '[desk.main.alerts]\nwebhook = "https://tasks.example/"\n'


def findings(settings: Settings, store: MemoryStore, now: float = TUESDAY_AT_TEN) -> list:
    house, _ = read_house(settings, OUR_FLOWS)
    patient = Patient(settings=settings, store=store, clock=Clock(wall=lambda: now), house=house)
    return [one for one in examine(patient) if one.about == "tasks"]


def test_a_desk_that_tells_nobody_is_a_note_in_the_demo_and_a_warning_in_production(tmp_path):
    settings = settings_with_key(tmp_path)

    (in_demo,) = findings(settings, MemoryStore())
    (in_earnest,) = findings(replace(settings, profile=Profile.PRODUCTION), MemoryStore())

    assert "nobody is told of those of the desk main" in in_demo.found
    assert (in_demo.level, in_earnest.level) == (Level.NOTE, Level.WARN)
    assert in_earnest.next_step == "See docs/tasks.md"


def test_what_fails_and_what_was_given_up_is_told_until_it_is_well(tmp_path):
    (tmp_path / "policy.toml").write_text(WEBHOOK)
    settings = replace(
        settings_with_key(tmp_path, CONFIG_DIR=str(tmp_path)), profile=Profile.PRODUCTION
    )
    store = MemoryStore()
    assert findings(settings, store) == []

    note_failure(store, DESK, Channel.WEBHOOK, "answered with HTTP 500", TUESDAY_AT_TEN)
    note_failure(store, DESK, Channel.WEBHOOK, "no answer in time", TUESDAY_AT_TEN + 60)
    note_given_up(store, DESK, Channel.EMAIL, "connection refused", TUESDAY_AT_TEN)
    told = [one.found for one in findings(settings, store, TUESDAY_AT_TEN + 120)]
    assert told == [
        "the desk main, email: fails since 2 min ago (connection refused)",
        "the desk main, email: an alert was given up within the last week (connection refused)",
        "the desk main, webhook: fails since 2 min ago (no answer in time)",
    ]

    note_success(store, DESK, Channel.WEBHOOK)
    note_success(store, DESK, Channel.EMAIL)
    assert len(findings(settings, store)) == 1
    assert findings(settings, store, TUESDAY_AT_TEN + 8 * 86400) == []
