"""All that Redis holds, copied out key by key and put into an empty one, beside running processes.

No server is asked to stop, and none for its file, so it works on any. What a commit wrote
together may be copied a moment apart: queues are therefore copied before and after everything
else, and what was owed at either time is owed in the copy. Each kind of line may run again.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from bot.storage import keys as named
from bot.storage.redis_store import RedisStore, scan
from bot.storage.servers import Server, Servers

Json = dict[str, Any]

PAGE = 500  # members or lines in one entry: no answer is long
_NOT_COPIED = ("wake", "claims")  # short-lived; and leases of workers that are no more
_OWED = ("queue", "lines")


class RedisCopy:
    """Copies one store. Every method raises `StoreDown`, `StorageRefused`."""

    def __init__(self, store: RedisStore) -> None:
        self._servers: Servers = store.servers

    def names(self) -> list[str]:
        """The names of all our keys. One made meanwhile may be missing."""
        found = self._servers.ask_all(lambda server: scan(server, "{*}:*"))
        return sorted({name for names in found for name in names})

    def entries(self, tell: Callable[[int, int], None]) -> Iterator[Json]:
        """Everything, as JSON that `put` takes: what is owed first, and once more at the end."""
        names = [name for name in self.names() if kind_of(name) not in _NOT_COPIED]
        rest = [name for name in names if kind_of(name) not in _OWED]
        for done, name in enumerate(rest_between(self._owed, rest), 1):
            yield from self._entries_of(name)
            tell(min(done, len(names)), len(names))

    def _owed(self) -> list[str]:
        return [name for name in self.names() if kind_of(name) in _OWED]

    def _entries_of(self, name: str) -> Iterator[Json]:
        kind = self._ask(name, "TYPE", name)
        if kind == "string":
            milliseconds = int(self._ask(name, "PTTL", name))
            value = self._ask(name, "GET", name)
            if value is not None:  # else it has just been forgotten
                yield {"key": name, "string": value, "milliseconds": max(milliseconds, 0)}
        elif kind == "stream":
            yield from self._stream(name)
        elif kind in ("zset", "hash"):
            command = ("ZSCAN" if kind == "zset" else "HSCAN", name)
            cursor = "0"
            while True:
                cursor, flat = self._ask(name, *command, cursor, "COUNT", PAGE)
                if flat:
                    yield {"key": name, kind: list(zip(flat[::2], flat[1::2], strict=True))}
                if cursor == "0":
                    return

    def _stream(self, name: str) -> Iterator[Json]:
        after = "-"
        while found := self._ask(name, "XRANGE", name, after, "+", "COUNT", PAGE):
            yield {"key": name, "stream": [[line, list(fields)] for line, fields in found]}
            after = f"({found[-1][0]}"

    # and back

    def clear(self, but: Collection[str] = ()) -> None:
        """Remove all our keys, but these."""
        for name in self.names():
            if name not in but:
                self._ask(name, "DEL", name)

    def put(self, entry: Json) -> None:
        """Add what an entry holds to a store that was cleared. What is owed there stays so."""
        name = entry["key"]
        if "string" in entry:
            kept = ("PX", entry["milliseconds"]) if entry["milliseconds"] else ()
            self._ask(name, "SET", name, entry["string"], *kept)
        if scored := entry.get("zset"):
            flat = [text for member, score in scored for text in (score, member)]
            self._ask(name, "ZADD", name, "NX", *flat)
        for field, text in entry.get("hash", ()):
            self._ask(name, "HSETNX", name, field, text)
        for line, fields in entry.get("stream", ()):
            self._ask(name, "XADD", name, line, *fields)

    def match_lines(self) -> None:
        """Drop from each queue what was copied by half: it had just been added, or carried out."""
        for name in self._owed():
            partition, _, kind = name[1:].partition("}:")
            queue = kind.partition(":")[2]
            scores, texts = named.queue(partition, queue), named.lines(partition, queue)
            ids = set(self._ask(name, "ZRANGE", scores, 0, -1))
            fields = set(self._ask(name, "HKEYS", texts))
            for line in ids - fields:
                self._ask(name, "ZREM", scores, line)
            for line in fields - ids:
                self._ask(name, "HDEL", texts, line)

    def write(self, partition: str, key: str, text: str) -> None:
        """Write a record as it stands in Redis, whatever stood there."""
        name = named.record(partition, key)
        self._ask(name, "SET", name, text)

    def _ask(self, name: str, *command: Any) -> Any:
        def question(server: Server) -> Any:
            return server.wire.ask(*command)

        return self._servers.ask(partition_of(name), question)


def rest_between(owed: Callable[[], list[str]], rest: list[str]) -> Iterator[str]:
    """These, with what is owed before and, as it is by then, after them."""
    yield from owed()
    yield from rest
    yield from owed()


def partition_of(name: str) -> str:
    """The partition of a key of ours."""
    return name[1:].partition("}")[0]


def kind_of(name: str) -> str:
    """What a key of ours holds: record, queue, lines, token, log, index ..."""
    return name.partition("}:")[2].partition(":")[0]
