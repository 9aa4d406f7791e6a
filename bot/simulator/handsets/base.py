"""What every handset is to the network: how it rings, what it does with what it hears."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.simulator.detection.detector import Verdict
from bot.simulator.detection.sound import Sound

LONGEST_RING_SECONDS = 600.0  # no caller waits for longer (d:voice/api/call-resource)

Outcome = Literal["answer", "busy", "no-answer", "failed", "by-hand"]


@dataclass(frozen=True)
class Ring:
    """What comes of ringing a handset, and after how many seconds of ringing.

    `by-hand`: it rings until somebody picks up or declines (`Leg.pick_up`, `Leg.decline`), or
    until `seconds` are over: then it is `no-answer`.
    """

    outcome: Outcome
    seconds: float = 0.0


@dataclass(frozen=True)
class Reaction:
    """Something the far end does: press keys, speak, or hang up, after so many seconds.

    `then` decides only at that moment what is done.
    """

    seconds: float
    keys: str = ""
    hang_up: bool = False
    speech: str = ""
    then: "Callable[[], Sequence[Reaction]] | None" = None


class Ear:
    """One handset in one call. What it hears may make it do something; by default nothing."""

    def answered(self, at: datetime) -> Sequence[Reaction]:
        """The call is up."""
        return ()

    def during(self, words: str, seconds: float) -> Sequence[Reaction]:
        """The bot begins to say these words, which will take that long."""
        return ()

    def after(self, words: str) -> Sequence[Reaction]:
        """The bot has said these words to the end."""
        return ()

    def asked(self, prompt: str, before: str) -> Sequence[Reaction]:
        """The bot waits for keys, after this prompt and what it said before it."""
        return ()

    def hear(self, at: datetime, until: datetime, words: str) -> str:
        """These words came down the line; returns those that were heard or kept."""
        return words

    def joined(self) -> Sequence[Reaction]:
        """The call is now through to another person."""
        return ()

    def recording(self, until: datetime) -> tuple[datetime, str] | None:
        """What a voicemail kept by the end of the call, and when that began."""
        return None


@dataclass
class Handset(ABC):
    """One telephone. New kinds are new files beside this one, and a line in `kinds.py`.

    `amd` overrides what machine detection says of it, and `amd_seconds` when it says so.
    `withheld` hides its number when it rings the service, behind that word if it is one.
    """

    name: str
    number: str
    amd: str = field(default="", kw_only=True)
    amd_seconds: float | None = field(default=None, kw_only=True)
    withheld: bool | str = field(default=False, kw_only=True)
    # for whoever plays this person by hand: what they know, word for word
    notes: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @abstractmethod
    def ring(self) -> Ring:
        """What happens when it is rung."""

    def ear(self) -> Ear:
        """Somebody to listen to one call."""
        return Ear()

    def sounds(self) -> Sequence[Sound]:
        """What comes down the line from the moment it answers; after that, silence."""
        return ()

    def verdict(self, heard: Verdict, timeout: float) -> Verdict | None:
        """What machine detection says: what it heard, unless `amd` overrides it. None: somebody
        will say (`PhoneNetwork.detect`)."""
        if not self.amd:
            return heard
        seconds = self.amd_seconds
        if seconds is None:
            seconds = timeout if self.amd == "unknown" else heard.seconds
        return Verdict(self.amd, min(seconds, timeout))

    def voicemail(self) -> "Handset | None":
        """What answers in its place when nobody picks up, if anything does."""
        return None

    def engaged_tone(self) -> bool:
        """Is it busy for a second caller while it is in a call?"""
        return False
