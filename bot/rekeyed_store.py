"""The records of Redis, put under other keys one by one: read, compared, written.

A record that moves to a new name is written there and taken from the old one in one commit. A
number's history moves between partitions, which no commit spans: it is merged into the new one
first, so that a kill in between leaves it twice and never not at all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from bot import number_history
from bot.engine import KEEP_CONVERSATION
from bot.errors import BadSeal, Conflict
from bot.keys import Keyring, key_of
from bot.rekeyed import (
    LINE,
    NAME,
    Rekeyed,
    bound,
    is_named,
    is_recent,
    is_sealed,
    kept_seconds,
    merged,
    with_texts,
)
from bot.storage.fenced import FENCE, fence
from bot.store import OUTBOX, Change, Json, Store
from bot.unit_of_work import UnitOfWork

MOST_CONFLICTS = 50
_PAGE = 200  # records read at a time
_ALL_LINES = 10_000_000
_NUM = number_history.partition("")

Tell = Callable[[int], None]


class StoreRekeying:
    """Works on a store without a fence: it is what sets the fences.

    `at_once` commits are under way at a time: Redis then syncs several to its disk together.
    """

    def __init__(self, store: Store, desks: Iterable[str], now: float, *, at_once: int = 1) -> None:
        self._store = store
        self._at_once = at_once
        self._desks = tuple(desks)
        self._now = now

    # what there is

    def documents(self) -> Iterator[tuple[str, Json]]:
        """Every record of every desk with its key, and every line that is owed."""
        for desk in self._partitions():
            keys = self._store.records(desk)
            for start in range(0, len(keys), _PAGE):
                page = self._store.read(desk, keys[start : start + _PAGE])
                yield from ((key, one.data) for key, one in page.items() if one.data is not None)
            for line in self._store.waiting(desk, OUTBOX, _ALL_LINES):
                yield f"{LINE}{line.id}", line.data

    def histories(self) -> Iterator[tuple[str, bool]]:
        """The hash of every number with a history, and whether the dial rules still count it."""
        for name in self._store.partitions(_NUM):
            record = self._store.read(name, (number_history.RECORD,))[number_history.RECORD]
            if record.data is not None:
                yield name.removeprefix(_NUM), is_recent(record.data, self._now)

    def sealed(self, live: Iterable[str]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
        """How many values are sealed, by kind of record and key; and how many records are named."""
        held = frozenset(live)
        sealed: Counter[tuple[str, str]] = Counter()
        named: Counter[str] = Counter()
        for key, data in self.documents():
            kind = key.partition(":")[0]
            named[kind] += is_named(key)
            for name, text in _sealed_in(key, data):
                under = key_of(text)
                sealed[f"{kind} {name}", under if under in held else ""] += 1
        named["history"] = sum(1 for _ in self.histories())
        return sealed, +named

    def numbers(self, keyring: Keyring) -> Iterator[str]:
        """Every number that is kept here and opens."""
        for key, data in self.documents():
            for name, text in _sealed_in(key, data):
                if name == "number_sealed":
                    try:
                        yield keyring.open(text, bound_to=bound(key, name))
                    except BadSeal:
                        continue

    def names(self) -> set[str]:
        """The hashes that stand in keys and in records."""
        found = {name for name, _ in self.histories()}
        for key, data in self.documents():
            if is_named(key):
                found.add(key.rpartition(":")[2])
            found |= {text for name, text in _texts(data) if name == NAME}
        return found

    def unnamed(self, known: Collection[str]) -> list[tuple[str, str]]:
        """What would be lost under a name that is not among these, and must not be.

        A try at a reference that is nobody's guards nothing; a callback whose number does not open
        is given to a person, whatever its name.
        """
        found = [
            ("left_alone", key)
            for key, _ in self.documents()
            if key.startswith("left_alone:")
            and is_named(key)
            and key.rpartition(":")[2] not in known
        ]
        histories = self.histories()
        return found + [
            ("history", name) for name, recent in histories if recent and name not in known
        ]

    # what is done to it

    def put_fences(self, key_id: str) -> None:
        """From now on only processes that name with this key may write to the desks. Repeatable."""

        def write(unit: UnitOfWork) -> None:
            if unit.get(FENCE) != fence(key_id):
                unit.put(FENCE, fence(key_id))

        for desk in self._partitions():
            self._until_committed(desk, write)

    def rekey(self, rekeyed: Rekeyed, tell: Tell) -> None:
        """Write every record and line of the desks as it is under the other keys.

        Records that bear a name come last: after a kill, those that are left tell which names
        were still in use, in sealed ledgers too.
        """
        for desk in self._partitions():
            self._rekey_lines(desk, rekeyed)
            keys = self._store.records(desk)
            rekey = partial(self._rekey_record, desk, rekeyed)
            self._each(rekey, [key for key in keys if not is_named(key)], tell)
            self._each(rekey, [key for key in keys if is_named(key)], tell)

    def move_histories(self, rekeyed: Rekeyed, key_id: str, tell: Tell) -> None:
        """Give every number's history its new partition; the old one takes no more writes."""

        def move(old: str) -> None:
            name = old.removeprefix(_NUM)
            new = rekeyed.names.get(name)
            if new is not None and new != name:
                self._move_history(old, number_history.partition(new), key_id)

        self._each(move, self._store.partitions(_NUM), tell)

    def _each(self, work: Callable[[str], None], names: list[str], tell: Tell) -> None:
        if self._at_once == 1:
            for name in names:
                work(name)
                tell(1)
            return
        with ThreadPoolExecutor(self._at_once) as pool:
            for _ in pool.map(work, names):
                tell(1)

    def _rekey_record(self, desk: str, rekeyed: Rekeyed, key: str) -> None:
        def write(unit: UnitOfWork) -> None:
            there = rekeyed.key(key)
            data, met = unit.get_all(key, there)
            if data is None:
                return
            changed = rekeyed.document(key, data)
            if there != key:
                changed = merged(key, changed, met)
                unit.put(key, None)
            if there != key or changed != data:
                unit.put(there, changed, keep=kept_seconds(key, changed, self._now))

        self._until_committed(desk, write)

    def _rekey_lines(self, desk: str, rekeyed: Rekeyed) -> None:
        """Replaced, not altered: whoever holds one has lost it, and each kind may run again."""
        for line in self._store.waiting(desk, OUTBOX, _ALL_LINES):
            data = rekeyed.document(f"{LINE}{line.id}", line.data)
            if data != line.data:
                fresh = replace(line, data=data)
                self._store.commit(desk, Change(drop=[(OUTBOX, line.id)], lines=[fresh]))

    def _move_history(self, old: str, new: str, key_id: str) -> None:
        kept = number_history.KEEP_SECONDS
        record = self._store.read(old, (number_history.RECORD,))[number_history.RECORD].data

        def arrive(unit: UnitOfWork) -> None:
            there = unit.get(number_history.RECORD)
            together = number_history.merged(record, there)
            if record is not None and together != there:
                unit.put(number_history.RECORD, together, keep=kept)

        def leave(unit: UnitOfWork) -> None:
            if unit.get(number_history.RECORD) != record:
                raise Conflict(number_history.RECORD)
            unit.put(number_history.RECORD, None)
            unit.put(FENCE, fence(key_id), keep=KEEP_CONVERSATION)

        self._until_committed(new, arrive)
        try:
            self._commit_once(old, leave)
        except Conflict:  # a worker of before was just noting something
            self._move_history(old, new, key_id)

    def _partitions(self) -> list[str]:
        found = self._store.partitions()
        return sorted({*self._desks, *(name for name in found if not name.startswith(_NUM))})

    def _until_committed(self, partition: str, write: Callable[[UnitOfWork], None]) -> None:
        for _ in range(MOST_CONFLICTS):
            try:
                self._commit_once(partition, write)
            except Conflict:
                continue
            return
        raise Conflict(f"{partition}: changed all the time")

    def _commit_once(self, partition: str, write: Callable[[UnitOfWork], None]) -> None:
        unit = UnitOfWork(self._store, partition)
        write(unit)
        if unit.changed:
            unit.commit()


def _texts(data: Json) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def note(name: str, text: str) -> str:
        found.append((name, text))
        return text

    with_texts(data, note)
    return found


def _sealed_in(key: str, data: Json) -> list[tuple[str, str]]:
    return [(name, text) for name, text in _texts(data) if is_sealed(name)]
