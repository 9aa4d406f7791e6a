"""Something in the simulator itself is broken: no call is left standing, and the event says so."""

import threading

import pytest

from bot.simulator import Handset, PhoneNetwork, WallClock
from bot.simulator.handsets.base import Ear, Reaction, Ring
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN


class BrokenEar(Ear):
    """Cannot bear to be spoken to."""

    def during(self, words, seconds):
        raise OverflowError("too much")


class Undecided(Handset):
    def ring(self):
        return Ring("answer", 1.0)

    def ear(self):
        return UndecidedEar()


class UndecidedEar(Ear):
    """Answers, and cannot make up its mind."""

    def answered(self, at):
        def decide():
            raise OverflowError("too much")

        return (Reaction(1.0, then=decide),)


class Broken(Handset):
    def ring(self):
        return Ring("answer", 1.0)

    def ear(self):
        return BrokenEar()


def test_a_call_fails_with_what_broke_it_and_the_test_is_told(network, service, ring):
    network.add(Broken("Alice", ALICE))
    service.answer("/call/answered", "<Say>Hello</Say>")
    sid = ring(ALICE)
    with pytest.raises(OverflowError, match="too much"):
        network.run_until_quiet()
    network.run_until_quiet()

    assert network.calls[sid].status == "failed"
    told = [(event.code, event.sid) for event in network.events if "too much" in event.words]
    assert told == [(0, sid)]
    assert service.asked("/status")[-1]["CallStatus"] == "failed"


def test_a_call_fails_when_whoever_answered_cannot_make_up_their_mind(network, service, ring):
    network.add(Undecided("Alice", ALICE))
    service.answer("/call/answered", "<Pause length='20'/>")
    sid = ring(ALICE)
    with pytest.raises(OverflowError, match="too much"):
        network.run_until_quiet()
    network.run_until_quiet()

    assert network.calls[sid].status == "failed"
    assert ["too much" in event.words for event in network.events] == [True]


def test_a_broken_call_leaves_its_conference(network, service, room, client):
    network.add(Broken("Alice", ALICE))
    service.answer("/music", "<Say>Please wait</Say>")
    room(ALICE, wait_url=f"{BASE}/music")
    with pytest.raises(OverflowError, match="too much"):
        network.run_until_quiet()
    network.run_until_quiet()

    assert [call.status for call in network.calls.values()] == ["failed"]
    assert client.conferences.list()[0].status == "completed"


def test_beside_a_wall_clock_the_network_goes_on(service):
    network = PhoneNetwork(SID, TOKEN, WallClock(), service)
    network.own(DESK, f"{BASE}/call/received")
    network.add(Broken("Alice", ALICE))
    service.answer("/call/received", "<Say>Hello</Say>")
    ended = threading.Event()
    network.on(lambda happening: happening.kind == "ended" and ended.set())
    sid = network.dial(ALICE, DESK)
    in_time = ended.wait(15)
    network.close()

    assert in_time
    assert network.calls[sid].status == "failed"
