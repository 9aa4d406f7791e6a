"""Alerts by webhook, to a real server: signed, telling nothing, bounded in time."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from bot.alerts import webhook_keys
from bot.delivery import RealCourier
from bot.errors import ConfigError, NotDelivered
from tests.alerts.conftest import (
    BOB_WANTS_A_PERSON,
    IMPATIENT,
    KEY,
    KEY_TEXT,
    alert,
    settings_with_key,
)
from tests.alerts.receivers import Posted, certificate, closed_port, web
from tests.house_in_memory import TUESDAY_AT_TEN


def signed_by(key: bytes, posted: Posted) -> bool:
    """What a receiver does, by the page of Standard Webhooks."""
    headers = posted.headers
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + posted.body
    mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{mac}" in headers["webhook-signature"].split(" ")


def test_bobs_task_is_told_signed_and_with_nothing_of_his(courier, receiver):
    courier().webhook(receiver.url + "/tasks?desk=main", alert(), TUESDAY_AT_TEN)

    (posted,) = receiver.posted
    assert posted.path == "/tasks?desk=main"
    assert signed_by(KEY, posted)
    assert posted.headers["webhook-timestamp"] == str(int(TUESDAY_AT_TEN))
    assert json.loads(posted.body) == {
        "type": "task.raised",
        "id": alert().id,
        "task": BOB_WANTS_A_PERSON.public_id,
        "reason": "wants_person",
        "priority": "urgent",
        "desk": "main",
        "raised_at": "2026-09-15T10:00:00Z",
        "due_at": "2026-09-15T11:00:00Z",
        "step": 0,
    }


def test_the_signature_is_the_one_of_the_published_example():
    """github.com/standard-webhooks: the example of its reference libraries."""
    key = webhook_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")[0]
    body = b'{"test": 2432232314}'
    signed = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + body
    mac = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()

    assert mac == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("part", ["body", "webhook-id", "webhook-timestamp"])
def test_what_mallory_alters_does_not_fit_the_signature(courier, receiver, part):
    courier().webhook(receiver.url, alert(), TUESDAY_AT_TEN)
    (posted,) = receiver.posted

    if part == "body":
        posted.body = posted.body.replace(b"urgent", b"normal")
    else:
        posted.headers[part] = "1" + posted.headers[part][1:] + "1"

    assert not signed_by(KEY, posted)


def test_a_repeat_has_the_same_id_and_another_step_another(courier, receiver):
    for step, now in ((0, 0.0), (0, 60.0), (1, 120.0)):
        courier().webhook(receiver.url, alert(step), TUESDAY_AT_TEN + now)

    ids = [posted.headers["webhook-id"] for posted in receiver.posted]
    assert ids[0] == ids[1] != ids[2]
    assert json.loads(receiver.posted[2].body)["type"] == "task.raised_again"


def test_while_keys_are_changed_both_sign(courier, receiver):
    old = "whsec_" + base64.b64encode(b"o" * 24).decode()

    made = courier(ALERT_WEBHOOK_KEY=f"{KEY_TEXT}, {old}")
    made.webhook(receiver.url, alert(), TUESDAY_AT_TEN)

    assert signed_by(KEY, receiver.posted[0])
    assert signed_by(b"o" * 24, receiver.posted[0])


@pytest.mark.parametrize("text", ["s3cret", "whsec_c2hvcnQ=", "whsec_!!!", "Zm9v" * 20])
def test_a_bad_key_is_refused_and_not_shown(text):
    with pytest.raises(ConfigError) as refused:
        webhook_keys(text)

    assert refused.value.key == "RINGBACK_ALERT_WEBHOOK_KEY"
    assert text not in str(refused.value)


# Receivers that fail


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410, 429, 500, 503])
def test_what_is_no_acknowledgement_is_told_and_no_redirect_followed(courier, receiver, status):
    receiver.answers = [status]

    with pytest.raises(NotDelivered, match=f"HTTP {status}"):
        courier().webhook(receiver.url, alert(), TUESDAY_AT_TEN)

    assert len(receiver.posted) == 1


@pytest.mark.parametrize("manner", ["hang", "drip", "drop"])
def test_a_slow_receiver_costs_a_bounded_time(courier, receiver, manner):
    receiver.answers = [manner]
    began = time.monotonic()

    with pytest.raises(NotDelivered, match="no answer in time|cut off"):
        courier().webhook(receiver.url, alert(), TUESDAY_AT_TEN)

    assert time.monotonic() - began < IMPATIENT + 2


def test_a_slow_receiver_behind_tls_does_too(courier, safe_receiver):
    safe_receiver.answers = ["drip"]
    began = time.monotonic()

    with pytest.raises(NotDelivered):
        courier().webhook(safe_receiver.url, alert(), TUESDAY_AT_TEN)

    assert time.monotonic() - began < IMPATIENT + 2


def test_nobody_at_home(courier):
    with pytest.raises(NotDelivered, match="connection refused"):
        courier().webhook(f"http://127.0.0.1:{closed_port()}/", alert(), TUESDAY_AT_TEN)


def test_a_host_that_there_is_not(courier):
    with pytest.raises(NotDelivered, match="no such host"):
        courier().webhook("http://tasks.invalid/", alert(), TUESDAY_AT_TEN)


# TLS


def test_production_posts_to_a_certificate_that_it_trusts(courier, safe_receiver):
    courier(profile="production").webhook(safe_receiver.url, alert(), TUESDAY_AT_TEN)

    assert signed_by(KEY, safe_receiver.posted[0])


def test_production_posts_nothing_in_clear(courier, receiver):
    with pytest.raises(NotDelivered, match="not https"):
        courier(profile="production").webhook(receiver.url, alert(), TUESDAY_AT_TEN)

    assert receiver.posted == []


def test_a_certificate_of_nobody_we_trust_is_told_nothing(courier, safe_receiver):
    with pytest.raises(NotDelivered, match="certificate refused"):
        courier(trusts=False).webhook(safe_receiver.url, alert(), TUESDAY_AT_TEN)

    assert safe_receiver.posted == []


def test_a_certificate_for_another_name_is_told_nothing(tmp_path):
    server, trust = certificate(tmp_path, "mallory.example")
    trusting = RealCourier(settings_with_key(tmp_path), authorities=trust, seconds=IMPATIENT)
    with web(server) as receiver, pytest.raises(NotDelivered, match="for another name") as told:
        trusting.webhook(receiver.url, alert(), TUESDAY_AT_TEN)

    assert "localhost" not in str(told.value)
    assert receiver.posted == []


@pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://127.0.0.1/", "gopher://127.0.0.1/"])
def test_only_http_is_spoken(courier, url):
    with pytest.raises(NotDelivered, match="no way to post"):
        courier().webhook(url, alert(), TUESDAY_AT_TEN)


def test_a_proxy_of_the_environment_is_not_asked(courier, receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")

    courier().webhook(receiver.url, alert(), TUESDAY_AT_TEN)

    assert len(receiver.posted) == 1
