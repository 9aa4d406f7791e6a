"""What only the store in memory can show: time that is moved by hand."""

import pytest

from bot.flow_log import FlowLogLine, LineKind
from bot.storage.memory import MemoryStore
from bot.store import OUTBOX, Change, Line
from bot.unit_of_work import UnitOfWork


def test_a_kept_record_is_forgotten_after_its_time() -> None:
    times = [0.0]
    store = MemoryStore(clock=lambda: times[0])
    store.commit("main", Change(reads={"alice": 0}, writes={"alice": {}}, keep={"alice": 60}))

    times[0] = 59.0
    assert store.read("main", ["alice"])["alice"].version == 1
    times[0] = 60.0
    assert store.read("main", ["alice"])["alice"].version == 0


def test_written_again_without_a_time_it_stays() -> None:
    times = [0.0]
    store = MemoryStore(clock=lambda: times[0])
    store.commit("main", Change(reads={"alice": 0}, writes={"alice": {}}, keep={"alice": 60}))
    store.commit("main", Change(reads={"alice": 1}, writes={"alice": {}}))

    times[0] = 1e9
    assert store.read("main", ["alice"])["alice"].version == 2


def test_it_goes_back_to_a_snapshot_as_often_as_asked() -> None:
    store = MemoryStore()
    put(store, "a", 1)
    kept = store.snapshot()

    for value in (2, 3):
        put(store, "a", value)
        assert store.snapshot() != kept
        store.restore(kept)
        assert store.snapshot() == kept
        assert store.read("main", ("a",))["a"].data == {"n": 1}
        assert len(store.log_after("main", "0")) == 1


def put(store: MemoryStore, key: str, value: int) -> None:
    unit = UnitOfWork(store, "main")
    unit.put(key, {"n": value})
    unit.owe(Line(OUTBOX, f"line:{value}", "task", 0.0, {}))
    unit.index("numbers", key, float(value))
    unit.log(FlowLogLine(at=0.0, kind=LineKind.NOTE, desk="main", conversation=key))
    unit.commit()


def test_it_goes_back_to_nothing_else() -> None:
    with pytest.raises(TypeError):
        MemoryStore().restore([])
