"""What the store in memory keeps of one partition: records, queues, indexes and the flow log."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from bot.errors import StorageRefused
from bot.store import Change

LogId = tuple[int, int]


@dataclass(slots=True)
class Queue:
    """A queue: what is due when, what each line says, and who holds it (token, tries)."""

    scores: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)  # token, tries
    token: int = 0

    def copy(self) -> "Queue":
        """The same in other containers."""
        return Queue(dict(self.scores), dict(self.texts), dict(self.claims), self.token)

    def in_order(self) -> list[str]:
        """The ids of its lines, the next first."""
        return [line_id for line_id, _ in in_order(self.scores)]

    def remove(self, line_id: str) -> None:
        """Take a line out, whoever holds it."""
        self.scores.pop(line_id, None)
        self.texts.pop(line_id, None)
        self.claims.pop(line_id, None)


@dataclass(slots=True)
class Room:
    """All that is kept of one partition."""

    records: dict[str, tuple[str, float | None]] = field(default_factory=dict)  # text, forget at
    queues: defaultdict[str, Queue] = field(default_factory=lambda: defaultdict(Queue))
    indexes: defaultdict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    log: list[tuple[LogId, dict[str, str]]] = field(default_factory=list)
    logged: int = 0  # the number of the newest line, which may have gone
    wakes: int = 0

    def copy(self) -> "Room":
        """The same in other containers; what they hold is never altered in place."""
        copied = Room(dict(self.records), log=list(self.log), logged=self.logged)
        copied.wakes = self.wakes
        copied.queues.update((name, queue.copy()) for name, queue in self.queues.items())
        copied.indexes.update((name, dict(index)) for name, index in self.indexes.items())
        return copied


def write_log(room: Room, change: Change) -> None:
    """Append the lines of a commit, and let those go that it says are archived."""
    for entry in change.log:
        room.logged += 1
        room.log.append(((room.logged, 0), dict(entry)))
    if change.trim_log:
        del room.log[: bisect_right(room.log, log_id(change.trim_log), key=first)]


def move_members(room: Room, change: Change) -> None:
    """Put members into the indexes, and take them out."""
    for name, member, score in change.index:
        if score is None:
            room.indexes[name].pop(member, None)
        else:
            room.indexes[name][member] = float(score)


def in_order(scores: dict[str, float]) -> list[tuple[str, float]]:
    """As a sorted set has them: by score, then by the bytes of the name."""
    return sorted(scores.items(), key=lambda item: (item[1], item[0].encode()))


def first(entry: tuple[LogId, dict[str, str]]) -> LogId:
    """The id of a line of the log."""
    return entry[0]


def log_id(text: str) -> LogId:
    """An id as Redis writes it, `5-0`, as it is compared. Raises `StorageRefused`."""
    number, _, part = text.partition("-")
    try:
        return int(number), int(part or 0)
    except ValueError:
        raise StorageRefused(f"not a flow-log id: {text!r}") from None
