"""A worker that kills itself: where it dies, and what it does there.

A *place* is the n-th question that a worker asks of the store or the carrier about one line of a
queue, from its claim to its end. The product has no hook for this: the store and the carrier that
the worker is given are wrapped.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.store import ALERTS, DUE, Claim
from bot.watermark import RECORD

BEFORE, AFTER = "before", "after"
LAST_NUMBER = 15  # of a place; what is asked after it is counted as one place
RECONCILING = "reconciling"
STORE = frozenset({"read", "commit", "claim", "done", "postpone"})
CARRIER = frozenset(
    ["place_call", "redirect", "end_call", "cancel", "calls_to", "status_of", "redact_text"]
    + ["texts_received", "calls_received"]
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The question with this number, from 0, about a line of this kind."""

    kind: str
    number: int
    question: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.question}"


@dataclass(frozen=True, slots=True)
class Fate:
    """A worker dies at the first of these places that it comes to after so many seconds of life."""

    places: frozenset[tuple[Place, str]]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        places = [[asdict(place), side] for place, side in sorted(self.places)]
        return {"places": places, "seconds": self.seconds}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Fate":
        places = frozenset((Place(**place), side) for place, side in data["places"])
        return cls(places, data["seconds"])


@dataclass(slots=True)
class _Trip:
    """What one thread is at: a line of some kind, and how many questions it asked about it."""

    kind: str = ""
    asked: int = 0


class Witness:
    """Knows at which place each thread of this process is; notes them, and kills the process.

    Its notes are lines of JSON at the end of a file that all workers share: one for each new place,
    and the last one of a process that killed itself.
    """

    def __init__(self, fate: Fate | None, notes: Path, clock: Clock) -> None:
        self._fate = fate
        self._clock = clock
        self._notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._born = time.monotonic()
        self._seen: set[Place] = set()
        self._lock = threading.Lock()
        self._here = threading.local()
        self._calls: dict[int, str] = {}  # by thread, the call that is being placed or settled

    def wrap(self, real: Any, name: str, questions: frozenset[str]) -> Any:
        """The same store or carrier, watched."""
        return _Watched(self, real, name, questions)

    def ask(self, question: str, real: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Pass a question on, unless the process dies before or after it."""
        if question == "store.claim":
            return self._claimed(args[1], real(*args, **more))
        trip = self._trip
        if question == "store.read" and tuple(args[1]) == (RECORD,):
            trip.kind, trip.asked = RECONCILING, 0
        number = min(trip.asked, LAST_NUMBER)
        place = Place(trip.kind, number, question) if trip.kind else None
        trip.asked += 1
        self._at(place, BEFORE)
        answer = real(*args, **more)
        self._at(place, AFTER)
        return answer

    @property
    def _trip(self) -> _Trip:
        if not hasattr(self._here, "trip"):
            self._here.trip = _Trip()
        found: _Trip = self._here.trip
        return found

    def _claimed(self, queue: str, claim: Claim | None) -> Claim | None:
        trip = self._trip
        trip.kind = "" if claim is None or queue == ALERTS else claim.line.kind
        trip.asked = 1
        self._calls[threading.get_ident()] = _call_of(claim) if claim else ""
        if trip.kind:
            self._at(Place(trip.kind, 0, "store.claim"), AFTER)
        return claim

    def _at(self, place: Place | None, side: str) -> None:
        if place is None:
            return
        with self._lock:
            if place not in self._seen:
                self._seen.add(place)
                self._note(seen=asdict(place))
            if self._fate is None or (place, side) not in self._fate.places:
                return
            if time.monotonic() - self._born >= self._fate.seconds:
                self._die(place, side)

    def _die(self, place: Place, side: str) -> None:
        calls = sorted(filter(None, self._calls.values()))
        self._note(died=asdict(place), side=side, calls=calls, at=self._clock.now())
        os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, **what: Any) -> None:
        os.write(self._notes, json.dumps({"pid": os.getpid(), **what}).encode() + b"\n")


def _call_of(claim: Claim) -> str:
    """The attempt that is placed or settled; nothing where the line is about anything else."""
    if claim.line.kind == "settle":
        return str(claim.line.data["attempt"])
    return claim.line.id if claim.line.queue == DUE else ""


class _Watched:
    """Asks a witness about each of these questions, and passes all else on."""

    def __init__(self, witness: Witness, real: Any, name: str, questions: frozenset[str]) -> None:
        self._witness, self._real = witness, real
        self._name, self._questions = name, questions

    def __getattr__(self, question: str) -> Any:
        real = getattr(self._real, question)
        if question not in self._questions:
            return real
        return lambda *args, **more: self._witness.ask(
            f"{self._name}.{question}", real, *args, **more
        )
