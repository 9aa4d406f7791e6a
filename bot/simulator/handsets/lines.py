"""Lines where nobody speaks: busy, unanswered, refused, unreachable, and a fax."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.simulator.detection.sound import Sound
from bot.simulator.handsets.base import LONGEST_RING_SECONDS, Handset, Ring

WHISTLE_SECONDS = 60.0


@dataclass
class Busy(Handset):
    """In a call with somebody else."""

    def ring(self) -> Ring:
        """An engaged tone."""
        return Ring("busy")


@dataclass
class NoAnswer(Handset):
    """Rings until the caller gives up."""

    def ring(self) -> Ring:
        """Nobody comes."""
        return Ring("no-answer", LONGEST_RING_SECONDS)


@dataclass
class Rejects(Handset):
    """Looks at the screen and declines, which reaches the caller as busy [mem]."""

    rings_seconds: float = 3.0

    def ring(self) -> Ring:
        """Declined."""
        return Ring("busy", self.rings_seconds)


@dataclass
class Unreachable(Handset):
    """No such number, or switched off without voicemail."""

    def ring(self) -> Ring:
        """It cannot be rung."""
        return Ring("failed")


@dataclass
class Fax(Handset):
    """A machine that whistles."""

    rings_seconds: float = 6.0

    def ring(self) -> Ring:
        """It answers."""
        return Ring("answer", self.rings_seconds)

    def sounds(self) -> Sequence[Sound]:
        """Known by its tone."""
        return (Sound("tone", WHISTLE_SECONDS),)
