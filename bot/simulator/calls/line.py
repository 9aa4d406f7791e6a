"""Two or more people on one line: what one of them says or presses, the others hear."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.simulator.calls.leg import Leg

STAR = "star"


class Line(Protocol):
    """What a leg is told to, besides the service."""

    def spoke(self, leg: "Leg", words: str) -> None:
        """Somebody said that."""
        ...

    def pressed(self, leg: "Leg", key: str) -> None:
        """Somebody pressed that key."""
        ...


@dataclass
class Bridge:
    """Two people who are through to each other."""

    caller: "Leg"
    callee: "Leg"
    hang_up_on_star: bool = False

    def spoke(self, leg: "Leg", words: str) -> None:
        """The other one hears it."""
        self._other(leg).overhear(leg.handset.name, words)

    def pressed(self, leg: "Leg", key: str) -> None:
        """The other one hears the tone. A star of the caller may be for the carrier instead
        (d:voice/twiml/dial#hanguponstar)."""
        if key == "*" and leg is self.caller and self.hang_up_on_star:
            self.caller.process.wake(STAR)
        else:
            self._other(leg).overhear(leg.handset.name, tone(key))

    def _other(self, leg: "Leg") -> "Leg":
        return self.callee if leg is self.caller else self.caller


def tone(key: str) -> str:
    """A key as it sounds to others."""
    return f"[key {key}]"
