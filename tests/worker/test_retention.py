"""What is owed to the log of disclosures is filed once; what is past its time goes, and is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text

from bot import retention
from bot.disclosure_record import DisclosureRecord
from bot.errors import Conflict, StoreDown
from bot.outbox import LEASE_SECONDS, Outbox
from bot.retention import Retention, cleared_before, kept_until
from bot.storage.memory import MemoryStore
from bot.worker import Worker
from tests.house_in_memory import DESK, TUESDAY_AT_TEN, FakeCarrier, HouseInMemory, LiveCall
from tests.people import ALICE, BOB
from tests.tellings import ALICE_WAS_TOLD
from tests.worker.world import Killable, Killed

Build = Callable[..., HouseInMemory]
DAY = 86400.0


def instant(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def filed(house: HouseInMemory) -> list[DisclosureRecord]:
    return list(house.runtime.records.disclosures.told())


def told(house: HouseInMemory) -> LiveCall:
    """Alice rings, is verified and hears about her case."""
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    assert ALICE.tells(call.heard().text)
    return call


@contextmanager
def records_down(house: HouseInMemory) -> Iterator[None]:
    """The table is out of reach for a while."""
    _rename(house, "disclosures", "out_of_reach")
    yield
    _rename(house, "out_of_reach", "disclosures")


def _rename(house: HouseInMemory, old: str, new: str) -> None:
    with house.records.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


# Filing


def test_what_alice_was_told_is_on_record_with_its_grounds(house: HouseInMemory) -> None:
    call = told(house)
    assert filed(house) == []

    assert "disclosure" in house.work()

    (record,) = filed(house)
    assert (record.desk, record.call, record.case) == (DESK, call.id, ALICE.reference)
    assert record.recipient == "verified_customer"
    assert record.number_hash == house.runtime.keyring.number_hash(ALICE.phone)
    assert record.facts == ("balance", "last_payment", "next_action")
    assert len(record.checks) == 6
    prompt = house.wording.prompt("case.details")
    assert record.wordings == (f"case.details@{prompt.hash}",)
    assert record.release == house.runtime.release
    assert record.authority == house.runtime.house.policy.disclosure.authority
    assert record.at == TUESDAY_AT_TEN
    assert "disclosure" not in house.work()


def test_a_call_that_we_placed_is_told_apart(house: HouseInMemory) -> None:
    call = house.ring_by_officer(BOB)
    call.answered()
    call.press("1")
    call.press("1")
    call.answer_all(BOB)
    call.press("1")  # the number in use is the best one
    call.press("1")
    assert BOB.tells(call.heard().text)
    house.work()

    (record,) = filed(house)
    assert (record.contact, record.call, record.case) == ("outbound", call.id, BOB.reference)


def test_a_repeat_of_the_webhook_is_the_same_record(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    path = call.heard().action
    for _ in range(3):
        call.post(path, Digits="1")
        assert ALICE.tells(call.heard().text)
    call.again()
    assert ALICE.tells(call.heard().text)
    house.work()
    call.post(path, Digits="1")
    house.work()

    assert len(filed(house)) == 1


@pytest.mark.parametrize("key", ["1", "*"])
def test_hearing_the_case_once_more_is_another_telling(house: HouseInMemory, key: str) -> None:
    call = told(house)
    house.later(60)
    call.press(key)
    assert ALICE.tells(call.heard().text)
    house.work()

    first, second = filed(house)
    assert first.id != second.id
    assert second.at == first.at + 60
    assert replace(second, id=first.id, at=first.at) == first


def test_words_without_facts_after_a_telling_are_none(house: HouseInMemory) -> None:
    call = told(house)
    call.press("7")
    call.press("*")
    assert not ALICE.tells(call.heard().text)
    house.work()

    assert len(filed(house)) == 1


def test_nothing_that_alice_was_told_is_kept(house: HouseInMemory) -> None:
    call = told(house)
    lines = str(house.store.waiting(DESK, "outbox"))
    kept = str(call.talk)
    house.work()

    for place in (lines, kept, repr(filed(house)), str(house.log())):
        assert not ALICE.tells(place)
        assert ALICE.phone not in place


def test_the_worker_may_die_at_any_step_and_the_record_is_filed_once(build: Build) -> None:
    steps, _ = filing_with(build, None)
    assert steps[:1] == ["claim"] and "done" in steps

    for place in range(len(steps)):
        for side in ("before", "after"):
            _, house = filing_with(build, (place, side))
            house.later(LEASE_SECONDS + 1)
            house.work()

            assert len(filed(house)) == 1, f"killed {side} {steps[place]} (step {place})"
            assert "disclosure" not in house.work()


def filing_with(build: Build, die_at: tuple[int, str] | None) -> tuple[list[str], HouseInMemory]:
    """A worker that carries out all that is owed after a telling, or dies on the way."""
    house = build()
    told(house)
    killable = Killable(house.store)
    killable.die_at = die_at
    outbox = Outbox(replace(house.runtime, store=killable), house.carrier)
    try:
        while outbox.take_one(DESK):
            pass
    except Killed:
        assert die_at
    return killable.calls, house


def test_while_the_records_are_down_the_line_stays_owed(house: HouseInMemory) -> None:
    call = told(house)
    with records_down(house):
        for _ in range(3):
            with pytest.raises(StoreDown):
                house.work()
            house.later(LEASE_SECONDS + 1)
    assert any(line.startswith(f"disclosure:{call.id}") for line in house.owed())

    house.work()

    assert len(filed(house)) == 1


# How long: the rule

instants = st.floats(instant("1971-01-01T00:00"), instant("2199-12-31T00:00"))


@given(at=instants, years=st.integers(1, 60), ahead=st.floats(-400 * DAY, 400 * DAY))
@example(at=instant("2024-02-29T12:00"), years=3, ahead=0.0)
def test_both_sides_of_the_rule_agree(at: float, years: int, ahead: float) -> None:
    now = kept_until(at, years) + ahead

    assert (at < cleared_before(now, years)) == (now >= kept_until(at, years))


@pytest.mark.parametrize(
    ("told_at", "goes_at"),
    [
        ("2026-09-15T09:00", "2029-09-16T00:00"),
        ("2026-09-15T00:00", "2029-09-16T00:00"),
        ("2026-09-15T23:59:59.999", "2029-09-16T00:00"),
        ("2025-12-31T23:30", "2029-01-01T00:00"),
        ("2024-02-29T12:00", "2027-03-01T00:00"),  # 2027 has no 29 February
        ("2025-02-28T12:00", "2028-02-29T00:00"),  # 2028 has
        ("2025-03-01T00:00", "2028-03-02T00:00"),
        ("2028-02-28T12:00", "2031-03-01T00:00"),
    ],
)
def test_a_record_is_kept_to_the_end_of_the_day_three_years_on(told_at: str, goes_at: str) -> None:
    at, goes = instant(told_at), instant(goes_at)

    assert kept_until(at, 3) == goes
    assert at < cleared_before(goes, 3)
    assert not at < cleared_before(goes - 1, 3)


def test_four_years_from_a_leap_day_is_a_leap_day() -> None:
    assert kept_until(instant("2024-02-29T12:00"), 4) == instant("2028-03-01T00:00")


# Clearing

OLD = instant("2023-09-14T12:00")  # three years and a day before the Tuesday of the tests


def fill(house: HouseInMemory, count: int, at: float = OLD) -> None:
    for place in range(count):
        record = replace(ALICE_WAS_TOLD, id=f"{at:.0f}:{place}", at=at + place)
        house.runtime.records.disclosures.file(record)


def clear(house: HouseInMemory, worker: Retention | None = None) -> list[str]:
    """A worker does all there is to do."""
    worker, done = worker or Retention(house.runtime), []
    while step := worker.take_one(DESK):
        done.append(step)
        assert len(done) < 100, "a clearing ends"
    return done


def notes(house: HouseInMemory) -> list[str]:
    return [line["reason"] for line in house.log() if line.get("event") == "disclosures_cleared"]


def test_what_is_past_its_time_goes_and_the_log_tells_how_many(house: HouseInMemory) -> None:
    fill(house, 3)
    fill(house, 2, at=OLD + 2 * DAY)

    clear(house)

    assert [record.at for record in filed(house)] == [OLD + 2 * DAY, OLD + 2 * DAY + 1]
    assert notes(house) == ["3 past their time"]
    assert ALICE.reference not in str([line for line in house.log() if line["kind"] == "note"])


def test_a_record_of_a_desk_that_is_no_more_goes_too(house: HouseInMemory) -> None:
    house.runtime.records.disclosures.file(replace(ALICE_WAS_TOLD, desk="closed", at=OLD))

    clear(house)

    assert filed(house) == []


def test_a_clearing_is_done_once_a_day(house: HouseInMemory) -> None:
    assert clear(house) == ["nothing more"]
    assert notes(house) == []
    fill(house, 1)
    assert clear(house) == []

    house.later(14 * 3600)  # past midnight, UTC
    assert clear(house) == ["chosen", "removed", "nothing more"]
    assert filed(house) == []


def test_many_go_so_many_at_a_time(house: HouseInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST", 4)
    fill(house, 10)

    assert clear(house).count("removed") == 3
    assert filed(house) == []
    assert notes(house) == ["4 past their time", "4 past their time", "2 past their time"]


def test_two_workers_clear_what_one_would(house: HouseInMemory) -> None:
    """Each reads before either writes: one is refused, and finds the step done."""
    fill(house, 5)
    one, other = Interrupted(house), Retention(house.runtime)

    for _ in range(2):  # the choice, then the removal
        one.then = lambda: other.take_one(DESK)
        with pytest.raises(Conflict):
            one.take_one(DESK)

    assert clear(house) == ["nothing more"]
    assert filed(house) == []
    assert notes(house) == ["5 past their time"]


class Interrupted(Retention):
    """A worker during whose commit somebody else is quicker."""

    def __init__(self, house: HouseInMemory) -> None:
        self.then: Callable[[], object] = lambda: None
        outer = self

        class Slow:
            def __getattr__(self, name: str) -> object:
                return getattr(house.store, name)

            def commit(self, *given: object) -> None:
                outer.then()
                house.store.commit(*given)

        super().__init__(replace(house.runtime, store=Slow()))


def test_the_worker_may_die_at_any_step_of_a_clearing(build: Build) -> None:
    steps, _ = clearing_with(build, None)
    assert steps.count("commit") == 3

    for place in range(len(steps)):
        for side in ("before", "after"):
            _, house = clearing_with(build, (place, side))
            clear(house)

            where = f"killed {side} {steps[place]} (step {place})"
            assert [record.at for record in filed(house)] == [TUESDAY_AT_TEN], where
            assert notes(house) == ["2 past their time"], where


def clearing_with(build: Build, die_at: tuple[int, str] | None) -> tuple[list[str], HouseInMemory]:
    house = build()
    fill(house, 2)
    fill(house, 1, at=TUESDAY_AT_TEN)
    killable = Killable(house.store)
    killable.die_at = die_at
    try:
        clear(house, Retention(replace(house.runtime, store=killable)))
    except Killed:
        assert die_at
    return killable.calls, house


def test_while_the_records_are_down_nothing_is_noted_and_nothing_forgotten(
    house: HouseInMemory,
) -> None:
    fill(house, 2)
    with records_down(house), pytest.raises(StoreDown):
        clear(house)
    assert notes(house) == []

    clear(house)

    assert filed(house) == []
    assert notes(house) == ["2 past their time"]


def test_the_worker_clears_and_outlives_records_that_are_down(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real loops: their first look finds no table, a later one clears."""
    monkeypatch.setattr("bot.worker.CLEARING_REST", 0.01)
    store = Watched()
    house = build(store=store)
    fill(house, 2)
    stop = threading.Event()
    run = Worker(house.runtime, FakeCarrier()).run
    worker = threading.Thread(target=run, args=(stop,), daemon=True)
    try:
        with records_down(house):
            worker.start()
            assert store.looked.wait(20)
        assert store.cleared.wait(20)
    finally:
        stop.set()
        worker.join(20)

    assert not worker.is_alive()
    assert filed(house) == []


class Watched(MemoryStore):
    """Tells when a clearing is looked at, and when it has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.looked, self.cleared = threading.Event(), threading.Event()

    def read(self, partition, keys):
        if retention.RECORD in keys:
            self.looked.set()
        return super().read(partition, keys)

    def commit(self, partition, change):
        super().commit(partition, change)
        plan = change.writes.get(retention.RECORD)
        if plan is not None and plan["due"] > TUESDAY_AT_TEN:
            self.cleared.set()
