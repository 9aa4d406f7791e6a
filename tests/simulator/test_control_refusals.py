"""What the control pages refuse: 400 with a clear word, and nothing has changed."""

import pytest

from bot.simulator import PhoneNetwork, WallClock
from bot.simulator.server import simulator_app
from tests.simulator.scene import ALICE, DESK, SID, TOKEN

PERSON = {"kind": "person", "name": "Alice", "number": ALICE}


@pytest.fixture
def network(service):
    network = PhoneNetwork(SID, TOKEN, WallClock(), service)
    network.own(DESK)
    yield network
    network.close()


@pytest.fixture
def pages(network):
    return simulator_app(network).test_client()


@pytest.mark.parametrize(
    ("page", "asked", "word"),
    [
        ("POST /clock", {"seconds": 1e300}, "ten years"),
        ("POST /clock", {"seconds": -3600}, "not negative"),
        ("POST /clock", {"seconds": float("nan")}, "not negative"),
        ("POST /clock", {"seconds": float("inf")}, "not negative"),
        ("POST /clock", {"seconds": True}, "not negative"),
        ("POST /clock", {}, "missing: seconds"),
        ("POST /clock", [3], "not a JSON object"),
        ("PUT /settings", {"characters_per_second": None}, "characters_per_second must be"),
        ("PUT /settings", {"characters_per_second": 0}, "more than nothing"),
        ("POST /handsets", [PERSON], "is an object"),
        ("POST /handsets", PERSON | {"kind": ["person"]}, "unknown kind"),
        ("POST /handsets", PERSON | {"number": 7}, "number 7"),
        ("POST /handsets", PERSON | {"script": 3}, "list of steps"),
        ("POST /handsets", PERSON | {"script": [3]}, "is an object"),
        ("POST /handsets", PERSON | {"script": [{"press": 3}]}, "keys 3"),
        ("POST /handsets", PERSON | {"script": [{"press": "3", "when": 3}]}, "when 3"),
        ("POST /handsets", PERSON | {"script": [{"wait": "long"}]}, "seconds 'long'"),
        ("POST /handsets", PERSON | {"script": [{"answers": {"pin": 3}}]}, "by_phrase"),
        ("POST /handsets", PERSON | {"script": [{"in_order": [{}]}]}, "unknown step"),
        ("POST /handsets", PERSON | {"rings_seconds": "soon"}, "rings_seconds 'soon'"),
        ("POST /handsets", PERSON | {"rings_seconds": -1}, "rings_seconds -1"),
        ("POST /handsets", PERSON | {"rings_seconds": None}, "rings_seconds None"),
        ("POST /handsets", PERSON | {"notes": {"pin": 3}}, "notes"),
        ("POST /handsets", {"kind": "relayed", "number": ALICE, "turn_seconds": 3}, "turn_seconds"),
        (f"PUT /handsets/{ALICE}", PERSON | {"talk_seconds": "long"}, "talk_seconds 'long'"),
        ("POST /texts", {"from": ALICE, "to": DESK, "body": "Hello", "extra": 3}, "extra must"),
        ("POST /texts", {"from": ALICE, "to": DESK, "body": 3}, "body must be text"),
        ("POST /texts", {"from": ALICE, "to": DESK}, "missing: body"),
        ("POST /calls", {"from": ALICE, "to": DESK, "withheld": 3}, "withheld must"),
        ("POST /calls", {"from": ALICE, "to": [DESK]}, "to must be text"),
        ("POST /numbers", {"number": 3}, "number must be text"),
        ("POST /numbers", {"number": DESK, "voice_url": 3}, "voice_url must be text"),
        (f"POST /handsets/{ALICE}/press", {"digits": 3}, "digits must be text"),
    ],
)
def test_a_clear_word(network, pages, page, asked, word):
    method, path = page.split()
    refused = pages.open(f"/simulator{path}", method=method, json=asked)

    assert refused.status_code == 400
    assert word in refused.json["error"]
    assert network.clock.offset.total_seconds() == 0
    assert not network.calls and not network.texts and not network.carrier.handsets


def test_extra_parameters_may_have_any_name(network, pages, service):
    network.own(DESK, sms_url="https://desk.example/text")
    extra = {"sender": "x", "to": "y", "body": "z"}
    sent = {"from": ALICE, "to": DESK, "body": "Hello", "extra": extra}
    pages.post("/simulator/texts", json=sent)

    assert service.asked("/text")[0].items() >= {"Body": "Hello", **extra}.items()


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e300])
def test_time_goes_forward_only(network, seconds):
    with pytest.raises(ValueError, match="forward"):
        network.advance(seconds)
