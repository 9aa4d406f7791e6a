"""One person's records erased, as far as no rule keeps them (UK GDPR article 17).

What a sweep finds of theirs from before the order goes as well (`look_again`): what was on its way
to the archive, and what no rule keeps any more. Who orders it stands in `bot.erasure_orders`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot import number_history
from bot.archivist import unarchived
from bot.callback_book import as_callback
from bot.callbacks import CallbackState
from bot.erased import RedisErasing
from bot.flow_log import FlowLogLine, LineKind
from bot.keys import Keyring
from bot.records import Records
from bot.records.erasures import Erasure
from bot.records.person import Whose
from bot.records.person_erasing import Found, Keeping
from bot.retention_days import cleared_before
from bot.retention_rules import Retention
from bot.runtime import Runtime
from bot.store import Store
from bot.unit_of_work import UnitOfWork

DAY = 86400.0
# How what is kept comes to go in the end; nothing else does by this order.
FREE_ONE_DAY = ("legal_hold", "open_task", "open_callback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """Erases in these stores."""

    store: Store
    records: Records
    keyring: Keyring
    rule: Retention
    desks: Iterable[str]

    @classmethod
    def of(cls, runtime: Runtime) -> "Erasing":
        """In those of a running house."""
        return cls(
            store=runtime.store,
            records=runtime.records,
            keyring=runtime.keyring,
            rule=runtime.house.policy.retention,
            desks=runtime.desks,
        )

    def look(self, erasure: Erasure, now: float) -> Found:
        """What would go, and what would stay."""
        whose = _whose(erasure)
        found = self.records.person_erasing.look(whose, erasure.at, self._keeping(whose, now))
        return found.and_those(self._in_redis.look(whose)).and_those(self._always(whose))

    def carry_out(self, erasure: Erasure, now: float, *, live: bool) -> Found:
        """Let it go.

        `live`: all that Redis has of them, where few records tell how old they are; else only
        callbacks from before the order, with their conversations, if any was kept.
        """
        whose, archived = _whose(erasure), self._is_archived(erasure.at)
        found = self.records.person_erasing.erase(whose, erasure.at, self._keeping(whose, now))
        if live or any(erasure.kept.get(rule) for rule in FREE_ONE_DAY):
            before = None if live else erasure.at
            found = found.and_those(self._in_redis.erase(whose, now, before=before))
        went = Counter(erasure.went) + found.goes
        waiting = any(found.kept[rule] for rule in FREE_ONE_DAY)
        settled = not waiting and archived and now >= erasure.since + DAY  # tasks are filed by then
        found = found.and_those(self._always(whose))
        self.records.erasures.looked(erasure.id, went, found.kept, settled=settled)
        return found

    def look_again(self, desk: str, now: float) -> None:
        """Let go what rules no longer keep of those who were erased; told in this desk's log."""
        for erasure in self.records.erasures.unsettled():
            found = self.carry_out(erasure, now, live=False)
            if found.goes.total():
                tell(self.store, desk, "person_erased_again", erasure, found, now)

    def _is_archived(self, at: float) -> bool:
        """Whether all lines of the flow log from before are in the archive."""
        oldest = (next(unarchived(self.store, desk, 1), None) for desk in self.desks)
        return not any(line and float(line[1].get("at", at)) < at for line in oldest)

    def _keeping(self, whose: Whose, now: float) -> Keeping:
        return Keeping(
            holds=self.records.holds.standing(),
            told_since=cleared_before(now, self.rule.disclosures_years),
            callbacks=frozenset(self._owed(whose)),
        )

    def _owed(self, whose: Whose) -> Iterator[str]:
        """The ids of callbacks that are open for them."""
        pointers = [f"open:{name}" for name in whose.hashes]
        pointers += [f"open:case:{handle}" for handle in whose.handles]
        for desk in self.desks:
            found = self.store.read(desk, pointers).values() if pointers else ()
            ids = {record.data["callback"] for record in found if record.data}
            keys = [f"callback:{id}" for id in ids]
            for record in self.store.read(desk, keys).values() if keys else ():
                callback = as_callback(record.data)
                if callback is not None and callback.state is not CallbackState.ENDED:
                    yield callback.id

    @property
    def _in_redis(self) -> RedisErasing:
        holds = self.records.holds.standing()
        return RedisErasing(self.store, self.keyring, self.desks, holds)

    def _always(self, whose: Whose) -> Found:
        """What no order of ours erases: the department's sheet, and when they were rung."""
        there = [handle for handle in whose.handles if self.records.directory.by_handle(handle)]
        places = [number_history.partition(each) for each in whose.hashes]
        read, key = self.store.read, number_history.RECORD
        rung = [place for place in places if read(place, (key,))[key].data is not None]
        return Found(Counter(), Counter(case_sheet=len(there), dial_rules=len(rung)))


def tell(store: Store, desk: str, event: str, erasure: Erasure, found: Found, now: float) -> None:
    """A line in the flow log: who ordered it and why, whose by keyed hash, how many of each."""
    unit = UnitOfWork(store, desk)
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.STAFF,
            desk=desk,
            event=event,
            staff=erasure.by,
            reason=erasure.reason,
            case=erasure.handles[0] if len(erasure.handles) == 1 else "",
            number_hash=erasure.hashes[0] if erasure.hashes else "",
            detail=f"erased {_counts(found.goes)}; kept {_counts(found.kept)}",
        )
    )
    unit.commit()


def _whose(erasure: Erasure) -> Whose:
    return Whose(frozenset(erasure.handles), frozenset(erasure.hashes))


def _counts(counts: Mapping[str, int]) -> str:
    told = [f"{name} {count}" for name, count in sorted(counts.items()) if count]
    return ", ".join(told) or "nothing"
