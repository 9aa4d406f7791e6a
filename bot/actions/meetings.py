"""What a flow may ask for in a meeting: a customer is rung, and joined to an officer's call."""

from dataclasses import dataclass
from enum import StrEnum

from bot.actions.base import Effect, LookUp, Reply


class News(StrEnum):
    """What one leg of a meeting tells the other: the event is `other_` and this word."""

    READY = "ready"  # the customer has passed the checks, and waits
    COMING = "coming"  # the officer is on the way into the conference
    GONE = "gone"  # nobody is there any more
    ABSENT = "absent"  # the same, as whoever tells something finds out
    NO_ANSWER = "no_answer"  # engaged, not answered, or not to be rung
    MACHINE = "machine"  # a machine has the approved message
    NOT_NOW = "not_now"  # somebody answered, and it did not come to it
    REFUSED = "refused"  # the dial rules do not let us ring now


@dataclass(frozen=True, slots=True)
class SeeCustomer(LookUp):
    """Is there a number to ring for the case that is open, and is nobody ringing it?"""


@dataclass(frozen=True, slots=True)
class RingForMeeting(Effect):
    """Owe the customer of the case a call now, to be joined to this officer's."""


@dataclass(frozen=True, slots=True)
class TellOther(Effect):
    """Tell the other leg of the meeting; nothing, where there is none."""

    news: News


@dataclass(frozen=True, slots=True)
class LeaveMeeting(Effect):
    """Nothing of the other leg is heard any more."""


@dataclass(frozen=True, slots=True)
class JoinMeeting(Reply):
    """Go into the conference of this meeting; it is over as soon as one leaves (`LegEnded`)."""
