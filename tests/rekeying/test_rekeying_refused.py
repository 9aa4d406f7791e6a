"""Mistakes of an operator, and values that do not open: refused or told, and nothing is lost."""

import pytest

from bot.errors import ConfigError
from bot.records.tables import case_numbers, cases
from bot.rekeying import CannotRename
from bot.samples import import_samples
from tests.house_in_memory import DESK, HOUR
from tests.people import ALICE, BOB
from tests.rekeying_world import (
    NEW,
    OLD,
    Service,
    alter,
    keyring,
    silent,
    verified,
)

DAY = 24 * HOUR


def test_dropping_the_old_key_too_soon_is_refused_at_the_start(service: Service) -> None:
    with pytest.raises(ConfigError, match="named with the key old, which is not given"):
        service.restart(NEW)


def test_the_order_of_the_keys_does_not_change_the_names(service: Service) -> None:
    for keys in ((OLD, NEW), (NEW, OLD), (NEW, OLD, "other")):
        service.restart(*keys)
        named = service.runtime.keyring.number_hash(ALICE.phone)
        assert len(service.runtime.directory.by_number(named)) == 1


def test_the_old_key_may_stay_after_the_change(service: Service) -> None:
    service.rotated()
    service.restart(NEW, OLD)

    call = service.rings(BOB)
    call.verify(BOB)
    assert verified(call), "answers hashed with the old key count as long as it is held"


def test_without_it_a_case_is_verifiable_again_after_an_import(service: Service) -> None:
    service.rotated()
    call = service.rings(BOB)
    call.verify(BOB)
    assert not verified(call)

    import_samples(service.records, service.runtime)
    call = service.rings(BOB)
    call.verify(BOB)
    assert verified(call)


# What does not open


def test_an_altered_value_and_one_under_a_key_of_nobodys_are_told_and_left(
    service: Service,
) -> None:
    service.restart(NEW, OLD)
    foreign = keyring("other").seal("Alice", bound_to="anything")
    alter(service, cases, cases.c.handle == ALICE.reference, full_name=foreign)
    altered = alter_last(service)
    key = next(key for key in service.store.records(DESK) if key.startswith("callback:"))
    service.write(key, {**service.record(key), "number_sealed": foreign})

    bad = service.rekeying(NEW, OLD).rotate(silent)

    assert ("cases.full_name", f"{ALICE.reference} (key other)") in bad
    assert ("case_numbers.number_sealed", f"{BOB.reference} 0 (key old)") in bad
    assert (key, "number_sealed") in bad
    assert service.record(key)["number_sealed"] == foreign
    with service.records.begin() as connection:
        kept = connection.execute(case_numbers.select()).mappings().all()
    assert altered in [row["number_sealed"] for row in kept]
    assert service.rekeying(NEW, OLD).status().on("") == 2


def alter_last(service: Service) -> str:
    """Bob's sealed number with another last letter."""
    where = (case_numbers.c.handle == BOB.reference) & (case_numbers.c.place == 0)
    with service.records.begin() as connection:
        sealed = connection.execute(case_numbers.select().where(where)).one().number_sealed
    altered = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    alter(service, case_numbers, where, number_sealed=altered)
    return altered


def test_names_are_not_changed_while_one_would_be_lost(service: Service) -> None:
    service.restart(NEW, OLD)
    alter_last(service)

    with pytest.raises(CannotRename) as refusal:
        service.rekeying(NEW, OLD).rename(silent)

    assert ("case_numbers.number_sealed", f"{BOB.reference} 0 (key old)") in refusal.value.lost
    assert service.text(ALICE, "Hello?").status_code == 200, "nothing was changed"
    assert service.rekeying(NEW, OLD).rename(silent, leave=True) == refusal.value.lost
    service.restart(NEW)


def test_a_wish_to_be_left_alone_that_cannot_be_moved_is_not_forgotten_silently(
    service: Service,
) -> None:
    service.restart(NEW, OLD)
    key = f"left_alone:{'0' * 32}"
    service.write(key, {"since": service.clock.now(), "number_sealed": None})

    with pytest.raises(CannotRename) as refusal:
        service.rekeying(NEW, OLD).rename(silent)

    assert ("left_alone", key) in refusal.value.lost


def test_a_case_from_before_customers_were_sealed_must_be_imported_again(service: Service) -> None:
    service.restart(NEW, OLD)
    alter(service, cases, cases.c.handle == ALICE.reference, customer_sealed=None)

    with pytest.raises(CannotRename) as refusal:
        service.rekeying(NEW, OLD).rename(silent)
    assert ("cases.customer_sealed", ALICE.reference) in refusal.value.lost

    import_samples(service.records, service.runtime)
    assert service.rekeying(NEW, OLD).rename(silent) == []
