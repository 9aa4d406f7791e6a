"""The rotation of keys: what hangs on which, the sealing anew, the change of names.

Sealing anew runs beside everything else. Names are changed behind a fence (`bot.storage.fenced`):
from then on no process that was started before can write, so nothing is looked for under one name
and kept under another. Every step may be stopped anywhere and run again (docs/keys.md).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.budget import name_of_claim
from bot.errors import ConfigError, RingbackError
from bot.keys import Keyring
from bot.records.naming import Naming
from bot.records.rekeying import SqlRekeying
from bot.rekeyed import Rekeyed
from bot.rekeyed_store import StoreRekeying

Tell = Callable[[int, int], None]  # done and total, in steps of its own
Lost = tuple[str, str]  # where, and what there

DAY = 86400.0

NEVER_STARTED = "nothing was ever started or imported here: there is nothing to rename"


class CannotRename(RingbackError):
    """Something could not be given its new name, and would be lost; `lost` names it."""

    def __init__(self, lost: list[Lost]) -> None:
        super().__init__(f"{len(lost)} records could not be given a new name; nothing was changed")
        self.lost = lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """What hangs on which key.

    `sealed` counts by place and key ("" is no key that is held); `answers` by key. `naming` is
    None where nothing was ever started. `named` counts the names in Redis, by kind.
    """

    keyring: Keyring
    naming: Naming | None
    sealed: Counter[tuple[str, str]]
    answers: dict[str, int]
    named: Counter[str]

    def on(self, key_id: str) -> int:
        """How many sealed values need this key."""
        return sum(count for (_, key), count in self.sealed.items() if key == key_id)

    def to_seal_anew(self) -> int:
        """How many sealed values are under another key than the newest."""
        return sum(self.sealed.values()) - self.on(self.keyring.newest)

    def makes_names(self, key_id: str) -> bool:
        """Whether records are filed under hashes made with it."""
        return self.naming is not None and key_id in (self.naming.key, self.naming.next)

    def needs(self, key_id: str) -> bool:
        """Whether anything would be lost with this key; answers come again with an import."""
        newest = key_id == self.keyring.newest
        return newest or self.makes_names(key_id) or self.on(key_id) > 0

    def verdict(self, key_id: str, now: float) -> str:
        """What may be done with a key that is held, in a sentence."""
        if key_id == self.keyring.newest:
            days = (now - self.naming.first_since) / DAY if self.naming else 0.0
            return f"{key_id} seals all that is written, for {days:.0f} days now"
        if self.on(key_id):
            return f"{key_id} is needed by {self.on(key_id)} sealed values: `ringback keys rotate`"
        if self.makes_names(key_id):
            return f"{key_id} makes the names of records: `ringback keys rename`"
        if answers := self.answers.get(key_id, 0):
            lost = f"{answers} answers count as not held without it, until imported again"
            return f"{key_id} may be dropped, but {lost}"
        return f"{key_id} opens only, nothing hangs on it: put it first if new, drop it if old"


class Rekeying:
    """Rotates the keys of one service: of its records, and of its Redis."""

    def __init__(self, sql: SqlRekeying, store: StoreRekeying, keyring: Keyring) -> None:
        self._sql = sql
        self._store = store
        self._keyring = keyring

    def naming(self) -> Naming | None:
        """Which key makes the names; None where nothing was ever started."""
        return self._sql.naming()

    def names_to(self) -> str | None:
        """The key that a change of names would end with; None where all are made with it.

        Raises `ConfigError` where nothing was ever started.
        """
        naming = self._sql.naming()
        if naming is None:
            raise ConfigError("records", "naming", NEVER_STARTED)
        target = naming.next or self._keyring.newest
        return None if naming.key == target else target

    def status(self) -> Hanging:
        """What hangs on which key."""
        sealed, named = self._store.sealed(self._keyring.live)
        return Hanging(
            keyring=self._keyring,
            naming=self._sql.naming(),
            sealed=sealed + self._sql.sealed(self._keyring.live),
            answers=self._sql.answers(),
            named=named,
        )

    def rotate(self, tell: Tell) -> list[Lost]:
        """Seal everything with the newest key, beside running processes; what does not open."""
        sealed = self._sql.sealed(self._keyring.live)
        older = sum(count for (_, key), count in sealed.items() if key != self._keyring.newest)
        step = _Steps(tell, older + sum(1 for _ in self._store.documents()))
        bad = self._sql.reseal(self._keyring, step)
        rekeyed = Rekeyed(self._keyring)
        self._store.rekey(rekeyed, step)
        return bad + rekeyed.unreadable

    def rename(self, tell: Tell, *, leave: bool = False) -> list[Lost]:
        """Make all names with the newest key; what keeps its old name, and is found no more.

        Raises `CannotRename`, before anything was changed, if there is such; unless `leave`.
        Raises `ConfigError` if a key that is needed is not held.
        """
        naming, target = self._sql.naming(), self.names_to()
        if naming is None or target is None:
            return []
        old, new = self._keyring.named_by(naming.key), self._keyring.named_by(target)
        names, lost = self._plan(old, new)
        if lost and not leave and naming.next is None:
            raise CannotRename(lost)
        self._sql.begin(target)
        self._store.put_fences(target)
        names, lost = self._plan(old, new)  # again: until now others could write
        self._move(old, new, Rekeyed(self._keyring, names), tell)
        self._sql.finish(target)
        return lost

    def _move(self, old: Keyring, new: Keyring, rekeyed: Rekeyed, tell: Tell) -> None:
        documents = sum(1 for _ in self._store.documents())
        histories = sum(1 for _ in self._store.histories())
        step = _Steps(tell, self._sql.size() + documents + histories)
        self._sql.rename(old, new, step)
        self._store.rekey(rekeyed, step)
        self._store.move_histories(rekeyed, new.names, step)

    def _plan(self, old: Keyring, new: Keyring) -> tuple[dict[str, str], list[Lost]]:
        """The new name of every old one that is in use, and what cannot be given one."""
        lost = self._sql.without_customer(self._keyring)
        wanted = self._store.names()
        names: dict[str, str] = {}
        made: set[str] = set()  # new names: what bears one has moved already
        for before, after in self._pairs(old, new, lost):
            made.add(after)
            if before in wanted:
                names[before] = after
        return names, lost + self._store.unnamed(names.keys() | made)

    def _pairs(self, old: Keyring, new: Keyring, lost: list[Lost]) -> Iterator[tuple[str, str]]:
        """Every name that can be made, with either key."""
        for numbers in (self._store.numbers(self._keyring), self._sql.numbers(self._keyring, lost)):
            for number in numbers:
                pair = old.number_hash(number), new.number_hash(number)
                yield pair
                yield name_of_claim(old, pair[0]), name_of_claim(new, pair[1])
        for handle in self._sql.handles():
            yield name_of_claim(old, handle), name_of_claim(new, handle)


class _Steps:
    """Counts steps, and tells of them."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell, self._total, self._done = tell, total, 0

    def __call__(self, more: int) -> None:
        self._done += more
        self._tell(self._done, self._total)
