"""What the engine needs of a store of what moves: versioned records, one atomic commit, queues.

`bot.storage` keeps this contract on Redis and in memory; one set of tests holds both to it.
A *partition* is a desk, `num:<hash>` or `account`: the Redis Cluster hash tag of all its keys, so
that one commit is one slot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]

DUE = "due"  # the queue of calls to place
OUTBOX = "outbox"  # the queue of everything else that is owed
ALERTS = "alerts"  # what is told of tasks: apart, so that a slow receiver holds up nothing else


@dataclass(frozen=True, slots=True)
class Record:
    """One stored document with its version; `data` is None where there is none.

    A deleted record keeps its version for a while, so that no stale commit deletes a later one.
    """

    key: str
    version: int
    data: Json | None


@dataclass(frozen=True, slots=True)
class Line:
    """Something owed, in a queue. `id` makes it unique: adding it twice is adding it once."""

    queue: str
    id: str
    kind: str
    due: float
    data: Json


@dataclass(frozen=True, slots=True)
class Claim:
    """A line taken by a worker until `leased_until`; `token` shows that the lease is still ours.

    `tries` counts claims since the line was added or last postponed; 1 is the first.
    """

    line: Line
    token: int
    tries: int
    claimed_at: float
    leased_until: float


@dataclass(slots=True)
class Change:
    """What one commit compares and writes.

    `reads` are the versions of every record that was read for the decision; `writes` the new data
    of records (None deletes), each read before; `keep` seconds of slack after which a record may
    be forgotten. `index` moves members of named sorted sets (None removes).

    `trim_log` is the id of the last flow-log line to go, with all before it; "" is none. It goes
    with the record that says how far they are archived: what a failover took back stops it.

    `replicated`: what is done next cannot be undone, so it must not be lost in a failover either.
    """

    reads: dict[str, int] = field(default_factory=dict)
    writes: dict[str, Json | None] = field(default_factory=dict)
    keep: dict[str, int] = field(default_factory=dict)
    log: list[dict[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    drop: list[tuple[str, str]] = field(default_factory=list)
    index: list[tuple[str, str, float | None]] = field(default_factory=list)
    trim_log: str = ""
    replicated: bool = False


class Store(Protocol):
    """Redis, or its twin in memory.

    Every method raises `StoreDown` when no answer came in time, and at once while the breaker is
    open; `StorageRefused` when the server answered with an error.
    """

    def read(self, partition: str, keys: Sequence[str]) -> dict[str, Record]:
        """The records under these keys, present or not, in one round trip."""

    def commit(self, partition: str, change: Change) -> None:
        """Write everything or nothing. Raises `Conflict` if any record read has moved on.

        Raises `NotReplicated`, for a change that is to be `replicated`, when it is written where a
        failover could lose it.
        """

    def claim(self, partition: str, queue: str, now: float, lease: float) -> Claim | None:
        """Take the line with the lowest score ≤ now: score = now + lease, token + 1, tries + 1."""

    def done(self, partition: str, claim: Claim) -> bool:
        """Remove a line, only if the token is still ours."""

    def postpone(self, partition: str, claim: Claim, until: float, *, fresh: bool) -> bool:
        """Give a line back until then, only if the token is ours; `fresh` sets tries to 0."""

    def waiting(self, partition: str, queue: str, limit: int = 1000) -> list[Line]:
        """The lines of a queue, the next first, for people to look at. `due` is the score."""

    def next_due(self, partition: str, queue: str) -> float | None:
        """The lowest score of a queue, or None when it is empty."""

    def count(self, partition: str, queue: str, until: float = float("inf")) -> int:
        """How many lines a queue has whose score is no more than that."""

    def members(self, partition: str, index: str, limit: int = 1000) -> list[tuple[str, float]]:
        """The members of a sorted set with their scores, lowest first, for people to look at."""

    def records(self, partition: str) -> list[str]:
        """The keys of all records, deleted ones too. One written meanwhile may be missing."""

    def partitions(self, beginning: str = "") -> list[str]:
        """The partitions with records whose names begin so. One made meanwhile may be missing."""

    def wait(self, partition: str, seconds: float) -> None:
        """Return when a commit has added a line to this partition, or after that time."""

    def log_after(
        self, partition: str, after: str, limit: int = 100, block_seconds: float = 0.0
    ) -> list[tuple[str, dict[str, str]]]:
        """Flow-log lines after this id (`0`: all, `$`: only what comes), oldest first."""

    def log_latest(self, partition: str, limit: int) -> list[tuple[str, dict[str, str]]]:
        """The newest flow-log lines, so many at most, oldest first."""

    def log_length(self, partition: str) -> int:
        """How many flow-log lines there are."""

    def newest_log_id(self, partition: str) -> str:
        """The id of the newest line of the flow log; `0` where there is none."""

    def ping(self) -> Mapping[str, str]:
        """Facts about the server (`server`, `version`, `appendonly`, `appendfsync`, `eviction`).

        Of several, also who they are to each other (`bot.store_check`). Raises if none answers.
        """

    def close(self) -> None:
        """Give up the connections."""
