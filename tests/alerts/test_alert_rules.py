"""Addresses of a desk: refused with file, key and reason, where nothing can or may be sent."""

from pathlib import Path

import pytest

from bot.alerts import refuse_alerts_that_cannot_go
from bot.errors import ConfigError
from bot.policy import Policy
from bot.settings import Settings
from tests.alerts.conftest import KEY_TEXT, production

BOTH = {"RINGBACK_ALERT_WEBHOOK_KEY": KEY_TEXT, "RINGBACK_SMTP_URL": "smtp://mail.example"}
MAIL = 'email = "desk@dept.example"\nsender = "ringback@dept.example"'


def policy(folder: Path, alerts: str) -> Policy:
    (folder / "policy.toml").write_text(f"[desk.main.alerts]\n{alerts}\n")
    return Policy.load(folder)


@pytest.mark.parametrize(
    ("alerts", "key", "reason"),
    [
        ('webhook = "file:///etc/hosts"', "webhook", "not an address of the form"),
        ('webhook = "gopher://tasks.example"', "webhook", "not an address of the form"),
        ('webhook = "https://u:s3cret@tasks.example"', "webhook", "without a user"),
        ('webhook = "https://"', "webhook", "not an address of the form"),
        ('webhook = "https://tasks.example/a b"', "webhook", "not an address of the form"),
        ('webhook = "https://tasks.example:port/"', "webhook", "not an address of the form"),
        ('manager_webhook = "tasks.example"', "manager_webhook", "not an address of the form"),
        ('email = "desk"', "email", "not one plain e-mail address"),
        ('email = "a@b.example, c@d.example"', "email", "not one plain e-mail address"),
        ('email = "a@b.example\\nBcc: m@b.example"', "email", "not one plain e-mail address"),
        ('manager_email = "Omar <a@b.example>"', "manager_email", "not one plain e-mail address"),
        ('email = "desk@dept.example"', "alerts", "needs a `sender`"),
        ('tell = ["loud"]', "tell", "Input should be 'urgent'"),
        ("urgent_again_minutes = 0", "urgent_again_minutes", "greater than or equal to 1"),
        ('webhok = ""', "webhok", "unknown key"),
    ],
)
def test_a_bad_address_stops_the_start_by_its_key(tmp_path, alerts, key, reason):
    with pytest.raises(ConfigError) as refused:
        policy(tmp_path, alerts)

    assert key in refused.value.key
    assert reason in refused.value.reason
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("alerts", "profile", "env", "reason"),
    [
        ('webhook = "https://t.example"', "demo", {}, "needs RINGBACK_ALERT_WEBHOOK_KEY"),
        (MAIL, "demo", {}, "needs RINGBACK_SMTP_URL"),
        ('webhook = "http://t.example"', "production", BOTH, "production needs https"),
        ('webhook = "HTTP://t.example"', "production", BOTH, "production needs https"),
    ],
)
def test_an_address_that_nothing_can_be_sent_to_stops_the_start(
    tmp_path, alerts, profile, env, reason
):
    settings = Settings.from_env({"RINGBACK_DATA_DIR": str(tmp_path), **env})
    settings = production(settings) if profile == "production" else settings

    with pytest.raises(ConfigError, match=reason):
        refuse_alerts_that_cannot_go(policy(tmp_path, alerts), settings)


def test_a_desk_with_all_it_needs_may_start(tmp_path):
    settings = production(Settings.from_env({"RINGBACK_DATA_DIR": str(tmp_path), **BOTH}))
    named = policy(tmp_path, f'webhook = "https://t.example/tasks?desk=main"\n{MAIL}')

    refuse_alerts_that_cannot_go(named, settings)


def test_the_packaged_rules_tell_nobody_and_need_nothing(tmp_path):
    settings = Settings.from_env({"RINGBACK_DATA_DIR": str(tmp_path)})

    refuse_alerts_that_cannot_go(Policy.load(), settings)


def test_no_secret_of_an_alert_shows_when_settings_are_printed():
    env = BOTH | {"RINGBACK_SMTP_URL": "smtp://u:s3cret@mail.example"}
    shown = repr(Settings.from_env(env))

    assert "s3cret" not in shown
    assert KEY_TEXT not in shown


def test_both_secrets_may_come_from_files(tmp_path):
    env = {"RINGBACK_DATA_DIR": str(tmp_path)}
    for name, value in BOTH.items():
        (tmp_path / name).write_text(f"{value}\n")
        env[f"{name}_FILE"] = str(tmp_path / name)

    settings = Settings.from_env(env)

    assert (settings.alert_webhook_key, settings.smtp_url) == tuple(BOTH.values())
