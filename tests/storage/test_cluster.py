"""A cluster: each desk at its own node, found again when it moves; and its trouble its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis.crc import key_slot

from bot.errors import StorageRefused, StoreDown
from bot.storage import keys
from bot.storage.redis_store import RedisStore
from bot.store import DUE, Change, Line
from tests.storage.fleet import Fleet, Six

NOTHING = Change(reads={"nobody": 0})


@pytest.fixture
def quick(six: Six) -> Iterator[RedisStore]:
    store = RedisStore.connect(six.url, timeout=2.0, rest_seconds=0.0)
    yield store
    store.close()


def desks_apart(six: Six, desk: str) -> list[str]:
    """A desk at each of the three masters."""
    found: dict[int, str] = {}
    for n in range(100):
        found.setdefault(six.holder(f"{desk}-{n}").port, f"{desk}-{n}")
        if len(found) == 3:
            return [*found.values()]
    raise AssertionError("no three desks of a hundred are apart")


def put(store: RedisStore, desk: str, key: str, version: int = 0) -> None:
    store.commit(desk, Change(reads={key: version}, writes={key: {"n": version + 1}}))


class Moving:
    """A desk's slot on its way from its node to another."""

    def __init__(self, six: Six, desk: str) -> None:
        self._desk = desk
        self._slot = key_slot(f"{{{desk}}}".encode())
        self._from = six.holder(desk)
        self._to = next(
            node for node in six.nodes if node is not self._from and node.role() == "master"
        )
        self._all = [node for node in six.nodes if node.role() == "master"]

    def begin(self) -> None:
        """From now on the old node sends those who ask for what it has not to the new one."""
        ids = [node.ask("CLUSTER", "MYID") for node in (self._from, self._to)]
        self._to.ask("CLUSTER", "SETSLOT", self._slot, "IMPORTING", ids[0])
        self._from.ask("CLUSTER", "SETSLOT", self._slot, "MIGRATING", ids[1])

    def carry(self, *names: str) -> None:
        """These keys are at the new node."""
        wanted = names or self._from.ask("CLUSTER", "GETKEYSINSLOT", self._slot, 1000)
        self._from.ask("MIGRATE", "127.0.0.1", self._to.port, "", 0, 5000, "KEYS", *wanted)

    def end(self) -> None:
        """The slot is the new node's, and everybody says so."""
        id = self._to.ask("CLUSTER", "MYID")
        for node in (self._to, *(each for each in self._all if each is not self._to)):
            node.ask("CLUSTER", "SETSLOT", self._slot, "NODE", id)


def test_desks_and_numbers_are_spread_and_all_are_found(
    six: Six, cluster_store: RedisStore, desk: str
) -> None:
    names = [f"num:{desk}-{n}" for n in range(12)]
    for name in names:
        put(cluster_store, name, "history")

    assert len({six.holder(name).port for name in names}) > 1
    assert cluster_store.partitions(f"num:{desk}") == sorted(names)


def test_each_node_is_given_the_scripts_and_its_desks_listener(
    six: Six, quick: RedisStore, desk: str
) -> None:
    for node in six.nodes:
        node.ask("SCRIPT", "FLUSH")
    desks = desks_apart(six, desk)

    with ThreadPoolExecutor(3) as listeners:
        woken = [listeners.submit(quick.wait, each, 30.0) for each in desks]
        for each in desks:
            line = Line(DUE, "alice", "place_call", 1.0, {})
            quick.commit(each, Change(log=[{"said": each}], lines=[line]))
        for each in woken:
            each.result(10.0)
    for each in desks:
        assert [fields for _, fields in quick.log_after(each, "0")] == [{"said": each}]
        claim = quick.claim(each, DUE, 2.0, 30.0)
        assert claim is not None
        assert quick.done(each, claim)


def test_a_desk_that_has_moved_is_found_by_those_who_know_its_old_node(
    six: Six, quick: RedisStore, desk: str
) -> None:
    put(quick, desk, "alice")
    moving = Moving(six, desk)
    moving.begin()
    moving.carry()
    moving.end()

    put(quick, desk, "alice", 1)
    assert quick.read(desk, ["alice"])["alice"].version == 2
    newcomer = RedisStore.connect(six.url, timeout=2.0)
    put(newcomer, desk, "alice", 2)
    newcomer.close()


def test_a_desk_on_its_way_is_served_by_whichever_node_has_it(
    six: Six, quick: RedisStore, desk: str
) -> None:
    put(quick, desk, "alice")
    put(quick, desk, "bob")
    moving = Moving(six, desk)
    moving.begin()
    moving.carry(keys.record(desk, "alice"))

    assert quick.read(desk, ["alice"])["alice"].version == 1  # gone ahead
    assert quick.read(desk, ["bob"])["bob"].version == 1  # not gone yet
    put(quick, desk, "alice", 1)
    put(quick, desk, "dave")  # new: at the new node
    with pytest.raises(StoreDown):  # one here and one there: not now
        quick.read(desk, ["alice", "bob"])
    moving.carry()
    moving.end()

    found = quick.read(desk, ["alice", "bob", "dave"])
    assert [found[key].version for key in ("alice", "bob", "dave")] == [2, 1, 1]


def test_a_node_that_does_not_answer_is_no_other_desks_trouble(six: Six, desk: str) -> None:
    north, south, _ = desks_apart(six, desk)
    store = RedisStore.connect(six.url, timeout=2.0, rest_seconds=600.0)
    for each in (north, south):
        put(store, each, "alice")
    frozen = six.holder(north)
    frozen.freeze()
    try:
        with pytest.raises(StoreDown, match="Timeout"):
            store.read(north, ["alice"])
        for version in range(1, 50):
            with pytest.raises(StoreDown, match="a moment ago"):
                store.read(north, ["alice"])
            put(store, south, "alice", version)
    finally:
        frozen.thaw()
        store.close()
        six.await_health()


def test_seeds_that_are_gone_are_passed_over_and_none_is_down(fleet: Fleet, six: Six) -> None:
    gone = fleet.server("gone")
    store = RedisStore.connect(f"redis+cluster://{gone.place},{six.nodes[5].place}", timeout=2.0)
    assert store.read("main", ["nobody"])["nobody"].version == 0
    store.close()

    store = RedisStore.connect(f"redis+cluster://{gone.place}", timeout=2.0)
    with pytest.raises(StoreDown, match="connecting"):
        store.read("main", ["nobody"])
    with pytest.raises(StoreDown, match="a moment ago"):
        store.commit("main", NOTHING)
    store.close()


def test_one_server_is_no_cluster_and_a_node_is_not_one_server(
    fleet: Fleet, six: Six, desk: str
) -> None:
    alone = fleet.server("alone")
    alone.start()
    store = RedisStore.connect(f"redis+cluster://{alone.place}", timeout=2.0)
    with pytest.raises(StorageRefused, match="cluster support disabled"):
        store.read("main", ["nobody"])
    store.close()
    alone.kill()

    elsewhere = desks_apart(six, desk)
    store = RedisStore.connect(f"redis://{six.holder(elsewhere[0]).place}", timeout=2.0)
    with pytest.raises(StorageRefused, match=r"redis\+cluster://"):
        store.read(elsewhere[1], ["nobody"])
    store.close()


def test_a_password_is_asked_of_every_node(six: Six, desk: str) -> None:
    for node in six.nodes:
        node.ask("ACL", "SETUSER", "ringback", "on", ">secret", "~*", "+@all")
    places = six.url.removeprefix("redis+cluster://")
    right, wrong = (
        RedisStore.connect(f"redis+cluster://ringback:{word}@{places}", timeout=2.0)
        for word in ("secret", "s3cret")
    )

    put(right, desk, "alice")
    with pytest.raises(StorageRefused, match="password") as refused:
        wrong.read(desk, ["alice"])
    assert "s3cret" not in str(refused.value)
    right.close()
    wrong.close()
