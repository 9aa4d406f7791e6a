"""What only the store in memory can show: time that is moved by hand."""

from bot.storage.memory import MemoryStore
from bot.store import Change


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
