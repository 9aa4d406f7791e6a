"""News of the other leg of a meeting, and what is found of a customer who is to be rung for one."""

from dataclasses import dataclass
from typing import ClassVar

from bot.events.base import Event
from bot.events.carrier import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherLeg(Notice):
    """What the other leg tells: `of` is its conversation, `news` a word of `bot.actions.News`."""

    of: str
    news: str

    @property
    def trigger(self) -> str:  # type: ignore[override]
        """Tables read `move("other_ready", …)`."""
        return f"other_{self.news}"

    @property
    def notice(self) -> str:
        """Each leg tells each of them once."""
        return f"{self.trigger}:{self.of}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerReachable(Event):
    """There is a number to ring, and nobody is ringing it."""

    trigger: ClassVar[str] = "customer_reachable"


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerUnreachable(Event):
    """There is none, or they are being rung at this moment."""

    trigger: ClassVar[str] = "customer_unreachable"
