"""An officer who drives is rung back on their own handset, once, and by no rule about customers."""

import pytest

from bot.policy import Policy
from tests.house_in_memory import DESK, LiveCall
from tests.officers.conftest import OfficerWorld
from tests.people import CARLA, OMAR

HALF_AN_HOUR = 1800.0


def drives(world: OfficerWorld) -> LiveCall:
    call = world.let_in(place="3")
    assert call.heard().prompts == ("officers.ring_back",)
    call.hang_up()
    return call


def test_what_he_is_told_is_how_long_it_is(world: OfficerWorld) -> None:
    assert Policy.load().officer_check.ring_back_minutes == 30
    assert "half an hour" in drives(world).heard().text


def test_he_is_rung_on_his_handset_with_the_desks_number_and_shows_who_he_is(
    world: OfficerWorld,
) -> None:
    drives(world)
    assert world.house.dial() is None
    world.clock.move(HALF_AN_HOUR)

    call = world.house.place()

    order = world.house.carrier.placed[-1]
    assert order.to.e164 == OMAR.phone
    assert order.caller_id == Policy.load().desk[DESK].caller_id
    call.answered()
    assert call.heard().asked == "officers.staff_number"
    sheet = world.omar
    for keys in (sheet.number, sheet.issued.pin, sheet.next_code(), "1"):
        call.press(keys)
    assert call.heard().asked == "officer_line.menu"


def test_he_is_rung_in_the_evening_and_twice_a_day_as_no_customer_is(world: OfficerWorld) -> None:
    for hours in (0, 3, 9):  # from ten in UTC: the last at eight in the evening in London
        world.clock.move(hours * 3600.0)
        drives(world)
        world.clock.move(HALF_AN_HOUR)
        world.house.place().status("no-answer")
    world.clock.move(3 * 86400.0)
    assert world.house.dial() is None  # whoever misses it rings in
    assert "attempts_used_up" not in world.house.tasks()


def test_whoever_rings_in_meanwhile_is_not_rung(world: OfficerWorld) -> None:
    drives(world)
    world.clock.move(600.0)
    world.let_in()
    world.clock.move(HALF_AN_HOUR)
    assert world.house.dial() is None


def _is_lost(world: OfficerWorld) -> None:
    world.house.runtime.records.staff.lose_phone("s1001", world.clock.now())


def _leaves(world: OfficerWorld) -> None:
    world.book.leave("s1001", None)


@pytest.mark.parametrize("happens", [_is_lost, _leaves])
def test_a_handset_that_is_his_no_longer_is_not_rung(world: OfficerWorld, happens) -> None:  # type: ignore[no-untyped-def]
    drives(world)
    happens(world)
    world.clock.move(HALF_AN_HOUR)
    assert world.house.dial() == "refused"
    assert world.house.carrier.placed == []
    assert "may_not_be_rung" in world.house.tasks()


def test_on_a_telephone_that_is_not_theirs_nobody_is_rung_back(world: OfficerWorld) -> None:
    call, sheet = world.rings(CARLA), world.omar
    for keys in (sheet.number, sheet.issued.pin, sheet.next_code(), "3"):
        call.press(keys)
    assert call.heard().prompts == ("officers.parked_later",)
    world.clock.move(HALF_AN_HOUR)
    assert world.house.dial() is None


def test_a_stranger_with_his_handset_hears_that_it_was_for_staff(world: OfficerWorld) -> None:
    drives(world)
    world.clock.move(HALF_AN_HOUR)
    call = world.house.place()
    call.answered()
    for keys in ("1001", "123456", "123456"):
        call.press(keys)
    assert call.heard().prompts == ("officers.not_passed",)
    call.hang_up()
    world.clock.move(86400.0)
    assert world.house.dial() is None
