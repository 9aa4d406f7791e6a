"""The way to the master by its sentinels: some gone, some wrong, some with passwords."""

from collections.abc import Iterator

import pytest

from bot.errors import Conflict, NotReplicated, StorageRefused, StoreDown
from bot.storage.redis_store import RedisStore
from bot.store import Change
from tests.storage.fleet import MASTER, Fleet, RealServer, Watched, until
from tests.storage.lying_sentinel import LyingSentinel

NOTHING = Change(reads={"nobody": 0})


def surely(key: str, version: int = 0) -> Change:
    return Change(reads={key: version}, writes={key: {}}, replicated=True)


@pytest.fixture
def quick(watched: Watched) -> Iterator[RedisStore]:
    """A store that asks again at once, and gives a replica a second."""
    store = RedisStore.connect(watched.url, timeout=2.0, rest_seconds=0.0)
    yield store
    store.close()


@pytest.fixture(scope="module")
def nobody(fleet: Fleet) -> RealServer:
    """A port on which nobody is."""
    return fleet.server("nobody")


def reads(url: str) -> bool:
    store = RedisStore.connect(url, timeout=2.0)
    try:
        return store.read("main", ["alice"])["alice"].data is None
    finally:
        store.close()


class TestTheWay:
    def test_sentinels_that_are_gone_are_passed_over(
        self, watched: Watched, nobody: RealServer
    ) -> None:
        assert reads(f"redis+sentinel://{nobody.place},{watched.sentinels[2].place}/{MASTER}")

    def test_a_sentinel_that_names_a_replica_is_not_believed(self, watched: Watched) -> None:
        stale = LyingSentinel(watched.replica.port)
        try:
            assert reads(f"redis+sentinel://{stale.place},{watched.sentinels[0].place}/{MASTER}")
            with pytest.raises(StoreDown, match="says that it is no master"):
                reads(f"redis+sentinel://{stale.place}/{MASTER}")
        finally:
            stale.close()

    def test_a_name_that_none_of_them_knows_needs_a_person(self, watched: Watched) -> None:
        with pytest.raises(StorageRefused, match="knows no such master"):
            reads(watched.url.replace(MASTER, "mymaster"))

    def test_none_of_them_there_is_down(self, nobody: RealServer) -> None:
        with pytest.raises(StoreDown, match=f"no master named {MASTER}"):
            reads(f"redis+sentinel://{nobody.place}/{MASTER}")

    def test_what_is_connected_needs_no_sentinel(self, watched: Watched, quick: RedisStore) -> None:
        quick.read("main", ["alice"])
        for sentinel in watched.sentinels:
            sentinel.kill()
        try:
            for _ in range(3):
                quick.read("main", ["alice"])
        finally:
            watched.await_health()

    def test_both_have_passwords_of_their_own(self, fleet: Fleet) -> None:
        server = fleet.server("locked")
        server.start()
        watch = fleet.server(
            "locked-sentinel",
            "requirepass watch",
            f"sentinel monitor {MASTER} 127.0.0.1 {server.port} 1",
            f"sentinel auth-pass {MASTER} secret",
            sentinel=True,
        )
        watch.start(ready=watch.refuses_us)
        server.ask("CONFIG", "SET", "requirepass", "secret")
        url = f"redis+sentinel://:{{}}@{watch.place}/{MASTER}?sentinel_password={{}}"

        assert reads(url.format("secret", "watch"))
        for passwords in (("wrong", "watch"), ("secret", "wrong"), ("secret", "")):
            with pytest.raises(StorageRefused) as refused:
                reads(url.format(*passwords))
            assert not any(each and each in str(refused.value) for each in passwords)
        server.kill()
        watch.kill()


class TestReplicas:
    def test_what_must_be_replicated_is(
        self, watched: Watched, quick: RedisStore, desk: str
    ) -> None:
        quick.commit(desk, surely("alice"))

        assert watched.replica.ask("EXISTS", f"{{{desk}}}:record:alice") == 1

    def test_what_need_not_be_goes_on_without_and_nobody_waits_twice(
        self, watched: Watched, desk: str
    ) -> None:
        store = RedisStore.connect(watched.url, timeout=2.0, rest_seconds=60.0)
        store.commit(desk, NOTHING)
        watched.replica.freeze()
        try:
            with pytest.raises(NotReplicated, match="0 of 1"):
                store.commit(desk, surely("alice"))
            for _ in range(200):  # each would have waited for a second
                store.commit(desk, Change(log=[{"said": "hello"}]))
            with pytest.raises(NotReplicated):
                store.commit(desk, surely("bob"))
        finally:
            watched.replica.thaw()
        watched.await_health()

        assert store.read(desk, ["alice"])["alice"].version == 1  # written all the same
        store.commit(desk, surely("alice", 1))
        store.close()

    def test_a_conflict_is_a_conflict(self, quick: RedisStore, desk: str) -> None:
        quick.commit(desk, surely("alice"))

        with pytest.raises(Conflict):
            quick.commit(desk, surely("alice"))

    def test_one_server_has_nobody_to_wait_for(self, redis_store: RedisStore, desk: str) -> None:
        redis_store.commit(desk, surely("alice"))

    def test_one_server_that_is_to_wait_does(self, watched: Watched, desk: str) -> None:
        store = RedisStore.connect(
            f"redis://{watched.master.place}?wait_replicas=2", timeout=0.4, rest_seconds=0.0
        )
        with pytest.raises(NotReplicated, match="1 of 2"):
            store.commit(desk, surely("alice"))
        store.close()


def test_a_master_that_was_deposed_and_does_not_know_it_is_left(
    watched: Watched, quick: RedisStore, desk: str
) -> None:
    """Its connections live on, and for seconds it takes writes that it will forget."""
    quick.commit(desk, Change(reads={"alice": 0}, writes={"alice": {"n": 1}}))
    before = watched.master
    watched.sentinels[0].ask("SENTINEL", "FAILOVER", MASTER)
    until("another is the master", lambda: watched.master is not before)
    before.ask("REPLICAOF", "NO", "ONE")  # should it know already

    with pytest.raises(StoreDown):
        quick.commit(desk, surely("bob"))
    assert quick.read(desk, ["alice"])["alice"].version == 1
    quick.commit(desk, Change(log=[{"said": "hello"}]))
    assert watched.master.ask("EXISTS", f"{{{desk}}}:log") == 1
    watched.await_health()
    quick.commit(desk, surely("dave"))
