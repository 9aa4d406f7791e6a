"""The twin of the Redis store, in memory: for tests, and for trying a flow alone.

Documents are kept as the same JSON texts, so nothing gets through here that Redis would not take.
"""

import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import Conflict, StorageRefused
from bot.storage import keys as named
from bot.storage.documents import (
    WAKES,
    check,
    kept_seconds,
    line_text,
    read_line,
    read_record,
    record_text,
    version_of,
)
from bot.store import Change, Claim, Line, Record

_Id = tuple[int, int]


@dataclass(slots=True)
class _Queue:
    scores: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)  # token, tries
    token: int = 0

    def copy(self) -> "_Queue":
        return _Queue(dict(self.scores), dict(self.texts), dict(self.claims), self.token)

    def in_order(self) -> list[str]:
        return [line_id for line_id, _ in _in_order(self.scores)]

    def remove(self, line_id: str) -> None:
        self.scores.pop(line_id, None)
        self.texts.pop(line_id, None)
        self.claims.pop(line_id, None)


@dataclass(slots=True)
class _Partition:
    records: dict[str, tuple[str, float | None]] = field(default_factory=dict)  # text, forget at
    queues: defaultdict[str, _Queue] = field(default_factory=lambda: defaultdict(_Queue))
    indexes: defaultdict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    log: list[tuple[_Id, dict[str, str]]] = field(default_factory=list)
    logged: int = 0  # the number of the newest line, which may have gone
    wakes: int = 0

    def copy(self) -> "_Partition":
        """The same in other containers; what they hold is never altered in place."""
        copied = _Partition(dict(self.records), log=list(self.log), logged=self.logged)
        copied.wakes = self.wakes
        copied.queues.update((name, queue.copy()) for name, queue in self.queues.items())
        copied.indexes.update((name, dict(index)) for name, index in self.indexes.items())
        return copied


class MemoryStore:
    """Keeps the contract of `bot.store.Store` for the threads of one process; see there.

    `clock` tells when kept records are forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._partitions: defaultdict[str, _Partition] = defaultdict(_Partition)

    def read(self, partition: str, keys: Sequence[str]) -> dict[str, Record]:
        """The records under these keys, present or not."""
        with self._changed:
            room = self._room(partition)
            return {key: read_record(key, self._text(room, key)) for key in keys}

    def commit(self, partition: str, change: Change) -> None:
        """Write everything or nothing. Raises `Conflict` if any record read has moved on."""
        check(change)
        texts = {
            key: record_text(change.reads[key] + 1, data) for key, data in change.writes.items()
        }
        lines = [(line, line_text(line)) for line in change.lines]
        with self._changed:
            room = self._room(partition)
            for key, version in change.reads.items():
                if version_of(self._text(room, key)) != version:
                    raise Conflict(key)
            self._write_records(room, change, texts)
            _write_log(room, change)
            self._write_lines(room, change, lines)
            _move_members(room, change)
            self._changed.notify_all()

    def claim(self, partition: str, queue: str, now: float, lease: float) -> Claim | None:
        """Take the line with the lowest score ≤ now: score = now + lease, tries + 1."""
        with self._changed:
            owed = self._room(partition).queues[queue]
            for line_id in owed.in_order()[:1]:
                if owed.scores[line_id] > now:
                    break
                owed.token += 1
                tries = owed.claims.get(line_id, (0, 0))[1] + 1
                owed.claims[line_id] = (owed.token, tries)
                owed.scores[line_id] = now + lease
                line = read_line(queue, line_id, owed.texts[line_id])
                return Claim(line, owed.token, tries, now, now + lease)
            return None

    def done(self, partition: str, claim: Claim) -> bool:
        """Remove a line, only if the token is still ours."""
        with self._changed:
            owed = self._room(partition).queues[claim.line.queue]
            if owed.claims.get(claim.line.id, (0, 0))[0] != claim.token:
                return False
            owed.remove(claim.line.id)
            return True

    def postpone(self, partition: str, claim: Claim, until: float, *, fresh: bool) -> bool:
        """Give a line back until then, only if the token is ours; `fresh` sets tries to 0."""
        with self._changed:
            owed = self._room(partition).queues[claim.line.queue]
            token, tries = owed.claims.get(claim.line.id, (0, 0))
            if token != claim.token:
                return False
            owed.claims[claim.line.id] = (0, 0 if fresh else tries)
            owed.scores[claim.line.id] = float(until)
            return True

    def waiting(self, partition: str, queue: str, limit: int = 1000) -> list[Line]:
        """The lines of a queue, the next first, for people to look at. `due` is the score."""
        with self._changed:
            owed = self._room(partition).queues[queue]
            return [
                read_line(queue, line_id, owed.texts[line_id], owed.scores[line_id])
                for line_id in owed.in_order()[:limit]
            ]

    def next_due(self, partition: str, queue: str) -> float | None:
        """The lowest score of a queue, or None when it is empty."""
        with self._changed:
            return min(self._room(partition).queues[queue].scores.values(), default=None)

    def count(self, partition: str, queue: str, until: float = float("inf")) -> int:
        """How many lines a queue has whose score is no more than that."""
        with self._changed:
            scores = self._room(partition).queues[queue].scores.values()
            return sum(score <= until for score in scores)

    def members(self, partition: str, index: str, limit: int = 1000) -> list[tuple[str, float]]:
        """The members of a sorted set with their scores, lowest first, for people to look at."""
        with self._changed:
            return _in_order(self._room(partition).indexes[index])[:limit]

    def records(self, partition: str) -> list[str]:
        """The keys of all records, deleted ones too."""
        with self._changed:
            room = self._room(partition)
            return sorted(key for key in room.records if self._text(room, key) is not None)

    def partitions(self, beginning: str = "") -> list[str]:
        """The partitions with records whose names begin so."""
        with self._changed:
            return sorted(
                name
                for name, room in self._partitions.items()
                if name.startswith(beginning)
                and any(self._text(room, key) is not None for key in room.records)
            )

    def wait(self, partition: str, seconds: float) -> None:
        """Return when a commit has added a line to this partition, or after that time."""
        with self._changed:
            room = self._room(partition)
            if self._changed.wait_for(lambda: room.wakes > 0, seconds):
                room.wakes -= 1

    def log_after(
        self, partition: str, after: str, limit: int = 100, block_seconds: float = 0.0
    ) -> list[tuple[str, dict[str, str]]]:
        """Flow-log lines after this id (`0`: all, `$`: only what comes), oldest first."""
        with self._changed:
            room = self._room(partition)
            last = (room.logged, 0) if after == "$" else _log_id(after)
            self._changed.wait_for(lambda: bool(room.log) and room.log[-1][0] > last, block_seconds)
            start = bisect_right(room.log, last, key=_first)
            return [
                (f"{number}-{part}", dict(entry))
                for (number, part), entry in room.log[start : start + limit]
            ]

    def log_latest(self, partition: str, limit: int) -> list[tuple[str, dict[str, str]]]:
        """The newest flow-log lines, so many at most, oldest first."""
        with self._changed:
            log = self._room(partition).log
            return [(f"{number}-{part}", dict(entry)) for (number, part), entry in log[-limit:]]

    def log_length(self, partition: str) -> int:
        """How many flow-log lines there are."""
        with self._changed:
            return len(self._room(partition).log)

    def newest_log_id(self, partition: str) -> str:
        """The id of the newest line of the flow log; `0` where there is none."""
        with self._changed:
            log = self._room(partition).log
            return f"{log[-1][0][0]}-{log[-1][0][1]}" if log else "0"

    def ping(self) -> Mapping[str, str]:
        """It keeps nothing, and says so."""
        return {
            "server": "memory",
            "version": "0",
            "appendonly": "no",
            "appendfsync": "no",
            "eviction": "noeviction",
        }

    def close(self) -> None:
        """Nothing to give up."""

    def snapshot(self) -> object:
        """All that is kept now, to be compared, or to go back to with `restore`."""
        with self._changed:
            return {name: room.copy() for name, room in self._partitions.items()}

    def restore(self, snapshot: object) -> None:
        """Be as at that snapshot again: whoever explores a conversation tries what else may come.

        The snapshot stays good for another time.
        """
        if not isinstance(snapshot, dict):
            raise TypeError("not a snapshot of this store")
        with self._changed:
            self._partitions.clear()
            self._partitions.update((name, room.copy()) for name, room in snapshot.items())

    def _room(self, partition: str) -> _Partition:
        named.tag(partition)  # the same names are refused
        return self._partitions[partition]

    def _text(self, room: _Partition, key: str) -> str | None:
        text, forget_at = room.records.get(key, (None, None))
        return None if forget_at is not None and forget_at <= self._clock() else text

    def _write_records(self, room: _Partition, change: Change, texts: dict[str, str]) -> None:
        for key, text in texts.items():
            seconds = kept_seconds(change, key)
            room.records[key] = (text, self._clock() + seconds if seconds else None)

    def _write_lines(self, room: _Partition, change: Change, lines: list[tuple[Line, str]]) -> None:
        for queue, line_id in change.drop:
            room.queues[queue].remove(line_id)
        added = False
        for line, text in lines:
            owed = room.queues[line.queue]
            if line.id not in owed.scores:
                owed.scores[line.id] = float(line.due)
                owed.texts[line.id] = text
                added = True
        room.wakes = min(room.wakes + added, WAKES)


def _write_log(room: _Partition, change: Change) -> None:
    for entry in change.log:
        room.logged += 1
        room.log.append(((room.logged, 0), dict(entry)))
    if change.trim_log:
        del room.log[: bisect_right(room.log, _log_id(change.trim_log), key=_first)]


def _move_members(room: _Partition, change: Change) -> None:
    for name, member, score in change.index:
        if score is None:
            room.indexes[name].pop(member, None)
        else:
            room.indexes[name][member] = float(score)


def _in_order(scores: dict[str, float]) -> list[tuple[str, float]]:
    """As a sorted set has them: by score, then by the bytes of the name."""
    return sorted(scores.items(), key=lambda item: (item[1], item[0].encode()))


def _first(entry: tuple[_Id, dict[str, str]]) -> _Id:
    return entry[0]


def _log_id(text: str) -> _Id:
    number, _, part = text.partition("-")
    try:
        return int(number), int(part or 0)
    except ValueError:
        raise StorageRefused(f"not a flow-log id: {text!r}") from None
