"""The twin of the Redis store, in memory: for tests, and for trying a flow alone.

Documents are kept as the same JSON texts, so nothing gets through here that Redis would not take.
"""

import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from bot.errors import Conflict
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
from bot.storage.rooms import Room, first, in_order, log_id, move_members, write_log
from bot.store import Change, Claim, Line, Record


class MemoryStore:
    """Keeps the contract of `bot.store.Store` for the threads of one process; see there.

    `clock` tells when kept records are forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._partitions: defaultdict[str, Room] = defaultdict(Room)

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
            write_log(room, change)
            self._write_lines(room, change, lines)
            move_members(room, change)
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
            return in_order(self._room(partition).indexes[index])[:limit]

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
            last = (room.logged, 0) if after == "$" else log_id(after)
            self._changed.wait_for(lambda: bool(room.log) and room.log[-1][0] > last, block_seconds)
            start = bisect_right(room.log, last, key=first)
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

    def _room(self, partition: str) -> Room:
        named.tag(partition)  # the same names are refused
        return self._partitions[partition]

    def _text(self, room: Room, key: str) -> str | None:
        text, forget_at = room.records.get(key, (None, None))
        return None if forget_at is not None and forget_at <= self._clock() else text

    def _write_records(self, room: Room, change: Change, texts: dict[str, str]) -> None:
        for key, text in texts.items():
            seconds = kept_seconds(change, key)
            room.records[key] = (text, self._clock() + seconds if seconds else None)

    def _write_lines(self, room: Room, change: Change, lines: list[tuple[Line, str]]) -> None:
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
