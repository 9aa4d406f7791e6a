"""Beside a wall clock: no webhook holds up another call, and none is sent under the lock."""

import threading
import time
from datetime import timedelta

import pytest
from twilio.rest import Client

from bot.simulator import (
    InProcessHttpClient,
    NeverQuiet,
    PhoneNetwork,
    Settings,
    VirtualClock,
    WallClock,
    rest_app,
)
from bot.simulator.timing.timeline import Timeline
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TOKEN, TUESDAY_AT_TEN, Service

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


def test_many_timers_that_are_due_keep_nobody_else_waiting(network):
    begun, done = threading.Event(), []

    def slow():
        begun.set()
        time.sleep(0.002)
        done.append(True)

    with network.carrier.lock:
        for _ in range(500):
            network.carrier.timeline.after(0, slow)
    assert begun.wait(PATIENCE_SECONDS)
    network.own(DESK)  # which needs the lock of the network

    assert len(done) < 250


def test_a_webhook_cannot_move_the_clock(service):
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), service)
    network.own(DESK, f"{BASE}/call/received")
    service.answer("/call/received", lambda request: network.advance(1) or "")
    network.dial(ALICE, DESK)

    with pytest.raises(RuntimeError, match="being moved"):
        network.run_until_quiet()


def test_never_quiet():
    service = Service()
    service.answer("/call/received", "<Pause length='7200'/>")
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), service)
    network.own(DESK, f"{BASE}/call/received")
    network.dial(ALICE, DESK)

    with pytest.raises(NeverQuiet):
        network.run_until_quiet(limit_seconds=3600)


def test_so_many_webhooks_at_once_and_no_more(service: Service):
    network = PhoneNetwork(SID, TOKEN, WallClock(), service, settings=Settings(webhooks_at_once=3))
    network.own(DESK, f"{BASE}/call/received")
    begun, go_on, over = threading.Semaphore(0), threading.Event(), threading.Semaphore(0)

    def answer(request):
        begun.release()
        assert go_on.wait(PATIENCE_SECONDS)
        return "<Hangup/>"

    service.answer("/call/received", answer)
    network.on(lambda happening: happening.kind == "ended" and over.release())
    for _ in range(12):
        network.dial(ALICE, DESK)
    three = [begun.acquire(timeout=PATIENCE_SECONDS) for _ in range(3)]
    fourth = begun.acquire(timeout=0.2)
    go_on.set()
    ended = [over.acquire(timeout=PATIENCE_SECONDS) for _ in range(12)]
    network.close()

    assert all(three)
    assert not fourth
    assert all(ended)


def test_a_timer_that_was_cancelled_is_let_go():
    timeline = Timeline(VirtualClock(TUESDAY_AT_TEN))
    done = []
    for number in range(10_000):
        timer = timeline.after(4 * 3600, lambda: done.append("too late"))
        timer.cancel()
        timeline.after(number, lambda number=number: done.append(number))
    live = len(timeline)
    while timer := timeline.pop_due(TUESDAY_AT_TEN + timedelta(days=1)):
        timer.action()

    assert live < 15_000
    assert done == list(range(10_000))
