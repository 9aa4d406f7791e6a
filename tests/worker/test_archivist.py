"""The flow log moves into the archive: each line once, in order, whoever dies or is down."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from structlog.testing import capture_logs

from bot.archivist import CURSOR, LEASE, LEASE_SECONDS, MOST, Archivist, lag
from bot.chain import NO_HEAD
from bot.chain_check import Breach, verify
from bot.errors import Conflict, StorageRefused, StoreDown
from bot.flow_log import FlowLogLine, LineKind
from bot.records.flow_log_rows import block_of, line_of
from bot.records.flow_log_tables import flow_log_blocks, flow_log_lines
from bot.storage.memory import MemoryStore
from bot.store import Change
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import ALICE, BOB
from tests.worker.world import Killable, Killed

Build = Callable[..., HouseInMemory]
HOUR = 3600.0


def write(house: HouseInMemory, *events: str) -> None:
    """One commit with a line for each."""
    at = house.clock.now()
    lines = [
        FlowLogLine(at=at, kind=LineKind.NOTE, desk=DESK, conversation="CA1", event=event)
        for event in events
    ]
    house.store.commit(DESK, Change(log=[line.to_fields() for line in lines]))


def archived(house: HouseInMemory) -> list[str]:
    """What the archive holds, in order; its numbers have no gap, and its chain holds."""
    with house.records.connect() as connection:
        rows = connection.execute(select(flow_log_lines).order_by(flow_log_lines.c.number)).all()
        blocks = connection.execute(
            select(flow_log_blocks).order_by(flow_log_blocks.c.number)
        ).all()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    lines = [line_of(row) for row in rows]

    def lines_of(block: Any) -> list[Any]:
        return [line for line in lines if block and block.first <= line.number <= block.last]

    sealed = list(verify(DESK, map(block_of, blocks), lines_of, lambda block: True, {}))
    assert not [each for each in sealed if isinstance(each, Breach)]
    assert not blocks or blocks[0].previous == NO_HEAD
    assert sum(block.last - block.first + 1 for block in blocks) == len(rows)
    return [row.event for row in rows]


def all_of(archivist: Archivist) -> None:
    while archivist.take_one(DESK) is not None:
        pass


@pytest.fixture
def archivist(house: HouseInMemory) -> Archivist:
    return Archivist(house.runtime, "first")


def test_lines_come_into_the_archive_in_order(house: HouseInMemory, archivist: Archivist) -> None:
    write(house, "one", "two")
    write(house, "three")

    assert archivist.take_one(DESK) == 3
    assert archivist.take_one(DESK) is None

    assert archived(house) == ["one", "two", "three"]
    assert lag(house.store, DESK, house.clock.now()).lines == 0


def test_a_call_of_alices_is_in_the_archive_as_the_log_told_it(house: HouseInMemory) -> None:
    house.text(ALICE, "Sorry I missed you")
    house.work()
    house.place()
    told = house.log()

    all_of(Archivist(house.runtime))

    with house.records.connect() as connection:
        rows = connection.execute(select(flow_log_lines).order_by(flow_log_lines.c.number)).all()
    assert [dict(line_of(row).fields) | {"desk": row.desk} for row in rows] == told
    assert {"callback", "step"} <= {row.kind for row in rows}


def test_many_lines_are_archived_in_several_blocks(
    house: HouseInMemory, archivist: Archivist
) -> None:
    events = [f"event {n}" for n in range(2 * MOST + 1)]
    write(house, *events)

    assert [archivist.take_one(DESK) for _ in range(4)] == [MOST, MOST, 1, None]

    assert archived(house) == events


# When lines leave Redis


def test_lines_stay_for_the_live_page_and_then_go(
    house: HouseInMemory, archivist: Archivist
) -> None:
    write(house, "one")
    all_of(archivist)
    house.clock.move(1800)
    write(house, "two")
    all_of(archivist)
    assert [line["event"] for line in house.log()][-2:] == ["one", "two"]

    house.clock.move(1801)
    all_of(archivist)

    assert [line["event"] for line in house.log()] == ["two"]
    assert archived(house) == ["one", "two"]


def test_of_very_many_the_newest_stay(build: Build, house: HouseInMemory) -> None:
    archive = house.runtime.house.policy.archive.model_copy(update={"keep_in_redis_lines": 100})
    policy = house.runtime.house.policy.model_copy(update={"archive": archive})
    runtime = replace(house.runtime, house=replace(house.runtime.house, policy=policy))
    write(house, *(f"event {n}" for n in range(250)))

    all_of(Archivist(runtime))

    assert [line["event"] for line in house.log()] == [f"event {n}" for n in range(150, 250)]


def test_nothing_goes_that_is_not_archived(house: HouseInMemory, archivist: Archivist) -> None:
    write(house, "one")
    all_of(archivist)
    with_archive_down(house)
    house.clock.move(2 * HOUR)
    write(house, "two")
    house.clock.move(2 * HOUR)

    all_of(archivist)

    assert [line["event"] for line in house.log()] == ["two"]


# Several at once, and those who die


def test_of_two_one_appends(house: HouseInMemory, archivist: Archivist) -> None:
    second = Archivist(house.runtime, "second")
    write(house, "one")
    assert archivist.take_one(DESK) == 1
    write(house, "two")

    assert second.take_one(DESK) is None
    house.clock.move(LEASE_SECONDS)
    assert second.take_one(DESK) == 1
    assert archivist.take_one(DESK) is None

    assert archived(house) == ["one", "two"]


def test_one_that_stops_lets_another_begin_at_once(
    house: HouseInMemory, archivist: Archivist
) -> None:
    second = Archivist(house.runtime, "second")
    write(house, "one")
    archivist.take_one(DESK)
    write(house, "two")

    second.give_back(DESK)  # not its own
    assert second.take_one(DESK) is None
    archivist.give_back(DESK)
    assert second.take_one(DESK) == 1


def test_a_clock_that_ran_ahead_locks_nobody_out(
    house: HouseInMemory, archivist: Archivist
) -> None:
    write(house, "one")
    house.clock.move(HOUR)
    archivist.take_one(DESK)
    house.clock.move(-HOUR)
    write(house, "two")

    assert Archivist(house.runtime, "second").take_one(DESK) == 1


def test_one_that_was_frozen_does_no_harm(house: HouseInMemory, archivist: Archivist) -> None:
    """It wakes in the middle of its work; all that it held has gone to another meanwhile."""
    write(house, "one", "two")
    append = house.runtime.records.flow_log.append

    class Frozen:
        def append(self, *asked: Any) -> int:
            house.clock.move(LEASE_SECONDS + 1)
            all_of(Archivist(house.runtime, "second"))
            write(house, "three")
            return append(*asked)

    records = replace(house.runtime.records, flow_log=Frozen())  # type: ignore[arg-type]
    frozen = Archivist(replace(house.runtime, records=records), "frozen")
    house.clock.move(LEASE_SECONDS + 1)

    with pytest.raises(Conflict):
        frozen.take_one(DESK)
    house.clock.move(LEASE_SECONDS + 1)
    all_of(archivist)

    assert archived(house) == ["one", "two", "three"]


def test_it_may_die_at_any_step(build: Build) -> None:
    """Before and after all that it asks of the store and of the archive; another then goes on."""
    steps = asked_in_an_undisturbed_run(build())
    assert {"read", "commit", "log_after", "append"} <= set(steps)

    for place in range(len(steps)):
        for side in ("before", "after"):
            house = build()
            killable = killable_of(house)
            killable.die_at = (place, side)
            written: list[str] = []
            with pytest.raises(Killed):
                work(house, killable, written)
            house.clock.move(LEASE_SECONDS + 1)
            survivor = Archivist(house.runtime, "survivor")
            all_of(survivor)
            write(house, "last")
            all_of(survivor)

            where = f"killed {side} {steps[place]} (step {place})"
            assert archived(house) == [*written, "last"], where


def killable_of(house: HouseInMemory) -> Killable:
    return Killable(Both(house))


class Both:
    """The store, and the archive's `append`, as one that can be killed."""

    def __init__(self, house: HouseInMemory) -> None:
        self._store, self._archive = house.store, house.runtime.records.flow_log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._archive if name == "append" else self._store, name)


def work(house: HouseInMemory, killable: Killable, written: list[str]) -> None:
    records = replace(house.runtime.records, flow_log=killable)  # type: ignore[arg-type]
    runtime = replace(house.runtime, store=killable, records=records)  # type: ignore[arg-type]
    mortal = Archivist(runtime, "mortal")
    house.clock.move(LEASE_SECONDS + 1)
    write(house, "one", "two")
    written += ["one", "two"]
    all_of(mortal)
    house.clock.move(HOUR + 1)
    write(house, "three")
    written.append("three")
    all_of(mortal)


def asked_in_an_undisturbed_run(house: HouseInMemory) -> list[str]:
    killable = killable_of(house)
    work(house, killable, [])
    assert [line["event"] for line in house.log()] == ["three"]
    return killable.calls


def test_a_transaction_that_ends_halfway_leaves_nothing(
    house: HouseInMemory, archivist: Archivist
) -> None:
    flow_log: Any = house.runtime.records.flow_log
    write(house, "one", "two", "three")
    salts = iter([bytes(16), bytes(16)])
    real = flow_log._random_bytes
    flow_log._random_bytes = lambda _: next(salts)
    with pytest.raises(StopIteration):
        archivist.take_one(DESK)
    flow_log._random_bytes = real
    assert archived(house) == []

    all_of(archivist)
    assert archived(house) == ["one", "two", "three"]


# An archive that is down


def with_archive_down(house: HouseInMemory, error: str = "down") -> Callable[[], None]:
    """From now on nothing is written there; what ends that."""
    flow_log: Any = house.runtime.records.flow_log
    engine = flow_log._engine
    flow_log._engine = create_engine("sqlite:////nowhere/at/all/records.db")

    def back() -> None:
        flow_log._engine.dispose()
        flow_log._engine = engine

    return back


def test_lines_wait_while_the_archive_is_down_and_that_shows(
    house: HouseInMemory, archivist: Archivist
) -> None:
    back = with_archive_down(house)
    write(house, "one", "two")
    with capture_logs() as told:
        for _ in range(5):
            assert archivist.take_one(DESK) is None
            house.clock.move(10)
            write(house, "more")
        behind = lag(house.store, DESK, house.clock.now())
        assert (behind.lines, behind.seconds) == (7, 50.0)

        back()
        all_of(archivist)

    assert archived(house) == ["one", "two", *["more"] * 5]
    assert lag(house.store, DESK, house.clock.now()).lines == 0
    assert [line["event"] for line in told] == ["archive_down", "archive_back"]


def test_a_worker_that_cannot_reach_the_archive_leaves_it_to_one_that_can(
    house: HouseInMemory, archivist: Archivist
) -> None:
    back = with_archive_down(house)
    write(house, "one")
    assert archivist.take_one(DESK) is None
    back()

    assert Archivist(house.runtime, "second").take_one(DESK) == 1
    assert archivist.take_one(DESK) is None


def test_redis_that_is_down_is_told_to_the_worker(house: HouseInMemory) -> None:
    class Down(MemoryStore):
        def read(self, *asked: Any) -> Any:
            raise StoreDown("Redis: gone")

    with pytest.raises(StoreDown):
        Archivist(replace(house.runtime, store=Down())).take_one(DESK)


# A failover that lost what was acknowledged


def test_what_a_failover_took_back_is_not_archived_twice(
    house: HouseInMemory, archivist: Archivist
) -> None:
    write(house, "one")
    all_of(archivist)
    replica = house.store.snapshot()
    write(house, "two", "three")
    all_of(archivist)

    house.store.restore(replica)  # the last lines, and how far they were archived, are lost
    write(house, "four")  # under the id that "two" had
    house.clock.move(LEASE_SECONDS + 1)
    all_of(archivist)

    assert archived(house) == ["one", "two", "three", "four"]
    all_of(Archivist(house.runtime, "second"))
    assert archived(house) == ["one", "two", "three", "four"]


def test_the_same_line_told_again_after_a_failover_under_its_old_id_is_the_same(
    house: HouseInMemory, archivist: Archivist
) -> None:
    replica = house.store.snapshot()
    write(house, "one")
    all_of(archivist)
    house.store.restore(replica)
    write(house, "one")

    all_of(archivist)

    assert archived(house) == ["one"]


def test_a_failover_between_reading_and_writing_skips_no_line(
    house: HouseInMemory, archivist: Archivist
) -> None:
    """Another worker has brought the records to the same versions by then."""
    replica = house.store.snapshot()
    write(house, "one")
    append = house.runtime.records.flow_log.append

    class Slow:
        def append(self, *asked: Any) -> int:
            count = append(*asked)
            house.store.restore(replica)
            house.clock.move(LEASE_SECONDS + 1)
            write(house, "two")
            Archivist(house.runtime, "second").take_one(DESK)
            write(house, "three")
            return count

    records = replace(house.runtime.records, flow_log=Slow())  # type: ignore[arg-type]
    slow = Archivist(replace(house.runtime, records=records), "slow")
    house.clock.move(LEASE_SECONDS + 1)
    with pytest.raises(Conflict):
        slow.take_one(DESK)
    house.clock.move(LEASE_SECONDS + 1)
    all_of(archivist)

    assert sorted(archived(house)) == ["one", "three", "two"]


def test_lines_that_no_version_of_ours_wrote_stop_nothing(
    house: HouseInMemory, archivist: Archivist
) -> None:
    odd = [
        {"event": "no time"},
        {"event": "no number", "at": "yesterday"},
        {"event": "infinite", "at": "inf"},
        {"event": "nul\x00", "at": "1.000"},
        {"event": "newer", "at": "2.000", "kind": "of tomorrow", "mood": "fine", "desk": "x"},
    ]
    house.store.commit(DESK, Change(log=odd))

    all_of(archivist)
    house.clock.move(60)
    again = Archivist(house.runtime, "second")
    house.store.commit(
        DESK,
        Change(
            reads={CURSOR: house.store.read(DESK, [CURSOR])[CURSOR].version}, writes={CURSOR: None}
        ),
    )
    all_of(again)

    assert archived(house)[-5:] == ["no time", "no number", "infinite", "nul\ufffd", "newer"]


def test_a_fence_stops_an_archivist_of_before(house: HouseInMemory) -> None:
    class Fenced(MemoryStore):
        def commit(self, *asked: Any) -> None:
            raise StorageRefused("the names of records are made with another key now")

    write(house, "one")
    store = Fenced()
    store.restore(house.store.snapshot())
    with pytest.raises(StorageRefused):
        Archivist(replace(house.runtime, store=store)).take_one(DESK)
    assert house.store.read(DESK, [LEASE])[LEASE].data is None


def test_whose_log_is_empty_lags_by_nothing() -> None:
    assert lag(MemoryStore(), "north", 0.0).lines == 0


def test_bob_texts_and_nothing_of_his_number_is_archived_in_full(house: HouseInMemory) -> None:
    house.text(BOB, "ring me")
    all_of(Archivist(house.runtime))

    with house.records.connect() as connection:
        rows = connection.execute(select(flow_log_lines)).all()
    assert any(row.number_hash for row in rows)
    assert BOB.phone not in repr(rows)
