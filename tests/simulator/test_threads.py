"""Beside a wall clock: no webhook holds up another call, and none is sent under the lock."""

import threading

import pytest
from twilio.rest import Client

from bot.simulator import InProcessHttpClient, PhoneNetwork, WallClock, rest_app
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TOKEN, Service

PATIENCE_SECONDS = 15


@pytest.fixture
def network(service):
    network = PhoneNetwork(SID, TOKEN, WallClock(), service)
    network.own(DESK, f"{BASE}/call/received")
    yield network
    network.close()


@pytest.fixture
def ended(network):
    """Wait until somebody's call is over."""
    over = {ALICE: threading.Event(), BOB: threading.Event()}
    network.on(lambda happening: happening.kind == "ended" and over[happening.who].set())
    return lambda number: over[number].wait(PATIENCE_SECONDS)


def test_a_slow_answer_to_one_caller_holds_up_no_other(network, service: Service, ended):
    bob_is_done = threading.Event()

    def answer(request):
        if request.value("From") == ALICE:
            assert bob_is_done.wait(PATIENCE_SECONDS)
        return "<Hangup/>"

    service.answer("/call/received", answer)
    network.dial(ALICE, DESK)
    network.dial(BOB, DESK)

    assert ended(BOB)
    bob_is_done.set()
    assert ended(ALICE)


def test_the_service_may_ask_the_api_while_it_answers(network, service, ended):
    client = Client(SID, TOKEN, http_client=InProcessHttpClient(rest_app(network)))
    listed = []

    def answer(request):
        asking = threading.Thread(target=lambda: listed.extend(client.calls.list()))
        asking.start()
        asking.join(PATIENCE_SECONDS)
        return "<Hangup/>"

    service.answer("/call/received", answer)
    sid = network.dial(ALICE, DESK)

    assert ended(ALICE)
    assert [call.sid for call in listed] == [sid]


def test_a_webhook_cannot_move_the_clock(service):
    from bot.simulator import VirtualClock
    from tests.simulator.scene import TUESDAY_AT_TEN

    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), service)
    network.own(DESK, f"{BASE}/call/received")
    service.answer("/call/received", lambda request: network.advance(1) or "")
    network.dial(ALICE, DESK)

    with pytest.raises(RuntimeError, match="being moved"):
        network.run_until_quiet()


def test_never_quiet():
    from bot.simulator import NeverQuiet, VirtualClock
    from tests.simulator.scene import TUESDAY_AT_TEN

    service = Service()
    service.answer("/call/received", "<Pause length='7200'/>")
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), service)
    network.own(DESK, f"{BASE}/call/received")
    network.dial(ALICE, DESK)

    with pytest.raises(NeverQuiet):
        network.run_until_quiet(limit_seconds=3600)
