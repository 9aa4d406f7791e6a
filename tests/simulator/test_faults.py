"""Faults on order: each happens as it was ordered, is told, and happens again with the seed."""

from contextlib import suppress

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.simulator import InProcessHttpClient, PhoneNetwork, VirtualClock, rest_app
from bot.simulator.faults.orders import Fault
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TOKEN, TUESDAY_AT_TEN, Service

PERSISTENT = "#rc=3&rp=all&rt=4000"


def happened(network):
    return [(str(each.fault), each.kind) for each in network.faults.happened]


def words(network):
    """The lines of the carrier's book of events, the simulator's own (code 0) among them."""
    return [(event.code, event.words) for event in network.events]


def statuses(service):
    return [notice["CallStatus"] for notice in service.asked("/status")]


@pytest.fixture
def ring_alice(network, ring):
    """Ring Alice, who is not known and so unreachable, with all notices; nothing is advanced."""
    return lambda: ring(
        ALICE, status_callback_event=["initiated", "ringing", "answered", "completed"]
    )


def test_nothing_goes_wrong_unless_it_is_ordered(network, service, ring_alice):
    ring_alice()
    network.text(ALICE, DESK, "Hello")
    network.run_until_quiet()

    assert happened(network) == words(network) == []


def test_a_text_whose_webhook_is_lost(network, service, client):
    network.faults.order("webhook lost", kind="text")
    sent = network.text(ALICE, DESK, "Hello")
    network.run_until_quiet()

    assert (sent.status, service.requests) == (None, [])
    assert words(network) == [
        (0, "fault: webhook lost: text"),
        (11205, "no answer within 15 s"),
    ]
    assert [text.body for text in client.messages.list(to=DESK)] == ["Hello"]
    assert network.text(ALICE, DESK, "Again").status == 200


def test_a_lost_webhook_leaves_the_fallback(network, service):
    network.own(
        DESK,
        voice_url=f"{BASE}/call",
        sms_url=f"{BASE}/text{PERSISTENT}&tt=9000",
        voice_fallback_url=f"{BASE}/second/call",
        sms_fallback_url=f"{BASE}/second/text",
    )
    service.answer("/second/call", "<Say>Later</Say>")
    network.faults.order("webhook lost", kind="voice")
    network.faults.order("webhook lost", kind="text")
    before = network.clock.now()
    network.text(ALICE, DESK, "Hello")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    (text,) = service.asked("/second/text")
    (call,) = service.asked("/second/call")
    assert text["ErrorCode"] == call["ErrorCode"] == "11205"
    assert (network.calls[sid].answered_at - before).total_seconds() == 15
    assert network.calls[sid].words == "Later"


def test_a_text_whose_webhook_never_came_is_only_listed(network, service, client):
    network.own(DESK, sms_url=f"{BASE}/text", sms_fallback_url=f"{BASE}/second")
    network.faults.order("webhook never sent", kind="text")
    network.text(ALICE, DESK, "Hello")
    network.run_until_quiet()

    assert service.requests == []
    assert words(network) == [(0, "fault: webhook never sent: text")]
    assert [text.from_ for text in client.messages.list(to=DESK)] == [ALICE]


def test_a_call_whose_webhook_never_came_ends_with_an_apology(network, service):
    network.faults.order("webhook never sent", kind="voice")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert service.asked("/call/received") == []
    assert "error has occurred" in network.calls[sid].words


def test_a_notice_that_is_lost(network, service, ring_alice):
    network.faults.order("webhook lost", kind="notice", where={"CallStatus": "failed"})
    ring_alice()
    network.run_until_quiet()

    assert statuses(service) == ["initiated"]
    assert (11205, "status callback: no answer within 15 s") in words(network)


def test_a_late_notice_and_a_late_text(network, service, ring_alice):
    network.faults.order("webhook late", kind="notice", seconds=40)
    network.faults.order("webhook late", kind="text", seconds=20)
    ring_alice()
    assert network.text(ALICE, DESK, "Hello").status is None
    network.advance(19)
    assert statuses(service) == ["failed"]
    assert service.asked("/text/received") == []

    network.advance(2)
    assert service.asked("/text/received") != []
    network.advance(20)
    assert statuses(service) == ["failed", "initiated"]


@pytest.mark.parametrize("seconds", [0, 5, 60])
def test_a_call_waits_for_a_late_webhook_but_not_for_long(network, service, seconds):
    """A call would end by itself after 15 s: a longer delay would be a webhook that is lost."""
    waits = min(seconds or 10, 10)
    network.faults.order("webhook late", kind="voice", seconds=seconds)
    service.answer("/call/received", "<Say>Good morning</Say>")
    sid = network.dial(ALICE, DESK)
    network.advance(waits - 0.1)
    assert service.asked("/call/received") == []

    network.advance(0.2)
    assert len(service.asked("/call/received")) == 1
    network.run_until_quiet()
    assert network.calls[sid].words == "Good morning"


def test_a_notice_is_overtaken_by_the_next(network, service, ring_alice):
    network.faults.order("webhook reordered", kind="notice")
    ring_alice()
    network.run_until_quiet()

    assert statuses(service) == ["failed", "initiated"]


def test_what_nothing_overtakes_comes_all_the_same(network, service, ring_alice):
    network.faults.order("webhook reordered", kind="notice", where={"CallStatus": "failed"})
    ring_alice()
    network.advance(20)
    assert statuses(service) == ["initiated"]

    network.advance(20)
    assert statuses(service) == ["initiated", "failed"]


def test_a_doubled_webhook_has_one_token_and_one_answer(network, service):
    service.answer("/text/received", "<Message>One</Message>", "<Message>Two</Message>")
    network.faults.order("webhook doubled")
    sent = network.text(ALICE, DESK, "Hello")

    first, second = service.requests
    assert first == second
    assert sent.replies == ("Two",)
    assert len(network.webhooks) == 2


@pytest.mark.parametrize(("fragment", "tries"), [("", 1), (PERSISTENT, 2)])
def test_a_time_out_although_the_work_was_done(network, service, fragment, tries):
    network.own(DESK, sms_url=f"{BASE}/text/received{fragment}")
    network.faults.order("webhook answer lost")
    sent = network.text(ALICE, DESK, "Hello")

    assert len(service.requests) == tries
    assert len({each.headers["I-Twilio-Idempotency-Token"] for each in service.requests}) == 1
    assert sent.status == (200 if fragment else None)
    assert [event.code for event in network.events] == ([0] if fragment else [0, 11205])


def test_a_connection_refused_is_tried_again(network, service):
    network.faults.order("webhook refused")
    assert network.text(ALICE, DESK, "Hello").status == 200
    assert [each.failure for each in network.webhooks] == ["TCP connection refused (11202)", ""]


@pytest.mark.parametrize(
    ("fault", "seconds", "raised", "placed"),
    [
        ("request refused", 0, requests.ConnectionError, 0),
        ("request lost", 0, requests.ConnectionError, 0),
        ("request lost", 12, requests.ReadTimeout, 0),
        ("request answer lost", 0, requests.ConnectionError, 1),
        ("request answer lost", 12, requests.ReadTimeout, 1),
    ],
)
def test_a_request_without_an_answer(network, ring, fault, seconds, raised, placed):
    network.faults.order(fault, kind="calls.create", seconds=seconds)
    with pytest.raises(raised):
        ring(ALICE)

    assert len(network.calls) == placed
    assert happened(network) == [(fault, "calls.create")]
    ring(ALICE)
    assert len(network.calls) == placed + 1


@pytest.mark.parametrize(
    ("fault", "status", "code", "placed"),
    [
        ("request too many", 429, 20429, 0),
        ("request failed", 500, 20500, 0),
        ("request failed afterwards", 500, 20500, 1),
    ],
)
def test_a_request_that_is_refused(network, ring, fault, status, code, placed):
    network.faults.order(fault, where={"To": ALICE})
    ring(BOB)
    with pytest.raises(TwilioRestException) as refused:
        ring(ALICE)

    assert (refused.value.status, refused.value.code) == (status, code)
    assert len(network.calls) == 1 + placed


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        ("calls.list", lambda client: client.calls.list()),
        ("calls.fetch", lambda client: client.calls("CA1").fetch()),
        ("calls.update", lambda client: client.calls("CA1").update(status="completed")),
        ("messages.create", lambda client: client.messages.create(to=ALICE, from_=DESK, body="a")),
        ("messages.delete", lambda client: client.messages("SM1").delete()),
    ],
)
def test_requests_have_the_names_that_twilio_python_gives_them(network, client, kind, ask):
    network.faults.order("request too many", kind=kind)
    with pytest.raises(TwilioException):  # a list does not even say the number
        ask(client)

    assert happened(network) == [("request too many", kind)]


def a_run(seed):
    """Two hundred texts, a tenth of whose webhooks are lost, and some doubled."""
    service = Service()
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), deliver=service, seed=seed)
    network.own(DESK, sms_url=f"{BASE}/text")
    network.faults.order("webhook lost", rate=0.1)
    network.faults.order("webhook doubled", rate=0.1, times=5)
    for number in range(200):
        network.text(ALICE, DESK, str(number))
    return [request.value("Body") for request in service.requests]


def test_the_same_seed_is_the_same_misfortune():
    first, second = a_run(1), a_run(2)

    assert first == a_run(1) != second
    assert 165 < len(set(first)) < 195
    assert len(first) - len(set(first)) == 5


def test_orders_can_be_taken_back(network):
    network.faults.order("webhook lost", rate=1.0)
    assert network.text(ALICE, DESK, "Hello").status is None

    network.faults.clear()
    assert network.text(ALICE, DESK, "Hello").status == 200


LOST = {"fault": "webhook lost"}
NONSENSE = [
    {"fault": "rain"},
    *(LOST | {"rate": rate} for rate in (2, -0.1, "often", True, float("nan"))),
    *(LOST | {"times": times} for times in (0, -1, 1.5, "x", True)),
    *(LOST | {"seconds": seconds} for seconds in (-5, 1e400, float("nan"), "abc", 1e9)),
    *(LOST | {"kind": kind} for kind in ("nokind", 5, "calls.create")),
    {"fault": "request lost", "kind": "voice"},
    LOST | {"where": {"From": 5}},
]


@pytest.mark.parametrize("wrong", NONSENSE, ids=str)
def test_what_cannot_be_ordered(network, wrong):
    with pytest.raises(ValueError, match=r"rain|rate|times|seconds|kind|where"):
        network.faults.order(**wrong)

    assert network.faults.orders == []


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_happens_once_if_it_is_ordered_and_is_told(network, ring_alice, fault):
    network.faults.order(fault)
    network.text(ALICE, DESK, "Hello")
    with suppress(requests.RequestException, TwilioException):
        ring_alice()
    network.run_until_quiet()

    ((named, kind),) = happened(network)
    assert named == fault
    assert [line for line in words(network) if line[0] == 0] == [(0, f"fault: {fault}: {kind}")]
    assert kind == ("calls.create" if fault.startswith("request") else "text")


def test_a_client_in_the_same_process_needs_no_patience(network):
    impatient = Client(SID, TOKEN, http_client=InProcessHttpClient(rest_app(network)))
    network.faults.order("request lost", seconds=3600)
    with pytest.raises(requests.ReadTimeout):
        impatient.calls.list()
