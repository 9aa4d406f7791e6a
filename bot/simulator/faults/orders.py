"""What shall go wrong, how often, and what has gone wrong so far."""

import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot.simulator.timing.clock import Clock


class Fault(StrEnum):
    """What can be ordered. A request is one of REST; a webhook's answer comes from the service."""

    WEBHOOK_LOST = "webhook lost"  # with all its retries: the carrier sees a time-out
    WEBHOOK_NEVER_SENT = "webhook never sent"  # the carrier's own slip: in no book of events
    WEBHOOK_LATE = "webhook late"
    WEBHOOK_REORDERED = "webhook reordered"  # the next one about the same call overtakes it
    WEBHOOK_DOUBLED = "webhook doubled"
    WEBHOOK_REFUSED = "webhook refused"  # one try: no connection
    WEBHOOK_ANSWER_LOST = "webhook answer lost"  # one try: the work was done, the time is over
    REQUEST_REFUSED = "request refused"  # no connection: nothing was done
    REQUEST_LOST = "request lost"  # never arrived, but who sent it cannot know
    REQUEST_ANSWER_LOST = "request answer lost"  # arrived and was done
    REQUEST_TOO_MANY = "request too many"  # 429: nothing was done
    REQUEST_FAILED = "request failed"  # 500: nothing was done
    REQUEST_FAILED_AFTERWARDS = "request failed afterwards"  # 500: it was done all the same


ON_ERRANDS = frozenset(
    {Fault.WEBHOOK_LOST, Fault.WEBHOOK_NEVER_SENT, Fault.WEBHOOK_LATE, Fault.WEBHOOK_REORDERED}
)
ON_TRIES = frozenset({Fault.WEBHOOK_DOUBLED, Fault.WEBHOOK_REFUSED, Fault.WEBHOOK_ANSWER_LOST})
ON_REQUESTS = frozenset(Fault) - ON_ERRANDS - ON_TRIES
# What a webhook is for; a REST request is named as in twilio-python.
WEBHOOKS = frozenset(
    ["voice", "action", "whisper", "wait", "announcement", "fallback", "notice", "amd", "recording"]
    + ["partial", "conference", "text"]
)
REQUEST = re.compile(r"[a-z_]+\.(create|list|fetch|update|delete)")
LONGEST_SECONDS = 3600.0


@dataclass
class Order:
    """One fault, on those of that `kind` whose parameters hold what `where` says.

    The kind of a webhook is that of its exchange (voice, action, text, notice, amd, ...); that of a
    REST request is as twilio-python names it (calls.create, messages.list, ...). It happens that
    many `times` (for ever, if None), each time with the chance `rate`. `seconds` is how late a late
    webhook is, and how long a request hangs of which no answer comes; with 0 it is cut off.
    """

    fault: Fault
    kind: str = ""
    times: int | None = 1
    rate: float = 1.0
    seconds: float = 0.0
    where: Mapping[str, str] = field(default_factory=dict)
    happened: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False, compare=False)

    def meets(self, kind: str, params: Mapping[str, str]) -> bool:
        """Does it happen to this one?"""
        if self.times is not None and self.happened >= self.times:
            return False
        if self.kind not in ("", kind) or not self.where.items() <= params.items():
            return False
        return self.rate >= 1 or self.dice.random() < self.rate

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        names = ("kind", "times", "rate", "seconds", "where", "happened")
        return {"fault": str(self.fault)} | {name: getattr(self, name) for name in names}


class Happened(NamedTuple):
    """A fault that took place: on what kind of thing, about which call or text."""

    at: datetime
    fault: Fault
    kind: str
    sid: str


class Faults:
    """All orders of one network. Seeded: the same orders fall upon the same things again."""

    def __init__(self, seed: int, clock: Clock, warn: Callable[[int, str, str, str], None]) -> None:
        """Nothing goes wrong yet; what does is told to the carrier's book of events."""
        self._seed, self._clock, self._warn = seed, clock, warn
        self._lock = threading.Lock()
        self._given = 0
        self.orders: list[Order] = []
        self.happened: list[Happened] = []

    def order(
        self,
        fault: str,
        kind: str = "",
        times: int | None = None,
        rate: float | None = None,
        seconds: float = 0.0,
        where: Mapping[str, str] | None = None,
    ) -> Order:
        """Have something go wrong: once, or with a `rate` again and again."""
        if times is None and rate is None:
            times = 1
        rate, where = 1.0 if rate is None else rate, dict(where or {})
        ordered = Fault(fault)
        for wrong in _mistakes(ordered, kind, times, rate, seconds, where):
            raise ValueError(wrong)
        with self._lock:
            self._given += 1
            dice = random.Random(f"{self._seed}/{self._given}")  # noqa: S311  a game, not a secret
            placed = Order(ordered, kind, times, rate, seconds, where, dice=dice)
            self.orders.append(placed)
        return placed

    def clear(self) -> None:
        """Let nothing go wrong from now on. What did is still known."""
        with self._lock:
            self.orders.clear()

    def meet(
        self,
        among: frozenset[Fault],
        kind: str,
        params: Mapping[str, str],
        sid: str = "",
        url: str = "",
    ) -> Order | None:
        """The first order that falls upon this one, if any does; then it has happened."""
        if not self.orders:
            return None
        with self._lock:
            found = next((o for o in self._of(among) if o.meets(kind, params)), None)
            if found is None:
                return None
            found.happened += 1
            self.happened.append(Happened(self._clock.now(), found.fault, kind, sid))
        self._warn(0, f"fault: {found.fault}: {kind}", sid, url)
        return found

    def _of(self, among: frozenset[Fault]) -> Sequence[Order]:
        return [order for order in self.orders if order.fault in among]


def _mistakes(
    fault: Fault, kind: Any, times: Any, rate: Any, seconds: Any, where: Mapping[Any, Any]
) -> Iterator[str]:
    """What makes no sense in an order, which may have come as JSON."""
    known = REQUEST.fullmatch(str(kind)) if fault in ON_REQUESTS else kind in WEBHOOKS
    if kind != "" and not known:
        named = "calls.create and its like" if fault in ON_REQUESTS else ", ".join(sorted(WEBHOOKS))
        yield f"no kind {kind!r} for a {fault}; there are {named}"
    if times is not None and (type(times) is not int or times < 1):
        yield f"times is a whole number from 1 on, not {times!r}"
    if type(rate) not in (int, float) or not 0 <= rate <= 1:
        yield f"a rate is between 0 and 1, not {rate!r}"
    if type(seconds) not in (int, float) or not 0 <= seconds <= LONGEST_SECONDS:
        yield f"seconds are between 0 and {LONGEST_SECONDS:g}, not {seconds!r}"
    if not all(isinstance(word, str) for pair in where.items() for word in pair):
        yield f"where holds parameters and their values as text, not {where!r}"
