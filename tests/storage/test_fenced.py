"""The fence: who names with another key than the records writes nothing."""

import pytest

from bot.errors import Conflict, StorageRefused
from bot.storage.fenced import FENCE, FencedStore, fence
from bot.store import DUE, Change, Line, Store

ALICE = {"asks": 1}


def put(store: Store, partition: str, key: str, data: dict[str, object] | None) -> None:
    version = store.read(partition, [key])[key].version
    store.commit(partition, Change(reads={key: version}, writes={key: data}))


def test_where_names_were_never_changed_everybody_writes(store: Store, desk: str) -> None:
    ours = FencedStore(store, "old")

    put(ours, desk, "alice", ALICE)
    put(ours, desk, "alice", {"asks": 2})

    assert store.read(desk, ["alice"])["alice"].data == {"asks": 2}


def test_once_they_are_who_began_before_writes_nothing(store: Store, desk: str) -> None:
    ours = FencedStore(store, "old")
    put(ours, desk, "alice", ALICE)

    put(store, desk, FENCE, fence("new"))

    with pytest.raises(StorageRefused, match="restarted"):
        put(ours, desk, "alice", {"asks": 2})
    with pytest.raises(StorageRefused):
        ours.commit(desk, Change(lines=[Line(DUE, "bob", "place_call", 1.0, {})]))
    assert store.waiting(desk, DUE) == []
    assert store.read(desk, ["alice"])["alice"].data == ALICE


def test_nor_does_who_first_writes_then(store: Store, desk: str) -> None:
    ours = FencedStore(store, "old")
    put(store, desk, FENCE, fence("new"))

    with pytest.raises(StorageRefused, match="restarted"):
        put(ours, desk, "alice", ALICE)


def test_who_names_with_the_new_key_writes(store: Store, desk: str) -> None:
    put(store, desk, FENCE, fence("new"))

    put(FencedStore(store, "new"), desk, "alice", ALICE)

    assert store.read(desk, ["alice"])["alice"].data == ALICE


def test_a_history_that_has_moved_takes_no_more_notes(store: Store, desk: str) -> None:
    ours, number = FencedStore(store, "old"), f"num:{desk}"
    put(ours, number, "history", ALICE)
    put(store, number, FENCE, fence("new"))

    with pytest.raises(StorageRefused):
        put(ours, number, "history", {"asks": 2})


def test_any_other_conflict_stays_one(store: Store, desk: str) -> None:
    ours = FencedStore(store, "old")
    put(ours, desk, "alice", ALICE)

    with pytest.raises(Conflict):
        ours.commit(desk, Change(reads={"alice": 0}, writes={"alice": ALICE}))
