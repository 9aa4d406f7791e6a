"""A worker that dies at any step between the claim and the end: rung once, never lost, never twice.

The kill points are found by the test itself: an undisturbed run is counted, and then repeated with
the worker dying before and after each thing it asks of the store, and with every way in which the
carrier's answer to an order can go wrong.
"""

from collections.abc import Callable

import pytest

from bot.carrier import CallOrder
from bot.simulator.faults.orders import Fault
from tests.house_in_memory import Heard, HouseInMemory
from tests.people import ALICE
from tests.worker.world import STEP, Killed, World

RECOVERS_WITHIN = 240  # seconds: a lease, the settling grace, a call


@pytest.fixture
def make_world(build: Callable[..., HouseInMemory]) -> Callable[[], World]:
    return lambda: World(build)


def test_the_worker_may_die_at_any_step(make_world: Callable[[], World]) -> None:
    """And nobody waits for their call longer than a lease and the settling time because of it."""
    steps = asked_in_an_undisturbed_run(make_world())
    assert {"claim", "read", "commit", "done"} <= set(steps)
    waits: dict[str, float] = {}

    for place in range(len(steps)):
        for side in ("before", "after"):
            world = make_world()
            text = alice_texts(world)
            texted_at = world.network.clock.now()
            world.killable.die_at = (place, side)
            with pytest.raises(Killed):
                world.run(60)
            world.hire(world.house.store)
            world.run(RECOVERS_WITHIN)

            where = f"killed {side} {steps[place]} (step {place})"
            assert len(world.calls_to(ALICE)) == 1, where
            assert world.dispositions(text)[-1] == "left_message", where
            assert world.callback(text).state == "due", where  # once more, tomorrow
            (call,) = world.calls_to(ALICE)
            waits[where] = (call.created_at - texted_at).total_seconds()

    rules = world.house.runtime.house.policy.dialling
    longest = max(waits.values())
    assert longest <= rules.lease_seconds + rules.settle_after_seconds + STEP, waits
    assert longest >= rules.settle_after_seconds  # of those that died with the intent written down


def test_a_live_call_is_followed_whoever_died(make_world: Callable[[], World]) -> None:
    """Its end is told to nobody: whatever the worker was at, another finds it out in time."""
    steps = asked_in_an_undisturbed_run(make_world())

    for place in range(steps.index("claim"), len(steps)):
        world = make_world()
        ended = {"CallStatus": "completed"}
        world.network.faults.order(Fault.WEBHOOK_NEVER_SENT, kind="notice", rate=1.0, where=ended)
        text = alice_texts(world)
        world.killable.die_at = (place, "before")
        try:
            world.run(60)
        except Killed:
            world.hire(world.house.store)
        world.run(150)
        rules = world.house.runtime.house.policy.dialling
        world.skip(rules.longest_call_seconds)
        world.run(5)

        where = f"killed before {steps[place]} (step {place})"
        assert len(world.calls_to(ALICE)) == 1, where
        assert world.dispositions(text)[-1] == "left_message", where


def test_the_first_webhook_comes_before_the_answer_to_the_order(
    make_world: Callable[[], World],
) -> None:
    """The worker dies while it waits for that answer; the call's end is told to nobody."""
    world = make_world()
    ended = {"CallStatus": "completed"}
    world.network.faults.order(Fault.WEBHOOK_NEVER_SENT, kind="notice", rate=1.0, where=ended)
    text = alice_texts(world)
    order = world.carrier.place_call

    def dies(asked: CallOrder) -> str:
        order(asked)
        world.skip(1)
        raise Killed

    world.carrier.place_call = dies  # type: ignore[method-assign]
    with pytest.raises(Killed):
        world.drain()
    del world.carrier.place_call
    assert world.callback(text).state == "placed"  # by its first webhook
    assert world.house.record(f"call:{text}-1") is not None

    world.run(60)
    world.skip(world.house.runtime.house.policy.dialling.longest_call_seconds)
    world.run(5)

    assert world.dispositions(text) == ["left_message"]
    assert len(world.calls_to(ALICE)) == 1


def asked_in_an_undisturbed_run(world: World) -> list[str]:
    text = alice_texts(world)
    world.run(60)
    assert world.dispositions(text) == ["left_message"]
    last = max(place for place, name in enumerate(world.killable.calls) if name == "done")
    return world.killable.calls[: last + 1]


def alice_texts(world: World) -> str:
    world.add(ALICE, rings_seconds=2, greeting_seconds=2)
    return world.text(ALICE)


def test_an_order_whose_answer_was_lost_is_not_repeated(make_world: Callable[[], World]) -> None:
    world = make_world()
    text = alice_texts(world)
    world.carrier.faults = ["answer lost"]

    world.run(RECOVERS_WITHIN)

    assert len(world.calls_to(ALICE)) == 1
    assert world.dispositions(text) == ["left_message"]


def test_an_order_of_which_nothing_was_heard_is_found_in_the_carriers_list(
    make_world: Callable[[], World],
) -> None:
    """No answer to the order and no webhook of the call either: only the list tells."""
    world = make_world()
    text = alice_texts(world)
    world.carrier.faults = ["answer lost"]
    world.door_shut = True

    world.run(RECOVERS_WITHIN)
    assert world.dispositions(text) == ["abandoned"]  # she picked up, and heard nothing of ours
    assert len(world.calls_to(ALICE)) == 1


def test_an_order_that_never_arrived_is_rung_once_it_is_settled(
    make_world: Callable[[], World],
) -> None:
    world = make_world()
    text = alice_texts(world)
    world.carrier.faults = ["never arrives"]

    world.run(60)
    assert world.calls_to(ALICE) == []

    world.run(RECOVERS_WITHIN)
    assert len(world.calls_to(ALICE)) == 1
    assert world.dispositions(text) == ["cancelled", "left_message"]


def test_too_many_requests_wait(make_world: Callable[[], World]) -> None:
    world = make_world()
    text = alice_texts(world)
    world.carrier.faults = ["too many", "too many"]

    world.run(RECOVERS_WITHIN)

    assert len(world.calls_to(ALICE)) == 1
    assert world.dispositions(text) == ["cancelled", "cancelled", "left_message"]


def test_a_number_that_the_carrier_refuses_becomes_a_task(make_world: Callable[[], World]) -> None:
    world = make_world()
    text = alice_texts(world)
    world.carrier.faults = ["bad number"]

    world.run(30)

    assert world.dispositions(text) == ["failed"]
    assert world.callback(text).state == "ended"
    assert "could_not_be_helped" in world.tasks()


def test_a_lost_order_that_rings_after_it_was_given_up_is_ended(
    make_world: Callable[[], World],
) -> None:
    """What is left when a process is frozen between the check and the socket (docs/store.md)."""
    world = make_world()
    text = alice_texts(world)
    world.carrier.faults = ["never arrives"]
    world.run(150)
    given_up = world.callback(text).attempts[0]
    assert given_up.disposition == "cancelled"

    answer = world.house.post(
        f"/call/answered/main/{given_up.id}", CallSid="CA" + "f" * 32, From="", To=ALICE.phone
    )

    heard = Heard.of(answer.get_data(as_text=True), world.house.wording)
    assert heard.apology  # whoever picks up is not met by silence, and told nothing
    assert any(line.startswith("end_call:") for line in world.house.owed())
