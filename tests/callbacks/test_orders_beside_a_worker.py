"""An order of staff and a worker that begins to ring meet over one callback, on a real server.

Whoever commits first is heard. Bob is rung once at most, never after he was held, moved, cancelled
or handed over, and never forgotten.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.callback_orders import Order, Ordered, carry_out
from bot.errors import Conflict
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.store import DUE
from tests.callbacks.test_callback_orders import OLIVE, TEXT
from tests.house_in_memory import DESK, HOUR, TUESDAY_AT_TEN, HouseInMemory
from tests.people import BOB

UNTIL = TUESDAY_AT_TEN + 3 * HOUR
ORDERS = [order for order in Order if order is not Order.RELEASE]


class JustBefore:
    """A store: just before it commits the callback, somebody else does something, once."""

    def __init__(self, store: Any, somebody: Callable[[], object]) -> None:
        self._store, self._somebody = store, [somebody]

    def commit(self, desk: str, change: Any) -> Any:
        if f"callback:{TEXT}" in change.writes and self._somebody:
            self._somebody.pop()()
        return self._store.commit(desk, change)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def house(build: Callable[..., HouseInMemory]) -> Iterator[HouseInMemory]:
    folder = Path(tempfile.mkdtemp(prefix="rb-"))  # a short name: it holds a socket
    server = EmbeddedServer.start(folder / "data")
    store = RedisStore.connect(server.url, timeout=5.0)
    house = build(store=store)
    house.text(BOB, "Hello", sid=TEXT)
    yield house
    store.close()
    server.stop()
    shutil.rmtree(folder)


def olive(house: HouseInMemory, order: Order) -> object:
    ordered = Ordered(order=order, reason="a visit", until=UNTIL)
    return carry_out(house.runtime, OLIVE, DESK, TEXT, ordered)


@pytest.mark.parametrize("order", ORDERS)
def test_olive_is_first_and_nobody_is_rung(house: HouseInMemory, order: Order) -> None:
    store = house.store
    first = JustBefore(store, lambda: olive(on(house, store), order))
    assert on(house, first).dial() == "waiting"

    house = on(house, store)
    house.dial()
    assert not house.carrier.placed
    owed = [line.id for line in store.waiting(DESK, DUE)]
    assert owed == ([f"{TEXT}-1"] if order in (Order.HOLD, Order.MOVE) else [])
    house.later(3 * HOUR)
    house.dial()
    assert len(house.carrier.placed) == len(owed)


@pytest.mark.parametrize("order", ORDERS)
def test_the_worker_is_first_and_olive_is_told_to_look_again(
    house: HouseInMemory, order: Order
) -> None:
    store = house.store
    slow = JustBefore(store, lambda: on(house, store).dial())
    with pytest.raises(Conflict):
        olive(on(house, slow), order)

    assert len(house.carrier.placed) == 1
    assert house.record(f"callback:{TEXT}")["state"] == "placed"


def on(house: HouseInMemory, store: Any) -> HouseInMemory:
    """The same house on this store."""
    house.store = store
    house.runtime = replace(house.runtime, store=store)
    return house
