"""Keys are rotated: whatever was kept is found again, and whoever may not be rung is not."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from sqlalchemy import update

import bot.records
from bot.errors import ConfigError, StorageRefused
from bot.keys import Keyring, key_of
from bot.records import SAMPLE_CASES, import_cases
from bot.records.rekeying import SqlRekeying
from bot.records.tables import case_numbers, cases, metadata
from bot.rekeyed_store import StoreRekeying
from bot.rekeying import CannotRename
from bot.samples import import_samples, known_of
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.task_text import read_text
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, HOUR
from tests.people import ALICE, BOB, DAVE, ERIN, IVAN, MALLORY
from tests.rekeying_world import (
    NEW,
    OLD,
    KillableRecords,
    Service,
    Snapshot,
    everything,
    keyring,
    lived_in,
    number_of_calls_owed,
    silent,
    verified,
)
from tests.worker.world import Killable, Killed

DAY = 24 * HOUR


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    folder = Path(tempfile.mkdtemp(prefix="rb-"))  # pytest's own are too long for a socket
    with EmbeddedServer.start(folder / "redis") as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def make(server: EmbeddedServer, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    redis.Redis.from_url(server.url).flushall()
    made: list[Service] = []

    def make(*keys: str) -> Service:
        made.append(Service(tmp_path, server.url, *keys))
        return made[-1]

    yield make
    for service in made:
        service.store.close()
        service.records.dispose()


@pytest.fixture
def service(make: Callable[..., Service]) -> Service:
    """Everybody has done something, under the old key."""
    service = make(OLD)
    lived_in(service)
    return service


# What was kept is found


def test_alice_is_found_by_her_number_and_by_her_case(service: Service) -> None:
    service.rotated()

    named = service.runtime.keyring.number_hash(ALICE.phone)
    assert [case.handle for case in service.runtime.directory.by_number(named)] == [ALICE.reference]
    assert service.runtime.directory.full_name(ALICE.reference) == ALICE.full_name
    assert service.runtime.directory.details(ALICE.reference) is not None


def test_the_call_that_alice_is_owed_stays_one_and_is_placed_once(service: Service) -> None:
    service.rotated()

    service.text(ALICE, "Are you ringing me?")
    assert number_of_calls_owed(service.store) == 1
    service.later(3 * DAY)
    service.place()
    assert [order.to.e164 for order in service.carrier.placed[1:]] == [ALICE.phone]
    assert number_of_calls_owed(service.store) == 0


def test_her_voicemail_of_today_still_stands_against_an_officers_call(service: Service) -> None:
    """A machine answered: not again within 24 hours (config/policy.toml)."""
    service.rotated()
    service.write(f"open:{service.runtime.keyring.number_hash(ALICE.phone)}", None)
    service.write(f"open:case:{ALICE.reference}", None)

    with pytest.raises(AssertionError, match="refused"):
        service.ring_by_officer(ALICE)


def test_a_budget_that_mallory_spent_is_spent_still(service: Service) -> None:
    service.rotated()
    import_samples(service.records, service.runtime)  # the answers, under the new key

    call = service.rings(ALICE)
    call.verify(ALICE)
    assert not verified(call), "her case is locked for a day"
    call = service.rings(MALLORY)
    call.verify(BOB)
    assert not verified(call), "and so is Mallory's telephone"
    call = service.rings(BOB)
    call.verify(BOB)
    assert verified(call), "which is nobody else's affair"


def test_who_said_stop_is_left_alone(service: Service) -> None:
    service.rotated()
    before = number_of_calls_owed(service.store)

    service.text(BOB, "ring me")

    assert number_of_calls_owed(service.store) == before
    assert service.tasks()[-1:] == ["wants_no_contact"]


def test_a_wish_from_a_number_on_no_case_is_kept_and_no_longer_than_before(
    service: Service,
) -> None:
    said_at = service.clock.now()
    service.later(9 * DAY)  # the text itself is forgotten by now
    for key in service.store.records(DESK):
        if key.startswith("call:"):
            service.write(key, None)
    service.rotated()

    key = f"left_alone:{service.runtime.keyring.number_hash(DAVE.phone)}"
    assert service.record(key)["since"] == said_at
    client = redis.Redis.from_url(service.redis_url)
    assert client.ttl(f"{{{DESK}}}:record:{key}") <= (365 - 9) * DAY


def test_a_call_that_went_on_all_the_while_keeps_its_ledger(make: Callable[..., Service]) -> None:
    service = make(OLD)
    import_samples(service.records, service.runtime)
    call = service.rings(ALICE)
    call.press(ALICE.reference)
    call.answer(ALICE)

    service.restart(NEW, OLD)
    service.rekeying(NEW, OLD).rotate(silent)
    service.rekeying(NEW, OLD).rename(silent)
    service.restart(NEW, OLD)
    call.answer_all(ALICE)

    assert verified(call)
    call.hang_up()


def test_the_text_behind_a_task_can_still_be_read(service: Service) -> None:
    service.rotated()

    texts = [task for task in service.runtime.tasks.open() if task.text_sealed]
    said = {read_text(service.runtime, task, "omar") for task in texts}
    assert "who are you?" in said


def test_nothing_hangs_on_the_old_key_but_answers(service: Service) -> None:
    service.rotated()

    status = service.rekeying(NEW, OLD).status()
    assert status.on(OLD) == status.on("") == 0
    assert not status.needs(OLD)
    assert set(status.answers) == {OLD}

    import_samples(service.records, service.runtime)
    assert set(service.rekeying(NEW, OLD).status().answers) == {NEW}


def test_before_it_everything_hangs_on_it(service: Service) -> None:
    status = service.rekeying(NEW, OLD).status()

    assert status.needs(OLD)
    assert status.on(NEW) == 0
    where = {where for where, _ in status.sealed}
    assert {"cases.details", "tasks.text_sealed", "call ledger", "callback number_sealed"} <= where
    assert status.named["left_alone"] == 2
    assert status.named["history"] == 1


def test_a_person_of_two_cases_stays_one_person(service: Service, tmp_path: Path) -> None:
    """What is held against one case of Erin's counts for the other: joined by customer."""
    before = people(service)
    service.rotated()

    sheet = SAMPLE_CASES.read_text(encoding="utf-8").splitlines()
    hers = next(row for row in sheet if row.startswith(ERIN.reference))
    one = tmp_path / "one.csv"
    one.write_text(f"{sheet[0]}\n{hers}\n", encoding="utf-8")
    runtime, policy = service.runtime, service.runtime.house.policy
    questions = runtime.house.questions.questions
    known, now = known_of(policy), service.clock.now()
    import_cases(service.records, runtime.keyring, questions, one, known=known, now=now)

    assert people(service) == before
    assert any(len(each) == 2 for each in before)


def people(service: Service) -> list[list[str]]:
    """The cases of each customer."""
    directory, found = service.runtime.directory, {}
    for handle in SqlRekeying(service.records).handles():
        found.setdefault(directory.by_handle(handle).customer, []).append(handle)
    return sorted(found.values())


# Stopped and run again


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


# Beside running processes


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


# Mistakes of an operator


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


def alter(service: Service, table: object, where: object, **values: str) -> None:
    with service.records.begin() as connection:
        connection.execute(update(table).where(where).values(**values))


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


# What is sealed, is known here


def test_whoever_writes_a_name_into_the_records_holds_the_key_that_makes_it() -> None:
    """Else a number that is written while names are changed would be found under neither."""
    for path in Path(bot.records.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(r"keyring\.(number_hash|name_of)\(", source):
            assert "hold(connection, " in source or path.stem == "rekeying", path


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


def test_every_column_that_is_sealed_is_rotated(service: Service) -> None:
    counted = {where for where, _ in SqlRekeying(service.records).sealed([OLD])}
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert sealed | {"cases.full_name", "cases.details"} == counted


def test_nothing_in_any_column_or_record_is_sealed_with_the_old_key(service: Service) -> None:
    """Whatever its name, wherever it stands."""
    service.rotated()

    with service.records.begin() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(table.select()).mappings():
                for name, value in row.items():
                    assert key_of(str(value)) != OLD, f"{table.name}.{name}"
    client = redis.Redis.from_url(service.redis_url, decode_responses=True)
    for key in client.scan_iter():
        kind = client.type(key)
        text = {"string": client.get, "hash": client.hgetall}.get(kind, lambda _: "")(key)
        if kind == "string" and text.endswith(":"):
            continue  # was deleted; its version is remembered for a day
        assert f"{OLD}:" not in str(text), key
        assert keyring(OLD).number_hash(ALICE.phone) not in str(text) + key or is_fence(key)


def is_fence(key: str) -> bool:
    """The old partition of a number keeps the fence that refuses late writers."""
    return key.startswith("{num:") and key.endswith((":record:naming", ":record:history"))


def test_a_reservation_moves_with_its_number(service: Service) -> None:
    numbers = UnitOfWork(service.store, f"num:{keyring(OLD).number_hash(ALICE.phone)}")
    until = service.clock.now() + 3600
    held = {"attempt": "another desk's", "until": until}
    numbers.put("history", {**numbers.get("history"), "reserved": held})
    numbers.commit()

    service.rotated()

    moved = UnitOfWork(service.store, f"num:{keyring(NEW).number_hash(ALICE.phone)}")
    assert moved.get("history")["reserved"] == held
    assert [entry["disposition"] for entry in moved.get("history")["past"]] == ["left_message"]


def test_what_was_owed_in_the_outbox_is_carried_out(make: Callable[..., Service]) -> None:
    service = make(OLD)
    import_samples(service.records, service.runtime)
    service.text(IVAN, "who are you?")
    service.text(replace(BOB, phone="+442079460456"), "STOP")

    service.rotated()
    service.work()

    filed = [task for task in service.runtime.tasks.open() if task.text_sealed]
    assert {key_of(task.text_sealed) for task in filed} == {NEW}
    assert len(filed) == 2
