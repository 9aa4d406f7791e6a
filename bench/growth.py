"""How the time of a worker's questions grows with what waits: desks of every size, asked in turns.

All desks are in one server at the same time, so that noise hits all alike; a second desk of the
smallest size shows how much of it there is. A question's time holds the way to the server and its
disk; the server's own count of its work holds neither, and would show a growth that these hide.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from math import log
from statistics import median
from typing import Any

import redis

from bench.waiting import NOW, SPREAD_SECONDS, Named
from bot.actions import Disposition
from bot.callback_book import queue_callback, settle
from bot.storage.redis_store import RedisStore
from bot.store import DUE
from bot.unit_of_work import UnitOfWork

SEED = 20_26
TWIN = "twin"
ALL_ARE_DUE = NOW + SPREAD_SECONDS + 1
LEASE = 45.0
SCRIPTS = ("evalsha", "mget")  # what a worker asks by; the server counts each command apart


@dataclass(frozen=True, slots=True)
class Size:
    """How often each question is asked of each desk."""

    rounds: int
    each: int


@dataclass
class Taken:
    """µs of one question to one desk: a median a round, and the server's own mean."""

    whole: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)


Times = dict[tuple[str, str], Taken]  # by question and desk


class Worker:
    """Asks what workers and the door ask of the queue of due callbacks, and leaves it as it was."""

    def __init__(self, store: RedisStore) -> None:
        self._store = store
        self._chance = random.Random(SEED)
        self._new = count(10**8)  # numbers beyond those of all that wait
        self.questions: dict[str, tuple[Callable[[str], Any], tuple[str, ...]]] = {
            "claim one and put it off": (self.claim_and_postpone, SCRIPTS),
            "owe one more (read, commit)": (self.add, SCRIPTS),
            "take one out (read, commit)": (self.take_out, SCRIPTS),
            "when is the next due?": (self.next_due, ("zrange",)),
        }
        self._added: dict[str, list[Named]] = {}

    def claim_and_postpone(self, desk: str) -> None:
        """The one that is due longest; it comes back at any place in the queue."""
        claim = self._store.claim(desk, DUE, ALL_ARE_DUE, LEASE)
        assert claim is not None
        again_at = NOW + self._chance.random() * SPREAD_SECONDS
        assert self._store.postpone(desk, claim, again_at, fresh=True)

    def add(self, desk: str) -> None:
        """A customer texts: the commit that owes them a call."""
        named = Named.numbered(next(self._new))
        unit = UnitOfWork(self._store, desk)
        queue_callback(unit, named.callback(desk), NOW)
        unit.commit()
        self._added.setdefault(desk, []).append(named)

    def take_out(self, desk: str) -> None:
        """They ring in, and nothing is owed any more."""
        callback = self._added[desk].pop().callback(desk)
        unit = UnitOfWork(self._store, desk)
        settle(unit, callback, Disposition.SETTLED_BY_CUSTOMER, NOW)
        unit.commit()

    def next_due(self, desk: str) -> None:
        """How long a worker may rest."""
        assert self._store.next_due(desk, DUE) is not None


def measure(url: str, desks: Iterable[str], size: Size, advance: Callable[[], None]) -> Times:
    """Ask every question of every desk in every round, the desks of a question shuffled."""
    store, client = RedisStore.connect(url, timeout=5.0), redis.Redis.from_url(url)
    worker, order = Worker(store), random.Random(SEED)
    desks = list(desks)
    times: Times = {(name, desk): Taken() for name in worker.questions for desk in desks}
    for number in range(size.rounds + 1):
        for name, (ask, commands) in worker.questions.items():
            order.shuffle(desks)
            for desk in desks:
                taken, server = _block(client, partial(ask, desk), commands, size.each)
                if number:  # the first round warms up
                    times[name, desk].whole.append(median(taken))
                    times[name, desk].server.append(server)
        advance()
    store.close()
    client.close()
    return times


def _block(
    client: Any, ask: Callable[[], None], commands: tuple[str, ...], each: int
) -> tuple[list[float], float]:
    """µs of each question; and, by the server's own count, µs of one."""
    client.config_resetstat()
    taken = []
    for _ in range(each):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1e6)
    counted = client.info("commandstats")
    spent = sum(counted.get(f"cmdstat_{name}", {"usec": 0})["usec"] for name in commands)
    return taken, spent / each


@dataclass(frozen=True, slots=True)
class Growth:
    """How many times as long a question takes at the largest desk as at the smallest.

    `ratios` and `twins` are by round: the largest desk, and one of the same size as the smallest.
    """

    name: str
    figures: list[float]  # µs, by size
    ratio: float
    ratios: list[float]
    twins: list[float]
    logarithm: float  # how the depth of a sorted set grows

    @property
    def verdict(self) -> str:
        """Whether it grows beyond what two desks of one size differ by; faster than a logarithm?"""
        if self.ratio <= max(*self.twins, *(1 / twin for twin in self.twins)):
            return "no"
        return "less than log" if self.ratio <= self.logarithm else "YES"


def in_whole(times: Times, sizes: dict[str, int]) -> Iterator[Growth]:
    """How each question grows with the way and the disk: medians of the rounds."""
    small, large = _ends(sizes)
    for name in _questions(times):
        of = {desk: times[name, desk].whole for desk in sizes}
        ratios, twins = _by_round(of[large], of[small]), _by_round(of[TWIN], of[small])
        figures = [median(of[desk]) for desk in sizes if desk != TWIN]
        yield Growth(name, figures, median(ratios), ratios, twins, _logarithm(sizes))


def of_the_server(times: Times, sizes: dict[str, int]) -> Iterator[Growth]:
    """How its own work grows: the fastest rounds, since whatever else runs only adds to it."""
    small, large = _ends(sizes)
    for name in _questions(times):
        of = {desk: times[name, desk].server for desk in sizes}
        fastest = {desk: max(min(of[desk]), 0.1) for desk in sizes}
        ratio, twin = fastest[large] / fastest[small], fastest[TWIN] / fastest[small]
        figures = [fastest[desk] for desk in sizes if desk != TWIN]
        yield Growth(name, figures, ratio, [ratio], [twin], _logarithm(sizes))


def _ends(sizes: dict[str, int]) -> tuple[str, str]:
    named = [desk for desk in sizes if desk != TWIN]
    return named[0], named[-1]


def _questions(times: Times) -> Iterator[str]:
    yield from dict.fromkeys(question for question, _ in times)


def _by_round(ones: list[float], others: list[float]) -> list[float]:
    return [one / other for one, other in zip(ones, others, strict=True)]


def _logarithm(sizes: dict[str, int]) -> float:
    small, large = _ends(sizes)
    return log(sizes[large]) / log(sizes[small])
