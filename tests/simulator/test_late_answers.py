"""Beside a wall clock: a load waits for the last answer, a closed network for none."""

import threading
import time

import pytest

from bot.simulator import PhoneNetwork, WallClock
from bot.simulator.load.driver import Load
from bot.simulator.load.people import read_people
from bot.simulator.load.report import Stopwatch, report_on
from tests.simulator.load_scene import people_file
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN

PATIENCE_SECONDS = 15
HOUR = 3600.0
TEXT = {"name": "texts", "begins": "text", "rung_back": False, "handset": {}}


class Slow:
    """An answer that is on its way until it is let go."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._asked, self._go = threading.Event(), threading.Event()

    def __call__(self, request) -> str:
        self._asked.set()
        assert self._go.wait(PATIENCE_SECONDS)
        return self._words

    def is_awaited(self) -> bool:
        return self._asked.wait(PATIENCE_SECONDS)

    def comes(self) -> None:
        self._go.set()


@pytest.fixture
def network(service):
    network = PhoneNetwork(SID, TOKEN, WallClock(), service)
    network.own(DESK, f"{BASE}/call/received", f"{BASE}/text/received")
    yield network
    network.close()


def soon(condition) -> bool:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < ends:
        threading.Event().wait(0.005)
    return condition()


def test_a_load_is_over_when_the_last_text_was_answered(network, service, tmp_path):
    slow = Slow("")
    service.answer("/text/received", slow)
    load = Load(network, read_people(people_file(tmp_path, kinds=[TEXT])), 1, per_second=1000)
    load.begin()
    assert slow.is_awaited()
    before = load.over
    slow.comes()

    assert (load.begun, before) == (1, False)
    assert soon(lambda: load.over)


def test_an_answer_that_comes_after_the_end_is_not_used(network, service):
    slow = Slow("<Say>Good morning</Say>")
    service.answer("/call/received", slow)
    sid = network.dial(ALICE, DESK)
    assert slow.is_awaited()
    network.close()
    slow.comes()
    assert soon(lambda: network.webhooks) and soon(lambda: network.carrier.courier.idle)

    assert network.calls[sid].status == "ringing"
    assert [h.kind for h in network.happenings] == ["call_received", "webhook"]


def test_a_report_tells_how_late_the_simulator_was_itself(network, service, tmp_path):
    people = read_people(people_file(tmp_path, kinds=[TEXT]))
    load = Load(network, people, 1, per_second=1 / HOUR)
    watch = Stopwatch.start(network.clock.now())
    load.begin()
    network.advance(1000 * HOUR)  # as if this machine had slept

    assert soon(lambda: load.over)
    late = report_on(load, watch, network.clock.now()).own_lateness
    assert late.count > 0
    assert late.max_ms > 100 * HOUR * 1000
