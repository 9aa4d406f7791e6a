"""A person with a telephone, who does what their script says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.handsets.base import AmdMode, Ear, Handset, Reaction, Ring, Verdict
from bot.simulator.handsets.script import Act, Reading, Step


@dataclass
class Person(Handset):
    """Answers after some rings and follows a script.

    `amd` and `amd_seconds` are what machine detection says of them: it is not always right.
    `talk_seconds` is how long they talk when put through to another person; None: for ever.
    """

    rings_seconds: float = 3.0
    script: Sequence[Step] = field(default_factory=list)
    reaction_seconds: float = 1.0
    talk_seconds: float | None = None
    amd: str = "human"
    amd_seconds: float = 2.0

    def ring(self) -> Ring:
        """They answer."""
        return Ring("answer", self.rings_seconds)

    def ear(self) -> Ear:
        """They listen, with their script."""
        return PersonEar(self)

    def verdict(self, mode: AmdMode, timeout: float) -> Verdict:
        """Human, after a couple of seconds; `unknown` is what is said when the time is over."""
        seconds = timeout if self.amd == "unknown" else self.amd_seconds
        return Verdict(self.amd, min(seconds, timeout))

    def engaged_tone(self) -> bool:
        """A person has one line."""
        return True


class PersonEar(Ear):
    """A person in one call."""

    def __init__(self, person: Person) -> None:
        """With their script from its beginning."""
        self._person = person
        self._reading = Reading(person.script)

    def during(self, words: str, seconds: float) -> Sequence[Reaction]:
        """Some interrupt, half-way through."""
        return self._reactions(self._reading.choose(words, during=True), seconds / 2)

    def after(self, words: str) -> Sequence[Reaction]:
        """Some put the phone down."""
        act = self._reading.choose(words, only_ends=True)
        return self._reactions(act, self._person.reaction_seconds)

    def asked(self, prompt: str, before: str) -> Sequence[Reaction]:
        """Most answer once they are asked; the prompt itself counts before what led up to it."""
        act = self._reading.choose(prompt, before)
        return self._reactions(act, self._person.reaction_seconds)

    def joined(self) -> Sequence[Reaction]:
        """They talk for a while, then hang up."""
        if self._person.talk_seconds is None:
            return ()
        return (Reaction(self._person.talk_seconds, hang_up=True),)

    def hear(self, at: datetime, until: datetime, words: str) -> str:
        """A person hears every word."""
        return words

    def _reactions(self, act: Act | None, seconds: float) -> Sequence[Reaction]:
        if act is None or not (act.keys or act.hang_up or act.speech):
            return ()
        return (Reaction(seconds + act.seconds, act.keys, act.hang_up, act.speech),)
