"""An answering machine: plays a greeting, perhaps a beep, then keeps what is said."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.handsets.base import AmdMode, Ear, Handset, Reaction, Ring, Verdict

BEEP_SECONDS = 0.5
SILENCE_SECONDS = 1.2  # MachineDetectionSpeechEndThreshold, by default 1200 ms [oai]
START_SECONDS = 3.5  # about what a verdict on the greeting takes (twilio.md section 2: about 4 s)


@dataclass
class Machine(Handset):
    """Voicemail. Words spoken before its greeting and beep are over are lost, as on a real one.

    `amd` overrides what machine detection says of it.
    """

    rings_seconds: float = 15.0
    greeting_seconds: float = 6.0
    beep: bool = True
    record_seconds: float = 120.0
    amd: str = ""
    amd_seconds: float | None = None

    def ring(self) -> Ring:
        """It answers, late."""
        return Ring("answer", self.rings_seconds)

    def ear(self) -> Ear:
        """A tape for one call."""
        return Tape(self)

    @property
    def deaf_seconds(self) -> float:
        """How long after the answer it begins to record."""
        return self.greeting_seconds + (BEEP_SECONDS if self.beep else 0.0)

    def verdict(self, mode: AmdMode, timeout: float) -> Verdict:
        """The start of the greeting or its end; `machine_end_other` if the time-out falls in it."""
        right = self._right_verdict(mode, timeout)
        answered_by = self.amd or right.answered_by
        seconds = right.seconds if self.amd_seconds is None else self.amd_seconds
        if self.amd == "unknown" and self.amd_seconds is None:
            seconds = timeout
        return Verdict(answered_by, min(seconds, timeout))

    def _right_verdict(self, mode: AmdMode, timeout: float) -> Verdict:
        if mode == "Enable":
            return Verdict("machine_start", START_SECONDS)
        end = self.deaf_seconds if self.beep else self.greeting_seconds + SILENCE_SECONDS
        if end > timeout:
            return Verdict("machine_end_other", timeout)
        return Verdict("machine_end_beep" if self.beep else "machine_end_silence", end)


class Tape(Ear):
    """One recording."""

    def __init__(self, machine: Machine) -> None:
        """Blank."""
        self._machine = machine
        self._starts: datetime | None = None
        self._first: datetime | None = None
        self._words: list[str] = []

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """The greeting begins; the machine hangs up when its tape is full."""
        self._starts = at + timedelta(seconds=self._machine.deaf_seconds)
        full = self._machine.deaf_seconds + self._machine.record_seconds
        return (Reaction(full, hang_up=True),)

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

    def recording(self) -> tuple[datetime, str] | None:
        """Everything kept, and where it began."""
        return (self._first, " ".join(self._words)) if self._first else None
