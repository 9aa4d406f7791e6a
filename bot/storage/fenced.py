"""A store that refuses to write for a process whose names are no longer those of the records.

A name is a keyed hash of a number (`bot.records.naming`). While names are changed, and afterwards,
a process that was started before would look under the old ones: it would find no wish to be left
alone. So each commit also compares the record that tells which key names, and fails if it moved.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.errors import Conflict, StorageRefused
from bot.store import Change, Record, Store

FENCE = "naming"  # the record: {"key": id}
_BY_NUMBER = "num:"  # a number's own partition has a new name afterwards; the old one gets a fence
REFUSAL = (
    "the names of records are made with another key now, or a backup was restored:"
    " this process must be restarted"
)


def fence(key_id: str) -> dict[str, str]:
    """What the record says: only processes that name with this key may write."""
    return {"key": key_id}


class FencedStore:
    """Keeps the contract of `bot.store.Store`; `commit` raises `StorageRefused` past the fence."""

    def __init__(self, store: Store, key_id: str) -> None:
        self._store = store
        self._key_id = key_id
        self._versions: dict[str, int] = {}
        self.read, self.members = store.read, store.members
        self.claim, self.done, self.postpone = store.claim, store.done, store.postpone
        self.waiting, self.next_due, self.wait = store.waiting, store.next_due, store.wait
        self.records, self.partitions = store.records, store.partitions
        self.log_after, self.log_latest = store.log_after, store.log_latest
        self.log_length = store.log_length
        self.newest_log_id, self.count = store.newest_log_id, store.count
        self.ping, self.close = store.ping, store.close

    def commit(self, partition: str, change: Change) -> None:
        """Write everything or nothing. Raises `Conflict` if any record read has moved on."""
        reads = {**change.reads, FENCE: self._version(partition)}
        try:
            self._store.commit(partition, replace(change, reads=reads))
        except Conflict as conflict:
            if conflict.args == (FENCE,):
                raise StorageRefused(REFUSAL) from None
            raise

    def _version(self, partition: str) -> int:
        """What the fence must still be: asked once, and only if it is ours."""
        if partition.startswith(_BY_NUMBER):
            return 0
        if partition not in self._versions:
            record: Mapping[str, Record] = self._store.read(partition, (FENCE,))
            found = record[FENCE]
            if found.data is not None and found.data != fence(self._key_id):
                raise StorageRefused(REFUSAL)
            self._versions[partition] = found.version
        return self._versions[partition]
