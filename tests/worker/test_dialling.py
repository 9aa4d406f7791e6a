"""The worker rings whom we owe a call: at the right time, once, and to the end."""

from collections.abc import Callable

import pytest

from bot.demo import people as demo_people
from bot.errors import CarrierError
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import ALICE, BOB, CUSTOMERS, SERVICE
from tests.worker.world import World

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    return World(build)


def test_alices_voicemail_keeps_the_wording_and_nothing_else(world: World) -> None:
    world.add(ALICE, greeting_seconds=6)

    text = world.text(ALICE)
    world.run(90)

    (kept,) = world.network.voicemails(ALICE.phone)
    wording = world.house.wording.prompt("outbound_call.voicemail")
    assert kept.words.startswith(wording.text.partition("{")[0].strip())
    assert kept.words.count(ALICE.full_name) == 1
    assert world.dispositions(text) == ["left_message"]
    assert len(world.calls_to(ALICE)) == 1


def test_bob_passes_and_hears_his_case(world: World) -> None:
    script = demo_people.bob()["script"]
    world.add(BOB, "person", script=script)

    text = world.text(BOB)
    world.run(240)

    (call,) = world.calls_to(BOB)
    assert "310 pounds" in call.words
    assert world.callback(text).disposition == "details_read"
    assert world.house.store.members(DESK, "callbacks") == []


@pytest.mark.parametrize(
    ("kind", "disposition"),
    [
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("rejects", "busy"),
        ("unreachable", "failed"),
        ("fax", "fax"),
    ],
)
def test_every_ending_has_its_disposition(world: World, kind: str, disposition: str) -> None:
    world.add(ALICE, kind)

    text = world.text(ALICE)
    world.run(120)

    assert world.dispositions(text) == [disposition]


def test_after_a_machine_she_is_not_rung_for_a_day_and_then_once_more(world: World) -> None:
    world.add(ALICE)
    text = world.text(ALICE)
    world.run(120)

    world.skip(20 * HOUR)
    world.run(10)
    assert len(world.calls_to(ALICE)) == 1

    world.skip(8 * HOUR)
    world.run(120)
    assert world.dispositions(text) == ["left_message", "left_message"]
    assert world.callback(text).state == "ended"
    assert "attempts_used_up" in world.tasks()


def test_nobody_is_rung_at_night(world: World) -> None:
    world.add(ALICE)
    world.skip(11 * HOUR)

    text = world.text(ALICE)
    assert world.run(5) == ["refused"]
    assert world.callback(text).refused == "calling_hours"

    world.skip(11 * HOUR)
    world.run(120)
    assert world.dispositions(text) == ["left_message"]


def test_somebody_in_breathing_space_becomes_a_task(world: World) -> None:
    heidi = CUSTOMERS["heidi"]
    world.add(heidi)

    world.text(heidi)
    world.run(30)

    assert world.calls_to(heidi) == []
    assert "may_not_be_rung" in world.tasks()


def test_two_calls_a_second_apart(world: World) -> None:
    world.add(ALICE)
    world.add(BOB)
    world.text(ALICE)
    world.text(BOB)

    world.drain()
    assert len(world.network.calls) == 1

    world.run(2)
    assert len(world.network.calls) == 2


def test_a_second_text_keeps_its_place_and_rings_once(world: World) -> None:
    world.add(ALICE)

    first = world.text(ALICE)
    world.text(ALICE, "hello?")
    world.run(120)

    assert world.callback(first).asks == 2
    assert len(world.calls_to(ALICE)) == 1


def test_a_text_while_her_phone_rings_is_kept_for_after_it(world: World) -> None:
    world.add(ALICE, "no-answer")
    first = world.text(ALICE)
    world.run(5)

    world.text(ALICE, "try again please")
    world.run(120)

    # She asked for it herself: neither the day nor the retry rule stands in the way.
    assert world.dispositions(first)[:2] == ["no_answer", "no_answer"]


def test_an_approval_withdrawn_stops_the_dialling(world: World) -> None:
    world.add(ALICE)
    world.text(ALICE)
    world.house.write("wordings", {"releases": ["another"], "withdrawn": {}})

    assert world.run(5) == ["refused"]
    assert world.calls_to(ALICE) == []


def test_a_call_whose_end_was_never_told_is_followed(world: World) -> None:
    world.add(ALICE, "no-answer")
    text = world.text(ALICE)
    world.drain()
    world.door_shut = True  # the carrier's notices are lost
    world.run(60)

    assert world.dispositions(text) == ["no_answer"]
    assert world.callback(text).state == "due"


@pytest.mark.parametrize("retryable", [True, False])
def test_a_call_that_cannot_be_followed_is_not_stuck(world: World, retryable: bool) -> None:
    world.add(ALICE, "no-answer")
    text = world.text(ALICE)
    world.drain()
    world.door_shut = True
    world.carrier.status_fault = CarrierError("the carrier is away", retryable=retryable)
    world.run(60)

    for _ in range(60):  # an hour of outage, tried again and again
        world.skip(60)
        world.drain()

    assert world.callback(text).state == "due"
    assert world.dispositions(text) == ["failed"]


def test_the_caller_id_is_the_desks(world: World) -> None:
    world.add(ALICE)
    world.text(ALICE)
    world.run(5)

    assert {call.from_ for call in world.calls_to(ALICE)} == {SERVICE}


def test_the_carrier_forgets_what_a_text_said(world: World) -> None:
    world.add(ALICE)

    world.text(ALICE, "I am in hospital")
    assert [text.body for text in world.network.texts] == ["I am in hospital"]

    world.run(2)
    assert [text.body for text in world.network.texts] == [""]
