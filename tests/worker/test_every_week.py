"""The story again and again, a week apart: nothing that happened before stands in its way."""

from collections.abc import Callable

import pytest

from tests.house_in_memory import HouseInMemory
from tests.people import ALICE
from tests.worker.world import World

WEEK = 7 * 24 * 3600.0


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    return World(build)


def test_alice_is_rung_in_each_of_ten_weeks(world: World) -> None:
    world.add(ALICE, rings_seconds=2, greeting_seconds=2)

    for week in range(10):
        text = world.text(ALICE)
        world.run(60)
        assert world.dispositions(text) == ["left_message"], f"week {week}"
        call = world.house.rings(ALICE)
        call.verify(ALICE, mistakes=1)
        call.press("1")
        call.hang_up()
        assert world.callback(text).disposition == "settled_by_customer", f"week {week}"
        world.skip(WEEK)
