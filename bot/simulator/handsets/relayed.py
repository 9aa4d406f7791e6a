"""A person who types and reads, by way of a text relay: an announcement, then long pauses.

A recorded voice announces the call, an assistant reads out what the person types and types what is
said to them (ngts.org.uk; natalyad.dreamwidth.org/6953.html has the announcement). How long a turn
takes is [mem].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.detection.sound import Sound
from bot.simulator.handsets.base import Ear, Reaction
from bot.simulator.handsets.person import Person, PersonEar
from bot.simulator.handsets.script import Act

ANNOUNCEMENT = "Please hold for an operator-assisted call from a textphone user."


@dataclass
class Relayed(Person):
    """Every answer takes one of `turn_seconds`, one after the other and again from the first.
    Whatever is asked while an answer is on its way has no answer of its own."""

    announcement: str = ANNOUNCEMENT
    announcement_seconds: float = 5.0
    turn_seconds: Sequence[float] = (25.0, 40.0, 20.0)

    def ear(self) -> Ear:
        """The assistant's."""
        return RelayEar(self)

    def sounds(self) -> Sequence[Sound]:
        """The recorded voice, and then nothing for long."""
        return (Sound("speech", self.announcement_seconds),)


class RelayEar(PersonEar):
    """One call by way of the relay."""

    def __init__(self, person: Relayed) -> None:
        """Nothing was typed yet."""
        super().__init__(person)
        self._relayed = person
        self._turns = 0
        self._typing = False

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """The announcement instead of a greeting."""
        timed = self._timed(self._reading.timed())
        return Reaction(0.0, speech=self._relayed.announcement), *timed

    def asked(self, prompt: str, before: str) -> Sequence[Reaction]:
        """They read, then type; keys come when that has been read out."""
        act = None if self._typing else self._reading.choose(prompt, before)
        if act is None:
            return ()
        self._typing = True
        turns = self._relayed.turn_seconds
        seconds = turns[self._turns % len(turns)] + act.seconds
        self._turns += 1
        return (Reaction(seconds, then=lambda: self._typed(act)),)

    def _typed(self, act: Act) -> Sequence[Reaction]:
        self._typing = False
        return (Reaction(0.0, act.keys, act.hang_up, act.speech),)
