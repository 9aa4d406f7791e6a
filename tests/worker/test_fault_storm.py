"""All faults of the carrier at once, each now and then, over some days of calls."""

from collections.abc import Callable

import pytest

from bot.simulator.faults.orders import ON_REQUESTS
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import BOB, CUSTOMERS
from tests.worker.carrier_faults import (
    DAY,
    HELPED,
    HOUR,
    NO_TRACE_OF_IT,
    bob_is_at_home,
    happened,
    is_sound,
    survivable,
    texts,
    world_with_retries,
)
from tests.worker.world import World

TELEPHONES: dict[str, dict[str, object]] = {
    "alice": {"kind": "machine", "rings_seconds": 4, "greeting_seconds": 5},
    "carys": {"kind": "machine", "greeting_seconds": 8},
    "erin": {"kind": "no-answer"},
    "frank": {"kind": "busy"},
    "heidi": {"kind": "unreachable"},
}


@pytest.mark.parametrize("seed", range(8))
def test_a_storm(build: Callable[..., HouseInMemory], seed: int) -> None:
    """A day of texts while everything goes wrong now and then, all at once; after some days each
    was helped, or is a task for a person."""
    world = world_with_retries(build, seed)
    asked = day_of_texts(world)
    for day in range(9):
        world.run(200)
        world.skip(DAY + (3 * HOUR if day % 2 == 0 else -3 * HOUR))  # another time of day
    world.run(200)

    assert len(set(happened(world))) > 5
    is_sound(world, verified=(BOB,))
    assert world.house.store.members(DESK, "callbacks") == []
    helped = [text for text in asked if was_helped(world, text)]
    joined = sum(world.callback(text).asks - 1 for text in helped)  # to a call that helped
    assert len(world.tasks()) >= len(asked) - len(helped) - joined


def day_of_texts(world: World) -> list[str]:
    """Everybody texts, Bob twice, while it storms; the ids of the texts."""
    bob_is_at_home(world)
    for name, telephone in TELEPHONES.items():
        world.add(CUSTOMERS[name], **telephone)
    let_it_storm(world)
    asked = []
    for name in ["bob", *TELEPHONES, "bob"]:
        asked.append(texts(world, CUSTOMERS[name]))
        world.run(45)
    return asked


def test_the_same_storm_comes_again(build: Callable[..., HouseInMemory]) -> None:
    first, again, another = (world_with_retries(build, seed) for seed in (3, 3, 4))
    for world in (first, again, another):
        day_of_texts(world)

    assert first.network.faults.happened == again.network.faults.happened
    assert first.network.happenings == again.network.happenings
    assert first.network.faults.happened != another.network.faults.happened


def was_helped(world: World, text: str) -> bool:
    """By that text's own callback; a text without one was joined to another, or is a task."""
    record = world.house.record(f"callback:{text}")
    return record is not None and world.callback(text).disposition in HELPED


def let_it_storm(world: World) -> None:
    """Every fault that can be survived, on everything."""
    faults = world.network.faults
    for fault in sorted(ON_REQUESTS):
        faults.order(fault, rate=0.05)
    for fault, kind in survivable("text", "voice", "action", "notice", "amd"):
        faults.order(fault, kind=kind, rate=0.04)
    for fault in sorted(NO_TRACE_OF_IT):
        faults.order(fault, kind="text", rate=0.15)
