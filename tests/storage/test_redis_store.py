"""What only a real server can show: keys and expiry, refusals, frozen and killed servers."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest
import redis

from bot.errors import ConfigError, Conflict, StorageRefused, StoreDown
from bot.storage import keys
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.store import DUE, OUTBOX, Change, Line, Store


class Watch:
    """A monotonic clock that is moved by hand on top of the real one."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
def bare(server: EmbeddedServer) -> Iterator[redis.Redis]:
    """The library's own client, to look behind the store and to harm it."""
    with redis.Redis.from_url(server.url, protocol=2, decode_responses=True) as client:
        yield client


@pytest.fixture
def own_server(data_dir: Path) -> Iterator[EmbeddedServer]:
    """A server for one test, which may do to it what it likes."""
    with EmbeddedServer.start(data_dir) as running:
        yield running


@dataclass(frozen=True)
class Command:
    """One command that the server ran, as MONITOR tells it: also those of the scripts."""

    words: list[str]
    by_script: bool

    def touched(self) -> list[str]:
        match self.words:
            case ["EVALSHA", _, count, *rest]:
                return rest[: int(count)]
            case ["MGET", *names]:
                return names
            case ["XREAD", *rest]:
                return [rest[rest.index("STREAMS") + 1]]
            case [_, name, *_]:
                return [name]
        raise AssertionError(self.words)


def watched(bare: redis.Redis, act: Callable[[], None]) -> list[Command]:
    """What the server was asked while `act` ran, but for greetings and the loading of scripts."""
    commands = []
    with bare.monitor() as monitor:  # type: ignore[no-untyped-call]
        act()
        bare.echo("the end")
        for seen in monitor.listen():
            words = seen["command"].split()
            if words == ["ECHO", "the", "end"]:
                break
            if words[0] not in ("CLIENT", "SCRIPT"):
                commands.append(Command(words, seen["client_type"] == "lua"))
    return commands


def everything(store: Store, desk: str) -> None:
    """Use every method and every part of a change once."""
    line = Line(DUE, "alice", "place_call", 1.0, {})
    other = Line(OUTBOX, "alice", "end_call", 1.0, {})
    store.commit(
        desk,
        Change(
            reads={"alice": 0, "budget": 0},
            writes={"alice": {"turn": 1}},
            keep={"alice": 60},
            log=[{"said": "hello"}],
            lines=[line, other],
            drop=[(OUTBOX, "bob")],
            index=[("open", "alice", 1.0), ("closed", "alice", None)],
        ),
    )
    first = store.claim(desk, DUE, 2.0, 30.0)
    assert first is not None
    assert store.postpone(desk, first, 1.0, fresh=True)
    second = store.claim(desk, DUE, 2.0, 30.0)
    assert second is not None
    assert store.done(desk, second)
    store.read(desk, ["alice", "bob"])
    store.waiting(desk, OUTBOX)
    store.next_due(desk, DUE)
    store.members(desk, "open")
    store.wait(desk, 1.0)
    store.log_after(desk, "0")
    store.log_after(desk, "$", block_seconds=0.01)


class TestKeys:
    def test_all_that_is_touched_carries_the_desks_hash_tag(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        commands = watched(bare, lambda: everything(redis_store, desk))

        touched = {key for command in commands for key in command.touched()}
        assert {key.partition(":")[0] for key in touched} == {f"{{{desk}}}"}
        assert {key.split(":")[1] for key in touched} == {
            *("record", "queue", "lines", "claims", "token", "log", "index", "wake")
        }

    def test_a_script_touches_only_keys_that_it_was_handed(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        handed: set[str] = set()
        scripts = 0
        for command in watched(bare, lambda: everything(redis_store, desk)):
            if command.words[0] == "EVALSHA":
                handed, scripts = set(command.touched()), scripts + 1
            elif command.by_script:
                assert set(command.touched()) <= handed

        assert scripts == 5

    def test_every_script_is_held_to_its_slot_by_a_cluster(self) -> None:
        """Without `#!lua` a server takes a script for an old one, and lets it cross slots."""
        scripts = [path for path in files("bot.storage").iterdir() if path.name.endswith(".lua")]

        assert len(scripts) == 4
        assert all(path.read_text("utf-8").startswith("#!lua") for path in scripts)

    def test_a_commit_without_lines_is_one_script_of_few_commands(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        change = Change(
            reads={"alice": 0, "budget": 0},
            writes={"alice": {"turn": 1}},
            log=[{"said": "hello"}],
        )
        redis_store.commit(desk, Change(reads={"alice": 0}))  # the server knows the script now
        commands = watched(bare, lambda: redis_store.commit(desk, change))

        assert [command.words[0] for command in commands] == ["EVALSHA", "MGET", "SET", "XADD"]

    def test_a_kept_record_expires(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        change = Change(reads={"alice": 0}, writes={"alice": {}}, keep={"alice": 60})
        redis_store.commit(desk, change)
        assert 59_000 < bare.pttl(keys.record(desk, "alice")) <= 60_000

        redis_store.commit(desk, Change(reads={"alice": 1}, writes={"alice": {}}))
        assert bare.pttl(keys.record(desk, "alice")) == -1

    def test_a_deleted_record_leaves_nothing_for_ever(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        redis_store.commit(desk, Change(reads={"alice": 0}, writes={"alice": {}}))
        redis_store.commit(desk, Change(reads={"alice": 1}, writes={"alice": None}))

        assert bare.get(keys.record(desk, "alice")) == "2:"
        assert bare.pttl(keys.record(desk, "alice")) > 0

    def test_a_finished_line_leaves_nothing(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        redis_store.commit(desk, Change(lines=[Line(DUE, "alice", "place_call", 1.0, {})]))
        claim = redis_store.claim(desk, DUE, 2.0, 30.0)
        assert claim is not None
        redis_store.done(desk, claim)

        left = set(bare.keys(f"{{{desk}}}:*"))
        assert left == {keys.token(desk, DUE), keys.wake(desk)}

    def test_what_wakes_workers_stays_short_and_is_forgotten(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        for n in range(40):
            redis_store.commit(desk, Change(lines=[Line(DUE, str(n), "place_call", 1.0, {})]))

        assert bare.llen(keys.wake(desk)) == 16
        assert 0 < bare.pttl(keys.wake(desk)) <= 60_000


class TestAnswers:
    def test_a_server_that_forgot_the_scripts_is_given_them_again(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        redis_store.commit(desk, Change(reads={"alice": 0}))
        bare.script_flush()

        redis_store.commit(desk, Change(reads={"alice": 0}, writes={"alice": {}}))
        assert redis_store.read(desk, ["alice"])["alice"].version == 1

    def test_a_key_of_another_kind_is_refused_and_nothing_else_breaks(
        self, redis_store: RedisStore, bare: redis.Redis, desk: str
    ) -> None:
        bare.set(keys.queue(desk, DUE), "somebody else's")

        with pytest.raises(StorageRefused):
            redis_store.next_due(desk, DUE)
        assert redis_store.read(desk, ["alice"])["alice"].data is None

    def test_a_full_server_refuses_and_writes_nothing(self, own_server: EmbeddedServer) -> None:
        store = RedisStore.connect(own_server.url, timeout=5.0)
        store.commit("main", Change(lines=[Line(DUE, "alice", "place_call", 1.0, {})]))
        claim = store.claim("main", DUE, 2.0, 30.0)
        assert claim is not None
        with redis.Redis.from_url(own_server.url) as bare:
            bare.config_set("maxmemory", "1")
            change = Change(reads={"alice": 0}, writes={"alice": {}}, log=[{"said": "hello"}])
            with pytest.raises(StorageRefused):
                store.commit("main", change)
            assert store.done("main", claim)  # which frees memory
            bare.config_set("maxmemory", "0")

        assert store.log_after("main", "0") == []
        store.commit("main", change)
        store.close()

    def test_one_that_became_a_replica_is_as_good_as_down(self, own_server: EmbeddedServer) -> None:
        store = RedisStore.connect(own_server.url, timeout=5.0)
        with redis.Redis.from_url(own_server.url) as bare:
            bare.replicaof("127.0.0.1", 1)
            with pytest.raises(StoreDown):
                store.commit("main", Change(reads={"alice": 0}, writes={"alice": {}}))
            bare.replicaof("NO", "ONE")

        store.commit("main", Change(reads={"alice": 0}, writes={"alice": {}}))
        store.close()

    def test_nobody_there_is_down(self, data_dir: Path) -> None:
        store = RedisStore.connect(f"unix://{data_dir}/nobody.sock")

        with pytest.raises(StoreDown):
            store.read("main", ["alice"])
        with pytest.raises(StoreDown, match="a moment ago"):
            store.wait("main", 1.0)
        store.close()

    @pytest.mark.parametrize("url", ["localhost:6379", "http://example.test", "redis://h:port"])
    def test_a_url_that_is_none_is_named(self, url: str) -> None:
        with pytest.raises(ConfigError, match="RINGBACK_REDIS_URL"):
            RedisStore.connect(url)

    def test_the_facts_of_the_embedded_server(self, redis_store: RedisStore) -> None:
        facts = dict(redis_store.ping())
        version = facts.pop("version")

        assert facts["server"] in ("valkey", "redis")
        assert int(version.split(".")[0]) >= 7
        assert (facts["appendonly"], facts["appendfsync"]) == ("yes", "always")
        assert facts["eviction"] == "noeviction"

    def test_where_config_is_not_allowed_the_fact_is_unknown(
        self, server: EmbeddedServer, bare: redis.Redis
    ) -> None:
        bare.acl_setuser(
            "managed", enabled=True, passwords=["+x"], keys=["*"], commands=["+@all", "-config"]
        )
        path = server.url.removeprefix("unix://")
        store = RedisStore.connect(f"unix://managed:x@{path}", timeout=5.0)

        facts = store.ping()
        store.close()
        bare.acl_deluser("managed")
        assert (facts["appendonly"], facts["appendfsync"]) == ("yes", "unknown")

    def test_a_wrong_password_is_refused_not_down(self, server: EmbeddedServer) -> None:
        path = server.url.removeprefix("unix://")
        store = RedisStore.connect(f"unix://mallory:x@{path}", timeout=5.0)

        for _ in range(2):  # and the breaker stays closed: a person has to see the reason
            with pytest.raises(StorageRefused):
                store.read("main", ["alice"])
        store.close()


def test_a_long_wait_in_slices_is_one_wait(
    redis_store: RedisStore, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.redis_store.SLICE_SECONDS", 0.01)
    redis_store.wait(desk, 0.03)
    assert redis_store.log_after(desk, "$", block_seconds=0.03) == []

    with ThreadPoolExecutor(2) as people:
        worker = people.submit(redis_store.wait, desk, 30.0)
        follower = people.submit(redis_store.log_after, desk, "0", block_seconds=30.0)
        line = Line(DUE, "alice", "place_call", 1.0, {})
        redis_store.commit(desk, Change(log=[{"said": "hello"}], lines=[line]))
        worker.result(10.0)
        assert len(follower.result(10.0)) == 1


class TestFrozenServer:
    @pytest.fixture
    def watch(self) -> Watch:
        return Watch()

    @pytest.fixture
    def impatient(self, own_server: EmbeddedServer, watch: Watch) -> Iterator[RedisStore]:
        store = RedisStore.connect(own_server.url, timeout=0.4, rest_seconds=60.0, clock=watch)
        store.commit("main", Change(reads={"alice": 0}, writes={"alice": {"n": 1}}))
        yield store
        store.close()

    @pytest.fixture
    def frozen(self, own_server: EmbeddedServer) -> Iterator[Callable[[], None]]:
        os.kill(own_server.pid, signal.SIGSTOP)

        def thaw() -> None:
            os.kill(own_server.pid, signal.SIGCONT)

        yield thaw
        thaw()

    def test_is_noticed_soon_then_at_once_and_forgiven_after_a_rest(
        self, impatient: RedisStore, watch: Watch, frozen: Callable[[], None]
    ) -> None:
        started = time.monotonic()
        with pytest.raises(StoreDown):
            impatient.read("main", ["alice"])
        noticed = time.monotonic()
        for _ in range(50):
            with pytest.raises(StoreDown, match="a moment ago"):
                impatient.commit("main", Change(reads={"alice": 1}))
        answered = time.monotonic()

        assert 0.35 < noticed - started < 2.0
        assert answered - noticed < 5.0  # each would have taken 0.4 s

        frozen()
        watch.ahead = 61.0
        assert impatient.read("main", ["alice"])["alice"].data == {"n": 1}

    def test_a_write_that_timed_out_is_not_tried_again(
        self, impatient: RedisStore, watch: Watch, frozen: Callable[[], None]
    ) -> None:
        """The library's default would have sent it up to ten times more."""
        with pytest.raises(StoreDown):
            impatient.commit("main", Change(log=[{"said": "hello"}]))
        frozen()
        watch.ahead = 61.0

        assert len(impatient.log_after("main", "0")) <= 1


def test_kill_9_loses_no_commit_that_was_acknowledged(data_dir: Path) -> None:
    acknowledged = {f"customer-{n}": 0 for n in range(4)}
    enough = threading.Event()

    def write(who: str, url: str) -> None:
        store = RedisStore.connect(url, timeout=5.0)
        try:
            while True:
                version = acknowledged[who]
                line = Line(DUE, f"{who}/{version + 1}", "place_call", 1.0, {})
                store.commit(
                    "main",
                    Change(
                        reads={who: version},
                        writes={who: {"n": version + 1}},
                        log=[{"who": who, "n": str(version + 1)}],
                        lines=[line],
                    ),
                )
                acknowledged[who] = version + 1
                if sum(acknowledged.values()) >= 400:
                    enough.set()
        except StoreDown:
            return
        finally:
            store.close()

    server = EmbeddedServer.start(data_dir)
    writers = [threading.Thread(target=write, args=(who, server.url)) for who in acknowledged]
    for writer in writers:
        writer.start()
    assert enough.wait(30.0)
    os.kill(server.pid, signal.SIGKILL)
    for writer in writers:
        writer.join(10.0)
    server.stop()

    with EmbeddedServer.start(data_dir) as again:
        store = RedisStore.connect(again.url, timeout=5.0)
        found = store.read("main", list(acknowledged))
        log = store.log_after("main", "0", limit=100_000)
        owed = store.waiting("main", DUE, limit=100_000)
        store.close()

    for who, version in acknowledged.items():
        kept = found[who].version
        assert version <= kept <= version + 1  # the last may be written and not yet acknowledged
        assert [line["n"] for _, line in log if line["who"] == who] == [
            str(n) for n in range(1, kept + 1)
        ]
        assert sum(line.id.startswith(f"{who}/") for line in owed) == kept


def test_a_store_outlives_a_restart_of_its_server(data_dir: Path) -> None:
    watch = Watch()
    server = EmbeddedServer.start(data_dir)
    store = RedisStore.connect(server.url, timeout=5.0, clock=watch)
    store.commit("main", Change(reads={"alice": 0}, writes={"alice": {}}))
    os.kill(server.pid, signal.SIGKILL)
    server.stop()

    with EmbeddedServer.start(data_dir):
        watch.ahead = 2.0
        with pytest.raises(Conflict):
            store.commit("main", Change(reads={"alice": 0}))
        assert store.read("main", ["alice"])["alice"].version == 1
        store.close()
