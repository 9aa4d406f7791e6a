"""So many callbacks that wait at a desk: the documents that the service writes, in pipelines.

One callback is queued as the engine queues it, and what its commit writes is kept as it goes over
the wire. All others are the same with another id, number, case and time of the same length.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import redis

from bench import callers
from bot.callback_book import queue_callback
from bot.callbacks import Callback
from bot.keys import Keyring
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.storage import keys
from bot.storage.documents import kept_seconds, line_text, record_text
from bot.store import Change, Record
from bot.unit_of_work import UnitOfWork

NOW = 1_789_466_400.5
SPREAD_SECONDS = 3 * 86400  # over which they are due
AT_ONCE = 500  # on their way at a time
_PHONE = PhoneNumber("+447700900000")
_SEALED = Keyring.parse(callers.KEYS).seal(_PHONE.e164, bound_to=NUMBER)


@dataclass(frozen=True, slots=True)
class Named:
    """What tells one waiting callback from all others."""

    id: str
    number_hash: str
    case: str
    due_at: float

    @classmethod
    def numbered(cls, number: int) -> "Named":
        """The same for the same number. Neighbours are due at times far apart."""
        due_in = number * 7919 % SPREAD_SECONDS
        return cls(f"SM{number:032x}", f"{number:032x}", f"{number:09d}", NOW + due_in)

    def callback(self, desk: str) -> Callback:
        """The callback of a customer who texted."""
        return Callback(
            id=self.id,
            desk=desk,
            number_sealed=_SEALED,
            number_hash=self.number_hash,
            number_mask=str(_PHONE),
            case=self.case,
            asked_by="customer",
            opened_at=NOW - 600.0,
            due_at=self.due_at,
        )

    def written(self) -> tuple[bytes, ...]:
        """As they stand in a commit."""
        return (
            self.id.encode(),
            self.number_hash.encode(),
            self.case.encode(),
            repr(self.due_at).encode(),
        )


class _Watched:
    """A store in which there is nothing, and that keeps the change which it is given."""

    def __init__(self) -> None:
        self.change = Change()

    def read(self, partition: str, keys: Sequence[str]) -> Mapping[str, Record]:
        return {key: Record(key, 0, None) for key in keys}

    def commit(self, partition: str, change: Change) -> None:
        self.change = change


_LIKE = Named(f"SM{'f' * 32}", "e" * 32, "987654321", NOW + 123_456)


def writes_of_one(desk: str) -> list[tuple[Any, ...]]:
    """What the commit that queues a callback writes, as single commands; without its log line.

    The log is not kept here: whoever archives it takes it away. `bot/storage/commit.lua` does the
    same one by one, at three times the cost; a test holds the two together.
    """
    store: Any = _Watched()
    unit = UnitOfWork(store, desk)
    queue_callback(unit, _LIKE.callback(desk), NOW)
    unit.commit()
    change: Change = store.change
    commands: list[tuple[Any, ...]] = []
    for key, data in change.writes.items():
        kept = kept_seconds(change, key) * 1000
        commands.append(("SET", keys.record(desk, key), record_text(1, data), "PX", kept))
    for line in change.lines:
        commands.append(("ZADD", keys.queue(desk, line.queue), repr(line.due), line.id))
        commands.append(("HSET", keys.lines(desk, line.queue), line.id, line_text(line)))
    for name, member, score in change.index:
        commands.append(("ZADD", keys.index(desk, name), repr(score), member))
    return commands


def load(url: str, desk: str, count: int, advance: Callable[[int], None]) -> None:
    """Have so many callbacks wait at a desk; `advance` is told of each lot that is written."""
    client = redis.Redis.from_url(url, protocol=2)
    connection = client.connection_pool.get_connection()
    commands = writes_of_one(desk)
    wire = b"".join(part for each in commands for part in connection.pack_command(*each))
    for start in range(0, count, AT_ONCE):
        lot = range(start, min(start + AT_ONCE, count))
        connection.send_packed_command([b"".join(_about(number, wire) for number in lot)])
        for _ in range(len(lot) * len(commands)):
            connection.read_response()
        advance(len(lot))
    connection.disconnect()
    client.close()


def _about(number: int, wire: bytes) -> bytes:
    """The same about another: nothing changes its length, so the counts on the wire hold."""
    for ours, theirs in zip(_LIKE.written(), Named.numbered(number).written(), strict=True):
        wire = wire.replace(ours, theirs)
    return wire
