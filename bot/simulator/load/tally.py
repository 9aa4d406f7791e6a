"""Counting what happens under load: by person's kind, by webhook, by carrier event."""

import threading
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.simulator.happenings import Happening
from bot.simulator.load.people import People
from bot.simulator.network import PhoneNetwork
from bot.simulator.webhooks.courier import Carried

OTHERS = "others"  # calls with nobody of the mix at their far end, such as a transfer to a desk


@dataclass
class Row:
    """What came of the people of one kind: how many began, and their calls by how they ended."""

    begun: int = 0
    calls: int = 0
    answered: int = 0
    verified: int = 0
    left_message: int = 0
    busy: int = 0
    no_answer: int = 0
    failed: int = 0
    apologies: int = 0


@dataclass
class Times:
    """How long things of one sort took, in seconds, and how many of them went wrong."""

    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    errors: int = 0

    def add(self, seconds: float, wrong: bool = False) -> None:
        """One more."""
        self.seconds.append(seconds)
        self.errors += wrong


class Tally:
    """Listens to a network. Everything is counted under one lock, since many threads tell it."""

    def __init__(self, network: PhoneNetwork, people: People) -> None:
        """Listen from now on."""
        self._network, self._people = network, people
        self.rows: dict[str, Row] = {kind.name: Row() for kind in people.kinds}
        self.webhooks: defaultdict[str, Times] = defaultdict(Times)
        self.rest: defaultdict[str, Times] = defaultdict(Times)
        self.events: Counter[str] = Counter()
        self.late, self.waited = Times(), Times()
        self.peak = self.texts = self.replies = 0
        self._kind_of: dict[str, str] = {}
        self._calls: dict[str, tuple[Row, set[str]]] = {}  # those that are up, and what they heard
        self._connected: set[str] = set()
        self._lock = threading.Lock()
        network.on(self._happened)
        network.carrier.courier.on_carried = self._carried
        network.carrier.timeline.on_late = self.late.add

    @property
    def calls_up(self) -> int:
        """How many calls there are now."""
        return len(self._connected)

    def begins(self, number: str, kind: str) -> None:
        """Whoever has that number is of this kind from now on."""
        with self._lock:
            self._kind_of[number] = kind
            self.rows[kind].begun += 1

    def requested(self, what: str, status: int, seconds: float) -> None:
        """The REST API was asked."""
        with self._lock:
            self.rest[what].add(seconds, status >= 400)

    def _carried(self, carried: Carried) -> None:
        with self._lock:
            self.webhooks[carried.kind].add(carried.seconds, bool(carried.error))
            self.waited.add(carried.waited_seconds)

    def _happened(self, happening: Happening) -> None:
        count = _COUNTS.get(happening.kind)
        if count is not None:
            with self._lock:
                count(self, happening)

    def _begun(self, happening: Happening) -> None:
        call = self._network.calls[happening.sid]
        row = self.rows.setdefault(self._kind_of.get(call.far_number, OTHERS), Row())
        self._calls[happening.sid] = row, set()
        row.calls += 1
        if happening.kind == "call_received":
            self._up(happening)

    def _up(self, happening: Happening) -> None:
        self._connected.add(happening.sid)
        self.peak = max(self.peak, len(self._connected))

    def _row(self, sid: str) -> Row:
        return self._calls[sid][0] if sid in self._calls else Row()

    def _answered(self, happening: Happening) -> None:
        self._row(happening.sid).answered += 1

    def _said(self, happening: Happening) -> None:
        words = happening.words.lower()
        if self._first(happening.sid, self._people.verified_when, words):
            self._row(happening.sid).verified += 1
        if self._first(happening.sid, self._people.apology, words):
            self._row(happening.sid).apologies += 1

    def _first(self, sid: str, phrase: str, words: str) -> bool:
        """Is the phrase in the words, for the first time in this call?"""
        heard = self._calls[sid][1] if sid in self._calls else set()
        if not phrase or phrase in heard or phrase.lower() not in words:
            return False
        heard.add(phrase)
        return True

    def _left_message(self, happening: Happening) -> None:
        self._row(happening.sid).left_message += 1

    def _ended(self, happening: Happening) -> None:
        self._connected.discard(happening.sid)
        row, _ = self._calls.pop(happening.sid, (Row(), set()))
        how = happening.words.replace("-", "_")
        if how in ("busy", "no_answer", "failed"):
            setattr(row, how, getattr(row, how) + 1)

    def _texted(self, happening: Happening) -> None:
        self.texts += 1

    def _replied(self, happening: Happening) -> None:
        self.replies += 1

    def _warned(self, happening: Happening) -> None:
        self.events[happening.words] += 1


_COUNTS: dict[str, Callable[[Tally, Happening], None]] = {
    "call_placed": Tally._begun,
    "call_received": Tally._begun,
    "ringing": Tally._up,
    "answered": Tally._answered,
    "said": Tally._said,
    "voicemail_recorded": Tally._left_message,
    "ended": Tally._ended,
    "text_received": Tally._texted,
    "text_replied": Tally._replied,
    "carrier_event": Tally._warned,
}
