"""An attempt: one try at a call that we owe, as it stands in the callback's record."""

from dataclasses import dataclass, fields
from typing import Any

Json = dict[str, Any]

# By what `flows.OPENS` knows a call of ours: to a customer, or to one in a meeting with an officer.
CUSTOMER, IN_MEETING = "callback", "meeting"

CLOCKS_DIFFER_SECONDS = 900.0  # between machines; what began further ahead than that has not begun


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when it was claimed, the carrier's id once known, how it ended.

    `express` says that the customer had asked for it; so that it is not forgotten if nothing rings.
    `looked_at` is when somebody first looked what had become of it, by their own clock.
    """

    id: str
    at: float
    call: str | None = None
    disposition: str | None = None
    express: bool = False
    looked_at: float | None = None

    def to_json(self) -> Json:
        """As plain JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def complete_at(self, seconds: float, now: float) -> float:
        """When enough time has passed for nothing to be on its way any more: on one clock.

        The clock of whoever placed it may be behind by minutes, so their beginning tells nothing.
        """
        looked_at = self.looked_at if self.is_waited_for(now) else None
        return max(min(self.at, now), now if looked_at is None else looked_at) + seconds

    def is_waited_for(self, now: float) -> bool:
        """Whether somebody has looked already, and not by a clock that ran far ahead."""
        return self.looked_at is not None and self.looked_at <= now + CLOCKS_DIFFER_SECONDS


_FIELDS = frozenset(each.name for each in fields(Attempt))


def attempt_from(data: Json) -> Attempt:
    """The attempt that this or another version wrote down; what it does not know is left out."""
    return Attempt(**{name: value for name, value in data.items() if name in _FIELDS})


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number that a callback goes to: sealed, hashed, masked."""

    number_sealed: str
    number_hash: str
    number_mask: str
