"""A worker that stops in its tracks, loses its lease, and goes on when another has done its work.

It is frozen before each thing that it asks of the store, in turn. What it writes afterwards is
refused by its old token, or by the version of the record that it had read; what it has not yet
ordered it orders no more.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from bot.errors import Conflict
from bot.outbox import LEASE_SECONDS
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE
from tests.worker.world import World

LONG_ENOUGH = 240  # seconds: a lease, the settling time, a call


class Freezing:
    """Passes calls on to a store; before the chosen one, time passes and others work."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.calls: list[str] = []
        self.freeze_at = -1
        self.meanwhile: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if not callable(real):
            return real

        def asked(*args: object, **kwargs: object) -> object:
            place = len(self.calls)
            self.calls.append(name)
            if place == self.freeze_at:
                self.meanwhile()
            return real(*args, **kwargs)

        return asked


@pytest.fixture
def make_world(build: Callable[..., HouseInMemory]) -> Callable[[], World]:
    def make() -> World:
        world = World(build)
        world.add(ALICE, rings_seconds=2, greeting_seconds=2)
        return world

    return make


def works_frozen_at(world: World, place: int) -> Freezing:
    """The worker takes up Alice's call, and freezes there; another one does all there is to do."""
    store = Freezing(world.house.store)
    world.hire(store)  # type: ignore[arg-type]
    frozen = (world.dialler, world.outbox)

    def meanwhile() -> None:
        world.hire(world.house.store)
        world.skip(max(LEASE_SECONDS, world.house.runtime.house.policy.dialling.lease_seconds) + 1)
        world.run(LONG_ENOUGH)

    store.freeze_at, store.meanwhile = place, meanwhile
    for _ in range(2 * 60):
        for worker in frozen:
            with suppress(Conflict):  # as the worker's loop does: the line comes again
                worker.take_one("main")
        if world.dialler is not frozen[0]:
            break
        world.network.advance(0.5)
    return store


def test_a_frozen_worker_alters_nothing_any_more(make_world: Callable[[], World]) -> None:
    undisturbed = make_world()
    undisturbed.text(ALICE)
    steps = works_frozen_at(undisturbed, -1).calls
    last = max(place for place, name in enumerate(steps) if name == "done")
    assert steps[:last].count("commit") >= 4  # the number, the intent, the call, its ending

    for place in range(last + 1):
        world = make_world()
        text = world.text(ALICE)
        store = works_frozen_at(world, place)
        world.run(LONG_ENOUGH)

        where = f"frozen before {steps[place]} (step {place})"
        assert len(store.calls) > place, where
        assert len(world.calls_to(ALICE)) == 1, where
        assert world.dispositions(text)[-1] == "left_message", where
        assert world.callback(text).state == "due", where  # once more, tomorrow
        assert world.callback(text).tries == 1, where
        assert world.house.store.members("main", "live_calls") == [], where


def test_an_order_that_a_frozen_worker_sends_at_last_is_ended(
    make_world: Callable[[], World],
) -> None:
    """What is left (docs/store.md): frozen between its last look at the clock and the socket."""
    world = make_world()
    text = world.text(ALICE)
    order = world.carrier.place_call

    def frozen(asked: Any) -> str:
        del world.carrier.place_call
        world.hire(world.house.store)
        world.skip(46)
        world.run(120)
        assert [each.disposition for each in world.callback(text).attempts][0] == "cancelled"
        world.door_shut = True  # not even its first webhook tells of it
        return str(order(asked))

    world.carrier.place_call = frozen  # type: ignore[method-assign]
    world.dialler.take_one("main")
    late = max(world.calls_to(ALICE), key=lambda call: call.created_at)
    assert late.status in ("queued", "initiated", "ringing")

    world.run(2)

    assert late.status == "canceled"  # before she could answer
    assert late.words == ""
