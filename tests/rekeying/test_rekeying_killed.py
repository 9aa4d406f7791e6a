"""A rotation that is killed anywhere and run again ends as one that nobody disturbed."""

import pytest

from bot.records.rekeying import SqlRekeying
from bot.rekeyed_store import StoreRekeying
from bot.storage.redis_store import RedisStore
from tests.house_in_memory import DESK, HOUR
from tests.people import ALICE
from tests.rekeying_world import (
    NEW,
    OLD,
    KillableRecords,
    Service,
    Snapshot,
    everything,
    keyring,
    silent,
)
from tests.worker.world import Killable, Killed

DAY = 24 * HOUR


def test_twice_is_once(service: Service) -> None:
    service.rotated()
    once = everything(service, keyring(NEW))

    assert service.rekeying(NEW, OLD).rotate(silent) == []
    assert service.rekeying(NEW, OLD).rename(silent) == []

    assert everything(service, keyring(NEW)) == once


def test_a_second_run_that_comes_late_stops_nobody(service: Service) -> None:
    """Two people rename at once: one is still at it when all has ended and was restarted."""
    service.rotated()
    service.text(ALICE, "Hello?")
    late = SqlRekeying(service.records)
    late.begin(NEW)
    store = RedisStore.connect(service.redis_url, timeout=5.0)
    StoreRekeying(store, [DESK], service.clock.now()).put_fences(NEW)
    store.close()

    assert service.text(ALICE, "Hello again?").status_code == 200
    service.restart(NEW)


@pytest.mark.parametrize("step", ["rotate", "rename"])
def test_it_may_be_killed_anywhere_in_redis(service: Service, step: str) -> None:
    ready(service, step)
    snapshot = Snapshot(service)
    wanted, asked = undisturbed(service, step)

    for place in range(asked):  # after each is before the next
        snapshot.put_back(service)
        store = Killable(RedisStore.connect(service.redis_url, timeout=5.0))
        store.die_at = (place, "after")
        with pytest.raises(Killed):
            getattr(service.rekeying(NEW, OLD, store=store), step)(silent)
        store.die_at = None
        store.close()
        finished(service, step)
        assert everything(service, keyring(NEW, OLD)) == wanted, (place, store.calls[place])


@pytest.mark.parametrize("step", ["rotate", "rename"])
def test_it_may_be_killed_anywhere_in_the_records(service: Service, step: str) -> None:
    ready(service, step)
    snapshot = Snapshot(service)
    wanted, _ = undisturbed(service, step)

    place, died = 0, True
    while died:
        snapshot.put_back(service)
        records = KillableRecords(service)
        records.die_at = place
        try:
            getattr(service.rekeying(NEW, OLD, batch=6), step)(silent)
            died = False
        except Killed:
            place += 1
        records.close()
        finished(service, step)
        assert everything(service, keyring(NEW, OLD)) == wanted, place
    assert place > 15


def ready(service: Service, step: str) -> None:
    """The new key leads, and everything is stopped."""
    service.restart(NEW, OLD)
    if step == "rename":
        service.rekeying(NEW, OLD).rotate(silent)


def undisturbed(service: Service, step: str) -> tuple[dict[str, object], int]:
    """What is kept after a run that nobody stopped, and how often it asked the store."""
    store = Killable(RedisStore.connect(service.redis_url, timeout=5.0))
    assert getattr(service.rekeying(NEW, OLD, store=store), step)(silent) == []
    store.close()
    return everything(service, keyring(NEW, OLD)), len(store.calls) - 1


def finished(service: Service, step: str) -> None:
    """Run again, to the end."""
    assert getattr(service.rekeying(NEW, OLD), step)(silent) == []
