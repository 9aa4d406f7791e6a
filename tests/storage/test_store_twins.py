"""Whatever is done to both stores, nobody can tell from outside which of them it was."""

import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Conflict
from bot.storage.memory import MemoryStore
from bot.storage.redis_store import RedisStore
from bot.store import Change, Claim, Line, Store

_numbers = itertools.count(1)

KEYS = st.sampled_from(["alice", "bob", "budget"])
QUEUES = st.sampled_from(["due", "outbox"])
IDS = st.sampled_from(["a", "b", "Ŵ", "😀", "-1"])
SCORES = st.one_of(st.sampled_from([0.0, 1.0, 2.0]), st.floats(-1e12, 1e12))
TEXTS = st.text(max_size=5)
ANY_TEXTS = TEXTS | st.just("\ud83d")  # half an emoji: customers' texts may be cut anywhere
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, width=64) | ANY_TEXTS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(TEXTS, part, max_size=3),
    max_leaves=6,
).filter(lambda data: "inf" not in repr(data))
DATA = st.dictionaries(TEXTS, JSON, max_size=3)
SEEN = -1  # in a generated change: the version that is there now

CHANGES = st.builds(
    Change,
    reads=st.dictionaries(KEYS, st.just(SEEN) | st.integers(0, 3), max_size=3),
    writes=st.dictionaries(KEYS, st.none() | DATA, max_size=3),
    keep=st.dictionaries(KEYS, st.integers(1000, 9999), max_size=1),
    log=st.lists(st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3), max_size=2),
    lines=st.lists(st.builds(Line, QUEUES, IDS, TEXTS, SCORES, DATA), max_size=3),
    drop=st.lists(st.tuples(QUEUES, IDS), max_size=2),
    index=st.lists(st.tuples(QUEUES, IDS, st.none() | SCORES), max_size=3),
)
STEPS = st.lists(
    st.tuples(st.just("commit"), CHANGES)
    | st.tuples(st.just("claim"), QUEUES, SCORES, st.floats(0, 100))
    | st.tuples(st.just("done"), st.integers(0, 9))
    | st.tuples(st.just("postpone"), st.integers(0, 9), SCORES, st.booleans()),
    max_size=12,
)


class Person:
    """Does the same steps to one store, and notes all that can be seen of it."""

    def __init__(self, store: Store, desk: str) -> None:
        self.store, self.desk = store, desk
        self.claims: list[Claim] = []

    def commit(self, change: Change) -> object:
        versions = {key: self.store.read(self.desk, [key])[key].version for key in change.reads}
        reads = {
            key: versions[key] if version == SEEN else version
            for key, version in change.reads.items()
        }
        writes = {key: data for key, data in change.writes.items() if key in reads}
        keep = {key: seconds for key, seconds in change.keep.items() if key in writes}
        decided = Change(reads, writes, keep, change.log, change.lines, change.drop, change.index)
        try:
            self.store.commit(self.desk, decided)
        except Conflict:
            return "conflict"
        return "written"

    def claim(self, queue: str, now: float, lease: float) -> object:
        taken = self.store.claim(self.desk, queue, now, lease)
        if taken:
            self.claims.append(taken)
        return taken

    def done(self, which: int) -> object:
        return self.claims and self.store.done(self.desk, self.claims[which % len(self.claims)])

    def postpone(self, which: int, until: float, fresh: bool) -> object:
        held = self.claims and self.claims[which % len(self.claims)]
        return held and self.store.postpone(self.desk, held, until, fresh=fresh)

    def sees(self) -> list[Any]:
        queues = ["due", "outbox"]
        return [
            self.store.read(self.desk, ["alice", "bob", "budget"]),
            self.store.records(self.desk),
            self.store.partitions(self.desk),
            [self.store.waiting(self.desk, queue) for queue in queues],
            [self.store.next_due(self.desk, queue) for queue in queues],
            [self.store.count(self.desk, queue, 50.0) for queue in queues],
            [self.store.members(self.desk, name) for name in queues],
            [fields for _, fields in self.store.log_after(self.desk, "0")],
            self.store.log_length(self.desk),
        ]


@settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_both_stores_answer_the_same(redis_store: RedisStore, steps: list[tuple[Any, ...]]) -> None:
    desk = f"twin{next(_numbers)}"
    twins = [Person(MemoryStore(), desk), Person(redis_store, desk)]

    for name, *arguments in steps:
        answers = [getattr(twin, name)(*arguments) for twin in twins]
        assert answers[0] == answers[1]
        seen = [twin.sees() for twin in twins]
        assert seen[0] == seen[1]
