"""Where workers die: at each place that was found, on both sides, again and again; by seed."""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.dying import AFTER, BEFORE, Fate, Place

SHORTEST_SECONDS = 0.1  # that a worker lives before it comes to such a place


@dataclass(frozen=True, slots=True)
class Death:
    """A worker killed itself: where, with which calls in hand, and when by the service's clock."""

    place: Place
    side: str
    calls: tuple[str, ...]
    at: float


@dataclass
class Fates:
    """Reads what the workers note, and draws the place at which the next one dies."""

    seed: int
    notes: Path
    longest_life: float = 4.0  # seconds that a worker lives before it comes to such a place
    deaths: list[Death] = field(default_factory=list)
    striking: bool = False  # before, and once it is calm, nobody dies
    places: list[Place] = field(default_factory=list)  # in the order in which they were found
    _read: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._dice = random.Random(f"fates/{self.seed}")

    def draw(self) -> Fate | None:
        """Where the next worker dies; None while nobody shall.

        At whatever place it comes to first of those where nobody has died yet, and of some of the
        others: the more died there, the fewer.
        """
        with self._lock:
            self._read_notes()
            if not self.striking:
                return None
            died = Counter((one.place, one.side) for one in self.deaths)
            drawn = frozenset(
                (place, side)
                for place in self.places
                for side in (BEFORE, AFTER)
                if self._dice.random() < 1.0 / (1 + died[place, side]) ** 2
            )
            return Fate(drawn, self._dice.uniform(SHORTEST_SECONDS, self.longest_life))

    def refresh(self) -> None:
        """Read what was noted since."""
        with self._lock:
            self._read_notes()

    @property
    def hit(self) -> set[tuple[Place, str]]:
        """The places at which somebody died, with the side."""
        return {(death.place, death.side) for death in self.deaths}

    def _read_notes(self) -> None:
        for note in self._new_notes():
            if "died" in note:
                at = Place(**note["died"])
                self.deaths.append(Death(at, note["side"], tuple(note["calls"]), note["at"]))
            elif (place := Place(**note["seen"])) not in self.places:
                self.places.append(place)

    def _new_notes(self) -> Iterator[dict[str, Any]]:
        if not self.notes.exists():
            return
        with self.notes.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                yield json.loads(line)
