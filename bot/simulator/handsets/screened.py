"""A person whose telephone's assistant answers first and asks who calls.

As the assistants of Android and iOS do it (support.aircall.io, article 30727075383837): the call is
answered without ringing, a voice asks for name and reason, what the caller says is shown, and the
owner takes the call or does not. Their wording and times differ; those here are examples [mem].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.detection.sound import Sound
from bot.simulator.handsets.base import Ear, Reaction
from bot.simulator.handsets.person import Person, PersonEar

ASKS = "Hello, the person you are calling uses a screening service. Who is calling, and why?"


@dataclass
class Screened(Person):
    """The owner picks up `decides_seconds` after the question, if the words of the caller that
    were shown until then have `takes_when` in them; no words, no call. Otherwise, or with
    `declines`, the assistant hangs up. From then on it is a person with a script."""

    rings_seconds: float = 1.0
    asks: str = ASKS
    asks_seconds: float = 6.0
    decides_seconds: float = 10.0
    takes_when: str = ""
    declines: bool = False

    def ear(self) -> Ear:
        """The assistant's, at first."""
        return ScreeningEar(self)

    def sounds(self) -> Sequence[Sound]:
        """Machine detection hears the assistant, and then its silence."""
        return (Sound("speech", self.asks_seconds),)


class ScreeningEar(PersonEar):
    """One screened call."""

    def __init__(self, person: Screened) -> None:
        """The owner is not there yet."""
        super().__init__(person)
        self._screened = person
        self._picked_up = False
        self._shown: list[str] = []

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """The assistant asks; some time later the owner decides."""
        asked = self._screened.asks_seconds
        decision = Reaction(asked + self._screened.decides_seconds, then=lambda: self._decide(at))
        return Reaction(0.0, speech=self._screened.asks), decision

    def _decide(self, answered_at: datetime) -> Sequence[Reaction]:
        shown = " ".join(self._shown)
        wanted = self._screened.takes_when.lower() in shown.lower()
        if self._screened.declines or not shown or not wanted:
            return (Reaction(0.0, hang_up=True),)
        self._picked_up = True
        return super().answered(answered_at)

    def during(self, words: str, seconds: float) -> Sequence[Reaction]:
        """Words are shown while they are spoken; once the owner is there, they are heard."""
        if self._picked_up:
            return super().during(words, seconds)
        self._shown.append(words)
        return ()

    def after(self, words: str) -> Sequence[Reaction]:
        """Nobody reacts before the owner is there."""
        return super().after(words) if self._picked_up else ()

    def asked(self, prompt: str, before: str) -> Sequence[Reaction]:
        """Nobody presses a key before the owner is there."""
        return super().asked(prompt, before) if self._picked_up else ()
