"""The store failing in every way that it can, under the whole house: what is answered meanwhile.

A caller hears the built-in sentence, a text and a notice get 503 so that Twilio brings them again;
each waits for at most one time-out, and after it nobody does. What was acknowledged is there
afterwards, and all goes on without a restart. The server is a real one and really fails.
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.errors import StorageRefused, StoreDown
from bot.storage.redis_store import RedisStore
from bot.store import DUE, Change
from bot.worker import Worker
from tests.house_in_memory import DESK, HouseInMemory, LiveCall, text_sid
from tests.people import ALICE, BOB, CARYS, Person
from tests.storage.fleet import Fleet, RealServer, until

TIMEOUT = 1.5  # longer than the door's own, since the machine of a test may be busy

Build = Callable[..., HouseInMemory]
Failing = Callable[[RealServer], Any]


@contextmanager
def frozen(server: RealServer) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()


@contextmanager
def slow_to_write(server: RealServer) -> Iterator[None]:
    server.ask("CLIENT", "PAUSE", 600_000, "WRITE")
    yield
    server.ask("CLIENT", "UNPAUSE")


@contextmanager
def gone(server: RealServer) -> Iterator[None]:
    server.kill()
    yield
    server.start()


@contextmanager
def read_only(server: RealServer) -> Iterator[None]:
    """It was told to follow another, which is not there, and answers with what it has."""
    server.ask("REPLICAOF", "127.0.0.1", 1)
    yield
    server.ask("REPLICAOF", "NO", "ONE")


@contextmanager
def without_its_master(server: RealServer) -> Iterator[None]:
    server.ask("CONFIG", "SET", "replica-serve-stale-data", "no")
    with read_only(server):
        yield
    server.ask("CONFIG", "SET", "replica-serve-stale-data", "yes")


@contextmanager
def without_replicas(server: RealServer) -> Iterator[None]:
    server.ask("CONFIG", "SET", "min-replicas-to-write", 1)
    yield
    server.ask("CONFIG", "SET", "min-replicas-to-write", 0)


@contextmanager
def full(server: RealServer) -> Iterator[None]:
    server.ask("CONFIG", "SET", "maxmemory", 1)
    yield
    server.ask("CONFIG", "SET", "maxmemory", 0)


@contextmanager
def unable_to_save(server: RealServer) -> Iterator[None]:
    """Its folder has gone, and it writes no more (MISCONF)."""
    here = server.ask("CONFIG", "GET", "dir")[1]
    lost = Path(here) / "lost"
    lost.mkdir()
    server.ask("CONFIG", "SET", "dir", str(lost))
    server.ask("CONFIG", "SET", "save", "3600 1")
    lost.rmdir()
    server.ask("BGSAVE")
    until("it cannot save", lambda: "rdb_last_bgsave_status:err" in server.ask("INFO"))
    yield
    server.ask("CONFIG", "SET", "dir", here)
    server.ask("CONFIG", "SET", "save", "")


@contextmanager
def loading(server: RealServer) -> Iterator[None]:
    """It was started again and reads its file, key by key, for five seconds."""
    for n in range(100):
        server.ask("SET", f"ballast{n}", random.randbytes(500).hex())
    server.ask("BGREWRITEAOF")
    until("the file is rewritten", lambda: "aof_rewrite_in_progress:0" in server.ask("INFO"))
    server.kill()
    slowly = ("--key-load-delay", "50000", "--loading-process-events-interval-bytes", "1024")
    server.start(*slowly, ready=lambda: "loading:1" in server.ask("INFO"))
    yield
    server.ask("CONFIG", "SET", "key-load-delay", 0)
    until("it has read all", lambda: "loading:0" in server.ask("INFO"))


@contextmanager
def with_another_password(server: RealServer) -> Iterator[None]:
    server.ask("CONFIG", "SET", "requirepass", "another")
    with redis.Redis(port=server.port, password="another") as admin:
        admin.client_kill_filter(_type="normal", skipme=True)
        yield
        admin.config_set("requirepass", "")


@contextmanager
def with_too_many_clients(server: RealServer) -> Iterator[None]:
    with redis.Redis(port=server.port) as admin:
        admin.config_set("maxclients", 1)
        admin.client_kill_filter(_type="normal", skipme=True)
        yield
        admin.config_set("maxclients", 1000)


WAITED_FOR = (frozen, slow_to_write)  # the others answer, or nobody is there
ALL = (
    *WAITED_FOR,
    gone,
    read_only,
    without_its_master,
    without_replicas,
    full,
    unable_to_save,
    loading,
    with_another_password,
    with_too_many_clients,
)


class Tally:
    """Passes everything on to a store, and notes who waited for an answer that did not come."""

    def __init__(self, store: RedisStore) -> None:
        self._store = store
        self.waited = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)

        def asked(*args: Any, **kwargs: Any) -> Any:
            try:
                return real(*args, **kwargs)
            except StoreDown as error:
                self.waited += "Timeout" in str(error)
                raise

        return asked if callable(real) else real


class Watch:
    """A monotonic clock for breakers, whose rests end when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def server(fleet: Fleet) -> RealServer:
    made = fleet.server("failing", "enable-protected-configs yes")
    made.start()
    return made


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def tally(server: RealServer, watch: Watch) -> Iterator[Tally]:
    server.ask("FLUSHALL")
    store = RedisStore.connect(f"redis://{server.place}", timeout=TIMEOUT, clock=watch)
    yield Tally(store)
    store.close()


@pytest.fixture
def house(build: Build, tally: Tally) -> HouseInMemory:
    return build(store=tally)


def callbacks(house: HouseInMemory) -> list[str]:
    """The ids of the callbacks that are due."""
    return [line.data["callback"] for line in house.store.waiting(DESK, DUE)]


def arrived(house: HouseInMemory, text: str) -> int:
    """How often the flow log tells of this text."""
    return sum(line["conversation"] == text and "flow" in line for line in house.log())


def bob_is_being_checked(house: HouseInMemory) -> LiveCall:
    bob = house.rings(BOB)
    bob.press(BOB.reference)
    assert bob.heard().asked.startswith("question.")
    return bob


def acknowledged(house: HouseInMemory, person: Person, sid: str) -> bool:
    return house.text(person, "Sorry I missed you", sid=sid).status_code == 200


@pytest.mark.parametrize("failing", ALL, ids=lambda failing: failing.__name__)
def test_what_is_answered_while_it_fails_and_that_all_goes_on(
    house: HouseInMemory, server: RealServer, tally: Tally, watch: Watch, failing: Failing
) -> None:
    alices, caryss = text_sid(1), text_sid(2)
    assert acknowledged(house, ALICE, alices)
    bob = bob_is_being_checked(house)
    before, tally.waited = bob.talk, 0

    with failing(server):
        assert not acknowledged(house, CARYS, caryss)
        bob_hears = LiveCall(house, bob.sid, caller=BOB.phone, last=bob.last)
        bob_hears.answer(BOB)
        assert bob_hears.heard().apology
        assert bob.status("in-progress").status_code == 503
        with pytest.raises((StoreDown, StorageRefused)):
            house.dial()
        assert tally.waited == (failing in WAITED_FOR)  # one of all these

    watch.now += 2.0
    assert acknowledged(house, ALICE, alices)  # again: the same as once
    assert acknowledged(house, CARYS, caryss)
    assert callbacks(house) == [alices, caryss]
    assert [arrived(house, text) for text in (alices, caryss)] == [1, 1]
    assert bob.talk == before
    bob.answer(BOB)
    assert bob.heard().asked.startswith("question.")
    house.place()


def test_the_door_waits_for_less_than_half_a_second() -> None:
    """Once in a whole webhook, as is counted above: so an answer goes out within two (design 2)."""
    assert signature(RedisStore.connect).parameters["timeout"].default <= 0.4


def test_a_full_server_still_lets_go_of_what_is_done(
    house: HouseInMemory, server: RealServer
) -> None:
    house.text(ALICE, "Sorry I missed you")
    claim = house.store.claim(DESK, DUE, house.clock.now(), 30.0)
    assert claim is not None
    with full(server):
        assert house.store.done(DESK, claim)

    assert callbacks(house) == []


@pytest.mark.parametrize("failing", [frozen, gone], ids=lambda f: f.__name__)
def test_workers_wait_and_go_on_by_themselves(
    build: Build, server: RealServer, failing: Failing
) -> None:
    server.ask("FLUSHALL")
    store = RedisStore.connect(f"redis://{server.place}", timeout=TIMEOUT, rest_seconds=0.1)
    house = build(store=store)
    house.text(ALICE, "Sorry I missed you")
    stop = threading.Event()
    worker = threading.Thread(target=Worker(house.runtime, house.carrier).run, args=(stop,))
    with failing(server):
        worker.start()
        with pytest.raises((StoreDown, StorageRefused)):  # it has met with it by then, too
            house.text(BOB, "who rang?", sid=text_sid(99))
            store.commit(DESK, Change(log=[{"said": "hello"}]))
        assert house.carrier.placed == []

    def rung() -> bool:
        house.later(1.0)  # the frozen server may have let a worker claim it that heard of nothing
        return bool(house.carrier.placed)

    try:
        until("Alice is rung", rung)
    finally:
        stop.set()
        worker.join(30.0)
        store.close()

    assert [order.to.e164 for order in house.carrier.placed] == [ALICE.phone]
    assert not worker.is_alive()
