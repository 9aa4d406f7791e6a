"""Which calls are going on, as the console tells."""

from bot.in_progress import LONGEST_SECONDS, calls_in_progress
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB


def going_on(house: HouseInMemory) -> list[tuple[str, float]]:
    now = house.clock.now()
    found = calls_in_progress(house.store, "main", now)
    return [(talk.id, now - began) for talk, began in found]


def test_a_call_is_going_on_until_it_ends(house: HouseInMemory) -> None:
    alice = house.rings(ALICE)
    house.later(60)
    bob = house.rings(BOB)
    assert going_on(house) == [(alice.id, 60.0), (bob.id, 0.0)]

    alice.hang_up()
    assert going_on(house) == [(bob.id, 0.0)]
    bob.hang_up()
    bob.hang_up()
    assert going_on(house) == []


def test_so_is_one_that_we_placed_from_its_first_event_on(house: HouseInMemory) -> None:
    alice = house.ring_by_officer(ALICE)
    assert going_on(house) == []
    alice.answered()
    assert going_on(house) == [(alice.id, 0.0)]
    alice.hang_up()
    assert going_on(house) == []


def test_a_text_is_no_call(house: HouseInMemory) -> None:
    house.text(ALICE, "Sorry I missed you")
    assert going_on(house) == []


def test_a_call_that_nobody_ended_is_forgotten_after_the_longest_time(
    house: HouseInMemory,
) -> None:
    house.rings(ALICE)
    house.later(LONGEST_SECONDS + 1)

    assert going_on(house) == []
    assert house.store.members("main", "in_progress") == []
