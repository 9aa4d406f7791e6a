"""A telephone in somebody's hand: nothing is scripted, a person or a test does everything."""

from dataclasses import dataclass, field

from bot.simulator.detection.detector import Verdict
from bot.simulator.handsets.base import LONGEST_RING_SECONDS, Handset, Ring
from bot.simulator.handsets.machine import Machine


@dataclass
class Held(Handset):
    """Rings until it is answered or declined by hand (`PhoneNetwork.answer`, `.decline`).

    With `voicemail_after_seconds` a voicemail stands behind it. It answers after so long, or at
    once when the call is declined or left to it (`PhoneNetwork.divert`), or when the line is busy.
    Machine detection says `amd` of a person who answers, after `amd_seconds`; empty: it waits
    until somebody says what it finds (`PhoneNetwork.detect`). The voicemail is heard as it sounds.
    """

    amd: str = field(default="human", kw_only=True)
    amd_seconds: float | None = field(default=2.0, kw_only=True)
    voicemail_after_seconds: float | None = None
    greeting: str = ""
    greeting_seconds: float = 6.0
    beep: bool = True

    def ring(self) -> Ring:
        """It is up to whoever holds it."""
        return Ring("by-hand", self.voicemail_after_seconds or LONGEST_RING_SECONDS)

    def voicemail(self) -> Handset | None:
        """The machine behind it, if it has one."""
        if self.voicemail_after_seconds is None:
            return None
        return Machine(
            self.name,
            self.number,
            greeting=self.greeting,
            greeting_seconds=self.greeting_seconds,
            beep=self.beep,
        )

    def verdict(self, heard: Verdict, timeout: float) -> Verdict | None:
        """As it was told."""
        return super().verdict(heard, timeout) if self.amd else None

    def engaged_tone(self) -> bool:
        """One line, like any person's telephone."""
        return True
