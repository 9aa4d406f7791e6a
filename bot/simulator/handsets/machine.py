"""An answering machine: plays a greeting, perhaps a beep, then keeps what is said."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.detection.sound import Sound
from bot.simulator.handsets.base import Ear, Handset, Reaction, Ring

BEEP_SECONDS = 0.5
SHORTEST_MESSAGE_SECONDS = 2.0  # below that an empty recording is not kept [mem]


@dataclass
class Machine(Handset):
    """Voicemail. Words spoken before its greeting and beep are over are lost, as on a real one.

    `greeting` puts words to the greeting, for the journal and for whoever listens for speech.
    `pause_seconds` lies between the greeting and the beep: a long one makes machine detection
    believe too early that the greeting is over. The machine hangs up when its tape is full
    (`record_seconds`), or after `silence_seconds` without a word, if given.
    """

    rings_seconds: float = 15.0
    greeting_seconds: float = 6.0
    greeting: str = ""
    pause_seconds: float = 0.0
    beep: bool = True
    record_seconds: float = 120.0
    silence_seconds: float | None = None

    def ring(self) -> Ring:
        """It answers, late."""
        return Ring("answer", self.rings_seconds)

    def ear(self) -> Ear:
        """A tape for one call."""
        return Tape(self)

    def sounds(self) -> Sequence[Sound]:
        """The greeting and the beep."""
        beep = [Sound("beep", BEEP_SECONDS)] if self.beep else []
        return Sound("speech", self.greeting_seconds), Sound("silence", self.pause_seconds), *beep

    @property
    def deaf_seconds(self) -> float:
        """How long after the answer it begins to record."""
        return sum(sound.seconds for sound in self.sounds())


@dataclass
class FullMailbox(Handset):
    """Voicemail without room: it says so and hangs up, and keeps nothing."""

    rings_seconds: float = 15.0
    greeting_seconds: float = 6.0
    greeting: str = ""

    def ring(self) -> Ring:
        """It answers, late."""
        return Ring("answer", self.rings_seconds)

    def ear(self) -> Ear:
        """Nobody listens."""
        return Deaf(self)

    def sounds(self) -> Sequence[Sound]:
        """That there is no room."""
        return (Sound("speech", self.greeting_seconds),)


class Deaf(Ear):
    """A call into a full mailbox."""

    def __init__(self, mailbox: FullMailbox) -> None:
        """With what that says."""
        self._mailbox = mailbox

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """It says that it is full, and that is all."""
        seconds = self._mailbox.greeting_seconds
        return Reaction(0.0, speech=self._mailbox.greeting), Reaction(seconds, hang_up=True)


class Tape(Ear):
    """One recording."""

    def __init__(self, machine: Machine) -> None:
        """Blank."""
        self._machine = machine
        self._starts: datetime | None = None
        self._first: datetime | None = None
        self._words: list[str] = []
        self._spoken = 0

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """The greeting begins; the machine hangs up when its tape is full."""
        machine = self._machine
        self._starts = at + timedelta(seconds=machine.deaf_seconds)
        full = machine.deaf_seconds + machine.record_seconds
        greeting = Reaction(0.0, speech=machine.greeting)
        return greeting, Reaction(full, hang_up=True), *self._silence(machine.deaf_seconds)

    def during(self, words: str, seconds: float) -> Sequence[Reaction]:
        """Somebody speaks: the silence is over."""
        self._spoken += 1
        return ()

    def after(self, words: str) -> Sequence[Reaction]:
        """Silence begins anew."""
        return self._silence(0.0)

    def _silence(self, since: float) -> Sequence[Reaction]:
        """Hang up once it was silent for too long, unless somebody spoke again by then."""
        if self._machine.silence_seconds is None:
            return ()
        spoken = self._spoken

        def still_silent() -> Sequence[Reaction]:
            return (Reaction(0.0, hang_up=True),) if self._spoken == spoken else ()

        return (Reaction(since + self._machine.silence_seconds, then=still_silent),)

    def hear(self, at: datetime, until: datetime, words: str) -> str:
        """Keep what falls after the beep, by whole words."""
        kept = self._after_beep(at, until, words)
        if kept:
            self._first = self._first or max(at, self._starts or at)
            self._words.append(kept)
        return kept

    def _after_beep(self, at: datetime, until: datetime, words: str) -> str:
        if self._starts is None or self._starts >= until:
            return ""
        if at >= self._starts:
            return words
        lost = (self._starts - at) / (until - at)
        whole = words.split()
        return " ".join(whole[math.ceil(len(whole) * lost) :])

    def recording(self, until: datetime) -> tuple[datetime, str] | None:
        """Everything kept, and where it began; a silent message, if the line stayed open."""
        if self._first is not None:
            return self._first, " ".join(self._words)
        if self._starts is None:
            return None
        silent = (until - self._starts).total_seconds()
        return (self._starts, "") if silent >= SHORTEST_MESSAGE_SECONDS else None
