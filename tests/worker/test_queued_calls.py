"""A call that the carrier has queued past its hour is taken back, and owed again."""

from collections.abc import Callable

import pytest

from bot.dial_rules import ALLOWED, Verdict
from bot.errors import CarrierError
from bot.taking_back import why_taken_back
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB
from tests.worker.world import World

MINUTE, HOUR = 60.0, 3600.0
CLOSED = Verdict(False, "calling_hours", "DMBM510930", 1.0)


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    """Eleven in the morning in London; the carrier lets out one call in three hours."""
    world = World(build)
    for person in (ALICE, BOB):
        world.add(person, "no-answer")
    world.network.settings.calls_per_second = 1 / (3 * HOUR)
    return world


def bob_is_queued(world: World, body: str = "please ring me", seconds: float = 3) -> str:
    """Alice's call goes out, and his waits at the carrier; the id of his callback."""
    world.text(ALICE)
    world.run(2)
    text = world.text(BOB, body)
    world.run(seconds)
    assert [call.status for call in world.calls_to(BOB)] == ["queued"]
    return text


def just_before_eight_in_the_evening(world: World) -> None:
    world.skip(9 * HOUR - 30)


def told(world: World, text: str) -> list[tuple[str, str]]:
    """The steps of a callback, with their reasons, from the flow log."""
    lines = [line for line in world.house.log() if line.get("callback") == text]
    return [(line["event"], line.get("reason", "")) for line in lines if "event" in line]


def test_when_the_calling_hours_are_over_it_is_taken_back(world: World) -> None:
    just_before_eight_in_the_evening(world)
    text = bob_is_queued(world)

    world.run(60)

    (call,) = world.calls_to(BOB)
    assert call.status == "canceled"
    assert world.dispositions(text) == ["cancelled"]
    assert world.callback(text).state == "due"
    assert world.callback(text).refused == "calling_hours"
    assert told(world, text)[-1] == ("due", "calling_hours")
    assert world.tasks() == []


def test_he_is_rung_in_the_morning_as_if_it_had_never_been_placed(world: World) -> None:
    just_before_eight_in_the_evening(world)
    text = bob_is_queued(world)
    world.run(60)
    world.network.settings.calls_per_second = 1.0

    world.skip(12 * HOUR)
    world.run(90)

    assert world.dispositions(text) == ["cancelled", "no_answer"]
    assert [attempt.id for attempt in world.callback(text).attempts] == [f"{text}-1", f"{text}-2"]
    assert world.callback(text).tries == 1
    assert [call.status for call in world.calls_to(BOB)] == ["canceled", "no-answer"]


def test_within_the_hours_it_may_wait(world: World) -> None:
    text = bob_is_queued(world)

    world.run(5 * MINUTE)

    assert [call.status for call in world.calls_to(BOB)] == ["queued"]
    assert world.callback(text).state == "placed"


def test_when_the_time_that_he_asked_for_is_over_a_person_decides(world: World) -> None:
    world.skip(2 * HOUR - 10)
    text = bob_is_queued(world, "please ring between 1 and 1.30", seconds=15)

    world.run(31 * MINUTE)

    assert [call.status for call in world.calls_to(BOB)] == ["canceled"]
    assert world.callback(text).refused == "asked_time_over"
    assert world.tasks() == ["may_not_be_rung"]


def test_who_asks_to_be_left_alone_meanwhile_is_not_rung(world: World) -> None:
    text = bob_is_queued(world)

    world.text(BOB, "STOP")
    world.run(20)

    assert [call.status for call in world.calls_to(BOB)] == ["canceled"]
    assert world.callback(text).disposition == "cancelled"
    assert world.house.store.members("main", "callbacks") != []  # Alice's own
    world.skip(24 * HOUR)
    world.run(60)
    assert len(world.calls_to(BOB)) == 1


def test_without_approved_words_nobody_is_let_out_of_the_queue(world: World) -> None:
    text = bob_is_queued(world)
    world.house.write("wordings", {"releases": ["another"], "withdrawn": {}})

    world.run(20)

    assert [call.status for call in world.calls_to(BOB)] == ["canceled"]
    assert world.callback(text).refused == "not_approved"


def test_one_that_went_out_meanwhile_is_followed_as_any_call(world: World) -> None:
    just_before_eight_in_the_evening(world)
    text = bob_is_queued(world)
    world.carrier.cancel = lambda call: False  # type: ignore[method-assign]

    world.run(60)
    assert world.callback(text).state == "placed"

    world.skip(3 * HOUR)
    world.run(60)
    assert world.dispositions(text) == ["no_answer"]
    assert len(world.calls_to(BOB)) == 1


def test_an_answer_to_the_cancelling_that_is_lost(world: World) -> None:
    just_before_eight_in_the_evening(world)
    text = bob_is_queued(world)
    really_cancel = world.carrier.cancel

    def cancel(call: str) -> bool:
        really_cancel(call)
        raise CarrierError("no answer", retryable=True, unclear=True)

    world.carrier.cancel = cancel  # type: ignore[method-assign]
    world.run(60)

    assert world.dispositions(text) == ["cancelled"]
    assert world.callback(text).state == "due"


def test_a_notice_in_the_same_instant_says_that_it_was_rung(world: World) -> None:
    just_before_eight_in_the_evening(world)
    text = bob_is_queued(world)
    really_cancel = world.carrier.cancel

    def cancel(call: str) -> bool:
        path = f"/call/status/main/{text}-1"
        world.house.post(path, CallSid=call, CallStatus="initiated", From="", To=BOB.phone)
        return bool(really_cancel(call))

    world.carrier.cancel = cancel  # type: ignore[method-assign]
    world.run(60)
    world.skip(HOUR)  # until it must be over, and is asked after
    world.run(10)

    assert world.dispositions(text) == ["cancelled"]
    assert world.callback(text).state == "ended"  # by its own ending: a person decides
    assert world.tasks() == ["could_not_be_helped"]


@pytest.mark.parametrize(
    ("status", "verdict", "heard_of", "why"),
    [
        ("queued", CLOSED, False, "calling_hours"),
        ("canceled", CLOSED, False, "calling_hours"),
        ("queued", ALLOWED, False, None),
        ("canceled", ALLOWED, False, None),
        ("queued", CLOSED, True, None),
        ("ringing", CLOSED, False, None),
        ("in_progress", CLOSED, False, None),
        ("completed", CLOSED, False, None),
        (None, CLOSED, False, None),
    ],
)
def test_what_is_taken_back(
    status: str | None, verdict: Verdict, heard_of: bool, why: str | None
) -> None:
    assert why_taken_back(status, verdict, heard_of=heard_of) == why
