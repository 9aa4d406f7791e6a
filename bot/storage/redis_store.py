"""The store on Redis or Valkey: one MGET opens a conversation, one script commits a step.

All scripts only compare and write, and every key they touch is handed to them (design section 2).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.errors import ConfigError, Conflict
from bot.storage import keys as named
from bot.storage.answers import asking
from bot.storage.breaker import Breaker
from bot.storage.documents import check, read_line, read_record
from bot.storage.packing import Argument, pack, read_order
from bot.storage.server_facts import server_facts
from bot.storage.wire import Script, Wire
from bot.store import Change, Claim, Line, Record

_SLICE_SECONDS = 2.0  # a long wait is cut into these, so that a frozen server is noticed
_SCANNED = 1000  # keys looked at in one step of a search
_TIMER_SLACK_SECONDS = 1.0  # Redis ends a block at its next timer tick, about 0.1 s late


class RedisStore:
    """Keeps the contract of `bot.store.Store`; see there.

    `patient` is the client of calls that block: its time-out is longer than any slice of waiting.
    """

    def __init__(
        self,
        client: redis.Redis,
        patient: redis.Redis,
        breaker: Breaker,
    ) -> None:
        self._client: Any = client  # Any: the library types each reply as sync or async
        self._patient: Any = patient
        self._breaker = breaker
        self._wire = Wire(client)
        self._commit, self._claim, self._done, self._postpone = (
            Script(self._wire, name) for name in ("commit", "claim", "done", "postpone")
        )

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        timeout: float = 0.4,
        rest_seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> "RedisStore":
        """A store at `redis://`, `rediss://` or `unix://`; connects when it is first asked.

        Raises `ConfigError` for any other URL. `clock` measures rests of the breaker.
        """
        try:
            quick = _client(url, connect_timeout=timeout, timeout=timeout)
            patience = _SLICE_SECONDS + max(timeout, _TIMER_SLACK_SECONDS)
            patient = _client(url, connect_timeout=timeout, timeout=patience)
        except ValueError:  # its text may hold a part of the password
            reason = "is no redis://, rediss:// or unix:// URL"
            raise ConfigError("environment", "RINGBACK_REDIS_URL", reason) from None
        return cls(quick, patient, Breaker(rest_seconds, clock))

    def read(self, partition: str, keys: Sequence[str]) -> dict[str, Record]:
        """The records under these keys, present or not, in one round trip."""
        if not keys:
            return {}
        names = [named.record(partition, key) for key in keys]
        with asking(self._breaker):
            found = self._wire.ask("MGET", *names)
        return {key: read_record(key, text) for key, text in zip(keys, found, strict=True)}

    def commit(self, partition: str, change: Change) -> None:
        """Write everything or nothing. Raises `Conflict` if any record read has moved on."""
        check(change)
        names, arguments = pack(partition, change)
        with asking(self._breaker):
            moved = self._commit(names, arguments)
        if moved:
            raise Conflict(read_order(change)[moved - 1])

    def claim(self, partition: str, queue: str, now: float, lease: float) -> Claim | None:
        """Take the line with the lowest score ≤ now: score = now + lease, tries + 1."""
        names = [
            name_of(partition, queue)
            for name_of in (named.queue, named.lines, named.claims, named.token)
        ]
        leased_until = float(now + lease)
        with asking(self._breaker):
            taken = self._claim(names, [repr(float(now)), repr(leased_until)])
        if taken is None:
            return None
        line_id, text, token, tries = taken
        return Claim(read_line(queue, line_id, text), token, tries, now, leased_until)

    def done(self, partition: str, claim: Claim) -> bool:
        """Remove a line, only if the token is still ours."""
        names = [
            name_of(partition, claim.line.queue)
            for name_of in (named.queue, named.lines, named.claims)
        ]
        with asking(self._breaker):
            return bool(self._done(names, [claim.line.id, claim.token]))

    def postpone(self, partition: str, claim: Claim, until: float, *, fresh: bool) -> bool:
        """Give a line back until then, only if the token is ours; `fresh` sets tries to 0."""
        names = [name_of(partition, claim.line.queue) for name_of in (named.queue, named.claims)]
        arguments: list[Argument] = [claim.line.id, claim.token, repr(float(until)), int(fresh)]
        with asking(self._breaker):
            return bool(self._postpone(names, arguments))

    def waiting(self, partition: str, queue: str, limit: int = 1000) -> list[Line]:
        """The lines of a queue, the next first, for people to look at. `due` is the score."""
        with asking(self._breaker):
            scored = self._client.zrange(
                named.queue(partition, queue), 0, limit - 1, withscores=True
            )
            ids = [line_id for line_id, _ in scored]
            texts = self._client.hmget(named.lines(partition, queue), ids) if ids else []
        return [
            read_line(queue, line_id, text, due)
            for (line_id, due), text in zip(scored, texts, strict=True)
            if text is not None  # done between the two questions
        ]

    def next_due(self, partition: str, queue: str) -> float | None:
        """The lowest score of a queue, or None when it is empty."""
        with asking(self._breaker):
            scored = self._client.zrange(named.queue(partition, queue), 0, 0, withscores=True)
        return scored[0][1] if scored else None

    def members(self, partition: str, index: str) -> list[tuple[str, float]]:
        """The members of a sorted set with their scores, lowest first."""
        with asking(self._breaker):
            scored = self._client.zrange(named.index(partition, index), 0, -1, withscores=True)
        return [(member, score) for member, score in scored]

    def records(self, partition: str) -> list[str]:
        """The keys of all records, deleted ones too. One written meanwhile may be missing."""
        return sorted(
            {named.parts_of(name)[1] for name in self._scan(named.all_records(partition))}
        )

    def partitions(self, beginning: str = "") -> list[str]:
        """The partitions with records whose names begin so. One made meanwhile may be missing."""
        return sorted({named.parts_of(name)[0] for name in self._scan(named.partitions(beginning))})

    def wait(self, partition: str, seconds: float) -> None:
        """Return when a commit has added a line to this partition, or after that time."""
        name = named.wake(partition)
        for piece in _slices(seconds):
            with asking(self._breaker):
                woken = self._patient.blpop([name], timeout=piece)
            if woken:
                return

    def log_after(
        self, partition: str, after: str, limit: int = 100, block_seconds: float = 0.0
    ) -> list[tuple[str, dict[str, str]]]:
        """Flow-log lines after this id (`0`: all, `$`: only what comes), oldest first."""
        name = named.log(partition)
        if after == "$":
            after = self._newest(name)
        lines = self._follow(self._client, name, after, limit, None)
        for piece in _slices(0.0 if lines else block_seconds):
            lines = self._follow(self._patient, name, after, limit, round(piece * 1000))
            if lines:
                break
        return lines

    def ping(self) -> Mapping[str, str]:
        """Facts about the server; "unknown" where a managed one does not tell."""
        with asking(self._breaker):
            return server_facts(self._client)

    def close(self) -> None:
        """Give up the connections."""
        self._wire.close()
        self._patient.close()

    def _scan(self, pattern: str) -> Iterator[str]:
        cursor = 0
        while True:
            with asking(self._breaker):
                cursor, names = self._client.scan(cursor, match=pattern, count=_SCANNED)
            yield from names
            if not cursor:
                return

    def _newest(self, name: str) -> str:
        # Settled once and not asked of XREAD as `$` in each slice: lines between two slices count.
        with asking(self._breaker):
            newest = self._client.xrevrange(name, count=1)
        return newest[0][0] if newest else "0"

    def _follow(
        self, client: Any, name: str, after: str, limit: int, block: int | None
    ) -> list[tuple[str, dict[str, str]]]:
        with asking(self._breaker):
            streams = client.xread({name: after}, count=limit, block=block)
        return [(line_id, fields) for _, lines in streams for line_id, fields in lines]


def _slices(seconds: float) -> Iterator[float]:
    """Pieces of a wait, none of them 0: to Redis that would be for ever."""
    while seconds > 0:
        yield max(min(seconds, _SLICE_SECONDS), 0.01)
        seconds -= _SLICE_SECONDS


def _client(url: str, *, connect_timeout: float, timeout: float) -> redis.Redis:
    """A client that asks once: by default the library tries ten times more, writes included.

    RESP2, whose replies have one shape in all versions of the library from 6 on.
    """
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=connect_timeout,
        socket_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        decode_responses=True,
    )
