"""Moves the lines of the flow log from Redis into the archive: each once, none before its time.

How far a desk's lines are archived stands beside them in Redis, so that a failover takes both back
together: what it took back is read again, and the archive knows each line by its id and words. A
lease sees to it that one appender works on a desk; it only saves work. What keeps a stale one from
doing harm is that the archive refuses a number that is taken, and that every commit compares all
that the appender has read, and what only it writes: its own record, by which it notices a failover
that lost something of its own.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.chain import Block
from bot.errors import Conflict, StoreDown
from bot.records_heads import signer_of
from bot.runtime import Runtime
from bot.store import Change, Json, Store

log = structlog.get_logger()

CURSOR = "archive"  # the record: the last line that is archived, and how many such are kept here
LEASE = "archive_lease"  # the record: who appends, and until when
LEASE_SECONDS, RENEW_SECONDS, CLOCKS_DIFFER_SECONDS = 30.0, 15.0, 60.0
OWN_KEPT_SECONDS = 86400
MOST = 500  # lines archived in one transaction, and sealed in one block
MOST_TRIMMED = 2 * MOST
TRIM_EVERY_SECONDS = 30.0
DOWN_REST_SECONDS = 5.0  # in which another worker, which may reach the archive, can take over
FIRST = "0-0"


@dataclass(frozen=True, slots=True)
class Lag:
    """What of a desk's flow log is not archived yet: how many lines, and for how long."""

    lines: int
    seconds: float


def lag(store: Store, desk: str, now: float) -> Lag:
    """How far the archive is behind. Raises `StoreDown`, `StorageRefused`."""
    cursor = _cursor(store.read(desk, (CURSOR,))[CURSOR].data)
    oldest = store.log_after(desk, cursor["through"], limit=1)
    if not oldest:
        return Lag(0, 0.0)
    lines = store.log_length(desk) - cursor["kept"]
    return Lag(max(lines, 1), max(0.0, now - _at(oldest[0][1], now)))


def unarchived(store: Store, desk: str, most: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a desk that wait to be archived, in order, so many at most: id and fields.

    Raises `StoreDown`, `StorageRefused`.
    """
    after = _cursor(store.read(desk, (CURSOR,))[CURSOR].data)["through"]
    while most > 0 and (page := store.log_after(desk, after, limit=min(MOST, most))):
        yield from page
        after, most = page[-1][0], most - len(page)


@dataclass(slots=True)
class _Held:
    """What an appender has read at a desk, with the versions that its commits compare."""

    versions: dict[str, int]
    cursor: Json
    lease: Json


class Archivist:
    """Archives for any desk. Any number of copies may run; `name` tells them apart."""

    def __init__(
        self,
        runtime: Runtime,
        name: str = "",
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store = runtime.store
        self._clock = runtime.clock
        self._archive = runtime.records.flow_log
        self._rules = runtime.house.policy.archive
        signer = signer_of(runtime.settings)
        self._sign = signer.signed if signer else _unsigned
        self._name = name or random_bytes(16).hex()
        self._own = f"archive:{self._name}"
        self._most: dict[str, int] = {}
        self._trim_at: dict[str, float] = {}
        self._again_at: dict[str, float] = {}
        self._down: set[str] = set()

    def take_one(self, desk: str) -> int | None:
        """Archive the next lines of a desk; how many, None if there was nothing to do.

        An archive that is down is told once, and asked again the next time. Raises `StoreDown` and
        `StorageRefused` of Redis, `Conflict` if another appender was first.
        """
        now = self._clock.now()
        held = self._look(desk)
        if self._is_anothers(held.lease) or self._rests(desk, now):
            return None
        archived = self._archive_some(desk, held)
        trimmed = self._trim_some(desk)
        return archived if archived or trimmed else None

    def give_back(self, desk: str) -> None:
        """Let another appender begin at once: this one stops."""
        held = self._look(desk)
        if held.lease["by"] == self._name:
            self._write(desk, held, {LEASE: {"by": "", "until": 0.0}})

    def _archive_some(self, desk: str, held: _Held) -> int:
        if not self._store.log_after(desk, held.cursor["through"], limit=1):
            return 0
        held = self._hold(desk, held)
        most = self._most.get(desk, MOST)
        entries = self._store.log_after(desk, held.cursor["through"], limit=most)
        if not entries:
            return 0
        if not self._append(desk, entries):
            self.give_back(desk)  # the archive may be out of reach from here only
            return 0
        kept = held.cursor["kept"] + len(entries)
        self._write(desk, held, {CURSOR: {"through": entries[-1][0], "kept": kept}})
        return len(entries)

    def _append(self, desk: str, entries: Sequence[tuple[str, dict[str, str]]]) -> bool:
        """Whether the archive took them. Where it did not it is offered fewer the next time."""
        try:
            self._archive.append(desk, entries, self._clock.now(), self._sign)
        except StoreDown as error:
            self._most[desk] = max(1, len(entries) // 2)
            self._again_at[desk] = self._clock.now() + DOWN_REST_SECONDS
            if desk not in self._down:
                log.error("archive_down", desk=desk, error=str(error))
                self._down.add(desk)
            return False
        self._most[desk] = min(MOST, 2 * self._most.get(desk, MOST))
        if desk in self._down:
            log.warning("archive_back", desk=desk)
            self._down.remove(desk)
        return True

    def _trim_some(self, desk: str) -> bool:
        """Let lines go that are archived and past their time; whether more may be."""
        now = self._clock.now()
        if now < self._trim_at.get(desk, 0.0) <= now + TRIM_EVERY_SECONDS:
            return False
        held = self._look(desk)
        going = self._past(desk, held.cursor, now)
        if not going:
            self._trim_at[desk] = now + TRIM_EVERY_SECONDS
            return False
        held = self._hold(desk, held)
        going = self._past(desk, held.cursor, now)
        if going:
            left = {**held.cursor, "kept": max(0, held.cursor["kept"] - len(going))}
            self._write(desk, held, {CURSOR: left}, trim=going[-1])
        return bool(going)

    def _past(self, desk: str, cursor: Json, now: float) -> list[str]:
        """The ids of the oldest lines, as far as they may go."""
        if not cursor["kept"]:
            return []
        surplus = cursor["kept"] - self._rules.keep_in_redis_lines
        before = now - self._rules.keep_in_redis_minutes * 60
        through = _place(cursor["through"])
        going = []
        for place, (id, fields) in enumerate(self._store.log_after(desk, "0", MOST_TRIMMED)):
            if _place(id) > through or (place >= surplus and _at(fields, now) >= before):
                break
            going.append(id)
        return going

    def _look(self, desk: str) -> _Held:
        found = self._store.read(desk, (CURSOR, LEASE, self._own))
        return _Held(
            {key: record.version for key, record in found.items()},
            _cursor(found[CURSOR].data),
            found[LEASE].data or {"by": "", "until": 0.0},
        )

    def _is_anothers(self, lease: Json) -> bool:
        """Whether somebody else appends now. A lease from a clock that ran ahead is none."""
        left = lease["until"] - self._clock.now()
        return bool(lease["by"] != self._name and 0 < left <= LEASE_SECONDS + CLOCKS_DIFFER_SECONDS)

    def _rests(self, desk: str, now: float) -> bool:
        return now < self._again_at.get(desk, 0.0) <= now + DOWN_REST_SECONDS

    def _hold(self, desk: str, held: _Held) -> _Held:
        """The same with a lease of ours that lasts a while. Raises `Conflict` if it is another's.

        Read again after it was written: from here on nothing is done by what was read before our
        own record stood beside it.
        """
        now = self._clock.now()
        mine = held.lease["by"] == self._name and held.versions[self._own]
        if mine and RENEW_SECONDS < held.lease["until"] - now <= LEASE_SECONDS:
            return held
        self._write(desk, held, {LEASE: {"by": self._name, "until": now + LEASE_SECONDS}})
        held = self._look(desk)
        if held.lease["by"] != self._name:
            raise Conflict(LEASE)
        return held

    def _write(self, desk: str, held: _Held, writes: Mapping[str, Json], *, trim: str = "") -> None:
        change = Change(reads=held.versions, writes={**writes, self._own: {}}, trim_log=trim)
        change.keep[self._own] = OWN_KEPT_SECONDS
        self._store.commit(desk, change)


def _unsigned(block: Block) -> Block:
    return block


def _cursor(data: Json | None) -> Json:
    return data or {"through": FIRST, "kept": 0}


def _place(id: str) -> tuple[int, int]:
    number, _, part = id.partition("-")
    return int(number), int(part or 0)


def _at(fields: Mapping[str, str], now: float) -> float:
    """When a line was written; one that does not tell is new."""
    try:
        return float(fields.get("at", ""))
    except ValueError:
        return now
