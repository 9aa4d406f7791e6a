"""Stores with a fault, and one that counts what it is asked."""

from collections.abc import Sequence
from typing import Any

from bot.errors import Conflict, StoreDown
from bot.storage.memory import MemoryStore
from bot.store import Change, Record


class FailingStore(MemoryStore):
    """A store that goes down when told to: wholly, or for writing only."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.down_for_writing = False

    def read(self, partition: str, keys: Sequence[str]) -> dict[str, Record]:
        """The records, unless the store is down."""
        if self.down:
            raise StoreDown("no answer in time")
        return super().read(partition, keys)

    def commit(self, partition: str, change: Change) -> None:
        """Write, unless the store is down."""
        if self.down or self.down_for_writing:
            raise StoreDown("no answer in time")
        super().commit(partition, change)

    def ping(self) -> Any:
        """Facts, unless the store is down."""
        if self.down:
            raise StoreDown("no answer in time")
        return super().ping()


class BusyStore(MemoryStore):
    """A store in which somebody else writes first, so many times."""

    def __init__(self, conflicts: int = 0) -> None:
        super().__init__()
        self.conflicts = conflicts

    def commit(self, partition: str, change: Change) -> None:
        """Write, unless somebody was first."""
        if self.conflicts > 0:
            self.conflicts -= 1
            raise Conflict("somebody was first")
        super().commit(partition, change)


class CountingStore(MemoryStore):
    """A store that counts its round trips, and what each of them carried."""

    def __init__(self) -> None:
        super().__init__()
        self.trips: list[str] = []

    def read(self, partition: str, keys: Sequence[str]) -> dict[str, Record]:
        """One round trip, and for how many records."""
        self.trips.append(f"read {len(keys)}")
        return super().read(partition, keys)

    def commit(self, partition: str, change: Change) -> None:
        """One round trip, and how much was compared and written."""
        parts = (change.reads, change.writes, change.log, change.lines, change.drop, change.index)
        self.trips.append("commit " + " ".join(str(len(part)) for part in parts))
        super().commit(partition, change)
