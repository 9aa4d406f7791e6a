"""A rotation beside running processes: nothing is lost, and nobody writes under an old name."""

import os

import pytest

from bot.errors import ConfigError, StorageRefused
from bot.keys import Keyring
from bot.records.rekeying import SqlRekeying
from bot.records.tables import cases
from bot.samples import import_samples
from bot.storage.redis_store import RedisStore
from tests.house_in_memory import DESK, HOUR
from tests.people import ALICE, BOB, IVAN
from tests.rekeying_world import (
    NEW,
    OLD,
    Service,
    Snapshot,
    alter,
    keyring,
    silent,
)
from tests.worker.world import Killable, Killed

DAY = 24 * HOUR


def test_what_is_written_meanwhile_is_neither_lost_nor_overwritten(service: Service) -> None:
    service.restart(NEW, OLD)
    store = Killable(RedisStore.connect(service.redis_url, timeout=5.0))
    texted: list[str] = []

    def text_in_between(done: int, total: int) -> None:
        if len(texted) < 3:
            texted.append("again")
            service.text(ALICE, "Hello?")

    service.rekeying(NEW, OLD, store=store).rotate(text_in_between)
    store.close()

    asks = [record["asks"] for record in callbacks(service)]
    assert asks == [1 + len(texted)]


def test_an_import_meanwhile_is_not_overwritten(service: Service) -> None:
    """It comes between the reading of some rows and the writing of them."""
    service.restart(NEW, OLD)
    imported: list[str] = []
    newer = keyring(NEW).seal("Alice Newname", bound_to=f"case:{ALICE.reference}:full_name")

    def nonce(count: int) -> bytes:
        if not imported:
            imported.append("once")
            alter(service, cases, cases.c.handle == ALICE.reference, full_name=newer)
        return os.urandom(count)

    keys = Keyring({NEW: b"n" * 32, OLD: b"o" * 32}, random_bytes=nonce)
    assert SqlRekeying(service.records).reseal(keys, lambda more: None) == []

    assert service.runtime.directory.full_name(ALICE.reference) == "Alice Newname"


def callbacks(service: Service) -> list[dict[str, object]]:
    keys = [key for key in service.store.records(DESK) if key.startswith("callback:")]
    return [service.record(key) for key in keys]


def test_no_process_of_before_writes_once_names_are_changed(service: Service) -> None:
    """Under the old name Bob's wish would not be found, and he would be rung."""
    service.restart(NEW, OLD)
    service.rekeying(NEW, OLD).rename(silent)

    assert service.text(BOB, "who rang me?").status_code == 503
    assert service.rings(ALICE).last.status_code == 200  # she hears the apology
    with pytest.raises(StorageRefused, match="restarted"):
        dial_tomorrow(service)
    assert service.carrier.placed[1:] == []

    service.restart(NEW, OLD)
    assert service.text(BOB, "who rang me?").status_code == 200
    assert service.tasks()[-1:] == ["wants_no_contact"]


def dial_tomorrow(service: Service) -> None:
    service.later(3 * DAY)
    service.dial()


def test_a_process_that_first_writes_after_the_change_is_refused_too(service: Service) -> None:
    service.restart(NEW, OLD)
    late = Service(service.folder, service.redis_url, NEW, OLD)
    late.store._versions.clear()  # it has not written yet
    late._sids = service.next_sid()
    service.rekeying(NEW, OLD).rename(silent)

    assert late.text(BOB, "who rang me?").status_code == 503
    late.store.close()


def test_while_names_are_changed_nothing_starts_and_nothing_is_imported(service: Service) -> None:
    service.restart(NEW, OLD)
    store = Killable(RedisStore.connect(service.redis_url, timeout=5.0))
    place = undisturbed_asks(service).index("commit")  # the first fence
    store.die_at = (place, "after")
    with pytest.raises(Killed):
        service.rekeying(NEW, OLD, store=store).rename(silent)

    with pytest.raises(ConfigError, match="keys rename"):
        service.restart(NEW, OLD)
    with pytest.raises(ConfigError, match="keys rename"):
        import_samples(service.records, service.runtime)


def undisturbed_asks(service: Service) -> list[str]:
    """What a change of names asks of the store, from the beginning; all is put back."""
    snapshot = Snapshot(service)
    store = Killable(RedisStore.connect(service.redis_url, timeout=5.0))
    service.rekeying(NEW, OLD, store=store).rename(silent)
    store.close()
    snapshot.put_back(service)
    return store.calls


def test_a_best_number_waits_while_names_are_changed(service: Service) -> None:
    service.restart(NEW, OLD)
    given = {"conversation": "CA1", "at": service.clock.now() + 1}
    SqlRekeying(service.records).begin(NEW)

    with pytest.raises(ConfigError, match="keys rename"):
        service.runtime.records.best_numbers.note(ALICE.reference, IVAN.phone, **given)

    service.rekeying(NEW, OLD).rename(silent)
    service.restart(NEW, OLD)
    service.runtime.records.best_numbers.note(ALICE.reference, IVAN.phone, **given)
    named = service.runtime.keyring.number_hash(IVAN.phone)
    assert [case.handle for case in service.runtime.directory.by_number(named)] == [ALICE.reference]
