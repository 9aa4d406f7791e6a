"""Only Twilio may speak to us, on every route there is."""

import pytest
from twilio.request_validator import RequestValidator

from tests.house_in_memory import BASE, TOKEN, HouseInMemory, call_sid, text_sid
from tests.people import ALICE, SERVICE

FORM = {
    "CallSid": call_sid(1),
    "MessageSid": text_sid(1),
    "From": ALICE.phone,
    "To": SERVICE,
    "CallStatus": "ringing",
}
HEALTH = {"/healthz", "/readyz"}


def paths(house: HouseInMemory) -> list[str]:
    """Every path of the app, with something in the place of its variables."""
    return [
        rule.rule.replace("<desk>", "main").replace("<id>", call_sid(1)).replace("<turn>", "1")
        for rule in house.app.url_map.iter_rules()
    ]


def test_every_route_of_the_contract_is_there_and_no_other(house: HouseInMemory) -> None:
    assert {rule.rule for rule in house.app.url_map.iter_rules()} == HEALTH | {
        "/text/received",
        "/text/delivery",
        "/call/received",
        "/call/answered/<desk>/<id>",
        "/call/digits-pressed/<desk>/<id>/<turn>",
        "/call/machine-heard/<desk>/<id>",
        "/call/leg-ended/<desk>/<id>/<turn>",
        "/call/status",
        "/call/status/<desk>/<id>",
        "/call/again/<desk>/<id>",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "bm90IGEgc2lnbmF0dXJlIGF0IGFsbA=="},
        {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(f"{BASE}/other", FORM)},
        {"X-Twilio-Signature": "ü"},
    ],
    ids=["none", "empty", "wrong", "of another path", "no ASCII"],
)
def test_without_a_good_signature_nothing_happens(
    house: HouseInMemory, headers: dict[str, str]
) -> None:
    kept = house.everything()

    for path in set(paths(house)) - HEALTH:
        answer = house.client.post(path, data=FORM, headers=headers)
        assert answer.status_code == 403, path

    assert house.everything() == kept


def test_a_form_that_was_altered_on_the_way_is_refused(house: HouseInMemory) -> None:
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE}/text/received", FORM)

    answer = house.client.post(
        "/text/received", data=FORM | {"Body": "more"}, headers={"X-Twilio-Signature": signature}
    )

    assert answer.status_code == 403
    assert house.log() == []


def test_the_secondary_token_is_good_too(build) -> None:
    house = build(environment={"RINGBACK_TWILIO_AUTH_TOKEN_SECONDARY": "67890"})
    signature = RequestValidator("67890").compute_signature(f"{BASE}/text/received", FORM)

    answer = house.client.post(
        "/text/received", data=FORM, headers={"X-Twilio-Signature": signature}
    )

    assert answer.status_code == 200


def test_webhooks_are_posted_and_nothing_else(house: HouseInMemory) -> None:
    for path in set(paths(house)) - HEALTH:
        for method in (house.client.get, house.client.put, house.client.delete, house.client.head):
            assert method(path).status_code == 405, path
    assert house.log() == []


def test_a_body_without_measure_is_refused(house: HouseInMemory) -> None:
    assert house.post("/text/received", **FORM, Body="x" * 300_000).status_code in (403, 413)
    assert house.owed() == []
