"""The environment: defaults of the demo, and every problem of production told at once."""

import base64

import pytest

from bot.settings import Profile, Settings
from bot.settings_known import SETTINGS
from bot.settings_refused import SettingsRefused

KEYS = "k1:" + base64.b64encode(bytes(32)).decode()
PRODUCTION = {
    "RINGBACK_PROFILE": "production",
    "RINGBACK_PUBLIC_URL": "https://calls.example.gov.uk",
    "RINGBACK_TWILIO_ACCOUNT_SID": "AC" + "1a" * 16,
    "RINGBACK_TWILIO_AUTH_TOKEN": "s3cret-token",
    "RINGBACK_REDIS_URL": "rediss://:s3cret-redis@redis:6379/0",
    "RINGBACK_DATABASE_URL": "postgresql+psycopg://u:s3cret-sql@db/ringback",
    "RINGBACK_KEYS": KEYS,
    "RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED": "DPIA 12/2027",
}


def problems(**changes: str | None) -> dict[str, str]:
    """Production with these changes (None unsets): name to reason of everything refused."""
    named = {f"RINGBACK_{name}": value for name, value in changes.items()}
    env = {name: value for name, value in {**PRODUCTION, **named}.items() if value is not None}
    with pytest.raises(SettingsRefused) as caught:
        Settings.from_env(env)
    return {problem.name: problem.reason for problem in caught.value.problems}


def test_the_demo_needs_nothing():
    settings = Settings.from_env({})

    assert settings.profile is Profile.DEMO
    assert settings.public_url == "http://127.0.0.1:8470"
    assert settings.redis_url is None
    assert settings.database_url == "sqlite:///.data/records.sqlite"


def test_no_secret_of_the_demo_is_written_in_the_code():
    settings = Settings.from_env({})

    assert (settings.keys, settings.twilio_auth_token) == (None, None)


def test_production_takes_what_it_needs():
    settings = Settings.from_env(PRODUCTION)

    assert settings.production
    assert settings.carrier_keeps_speech_accepted == "DPIA 12/2027"


def test_no_secret_shows_when_settings_are_printed():
    shown = repr(Settings.from_env(PRODUCTION)) + str(Settings.from_env(PRODUCTION))

    assert "s3cret" not in shown
    assert KEYS not in shown


def test_everything_that_production_lacks_is_told_at_once():
    with pytest.raises(SettingsRefused) as caught:
        Settings.from_env({"RINGBACK_PROFILE": "production"})

    told = {problem.name for problem in caught.value.problems}
    assert told == {setting.name for setting in SETTINGS if setting.needed_in_production}
    assert all(problem.reason and problem.next_step for problem in caught.value.problems)
    assert all(name in str(caught.value) for name in told)


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"RINGBACK_PROFILE"}))
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_an_empty_setting_is_a_missing_one(name, nothing):
    assert problems(**{name.removeprefix("RINGBACK_"): nothing}) == {name: "production needs it"}


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"PUBLIC_URL": "http://calls.example"}, "RINGBACK_PUBLIC_URL", "production needs https"),
        ({"PUBLIC_URL": "HTTP://calls.example"}, "RINGBACK_PUBLIC_URL", "production needs https"),
        ({"PUBLIC_URL": "calls.example"}, "RINGBACK_PUBLIC_URL", "not an address"),
        ({"PUBLIC_URL": "https://u:p@calls.example"}, "RINGBACK_PUBLIC_URL", "not an address"),
        ({"PUBLIC_URL": "https://calls.example/?a=b"}, "RINGBACK_PUBLIC_URL", "not an address"),
        ({"PUBLIC_URL": "https://calls.example:port"}, "RINGBACK_PUBLIC_URL", "not an address"),
        ({"TWILIO_API_URL": "http://127.0.0.1:9"}, "RINGBACK_TWILIO_API_URL", "Twilio itself"),
        ({"TWILIO_ACCOUNT_SID": "AC12"}, "RINGBACK_TWILIO_ACCOUNT_SID", "32 hexadecimal"),
        ({"KEYS": "k1:c2hvcnQ="}, "RINGBACK_KEYS", "needs 32 bytes, has 5"),
        ({"CONFIG_DIR": "/nowhere/at/all"}, "RINGBACK_CONFIG_DIR", "no directory"),
        ({"REDIS_URLL": "redis://x"}, "RINGBACK_REDIS_URLL", "no setting has this name"),
    ],
)
def test_production_refuses_by_name(changes, name, reason):
    found = problems(**changes)

    assert list(found) == [name]
    assert reason in found[name]


def test_a_misspelt_setting_is_told_its_nearest_name():
    with pytest.raises(SettingsRefused) as caught:
        Settings.from_env({"RINGBACK_TWILIO_AUTH_TOKN": "x"})

    assert caught.value.problems[0].next_step == "Did you mean RINGBACK_TWILIO_AUTH_TOKEN?"


def test_an_unknown_profile_is_refused():
    with pytest.raises(SettingsRefused, match="'prodution' is no profile"):
        Settings.from_env({"RINGBACK_PROFILE": "prodution"})


def test_a_key_without_its_id_is_not_shown_in_the_refusal():
    with pytest.raises(SettingsRefused) as caught:
        Settings.from_env({"RINGBACK_KEYS": "00ff" * 16})

    assert "00ff" not in str(caught.value)


@pytest.mark.parametrize("name", [s.name for s in SETTINGS if s.secret and s.needed_in_production])
def test_a_secret_may_come_from_a_file(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text(f"{PRODUCTION[name]}\n")
    env = {**PRODUCTION, f"{name}_FILE": str(file)}
    del env[name]

    assert Settings.from_env(env) == Settings.from_env(PRODUCTION)


def test_a_secret_named_twice_is_refused(tmp_path):
    assert problems(KEYS_FILE=str(tmp_path / "keys")) == {
        "RINGBACK_KEYS": "RINGBACK_KEYS_FILE is set as well"
    }


def test_a_file_that_cannot_be_read_is_told_once_and_by_name(tmp_path):
    found = problems(KEYS=None, KEYS_FILE=str(tmp_path / "nowhere"))

    assert list(found) == ["RINGBACK_KEYS_FILE"]
    assert "No such file" in found["RINGBACK_KEYS_FILE"]


def test_an_empty_file_is_no_secret(tmp_path):
    (tmp_path / "token").touch()

    found = problems(TWILIO_AUTH_TOKEN=None, TWILIO_AUTH_TOKEN_FILE=str(tmp_path / "token"))

    assert list(found) == ["RINGBACK_TWILIO_AUTH_TOKEN_FILE"]


def test_what_is_no_secret_has_no_file_form():
    assert list(problems(PUBLIC_URL_FILE="/x")) == ["RINGBACK_PUBLIC_URL_FILE"]
