"""The unit of work of one event: every record read, with its version, and all that will be written.

One `commit` writes everything or nothing, and only if no record that was read has moved on.
"""

from collections.abc import Iterable

from bot.flow_log import FlowLogLine
from bot.store import Change, Json, Line, Store


class UnitOfWork:
    """Collects reads and writes of one partition."""

    def __init__(self, store: Store, partition: str, prefetch: Iterable[str] = ()) -> None:
        self._store = store
        self.partition = partition
        self._data: dict[str, Json | None] = {}
        self._change = Change()
        self._fetch(tuple(prefetch))

    def get(self, key: str) -> Json | None:
        """The data of a record; reading it makes the commit depend on its version."""
        if key not in self._data:
            self._fetch((key,))
        return self._data[key]

    def get_all(self, *keys: str) -> list[Json | None]:
        """Several records, in one round trip."""
        self._fetch(tuple(key for key in keys if key not in self._data))
        return [self._data[key] for key in keys]

    def put(self, key: str, data: Json | None, *, keep: float | None = None) -> None:
        """Write a record that was read; None deletes it. `keep` is seconds until it may go."""
        self.get(key)
        self._data[key] = data
        self._change.writes[key] = data
        if keep is not None:
            self._change.keep[key] = int(keep)

    def log(self, line: FlowLogLine) -> None:
        """Write a line of the flow log."""
        self._change.log.append(line.to_fields())

    def trim_log(self, through: str) -> None:
        """Let the lines of the flow log go, up to the one with this id."""
        self._change.trim_log = through

    def owe(self, line: Line) -> None:
        """Add a line to a queue."""
        self._change.lines.append(line)

    def drop(self, queue: str, line_id: str) -> None:
        """Take a line out of a queue: it is owed no longer."""
        self._change.drop.append((queue, line_id))

    def index(self, name: str, member: str, score: float | None) -> None:
        """Put a member into a sorted set, or (None) take it out."""
        self._change.index.append((name, member, score))

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        change = self._change
        moves = change.writes or change.log or change.lines or change.drop or change.index
        return bool(moves or change.trim_log)

    def commit(self, *, replicated: bool = False) -> None:
        """Write everything or nothing. Raises `Conflict`, `StoreDown`, `StorageRefused`.

        Also `NotReplicated`, if it is to be `replicated` before what cannot be undone.
        """
        self._change.replicated = replicated
        self._store.commit(self.partition, self._change)

    def _fetch(self, keys: tuple[str, ...]) -> None:
        if not keys:
            return
        for key, record in self._store.read(self.partition, keys).items():
            self._data[key] = record.data
            self._change.reads[key] = record.version
