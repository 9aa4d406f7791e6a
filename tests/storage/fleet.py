"""Real servers past one: a master with its replica and three sentinels, and a cluster of six.

On free ports of this machine, in folders of their own. They end with whoever started them, however
that ends: a shell reads their numbers from a pipe, and kills them when nobody holds it any more.
"""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from bot.storage.keys import tag
from bot.storage.server_binary import server_binary

WITHIN_SECONDS = 60.0
MASTER = "ringback"  # what the sentinels call it
_REAPER = 'while read word; do [ "$word" = done ] && exit; all="$all $word"; done; kill -9 $all'
Found = TypeVar("Found")


def until(what: str, look: Callable[[], Found | None]) -> Found:
    """What `look` finds at last; it may fail meanwhile."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        with suppress(RedisError):
            if found := look():
                return found
        time.sleep(0.02)
    raise AssertionError(f"not within {WITHIN_SECONDS} s: {what}")


def ask(port: int, *command: Any) -> Any:
    """What the server at this port answers, as it stands on the wire."""
    connection = redis.Connection(
        port=port,
        protocol=2,
        decode_responses=True,
        socket_timeout=10.0,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        connection.send_command(*command)
        return connection.read_response()
    finally:
        connection.disconnect()


class Fleet:
    """All servers of one test session."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._servers: list[RealServer] = []
        self._reaper = subprocess.Popen(["sh", "-c", _REAPER], stdin=subprocess.PIPE, text=True)

    def server(self, name: str, *words: str, sentinel: bool = False) -> "RealServer":
        """A server more; not started yet."""
        made = RealServer(self, self.folder / name, words, sentinel=sentinel)
        self._servers.append(made)
        return made

    def ends_with_us(self, pid: int) -> None:
        """Kill this process too, should this one not come to its end."""
        assert self._reaper.stdin is not None
        self._reaper.stdin.write(f"{pid}\n")
        self._reaper.stdin.flush()

    def close(self) -> None:
        """Kill all that still run."""
        for server in self._servers:
            server.kill()
        self._reaper.communicate("done\n")


class RealServer:
    """One process on a port of its own, which it keeps when it is started again."""

    def __init__(self, fleet: Fleet, folder: Path, words: Sequence[str], *, sentinel: bool) -> None:
        folder.mkdir(parents=True)
        self._fleet, self._folder, self._words = fleet, folder, words
        self._mode = ["--sentinel"] if sentinel else []
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def ask(self, *command: Any) -> Any:
        """What it answers to this, as it stands on the wire."""
        return ask(self.port, *command)

    def start(self, *more: str, ready: Callable[[], bool] | None = None) -> None:
        """Start it, and wait until it answers, or is `ready` in some other way.

        Somebody may have been quicker on its port: as long as nobody knows it, it takes another.
        """
        path = self._folder / "server.conf"
        while True:
            fresh = not path.exists()  # a sentinel writes what it learns into it
            if fresh:
                path.write_text("".join(f"{line}\n" for line in self._lines()))
            process = self._process = self._spawn(path, more)
            self._fleet.ends_with_us(process.pid)
            until(f"{self.place} answers", lambda: self._has_ended() or self._answers(ready))
            if process.poll() is None:
                return
            log = (self._folder / "log").read_text()
            assert fresh and "in use" in log, f"{self.place} has ended: {log[-2000:]}"
            path.unlink()
            self.port = free_port()

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self, ready: Callable[[], bool] | None) -> bool:
        return ready() if ready else self.ask("PING") == "PONG"

    def _spawn(self, path: Path, more: Sequence[str]) -> "subprocess.Popen[bytes]":
        words = [str(server_binary()), str(path), *more, *self._mode]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _lines(self) -> Iterable[str]:
        yield from (f"port {self.port}", "bind 127.0.0.1", f"dir {self._folder}", *self._words)
        if not self._mode:
            yield from (
                'save ""',
                "appendonly yes",
                "appendfsync always",
                "repl-diskless-sync-delay 0",
                "repl-ping-replica-period 1",
                "enable-debug-command yes",
            )

    def kill(self) -> None:
        """`kill -9`, also if it is frozen; nothing if it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None

    def role(self) -> str:
        """`master` or `slave`."""
        return str(self.ask("ROLE")[0])

    def refuses_us(self) -> bool:
        """Whether it is there, and wants a password."""
        try:
            self.ask("PING")
        except AuthenticationError:
            return True
        return False

    def is_followed(self) -> bool:
        """Whether it is a master whose replica has all that it has."""
        kind, offset, followers = self.ask("ROLE")[:3]
        if kind != "master":
            return False
        # Not what the master was told last: that may be a heartbeat behind for minutes.
        roles = [ask(int(port), "ROLE") for _, port, _ in followers]
        return any(role[3] == "connected" and role[4] >= offset for role in roles)


class Watched:
    """A master, its replica, and three sentinels that watch them."""

    def __init__(self, fleet: Fleet, name: str = "watched") -> None:
        self.servers = [fleet.server(f"{name}{n}") for n in range(2)]
        first, second = self.servers
        first.start()
        second.start()
        second.ask("REPLICAOF", "127.0.0.1", first.port)
        second.ask("CONFIG", "REWRITE")
        words = (
            f"sentinel monitor {MASTER} 127.0.0.1 {first.port} 2",
            f"sentinel down-after-milliseconds {MASTER} 30000",
            f"sentinel failover-timeout {MASTER} 6000",
        )
        self.sentinels = [
            fleet.server(f"{name}-sentinel{n}", *words, sentinel=True) for n in range(3)
        ]
        for sentinel in self.sentinels:
            sentinel.start()
        self.await_health()

    @property
    def url(self) -> str:
        """What a user would write."""
        places = ",".join(sentinel.place for sentinel in self.sentinels)
        return f"redis+sentinel://{places}/{MASTER}"

    @property
    def master(self) -> RealServer:
        """The one that the sentinels name."""
        port = int(self.sentinels[0].ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER)[1])
        return next(server for server in self.servers if server.port == port)

    @property
    def replica(self) -> RealServer:
        """The other one."""
        return next(server for server in self.servers if server is not self.master)

    def notice_within(self, milliseconds: int) -> None:
        """How soon the sentinels take a silent master for dead."""
        for sentinel in self.sentinels:
            sentinel.ask("SENTINEL", "SET", MASTER, "down-after-milliseconds", str(milliseconds))

    def await_health(self) -> None:
        """Start again what died; return when the sentinels know of each other and of a replica."""
        for server in (*self.servers, *self.sentinels):
            if not server.alive:
                server.start()
        if self.replica.role() == "master":  # the sentinels would do this ten seconds later
            self.replica.ask("REPLICAOF", "127.0.0.1", self.master.port)
            self.replica.ask("CLIENT", "KILL", "TYPE", "normal")
        until("the replica has all", lambda: self.master.is_followed())
        until("the sentinels agree", lambda: all(map(self._sees_all, self.sentinels)))

    def _sees_all(self, sentinel: RealServer) -> bool:
        told = sentinel.ask("SENTINEL", "MASTER", MASTER)
        facts = dict(zip(told[::2], told[1::2], strict=True))
        here = int(facts["port"]) == self.master.port and facts["flags"] == "master"
        return here and int(facts["num-other-sentinels"]) == 2 and int(facts["num-slaves"]) == 1


class Six:
    """A cluster of three masters with a replica each."""

    def __init__(self, fleet: Fleet, name: str = "cluster") -> None:
        words = (
            "cluster-enabled yes",
            "cluster-node-timeout 30000",
            "cluster-require-full-coverage no",
            "cluster-replica-validity-factor 0",
        )
        self.nodes = [fleet.server(f"{name}{n}", *words) for n in range(6)]
        for node in self.nodes:
            node.start()
        self._form()

    @property
    def url(self) -> str:
        """What a user would write: two of the nodes."""
        return f"redis+cluster://{self.nodes[0].place},{self.nodes[4].place}"

    def _form(self) -> None:
        share = REDIS_CLUSTER_HASH_SLOTS // 3 + 1
        for place, node in enumerate(self.nodes[:3]):
            last = min((place + 1) * share, REDIS_CLUSTER_HASH_SLOTS) - 1
            node.ask("CLUSTER", "ADDSLOTSRANGE", place * share, last)
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", place + 1)
        for node in self.nodes[1:]:
            node.ask("CLUSTER", "MEET", "127.0.0.1", self.nodes[0].port)
        for place, node in enumerate(self.nodes[3:]):
            followed = self.nodes[place].ask("CLUSTER", "MYID")
            until("they have met", lambda n=node, id=followed: n.ask("CLUSTER", "REPLICATE", id))
        self.await_health()

    def await_health(self) -> None:
        """Start again what died; return when all slots are held and each master is followed."""
        for node in self.nodes:
            if not node.alive:
                node.start()
        try:
            until("the cluster is whole", self._is_whole)
        except AssertionError as error:
            told = [node.ask("CLUSTER NODES") for node in self.nodes]
            raise AssertionError("\n".join([str(error), *told])) from None

    def _is_whole(self) -> bool:
        masters = {node.port for node in self.nodes if node.role() == "master"}
        return (
            len(masters) == 3
            and all({port for _, _, port in _slots(node)} == masters for node in self.nodes)
            and all("cluster_state:ok" in node.ask("CLUSTER", "INFO") for node in self.nodes)
            and all(node.is_followed() for node in self.nodes if node.port in masters)
        )

    def holder(self, partition: str) -> RealServer:
        """The node that says it holds this partition."""
        slot = key_slot(tag(partition).encode())
        return next(
            node
            for node in self.nodes
            if node.alive
            and any(a <= slot <= b and port == node.port for a, b, port in _slots(node))
        )

    def notice_within(self, milliseconds: int) -> None:
        """How soon the nodes take a silent one for dead."""
        for node in self.nodes:
            node.ask("CONFIG", "SET", "cluster-node-timeout", milliseconds)


def _slots(node: RealServer) -> list[tuple[int, int, int]]:
    """First slot, last slot and the port of who holds them, as this node tells it."""
    return [(first, last, master[1]) for first, last, master, *_ in node.ask("CLUSTER SLOTS")]


def free_port() -> int:
    """A port that nobody has, nor the one 10,000 above it, where the nodes of a cluster talk.

    Both below those that the system gives to connections (from 32,768).
    """
    while True:
        port = random.randint(11_000, 22_000)
        try:
            for each in (port, port + 10_000):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port
