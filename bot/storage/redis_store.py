"""The store on Redis or Valkey: one MGET opens a conversation, one script commits a step.

All scripts only compare and write, and every key they touch is handed to them (design section 2).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.errors import Conflict, NotReplicated
from bot.storage import keys as named
from bot.storage.address import Address, Kind
from bot.storage.cluster import Cluster
from bot.storage.connecting import connector
from bot.storage.documents import check, read_line, read_record
from bot.storage.packing import Argument, pack, read_order
from bot.storage.sentinel import Sentinels
from bot.storage.server_facts import facts_together, server_facts
from bot.storage.servers import SLICE_SECONDS, Manners, OneServer, Server, Servers
from bot.storage.wire import Script
from bot.store import Change, Claim, Line, Record

_SCANNED = 1000  # keys looked at in one step of a search
_FOR_REPLICAS = 0.5  # of the time-out: a caller is waiting, and the commit is done


class RedisStore:
    """Keeps the contract of `bot.store.Store`; see there.

    A commit is answered once `wait_replicas` replicas have it too. Where they have not in time it
    counts all the same and nobody waits for them during a rest, but for a change that is to be
    `replicated`: that raises `NotReplicated`.
    """

    def __init__(self, servers: Servers, kind: Kind, wait_replicas: int, timeout: float) -> None:
        self._servers = servers
        self._kind = kind
        self._wait_replicas = wait_replicas
        self._wait_milliseconds = int(timeout * _FOR_REPLICAS * 1000)
        self._commit, self._claim, self._done, self._postpone = (
            Script(name) for name in ("commit", "claim", "done", "postpone")
        )

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        timeout: float = 0.4,
        rest_seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> "RedisStore":
        """A store at this address (`bot.storage.address`); connects when it is first asked.

        Raises `ConfigError` for any other URL. `clock` measures rests of the breakers.
        """
        address = Address.parse(url)
        manners = Manners(timeout=timeout, rest_seconds=rest_seconds, clock=clock)
        servers = _servers(address, manners)
        return cls(servers, address.kind, address.wait_replicas, timeout)

    def read(self, partition: str, keys: Sequence[str]) -> dict[str, Record]:
        """The records under these keys, present or not, in one round trip."""
        if not keys:
            return {}
        names = [named.record(partition, key) for key in keys]
        found = self._servers.ask(partition, lambda server: server.wire.ask("MGET", *names))
        return {key: read_record(key, text) for key, text in zip(keys, found, strict=True)}

    def commit(self, partition: str, change: Change) -> None:
        """Write everything or nothing. Raises `Conflict` if any record read has moved on."""
        check(change)
        names, arguments = pack(partition, change)

        def write(server: Server) -> tuple[int, int]:
            if not self._wait_replicas or (server.replicas.resting and not change.replicated):
                return self._commit(server.wire, names, arguments), 0
            return self._commit_and_wait(server, names, arguments)

        moved, reached = self._servers.ask(partition, write)
        if moved:
            raise Conflict(read_order(change)[moved - 1])
        if change.replicated and reached < self._wait_replicas:
            raise NotReplicated(f"written, but {reached} of {self._wait_replicas} replicas have it")

    def _commit_and_wait(
        self, server: Server, names: list[str], arguments: list[Argument]
    ) -> tuple[int, int]:
        moved, reached = self._commit.and_wait(
            server.wire, names, arguments, self._wait_replicas, self._wait_milliseconds
        )
        if reached < self._wait_replicas:
            server.replicas.failed()
            server.wire.close()  # a master whose replicas left it may be none: find the way anew
        else:
            server.replicas.worked()
        return moved, reached

    def claim(self, partition: str, queue: str, now: float, lease: float) -> Claim | None:
        """Take the line with the lowest score ≤ now: score = now + lease, tries + 1."""
        names = [
            name_of(partition, queue)
            for name_of in (named.queue, named.lines, named.claims, named.token)
        ]
        leased_until = float(now + lease)
        arguments: list[Argument] = [repr(float(now)), repr(leased_until)]
        taken = self._servers.ask(
            partition, lambda server: self._claim(server.wire, names, arguments)
        )
        if taken is None:
            return None
        line_id, text, token, tries = taken
        return Claim(read_line(queue, line_id, text), token, tries, now, leased_until)

    def done(self, partition: str, claim: Claim) -> bool:
        """Remove a line, only if the token is still ours."""
        names = [
            name_of(partition, claim.line.queue)
            for name_of in (named.queue, named.lines, named.claims)
        ]
        arguments: list[Argument] = [claim.line.id, claim.token]
        return bool(
            self._servers.ask(partition, lambda server: self._done(server.wire, names, arguments))
        )

    def postpone(self, partition: str, claim: Claim, until: float, *, fresh: bool) -> bool:
        """Give a line back until then, only if the token is ours; `fresh` sets tries to 0."""
        names = [name_of(partition, claim.line.queue) for name_of in (named.queue, named.claims)]
        arguments: list[Argument] = [claim.line.id, claim.token, repr(float(until)), int(fresh)]
        return bool(
            self._servers.ask(
                partition, lambda server: self._postpone(server.wire, names, arguments)
            )
        )

    def waiting(self, partition: str, queue: str, limit: int = 1000) -> list[Line]:
        """The lines of a queue, the next first, for people to look at. `due` is the score."""
        scored = self._scored(partition, named.queue(partition, queue), limit - 1)
        if not scored:
            return []
        ids = [line_id for line_id, _ in scored]
        name = named.lines(partition, queue)
        texts = self._servers.ask(partition, lambda server: server.wire.ask("HMGET", name, *ids))
        return [
            read_line(queue, line_id, text, due)
            for (line_id, due), text in zip(scored, texts, strict=True)
            if text is not None  # done between the two questions
        ]

    def next_due(self, partition: str, queue: str) -> float | None:
        """The lowest score of a queue, or None when it is empty."""
        scored = self._scored(partition, named.queue(partition, queue), 0)
        return scored[0][1] if scored else None

    def count(self, partition: str, queue: str, until: float = float("inf")) -> int:
        """How many lines a queue has whose score is no more than that."""
        words = ("ZCOUNT", named.queue(partition, queue), "-inf", repr(float(until)))
        return int(self._servers.ask(partition, lambda server: server.wire.ask(*words)))

    def members(self, partition: str, index: str, limit: int = 1000) -> list[tuple[str, float]]:
        """The members of a sorted set with their scores, lowest first, for people to look at."""
        return self._scored(partition, named.index(partition, index), limit - 1)

    def records(self, partition: str) -> list[str]:
        """The keys of all records, deleted ones too. One written meanwhile may be missing."""
        pattern = named.all_records(partition)
        found = self._servers.ask(partition, lambda server: scan(server, pattern))
        return sorted(named.parts_of(name)[1] for name in found)

    def partitions(self, beginning: str = "") -> list[str]:
        """The partitions with records whose names begin so. One made meanwhile may be missing."""
        pattern = named.partitions(beginning)
        found = self._servers.ask_all(lambda server: scan(server, pattern))
        return sorted({named.parts_of(name)[0] for names in found for name in names})

    def wait(self, partition: str, seconds: float) -> None:
        """Return when a commit has added a line to this partition, or after that time."""
        name = named.wake(partition)
        for piece in _slices(seconds):
            if self._blocked(partition, "BLPOP", name, repr(piece)):
                return

    def log_after(
        self, partition: str, after: str, limit: int = 100, block_seconds: float = 0.0
    ) -> list[tuple[str, dict[str, str]]]:
        """Flow-log lines after this id (`0`: all, `$`: only what comes), oldest first."""
        name = named.log(partition)
        if after == "$":
            after = self._newest(partition, name)
        words = ("COUNT", limit, "STREAMS", name, after)
        read = self._servers.ask(partition, lambda server: server.wire.ask("XREAD", *words))
        for piece in _slices(0.0 if read else block_seconds):
            read = self._blocked(partition, "XREAD", "BLOCK", round(piece * 1000), *words)
            if read:
                break
        return [entry for _, lines in read or () for entry in _entries(lines)]

    def log_latest(self, partition: str, limit: int) -> list[tuple[str, dict[str, str]]]:
        """The newest flow-log lines, so many at most, oldest first."""
        words = ("XREVRANGE", named.log(partition), "+", "-", "COUNT", limit)
        newest = self._servers.ask(partition, lambda server: server.wire.ask(*words))
        return list(_entries(newest[::-1]))

    def log_length(self, partition: str) -> int:
        """How many flow-log lines there are."""
        name = named.log(partition)
        return int(self._servers.ask(partition, lambda server: server.wire.ask("XLEN", name)))

    def newest_log_id(self, partition: str) -> str:
        """The id of the newest line of the flow log; `0` where there is none."""
        return self._newest(partition, named.log(partition))

    def ping(self) -> Mapping[str, str]:
        """Facts about the servers; "unknown" where a managed one does not tell."""
        facts, silent = self._servers.ask_any(server_facts)
        return {
            **facts_together(facts),
            "kind": self._kind.value,
            "wait_replicas": str(self._wait_replicas),
            "silent": ", ".join(silent),
        }

    @property
    def servers(self) -> Servers:
        """The servers, for what copies all of them (`bot.storage.copying`)."""
        return self._servers

    def close(self) -> None:
        """Give up the connections."""
        self._servers.close()

    def _scored(self, partition: str, name: str, last: int) -> list[tuple[str, float]]:
        words = ("ZRANGE", name, 0, last, "WITHSCORES")
        flat = self._servers.ask(partition, lambda server: server.wire.ask(*words))
        return list(zip(flat[::2], map(float, flat[1::2]), strict=True))

    def _blocked(self, partition: str, *command: Argument) -> Any:
        return self._servers.ask(partition, lambda server: server.patient.ask(*command))

    def _newest(self, partition: str, name: str) -> str:
        # Settled once and not asked of XREAD as `$` in each slice: lines between two slices count.
        words = ("XREVRANGE", name, "+", "-", "COUNT", 1)
        newest = self._servers.ask(partition, lambda server: server.wire.ask(*words))
        return str(newest[0][0]) if newest else "0"


def _servers(address: Address, manners: Manners) -> Servers:
    if address.kind is Kind.CLUSTER:
        return Cluster(address, manners)
    if address.kind is Kind.SENTINEL:
        return OneServer(manners.server(Sentinels(address, manners.timeout).connector))
    return OneServer(
        manners.server(
            lambda timeout: connector(
                address, None, connect_timeout=manners.timeout, timeout=timeout
            )
        )
    )


def scan(server: Server, pattern: str) -> set[str]:
    """The names of all keys of a server that match."""
    found: set[str] = set()
    cursor = "0"
    while True:
        cursor, names = server.wire.ask("SCAN", cursor, "MATCH", pattern, "COUNT", _SCANNED)
        found.update(names)
        if cursor == "0":
            return found


def _entries(lines: Sequence[Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Lines of a stream, as the server tells them: an id, then field, text, field, text ..."""
    for line_id, fields in lines:
        yield line_id, dict(zip(fields[::2], fields[1::2], strict=True))


def _slices(seconds: float) -> Iterator[float]:
    """Pieces of a wait, none of them 0: to Redis that would be for ever."""
    while seconds > 0:
        yield max(min(seconds, SLICE_SECONDS), 0.01)
        seconds -= SLICE_SECONDS
