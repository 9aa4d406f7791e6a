"""A backup put back: behind a fence, both stores as they were, and every call owed that was.

From its beginning on no process may write that was started before (`bot.storage.fenced`), and none
starts until it has ended: stopped half-way it is run again. Afterwards the desks ring nobody until
they know what happened since the backup (`bot.recovering`).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from bot.attempt_book import settling_line
from bot.backup import RECORDS, REDIS, BackupFile, Json, Tell
from bot.callback_book import as_callback, queue_callback
from bot.callbacks import Callback, CallbackState
from bot.errors import BadBackup
from bot.flow_log import FlowLogLine, LineKind
from bot.owing import owe_follow
from bot.records.copying import SqlCopy, is_known
from bot.recovering import KEEP_SECONDS, RESTORED
from bot.storage.copying import RedisCopy, partition_of
from bot.storage.fenced import FENCE, fence
from bot.storage.keys import record
from bot.store import DUE, OUTBOX, Store
from bot.unit_of_work import UnitOfWork
from bot.watermark import RECORD, Watermark

_CLOSED = ""  # no key has this id: nobody may write
_BY_NUMBER = "num:"
_PAGE = 200
_ALL_LINES = 10_000_000


class Restoring:
    """Puts a backup into two stores. `store` is without a fence; `now` seconds since 1970."""

    def __init__(
        self, file: BackupFile, redis: RedisCopy, records: SqlCopy, store: Store, now: float
    ) -> None:
        self._file, self._redis, self._records = file, redis, records
        self._store, self._now = store, now

    def refuse(self, *, replace: bool) -> None:
        """Raise `BadBackup` for what cannot be put here, or would take something's place."""
        if not is_known(self._file.manifest.revision):
            raise BadBackup("the backup was made by a newer version: update this one first")
        if self._file.manifest.begun_at > self._now:
            raise BadBackup("the backup is from the future: the clock here, or there, is wrong")
        if replace:
            return
        full = [] if self._records.revision() is None or self._records.is_empty() else ["records"]
        full += ["Redis"] if self._redis.names() else []
        if full:
            what = " and ".join(full)
            raise BadBackup(f"{what} here are not empty: --replace removes what is there")

    def restore(
        self,
        desks: list[str],
        tell: Callable[[str], Tell],
        and_then: Callable[[], object] = lambda: None,
    ) -> int:
        """Put it back; how many calls are owed. Repeatable: a run that died is run again.

        `and_then` is done to both stores while nobody else may write to them.
        """
        there = {partition_of(name) for name in self._redis.names()} | set(desks)
        self._put_fences({name for name in there if not name.startswith(_BY_NUMBER)}, _CLOSED)
        told = tell("Records")
        count = self._file.count(RECORDS)
        rows = _counted(self._file.lines(RECORDS), count, told)
        self._records.replace_all(self._file.manifest.revision, rows)
        known = self._put_redis(tell("Redis"), desks, there)
        owed = sum(self._recover(desk) for desk in sorted(known))
        and_then()
        self._put_fences(known, self._file.manifest.names)
        return owed

    def _put_redis(self, told: Tell, desks: list[str], there: set[str]) -> set[str]:
        """The names of all desks that there are now."""
        fences = {record(name, FENCE) for name in there if not name.startswith(_BY_NUMBER)}
        self._redis.clear(but=fences)
        known = set(desks)
        for entry in _counted(self._file.lines(REDIS), self._file.count(REDIS), told):
            partition = partition_of(entry["key"])
            by_number = partition.startswith(_BY_NUMBER)
            if not by_number:
                known.add(partition)
            if by_number or entry["key"] != record(partition, FENCE):
                self._redis.put(entry)
        self._redis.match_lines()
        return known

    def _put_fences(self, desks: set[str], key_id: str) -> None:
        """A version that no process has seen: whoever runs from before is refused."""
        for desk in desks:
            there = self._store.read(desk, (FENCE,))[FENCE].version
            text = json.dumps(fence(key_id), separators=(",", ":"))
            self._redis.write(desk, FENCE, f"{max(int(self._now), there) + 1}:{text}")

    def _recover(self, desk: str) -> int:
        """Have the desk look at what it missed, and owe what its callbacks say is owed."""
        unit = UnitOfWork(self._store, desk, (RESTORED, RECORD))
        begun_at = self._file.manifest.begun_at
        mark = Watermark.from_json(unit.get(RECORD))
        through = begun_at if mark.through is None else min(mark.through, begun_at)
        unit.put(RECORD, asdict(replace(mark, through=through, due=0.0, token=mark.token + 1)))
        restored = {"backup_at": begun_at, "restored_at": self._now}
        unit.put(RESTORED, restored, keep=KEEP_SECONDS)
        unit.log(
            FlowLogLine(
                at=self._now,
                kind=LineKind.NOTE,
                desk=desk,
                event="restored",
                reason=f"from a backup of {self._now - begun_at:.0f} s before",
            )
        )
        unit.commit()
        return self._owe_again(desk)

    def _owe_again(self, desk: str) -> int:
        owed = {
            queue: {line.id for line in self._store.waiting(desk, queue, _ALL_LINES)}
            for queue in (DUE, OUTBOX)
        }
        count = 0
        keys = [key for key in self._store.records(desk) if key.startswith("callback:")]
        for start in range(0, len(keys), _PAGE):
            for found in self._store.read(desk, keys[start : start + _PAGE]).values():
                callback = as_callback(found.data)
                if callback is None or callback.state is CallbackState.ENDED:
                    continue
                count += 1
                self._owe(desk, callback, owed)
        return count

    def _owe(self, desk: str, callback: Callback, owed: dict[str, set[str]]) -> None:
        """The line that this callback lacks, if it was copied a moment apart from its queue."""
        unit = UnitOfWork(self._store, desk)
        attempt = callback.attempt
        if callback.state is CallbackState.DUE:
            if callback.next_attempt not in owed[DUE]:
                queue_callback(unit, callback, self._now, told="owed again")
        elif attempt is not None and attempt.call is None:
            line = settling_line(callback.id, attempt.id, self._now)
            if line.id not in owed[OUTBOX] and attempt.id not in owed[DUE]:
                unit.owe(line)
        elif attempt is not None and f"follow:{attempt.id}" not in owed[OUTBOX]:
            owe_follow(unit, attempt.id, attempt.call or "", self._now)
        if unit.changed:
            unit.commit()


def _counted(lines: Iterator[Json], total: int, tell: Tell) -> Iterator[Json]:
    for done, line in enumerate(lines, 1):
        yield line
        tell(done, total)
