"""A person with a telephone, who does what their script says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.detection.sound import Sound, saying_seconds
from bot.simulator.handsets.base import Ear, Handset, Reaction, Ring
from bot.simulator.handsets.reading import Reading
from bot.simulator.handsets.script import Act, Step

HELLO_SECONDS = 0.8


@dataclass
class Person(Handset):
    """Answers after some rings and follows a script.

    They answer with `greeting`, for which they take `greeting_seconds`; by default with a hello
    that is not written down. A long greeting is taken for a machine's, none for nobody's.
    `talk_seconds` is how long they talk when put through to another person; None: for ever.
    """

    rings_seconds: float = 3.0
    script: Sequence[Step] = field(default_factory=list)
    reaction_seconds: float = 1.0
    talk_seconds: float | None = None
    greeting: str = ""
    greeting_seconds: float | None = None

    def ring(self) -> Ring:
        """They answer."""
        return Ring("answer", self.rings_seconds)

    def ear(self) -> Ear:
        """They listen, with their script."""
        return PersonEar(self)

    def sounds(self) -> Sequence[Sound]:
        """What they answer with."""
        seconds = self.greets_seconds
        return (Sound("speech", seconds),) if seconds else ()

    @property
    def greets_seconds(self) -> float:
        """How long that takes."""
        if self.greeting_seconds is not None:
            return self.greeting_seconds
        return saying_seconds(self.greeting) if self.greeting else HELLO_SECONDS

    def engaged_tone(self) -> bool:
        """A person has one line."""
        return True


class PersonEar(Ear):
    """A person in one call."""

    def __init__(self, person: Person) -> None:
        """With their script from its beginning."""
        self._person = person
        self._reading = Reading(person.script)

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """They say who they are, and do what their script says at a moment of the call."""
        return Reaction(0.0, speech=self._person.greeting), *self._timed(self._reading.timed())

    def during(self, words: str, seconds: float) -> Sequence[Reaction]:
        """Some interrupt, half-way through or at the moment that their script says."""
        half_way = self._reactions(self._reading.choose(words, during=True), seconds / 2)
        return *half_way, *self._timed(self._reading.timed(words))

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

    def _timed(self, acts: Sequence[Act]) -> Sequence[Reaction]:
        return [reaction for act in acts for reaction in self._reactions(act, 0.0)]

    def _reactions(self, act: Act | None, seconds: float) -> Sequence[Reaction]:
        if act is None or not (act.keys or act.hang_up or act.speech):
            return ()
        return (Reaction(seconds + act.seconds, act.keys, act.hang_up, act.speech),)
