"""Faults in the simulator's own process: ordered over the control API, met by the real client."""

import pytest
import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.simulator import Control, PhoneNetwork, WallClock
from bot.simulator.control.client import ControlRefused
from bot.simulator.server import serve
from tests.simulator.ports import running
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN, Service


@pytest.fixture
def network():
    network = PhoneNetwork(SID, TOKEN, WallClock(), Service())
    network.own(DESK, sms_url=f"{BASE}/text/received")
    yield network
    network.close()


@pytest.fixture
def address(network):
    with running(serve(network)) as address:
        yield address


@pytest.fixture
def control(address):
    return Control(address)


@pytest.fixture
def ring(address):
    """Have Alice rung by a client that waits so long for an answer."""

    def ring(patience=30.0):
        client = Client(SID, TOKEN, http_client=TwilioHttpClient(timeout=patience))
        client.api.base_url = address
        return client.calls.create(to=ALICE, from_=DESK, twiml="<Response/>")

    return ring


@pytest.mark.parametrize(
    ("fault", "seconds", "raised", "placed"),
    [
        ("request refused", 0, requests.ConnectionError, 0),
        ("request lost", 0, requests.ConnectionError, 0),
        ("request lost", 60, requests.ReadTimeout, 0),
        ("request answer lost", 0, requests.ConnectionError, 1),
        ("request answer lost", 60, requests.ReadTimeout, 1),
    ],
)
def test_a_request_without_an_answer(network, control, ring, fault, seconds, raised, placed):
    control.order_fault(fault, kind="calls.create", seconds=seconds)
    with pytest.raises(raised):
        ring(patience=0.3 if seconds else 30.0)

    seen = 0
    while placed and not network.calls:  # an impatient client may be gone before the call is there
        seen = network.happenings_after(seen, wait_seconds=30.0)[-1].number
    assert len(control.calls()) == placed
    assert ring().status == "queued"


def test_what_is_ordered_and_what_happened(control):
    ordered = control.order_fault("webhook doubled", kind="text", where={"From": ALICE})
    sent = control.text(ALICE, DESK, "Hello")

    assert (ordered["times"], ordered["happened"]) == (1, 0)
    assert len(control.webhooks()) == 2
    shown = control.faults()
    assert [order["happened"] for order in shown["orders"]] == [1]
    (happened,) = shown["happened"]
    assert (happened["fault"], happened["kind"]) == ("webhook doubled", "text")
    assert happened["sid"] == sent["message_sid"]
    assert [(event["code"], event["words"]) for event in control.events()] == [
        (0, "fault: webhook doubled: text")
    ]
    assert control.clear_faults()["orders"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "rain"},
        {"fault": "webhook lost", "rate": -1},
        {"fault": "webhook lost", "rate": "often"},
        {"fault": "webhook lost", "colour": "blue"},
        {"fault": "webhook lost", "where": ["From"]},
        {"kind": "text"},
    ],
)
def test_what_the_control_refuses(control, wrong):
    with pytest.raises(ControlRefused, match="error"):
        control.order_fault(**{"fault": None} | wrong)
