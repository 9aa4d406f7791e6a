"""A connection is one asker's alone, and is given up when anything went wrong on it."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import redis

from bot.errors import StoreDown
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.store import Change

WHO = ("alice", "bob")


@pytest.fixture
def own_server(data_dir: Path) -> Iterator[EmbeddedServer]:
    """A server for one test, which may do to it what it likes."""
    with EmbeddedServer.start(data_dir) as running:
        yield running


def connected(server: EmbeddedServer, timeout: float = 5.0) -> RedisStore:
    """A store that asks again at once after a failure, and holds a record of each customer."""
    store = RedisStore.connect(server.url, timeout=timeout, rest_seconds=0.0)
    known = store.read("main", WHO)
    reads = {who: known[who].version for who in WHO}
    store.commit("main", Change(reads=reads, writes={who: {"is": who} for who in WHO}))
    return store


def test_an_answer_that_comes_too_late_is_never_taken_for_another(
    own_server: EmbeddedServer,
) -> None:
    store = connected(own_server, timeout=0.2)
    os.kill(own_server.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StoreDown):
            store.read("main", ["alice"])
        with pytest.raises(StoreDown):
            store.commit("main", Change(reads={"alice": 1}, writes={"alice": None}))
    finally:
        os.kill(own_server.pid, signal.SIGCONT)

    patient = RedisStore.connect(own_server.url, timeout=5.0)
    patient.ping()  # what was sent before has been answered by now
    assert store.read("main", ["bob"])["bob"].data == {"is": "bob"}
    assert store.read("main", ["bob", "carol"])["carol"].data is None
    patient.close()
    store.close()


def test_a_connection_that_the_server_has_ended_is_replaced_before_it_is_used(
    own_server: EmbeddedServer,
) -> None:
    store = connected(own_server)
    with redis.Redis.from_url(own_server.url) as bare:
        bare.client_kill_filter(_type="normal", skipme=True)

    assert store.read("main", ["alice"])["alice"].data == {"is": "alice"}
    store.close()


def test_a_refusal_leaves_nothing_behind(own_server: EmbeddedServer) -> None:
    store = connected(own_server)
    with redis.Redis.from_url(own_server.url) as bare:
        bare.script_flush()

    store.commit("main", Change(reads={"alice": 1}))  # refused, since the script is not known
    assert store.read("main", ["bob"])["bob"].data == {"is": "bob"}
    store.close()


def test_each_of_several_threads_reads_its_own(own_server: EmbeddedServer) -> None:
    store = connected(own_server)
    together = Barrier(4)

    def read(who: str) -> set[str]:
        together.wait(10.0)
        found = (store.read("main", [who])[who].data or {} for _ in range(200))
        return {data["is"] for data in found}

    with ThreadPoolExecutor(4) as threads:
        read_by = list(threads.map(read, WHO * 2))
    store.close()

    assert read_by == [{who} for who in WHO * 2]


def test_a_fork_does_not_speak_on_its_parents_connection(own_server: EmbeddedServer) -> None:
    connected(own_server).close()
    program = f"""
        import os, signal, sys
        from bot.storage.redis_store import RedisStore

        store = RedisStore.connect({own_server.url!r}, timeout=5.0)
        store.read("main", ["alice"])
        child = os.fork()
        signal.alarm(30)  # neither outlives a test that fails
        who = "alice" if child else "bob"
        for _ in range(200):
            assert store.read("main", [who])[who].data == {{"is": who}}
        if child:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, timeout=60)
