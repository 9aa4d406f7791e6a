"""Whatever the carrier does wrong, the bot survives it: a callback is neither lost nor rung twice
at once, nothing is said to somebody unverified, and nobody is answered by text.

The faults are ordered from the phone network (`bot.simulator.faults`); each test sees that its
fault has happened. What the bot does not survive is in `test_known_defects.py`.
"""

from collections.abc import Callable

import pytest

from bot.demo import people as demo
from bot.simulator.faults.orders import ON_REQUESTS, Fault
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB, SERVICE
from tests.worker.carrier_faults import (
    HOUR,
    alices_voicemail_answers,
    bob_is_at_home,
    happened,
    is_sound,
    mallory_has_bobs_telephone,
    survivable,
    texts,
    until_helped,
    world_with_retries,
)
from tests.worker.world import World


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    return world_with_retries(build)


@pytest.mark.parametrize(("fault", "kind"), survivable("text", "voice", "action", "notice", "amd"))
def test_bob_hears_his_case_all_the_same(world: World, fault: Fault, kind: str) -> None:
    bob_is_at_home(world)
    world.network.faults.order(fault, kind=kind)

    text = texts(world, BOB)
    until_helped(world, text)

    assert happened(world) == [fault]
    assert world.dispositions(text)[-1] == "details_read"
    assert BOB.tells(world.calls_to(BOB)[-1].words)
    is_sound(world, verified=(BOB,))


@pytest.mark.parametrize(("fault", "kind"), survivable("voice", "action", "notice", "amd"))
def test_mallory_hears_nothing_for_it(world: World, fault: Fault, kind: str) -> None:
    mallory_has_bobs_telephone(world)
    world.network.faults.order(fault, kind=kind, times=3)

    texts(world, BOB)
    world.run(400)

    assert fault in happened(world)
    is_sound(world)


@pytest.mark.parametrize(("fault", "kind"), survivable("text", "voice", "notice", "amd"))
def test_alices_voicemail_keeps_the_wording_all_the_same(
    world: World, fault: Fault, kind: str
) -> None:
    alices_voicemail_answers(world)
    world.network.faults.order(fault, kind=kind)

    text = texts(world, ALICE)
    until_helped(world, text)

    assert happened(world) == [fault]
    assert world.dispositions(text)[-1] == "left_message"
    assert world.callback(text).state == "due" or "attempts_used_up" in world.tasks()
    is_sound(world)


@pytest.mark.parametrize("fault", [Fault.WEBHOOK_DOUBLED, Fault.WEBHOOK_ANSWER_LOST])
def test_every_webhook_may_come_twice(world: World, fault: Fault) -> None:
    """Each is delivered, and for those whose answer was lost the retry is delivered too."""
    bob_is_at_home(world)
    rate = 1.0 if fault == Fault.WEBHOOK_DOUBLED else 0.3
    world.network.faults.order(fault, rate=rate)

    text = texts(world, BOB)
    world.run(600)

    assert len(happened(world)) > 8
    assert world.dispositions(text) == ["details_read"]
    is_sound(world, verified=(BOB,))


def test_two_tries_at_an_answer_are_one_to_the_caller(world: World) -> None:
    """Mallory's wrong answers are not counted twice when they are delivered twice, and Alice, who
    slips once, is not turned away for it."""
    world.add(ALICE, "person", script=demo.alice()["script"])
    world.network.faults.order(Fault.WEBHOOK_DOUBLED, kind="action", rate=1.0)

    sid = world.network.dial(ALICE.phone, SERVICE)
    world.run(240)

    assert len(happened(world)) > 3
    assert ALICE.tells(world.network.calls[sid].words)


def test_a_call_of_hers_whose_webhook_never_came(world: World) -> None:
    """She hears the carrier's apology, and nothing of her case; the next call is as any other."""
    world.add(ALICE, "person", script=demo.alice()["script"])
    world.network.faults.order(Fault.WEBHOOK_NEVER_SENT, kind="voice")

    first = world.network.dial(ALICE.phone, SERVICE)
    world.run(60)
    second = world.network.dial(ALICE.phone, SERVICE)
    world.run(240)

    assert happened(world) == [Fault.WEBHOOK_NEVER_SENT]
    assert ALICE.tells(world.network.calls[first].words) == []
    assert ALICE.tells(world.network.calls[second].words)
    assert world.calls_to(ALICE) == []


@pytest.mark.parametrize("fault", sorted(ON_REQUESTS))
def test_an_order_to_ring_that_goes_wrong(world: World, fault: Fault) -> None:
    alices_voicemail_answers(world)
    world.network.faults.order(fault, kind="calls.create", seconds=10)

    text = texts(world, ALICE)
    world.run(240)

    assert happened(world) == [fault]
    assert len(world.calls_to(ALICE)) == 1
    assert world.dispositions(text)[-1] == "left_message"
    is_sound(world)


@pytest.mark.parametrize("fault", sorted(ON_REQUESTS))
def test_a_live_call_that_could_not_be_redirected_at_once(world: World, fault: Fault) -> None:
    """Detection found a machine; the order to speak the message goes wrong at first."""
    alices_voicemail_answers(world)
    world.network.faults.order(fault, kind="calls.update")

    text = texts(world, ALICE)
    until_helped(world, text)

    assert happened(world) == [fault]
    assert world.dispositions(text)[-1] == "left_message"
    is_sound(world)


@pytest.mark.parametrize("fault", sorted(ON_REQUESTS))
def test_the_carrier_forgets_the_words_all_the_same(world: World, fault: Fault) -> None:
    alices_voicemail_answers(world)
    world.network.faults.order(fault, kind="messages.update")

    texts(world, ALICE)
    world.run(240)

    assert happened(world) == [fault]
    assert [text.body for text in world.network.texts] == [""]


@pytest.mark.parametrize("fault", sorted(ON_REQUESTS))
def test_a_list_that_cannot_be_read(world: World, fault: Fault) -> None:
    """Neither the order's answer nor any webhook of the call arrived, and at first the list that
    could tell of it does not answer either."""
    alices_voicemail_answers(world)
    faults = world.network.faults
    faults.order(Fault.REQUEST_ANSWER_LOST, kind="calls.create")
    for kind in ("notice", "voice", "amd"):
        faults.order(Fault.WEBHOOK_NEVER_SENT, kind=kind, rate=1.0)
    faults.order(fault, kind="calls.list", where={"To": ALICE.phone})

    text = texts(world, ALICE)
    world.run(300)

    assert fault in happened(world)[1:]
    (call,) = world.calls_to(ALICE)
    assert world.callback(text).attempts[0].call == call.sid
    is_sound(world)


@pytest.mark.parametrize("fault", sorted(ON_REQUESTS))
def test_a_call_whose_end_was_never_told_and_is_hard_to_follow(world: World, fault: Fault) -> None:
    alices_voicemail_answers(world)
    faults = world.network.faults
    faults.order(
        Fault.WEBHOOK_NEVER_SENT, kind="notice", rate=1.0, where={"CallStatus": "completed"}
    )
    faults.order(fault, kind="calls.fetch", times=2)

    text = texts(world, ALICE)
    world.run(60)
    world.skip(HOUR)
    world.run(120)

    assert happened(world).count(fault) == 2
    assert world.callback(text).state == "due"
    assert world.dispositions(text) == ["left_message"]
    is_sound(world)
