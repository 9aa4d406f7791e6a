"""A worker that is told to stop (SIGTERM): what it has only claimed goes back at once."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from bot.store import DUE, OUTBOX, Change, Claim
from bot.worker import Worker
from tests.house_in_memory import DESK, HouseInMemory, text_sid
from tests.people import ALICE

ALICES = text_sid(1)


class StopsUpon:
    """Passes calls on to a store; the worker is told to stop when the chosen thing was done."""

    def __init__(self, real: Any, stop: Event, chosen: Callable[[str, object], bool]) -> None:
        self._real, self._stop, self._chosen = real, stop, chosen

    def claim(self, desk: str, queue: str, now: float, lease: float) -> Claim | None:
        claimed: Claim | None = self._real.claim(desk, queue, now, lease)
        if claimed is not None and self._chosen("claim", claimed.line.queue):
            self._stop.set()
        return claimed

    def commit(self, desk: str, change: Change) -> None:
        self._real.commit(desk, change)
        states = [data["state"] for data in change.writes.values() if data and "state" in data]
        if any(self._chosen("commit", state) for state in states):
            self._stop.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def works_until(house: HouseInMemory, chosen: Callable[[str, object], bool]) -> None:
    """A whole worker, all its threads, from its start until it has stopped."""
    stop = Event()
    store: Any = StopsUpon(house.store, stop, chosen)
    Worker(replace(house.runtime, store=store), house.carrier).run(stop)


def test_a_call_that_was_claimed_is_due_at_once(house: HouseInMemory) -> None:
    house.text(ALICE, "please ring me", sid=ALICES)

    works_until(house, lambda done, what: (done, what) == ("claim", DUE))

    assert house.carrier.placed == []
    assert house.record(f"callback:{ALICES}")["attempts"] == []
    due = house.store.next_due(DESK, DUE)
    assert due is not None and due <= house.clock.now()
    assert house.dial() == "placed"


def test_what_the_outbox_has_claimed_is_due_at_once(house: HouseInMemory) -> None:
    house.text(ALICE, "please ring me", sid=ALICES)
    house.dial()

    works_until(house, lambda done, what: (done, what) == ("claim", OUTBOX))

    assert house.carrier.redacted == []
    due = house.store.next_due(DESK, OUTBOX)
    assert due is not None and due <= house.clock.now()


def test_what_was_begun_is_ended(house: HouseInMemory) -> None:
    house.text(ALICE, "please ring me", sid=ALICES)

    works_until(house, lambda done, what: (done, what) == ("commit", "placing"))

    assert len(house.carrier.placed) == 1
    assert house.record(f"callback:{ALICES}")["state"] == "placed"
    assert f"follow:{ALICES}-1" in house.owed()


@pytest.mark.parametrize("stopped", [True, False])
def test_nothing_new_is_taken(house: HouseInMemory, stopped: bool) -> None:
    """Who has stopped leaves the queue as it is; the contrary shows that this is no accident."""
    house.text(ALICE, "please ring me", sid=ALICES)
    stop = Event()
    if stopped:
        stop.set()
        Worker(house.runtime, house.carrier).run(stop)
    else:
        works_until(house, lambda done, what: (done, what) == ("commit", "placed"))

    assert bool(house.carrier.placed) is not stopped
