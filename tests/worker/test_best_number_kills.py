"""A worker that dies at any step of noting the best number: it is noted still, and told once."""

from collections.abc import Callable

import pytest

from tests.house_in_memory import HouseInMemory
from tests.people import ALICE
from tests.worker.world import Killed, World

KEYED, NEW = "07700900777", "+447700900777"
LEASE = 31.0


def alice_has_a_better_number(build: Callable[..., HouseInMemory]) -> World:
    """A world in which Alice has kept the number that she keyed."""
    world = World(build)
    call = world.house.rings(ALICE)
    call.press(ALICE.reference)
    call.answer_all(ALICE)
    for keys in ("2", KEYED, "1"):
        call.press(keys)
    return world


def steps(world: World) -> list[str]:
    """Everything that an undisturbed worker asks of the store."""
    world.drain()
    last = max(place for place, name in enumerate(world.killable.calls) if name == "done")
    return world.killable.calls[: last + 1]


def test_the_worker_may_die_at_any_step(build: Callable[..., HouseInMemory]) -> None:
    asked = steps(alice_has_a_better_number(build))
    assert asked.count("done") == 2, "the note, and the task that comes of it"

    for place in range(len(asked)):
        for side in ("before", "after"):
            world = alice_has_a_better_number(build)
            world.killable.die_at = (place, side)
            with pytest.raises(Killed):
                world.drain()
            world.hire(world.house.store)
            world.skip(LEASE)
            world.drain()

            where = f"killed {side} {asked[place]} (step {place})"
            house = world.house
            assert house.runtime.directory.number_of(ALICE.reference) == NEW, where
            assert len(house.runtime.directory.number_hashes(ALICE.reference)) == 2, where
            assert world.tasks() == ["number_changed"], where
            told = [line for line in house.log() if line["kind"] == "task"]
            assert len(told) == 1, where
