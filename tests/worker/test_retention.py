"""What is past its time goes, and the log tells how much."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import retention
from bot.errors import Conflict, StoreDown
from bot.retention import Retention
from bot.retention_days import cleared_before, kept_until
from bot.storage.memory import MemoryStore
from bot.worker import Worker
from tests.house_in_memory import DESK, TUESDAY_AT_TEN, FakeCarrier, HouseInMemory
from tests.people import ALICE
from tests.tellings import ALICE_WAS_TOLD, filed, records_down
from tests.worker.world import Killable, Killed

Build = Callable[..., HouseInMemory]
DAY = 86400.0


def instant(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


# How long: the rule

instants = st.floats(instant("1971-01-01T00:00"), instant("2199-12-31T00:00"))


@given(at=instants, years=st.integers(1, 60), ahead=st.floats(-400 * DAY, 400 * DAY))
@example(at=instant("2024-02-29T12:00"), years=3, ahead=0.0)
@example(at=instant("1971-01-01T00:00"), years=1, ahead=-1.2e-07)  # not yet, by a hair
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
