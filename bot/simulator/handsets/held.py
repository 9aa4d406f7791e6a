"""A telephone in somebody's hand: nothing is scripted, a person or a test does everything."""

from dataclasses import dataclass

from bot.simulator.handsets.base import AmdMode, Handset, Ring, Verdict

LONGEST_RING_SECONDS = 600.0


@dataclass
class Held(Handset):
    """Rings until it is answered or declined by hand (`PhoneNetwork.answer`, `.decline`).

    Machine detection says `amd` of whoever answers, after `amd_seconds`; empty: it waits until
    somebody says what it finds (`PhoneNetwork.detect`).
    """

    amd: str = "human"
    amd_seconds: float = 2.0

    def ring(self) -> Ring:
        """It is up to whoever holds it."""
        return Ring("by-hand", LONGEST_RING_SECONDS)

    def verdict(self, mode: AmdMode, timeout: float) -> Verdict | None:
        """As it was told."""
        return Verdict(self.amd, min(self.amd_seconds, timeout)) if self.amd else None

    def engaged_tone(self) -> bool:
        """One line, like any person's telephone."""
        return True
