"""Settling takes no other call for an attempt's own, and misses none: whoever else rang her."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.carrier import CallOrder, ListedCall
from bot.clock import Clock
from bot.dialler import Dialler
from bot.outbox import Outbox
from bot.phone import PhoneNumber
from bot.settling import may_be_of
from bot.simulator.faults.orders import Fault
from tests.house_in_memory import DESK, HouseInMemory, call_sid
from tests.people import ALICE, BOB, SERVICE
from tests.worker.world import World

CLOCKS_APART_SECONDS = 60.0  # the shipped rule
GRACE = 240.0  # seconds: a lease, the settling time, a call


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    world = World(build)
    for person in (ALICE, BOB):
        world.add(person, rings_seconds=2, greeting_seconds=2)
    return world


def rung_by_hand(world: World) -> str:
    """Somebody orders a call to Alice from our number, by REST, but without us."""
    order = CallOrder(
        to=PhoneNumber(ALICE.phone),
        caller_id=SERVICE,
        desk=DESK,
        attempt="by-hand",
        ring_seconds=25,
        time_limit_seconds=60,
    )
    return world.carrier._real.place_call(order)


def nothing_is_heard_of_it(world: World) -> None:
    """The carrier has the next order, and neither its answer nor any webhook arrives."""
    world.carrier.faults = ["answer lost"]
    world.door_shut = True


def test_a_call_by_hand_minutes_before_is_not_hers(world: World) -> None:
    by_hand = rung_by_hand(world)
    world.run(180)
    text = world.text(ALICE)
    world.carrier.faults = ["never arrives"]

    world.run(GRACE)

    assert world.dispositions(text) == ["cancelled", "left_message"]
    assert by_hand not in [attempt.call for attempt in world.callback(text).attempts]


def test_a_call_by_hand_while_it_is_settled_is_not_hers(world: World) -> None:
    """Past the time in which the attempt could have ordered it."""
    text = world.text(ALICE)
    world.carrier.faults = ["never arrives"]
    world.run(5)
    world.skip(80 - 5)  # nobody works, and so nobody looks
    world.skip(CLOCKS_APART_SECONDS - 49)
    by_hand = rung_by_hand(world)

    world.run(GRACE)

    assert by_hand not in [attempt.call for attempt in world.callback(text).attempts]
    assert world.dispositions(text) == ["cancelled", "left_message"]


def test_of_two_that_could_be_it_a_person_finds_out(world: World) -> None:
    text = world.text(ALICE)
    nothing_is_heard_of_it(world)
    world.run(2)
    rung_by_hand(world)

    world.run(GRACE)

    assert world.callback(text).disposition == "needs_person"
    assert "attempt_unclear" in world.tasks()
    assert len(world.calls_to(ALICE)) == 2  # and no third one


def test_a_leg_that_somebody_dialled_through_our_number_is_not_hers(world: World) -> None:
    text = world.text(ALICE)
    world.carrier.faults = ["never arrives"]
    world.run(5)
    by_hand = rung_by_hand(world)
    world.network.calls[by_hand].direction = "outbound-dial"

    world.run(GRACE)

    assert world.dispositions(text) == ["cancelled", "left_message"]


def test_the_call_of_an_earlier_callback_to_her_is_not_this_ones(world: World) -> None:
    """She was engaged, rang in and was helped; then she texts again, all within seconds."""
    world.add(ALICE, "busy")
    first = world.text(ALICE)
    world.run(5)
    assert world.dispositions(first) == ["busy"]
    rings_in_and_is_helped(world)
    assert world.callback(first).state == "ended"

    second = world.text(ALICE, "one more thing, please ring me")
    world.carrier.faults = ["never arrives"]
    world.run(GRACE)

    assert second != first
    assert world.dispositions(second) == ["cancelled", "busy"]


def rings_in_and_is_helped(world: World) -> None:
    call = world.house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    call.hang_up()


def test_a_late_call_of_an_attempt_that_was_given_up_is_not_the_next_ones(world: World) -> None:
    """Its own webhook has told whose it is, and it was ended; the next attempt is lost as well."""
    text = world.text(ALICE)
    world.carrier.faults = ["never arrives", "never arrives"]
    world.run(140)
    given_up, under_way = world.callback(text).attempts
    assert given_up.disposition == "cancelled"
    late = call_sid(77)
    world.house.post(f"/call/answered/main/{given_up.id}", CallSid=late, From="", To=ALICE.phone)

    listed = ListedCall(late, "completed", under_way.at + 1)
    world.carrier.calls_to = lambda *asked: [listed]  # type: ignore[method-assign]
    world.run(150)

    assert world.callback(text).attempts[1].disposition == "cancelled"


@pytest.mark.parametrize("ahead", [-50.0, -1.5, 1.5, 50.0])
def test_by_clocks_that_differ_it_is_found_all_the_same(world: World, ahead: float) -> None:
    """Ours is ahead of the carrier's, or behind; the answer and all webhooks are lost."""
    clock = Clock(wall=lambda: world.house.clock.now() + ahead)
    runtime = replace(world.house.runtime, clock=clock)
    world.dialler = Dialler(runtime, world.carrier)
    world.outbox = Outbox(runtime, world.carrier)
    text = world.text(ALICE)
    nothing_is_heard_of_it(world)

    world.run(GRACE + 60)

    (call,) = world.calls_to(ALICE)
    assert world.callback(text).attempts[0].call == call.sid


def test_every_page_of_the_list_is_read(world: World) -> None:
    world.network.settings.calls_per_second = 1000
    since = world.house.clock.now()
    placed = {rung_by_hand(world) for _ in range(230)}

    listed = world.carrier.calls_to(PhoneNumber(ALICE.phone), SERVICE, since)

    assert {found.call for found in listed} == placed


def test_who_was_helped_while_it_was_settled_is_not_rung_again(world: World) -> None:
    text = world.text(ALICE)
    world.carrier.faults = ["never arrives"]
    world.run(5)
    rings_in_and_is_helped(world)

    world.run(GRACE)

    assert world.calls_to(ALICE) == []
    assert world.callback(text).state == "ended"


def test_a_list_that_cannot_be_read_says_nothing(world: World) -> None:
    text = world.text(ALICE)
    nothing_is_heard_of_it(world)
    world.network.faults.order(
        Fault.REQUEST_LOST, kind="calls.list", where={"To": ALICE.phone}, times=3
    )
    world.run(GRACE)

    (call,) = world.calls_to(ALICE)
    assert world.callback(text).attempts[0].call == call.sid


def test_one_refused_list_after_a_long_outage_hands_nobody_over(world: World) -> None:
    """The quarter of an hour begins when somebody first looks: nobody had worked before."""
    text = world.text(ALICE)
    nothing_is_heard_of_it(world)
    world.run(1)
    world.skip(1200)
    world.network.faults.order(
        Fault.REQUEST_LOST, kind="calls.list", where={"To": ALICE.phone}, times=1
    )
    world.run(GRACE)

    (call,) = world.calls_to(ALICE)
    assert world.callback(text).attempts[0].call == call.sid


@pytest.mark.parametrize(
    ("created", "may_be"),
    [(-60.1, False), (-60.0, True), (0.0, True), (30.0, True), (90.0, True), (90.1, False)],
)
def test_when_a_call_may_be_an_attempts(world: World, created: float, may_be: bool) -> None:
    rules = world.house.runtime.house.policy.dialling
    assert (rules.send_by_seconds, rules.http_timeout_seconds) == (20, 10)

    assert may_be_of(1000.0, ListedCall("CA1", "queued", 1000.0 + created), rules) is may_be
