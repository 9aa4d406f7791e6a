import json

import pytest
from twilio.request_validator import RequestValidator

from bot.simulator import PhoneNetwork, VirtualClock, signature
from bot.simulator.webhooks.request import json_signature
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN, TUESDAY_AT_TEN, signed, twiml


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ],
)
def test_the_classic_worked_examples(caller, expected):
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    params = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", caller),
        ("Digits", "1234"),
        ("From", caller),
        ("To", "+18005551212"),
    ]

    assert signature("12345", url, params) == expected


def test_todays_worked_example():
    """d:usage/security; it names its token, unlike those of other pages."""
    params = [
        ("Digits", "1234"),
        ("To", "+18005551212"),
        ("From", "+14158675310"),
        ("Caller", "+14158675310"),
        ("CallSid", "CA1234567890ABCDE"),
    ]

    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, params) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_repeated_names_and_escapes_are_signed(network, service):
    network.own(DESK, sms_url=f"{BASE}/text/received?name=%7Euser%2F%C3%BC&port=1#rc=2")
    network.text(ALICE, DESK, "é & ü = 100 %")

    (request,) = service.requests
    assert request.url == f"{BASE}/text/received?name=%7Euser%2F%C3%BC&port=1"
    assert signed(request)


def test_values_of_one_name_are_sorted_and_made_unique():
    once = signature(TOKEN, BASE, [("To", "b"), ("To", "a")])

    assert signature(TOKEN, BASE, [("To", "a"), ("To", "b"), ("To", "a")]) == once
    assert signature(TOKEN, BASE, [("To", "a")]) != once


@pytest.fixture
def sent():
    """The one request that a call to, or a text to, the service at that URL makes."""

    def sent(url, what):
        requests = []
        network = PhoneNetwork(
            SID,
            TOKEN,
            VirtualClock(TUESDAY_AT_TEN),
            deliver=lambda request: requests.append(request) or twiml(""),
        )
        network.own(DESK, url, url)
        if what == "call":
            network.dial(ALICE, DESK)
            network.run_until_quiet()
        else:
            network.text(ALICE, DESK, "Hello")
        (request,) = requests
        return request

    return sent


@pytest.mark.parametrize(
    ("scheme", "what", "host"),
    [
        ("https", "call", "desk.example"),  # dropped
        ("http", "call", "desk.example:8443"),
        ("https", "text", "desk.example:8443"),
        ("http", "text", "desk.example:8443"),
    ],
)
def test_the_port_in_the_signature(sent, scheme, what, host):
    """d:usage/security, "A few notes"."""
    request = sent(f"{scheme}://me:secret@desk.example:8443/here?a=1#rc=2", what)

    assert request.url == f"{scheme}://desk.example:8443/here?a=1"
    expected = signature(TOKEN, f"{scheme}://{host}/here?a=1", request.params)
    assert request.headers["X-Twilio-Signature"] == expected


def test_a_get_signs_its_query_and_no_form(network, service):
    service.answer("/call/received", '<Redirect method="GET">/next?b=%7E</Redirect>')
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    (request,) = [each for each in service.requests if "/next" in each.url]
    assert request.url.startswith(f"{BASE}/next?b=%7E&CallSid=CA")
    assert request.headers["X-Twilio-Signature"] == signature(TOKEN, request.url, [])
    assert request.body == b""
    assert "Content-Type" not in request.headers


def test_a_json_body_is_hashed_into_the_url():
    body = json.dumps({"CallSid": "CA1234567890ABCDE"}).encode()
    url, signed = json_signature(TOKEN, f"{BASE}/flow?a=1", body)

    validator = RequestValidator(TOKEN)
    assert url.startswith(f"{BASE}/flow?a=1&bodySHA256=")
    assert validator.validate(url, body.decode(), signed)
    assert not validator.validate(url, body.decode() + " ", signed)


def test_what_every_webhook_carries(network, service):
    network.text(ALICE, DESK, "Hello")
    network.text(ALICE, DESK, "Hello")

    first, second = (request.headers for request in service.requests)
    assert first["User-Agent"] == "TwilioProxy/1.1"
    assert first["Accept"] == "*/*"
    assert first["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert first["I-Twilio-Idempotency-Token"] != second["I-Twilio-Idempotency-Token"]
