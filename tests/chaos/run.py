"""One chaos run from the first text to the verdict: a quiet beginning, storms, calm days after."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialling_gate import gate_of, resume
from bot.errors import Conflict, StorageRefused, StoreDown
from bot.store import DUE, OUTBOX, Line
from bot.unit_of_work import UnitOfWork
from bot.watermark import RECORD, Watermark
from tests.chaos.books import DESK, Books, read_books
from tests.chaos.fates import Fates
from tests.chaos.house import House
from tests.chaos.people import FIRST_FEW, Customer, draw
from tests.chaos.texting import Texting
from tests.chaos.verdict import Verdict, judge
from tests.chaos.weather import Blow, Gust, Undecidable, gusts, let_it_be_calm, let_it_storm

LOOK_EVERY_SECONDS = 0.1
LOOKED_AT = 100  # lines at the head of a queue
MET_AT_ONCE = frozenset({"place_call", "redirect", "redact_text", "note_number", "task"})
LONG_LIFE_SECONDS = 8.0  # a worker that has not come to its place by then is killed where it is
NIGHT_SECONDS = 3600.0  # to sleep when nothing is due, and yet not all is over
NOT_NOW = (StoreDown, StorageRefused, Conflict, OSError)

Tell = Callable[[str, int, int], None]  # what is counted, how far it is, of how many


@dataclass(frozen=True, slots=True)
class Asked:
    """How big the run is. `storms` is the number of days on which things die and go wrong."""

    callbacks: int
    seed: int
    workers: int = 3
    per_second: float = 5.0
    storms: int = 2
    days: int = 12  # then it ends, whatever is still due
    gust_every: float = 8.0
    longest_life: float = 4.0
    least_deaths: int = 10  # before the first day may end
    often: float = 1.0  # how often requests to the carrier go wrong, against the usual
    day_within: float = 600.0

    @property
    def blows(self) -> tuple[Blow, ...]:
        """What happens to the house; its door takes long to open, so a short run kills it once."""
        return tuple(one for one in Blow if self.patient or one is not Blow.DOOR_KILLED)

    @property
    def patient(self) -> bool:
        """Whether there is time for telephones that ring for long, and to see calls recovered."""
        return self.callbacks >= 200


@dataclass
class Ran:
    """What happened, and the verdict."""

    asked: Asked
    people: list[Customer]
    fates: Fates
    blows: Counter[Blow] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    nights: list[float] = field(default_factory=list)
    resumed: int = 0
    undecidable: int = 0
    longest_wait: float = 0.0  # seconds that a lease and the settling grace may take
    seconds: float = 0.0
    books: Books | None = None
    verdict: Verdict | None = None
    unfinished: str = ""


class NotQuiet(Exception):
    """A day did not come to its end in the time that it has."""


def run(asked: Asked, tell: Tell, folder: Path | None = None) -> Ran:
    """Have it all happen; what came of it. Raises what keeps a run from beginning."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as own:
        at = folder or Path(own)
        fates = Fates(asked.seed, at / "notes.jsonl", asked.longest_life)
        with House(at, asked.workers, fates.draw) as house:
            return Chaos(asked, house, fates, tell).run()


class Chaos:
    """The course of a run."""

    def __init__(self, asked: Asked, house: House, fates: Fates, tell: Tell) -> None:
        self._asked, self._house, self._fates, self._tell = asked, house, fates, tell
        people = draw(asked.callbacks, asked.seed, patient=asked.patient)
        self._ran = Ran(asked, people, fates)
        self._undecidable = Undecidable([one for one in people if one.undecidable], asked.seed)
        self._ran.longest_wait = _longest_wait(house)
        self._never_known: set[str] = set()
        self._last_text = 0.0

    def run(self) -> Ran:
        """All days, and then the books."""
        begun = time.monotonic()
        house, people = self._house, self._ran.people
        house.furnish(people)
        self._undecidable.order(house.network)
        few, rest = people[: len(FIRST_FEW)], people[len(FIRST_FEW) :]
        try:
            self._quiet_beginning(few)
            self._storm(rest)
            self._days_after()
        except NotQuiet as still:
            self._ran.unfinished = str(still)
        self._close_books()
        self._ran.seconds = time.monotonic() - begun
        return self._ran

    # the days

    def _quiet_beginning(self, few: list[Customer]) -> None:
        """Nothing dies, while it is found out what a worker asks between claim and end."""
        texting = Texting(self._house.network, few, 10.0, self._asked.seed)
        self._house.work()
        with _started(texting):
            self._pass_time("the quiet beginning", texting, self._has_met_all_kinds)

    def _has_met_all_kinds(self) -> bool:
        """Whether it was seen what a worker asks about each kind of line, to its end."""
        self._fates.refresh()
        ends = ("store.done", "store.postpone", "carrier.place_call")
        return {each.kind for each in self._fates.places if each.question in ends} >= MET_AT_ONCE

    def _storm(self, rest: list[Customer]) -> None:
        """The first day: everybody texts in, while everything dies."""
        texting = Texting(self._house.network, rest, self._asked.per_second, self._asked.seed)
        listed = [one.number for one in self._ran.people if one.only_listed]
        let_it_storm(self._house.network, self._undecidable, self._asked.often, listed)
        self._fates.striking = True
        for worker in self._house.workers:
            worker.kill()  # from now on each life has its fate
        with _started(texting):
            self._pass_time("texts", texting, lambda: self._is_over(texting), gusts_of=1)
        self._last_text = self._house.now

    def _is_over(self, texting: Texting) -> bool:
        """In a short run night falls as soon as no call waits to be placed; then nobody dies."""
        if not texting.over or len(self._fates.deaths) < self._asked.least_deaths:
            return False
        if self._asked.patient:
            return self._is_quiet()
        self._fates.striking = False
        return not self._calls_due(self._house.now)

    def _days_after(self) -> None:
        """Each later day begins when the next call is due, or (once it is calm) the last."""
        for day in range(2, self._asked.days + 1):
            stormy = day <= self._asked.storms
            morning = self._morning(stormy)
            if morning is None:
                return
            self._sleep_until(morning, stormy)
            self._pass_time("callbacks", None, self._is_quiet, gusts_of=day if stormy else 0)

    def _sleep_until(self, morning: float, stormy: bool) -> None:
        self._undecidable.count(self._house.network)
        self._fates.refresh()
        self._fates.striking = stormy
        if not stormy:
            let_it_be_calm(self._house.network, self._undecidable)
        self._ran.nights.append(self._house.now)
        self._house.sleep_until(morning)
        if stormy:
            let_it_storm(self._house.network, self._undecidable, self._asked.often)
        self._house.work()

    # waiting

    def _pass_time(
        self,
        name: str,
        texting: Texting | None,
        over: Callable[[], bool],
        *,
        gusts_of: int = 0,
    ) -> None:
        """Let things happen until it is over; with blows, if it storms. Raises `NotQuiet`."""
        begun = time.monotonic()
        coming: Iterator[Gust] = iter(())
        if gusts_of:
            coming = gusts(self._asked.seed, gusts_of, self._asked.gust_every, self._asked.blows)
        gust = next(coming, None)
        struck = 0
        while not self._safely(over) or 0 < struck < len(self._asked.blows):
            passed = time.monotonic() - begun
            if passed > self._asked.day_within:
                raise NotQuiet(f"{name}: not over after {passed:.0f} s")
            all_struck = struck >= len(self._asked.blows)
            if all_struck and (not self._asked.patient or (texting and texting.over)):
                gust = None
            if gust is not None and passed >= gust.at:
                self._strike(gust)
                struck, gust = struck + 1, next(coming, None)
            self._house.revive_door()
            self._kill_the_old()
            self._safely(self._resume)
            self._report(texting)
            time.sleep(LOOK_EVERY_SECONDS)

    def _safely(self, look: Callable[[], bool]) -> bool:
        """What it says; no, while the store is down."""
        try:
            return look()
        except NOT_NOW:
            return False

    def _strike(self, gust: Gust) -> None:
        house = self._house
        self._ran.blows[gust.blow] += 1
        if gust.blow is Blow.DOOR_KILLED:
            house.kill_door()
        elif gust.blow is Blow.DOOR_SHUT:
            house.shut_door()
            time.sleep(gust.seconds)
            house.open_door()
        elif gust.blow is Blow.STORE_KILLED:
            house.kill_store()
        elif gust.blow is Blow.STORE_FROZEN:
            house.freeze_store()
            time.sleep(gust.seconds)
            house.thaw_store()
        else:
            house.workers[self._ran.blows[gust.blow] % len(house.workers)].kill()

    def _kill_the_old(self) -> None:
        """Who has not come to their place by now would keep others from theirs."""
        for worker in self._house.workers:
            if worker.fate and time.monotonic() - worker.born_at > LONG_LIFE_SECONDS:
                self._ran.blows[Blow.WORKER_KILLED] += worker.kill()

    def _resume(self) -> bool:
        """A person lets a desk that was stopped dial again: this is not about the breaker."""
        unit = UnitOfWork(self._house.runtime.store, DESK)
        if gate_of(unit).runs:
            return False
        resume(unit, "s1001", "chaos", self._house.now)
        unit.commit()
        self._ran.resumed += 1
        return True

    def _report(self, texting: Texting | None) -> None:
        if texting is not None:
            self._tell("texts sent", texting.sent, texting.count)
        self._fates.refresh()
        if places := len(self._fates.places):
            self._tell("places hit, on both sides", len(self._fates.hit), 2 * places)

    # what is still to come

    def _is_quiet(self) -> bool:
        """No call is up, no notice on its way, and nothing due within a lease and the grace."""
        busy = self._house.network.busy()
        return not busy["calls"] and not busy["webhooks"] and not self._to_do()

    def _to_do(self) -> list[Line]:
        """What the workers have still to do now; calls that are due so soon among it.

        Once nobody dies any more, also what a worker has in hand, which is due again later.
        """
        store, now = self._house.runtime.store, self._house.now
        calls = self._calls_due(now + self._ran.longest_wait)
        others = store.waiting(DESK, OUTBOX, limit=LOOKED_AT)
        others = [line for line in others if line.kind != "settle"]
        calm = not self._fates.striking
        return calls + [one for one in others if one.due <= now or calm and one.kind != "follow"]

    def _calls_due(self, by: float) -> list[Line]:
        """The calls that are due by then, and the attempts that are to be settled."""
        store = self._house.runtime.store
        calls = store.waiting(DESK, DUE, limit=LOOKED_AT)
        others = store.waiting(DESK, OUTBOX, limit=LOOKED_AT)
        calls += [line for line in others if line.kind == "settle"]
        return [line for line in calls if line.due <= by and self._may_end(line)]

    def _may_end(self, line: Line) -> bool:
        """Not one that waits for what nobody will ever find out."""
        if not self._never_known:
            numbers = {one.number for one in self._undecidable.people}
            keyring = self._house.runtime.keyring
            self._never_known = {keyring.number_hash(number) for number in numbers} or {""}
        key = f"callback:{line.data['callback']}"
        record = self._house.runtime.store.read(DESK, (key,))[key].data
        return record is None or record["number_hash"] not in self._never_known

    def _morning(self, stormy: bool) -> float | None:
        """When the next day begins; None when all is over."""
        store, now = self._house.runtime.store, self._house.now
        lines = store.waiting(DESK, DUE, limit=100_000)
        others = store.waiting(DESK, OUTBOX, limit=100_000)
        lines += [line for line in others if line.kind == "settle"]
        due = [line.due for line in lines if line.due > now and self._may_end(line)]
        if due:
            return min(due) if stormy else max(*due, now + NIGHT_SECONDS)
        mark = Watermark.from_json(store.read(DESK, (RECORD,))[RECORD].data)
        behind = mark.through is None or mark.through < self._last_text
        return now + NIGHT_SECONDS if self._open() or behind else None

    def _open(self) -> int:
        return len(self._house.runtime.store.members(DESK, "callbacks"))

    # the end

    def _close_books(self) -> None:
        """Nothing moves any more; both sides are read and compared."""
        house, ran = self._house, self._ran
        for worker in house.workers:
            worker.rest()
        self._fates.refresh()
        self._undecidable.count(house.network)
        ran.undecidable = len(self._undecidable.had)
        ran.faults.update(each["fault"] for each in house.network.faults()["happened"])
        ran.books = read_books(house.network, house.runtime, ran.people)
        ran.verdict = judge(ran.books)


def _longest_wait(house: House) -> float:
    """Seconds that a callback may wait for a dead worker: a lease, and the grace of settling."""
    rules = house.runtime.house.policy.dialling
    return float(rules.lease_seconds + rules.settle_after_seconds)


@contextmanager
def _started(texting: Texting) -> Iterator[None]:
    texting.start()
    try:
        yield
    finally:
        texting.stop()
