"""What a flow may ask for when an officer is on the line: the check, the case, what they report."""

from dataclasses import dataclass
from enum import StrEnum

from bot.actions.base import Effect, LookUp
from bot.secret import Secret


class Outcome(StrEnum):
    """What came of a visit or a call that an officer made by themselves."""

    SPOKEN_TO = "spoken_to"
    NOBODY_THERE = "nobody_there"
    LEFT_LETTER = "left_letter"
    PROMISED_TO_RING = "promised_to_ring"


@dataclass(frozen=True, slots=True)
class TakeStaffNumber(LookUp):
    """Keep the staff number that was keyed, whoever's it is, until the check."""

    number: Secret


@dataclass(frozen=True, slots=True)
class TakePin(LookUp):
    """Keep the PIN that was keyed, right or wrong, until the check."""

    pin: Secret


@dataclass(frozen=True, slots=True)
class CheckOfficer(LookUp):
    """Judge staff number, PIN and this one-time code together: nobody learns which was wrong."""

    code: Secret


@dataclass(frozen=True, slots=True)
class OpenCase(LookUp):
    """May this officer work on the case with this handle? `private`: nobody overhears it."""

    handle: Secret
    private: bool


@dataclass(frozen=True, slots=True)
class SeeCaseload(LookUp):
    """Today's visits of this officer, callbacks that are open on their cases, calls missed."""


@dataclass(frozen=True, slots=True)
class SeePowers(LookUp):
    """What may this officer do about the case that is open (DMBM510150)?"""


@dataclass(frozen=True, slots=True)
class SeeHandset(LookUp):
    """Is the telephone in use one of this officer's own?"""


@dataclass(frozen=True, slots=True)
class FindTexter(LookUp):
    """Whose number is this, from which a customer texted the officer?"""

    number: Secret


@dataclass(frozen=True, slots=True)
class RingOfficerBack(Effect):
    """Owe this officer a call on the telephone in use, once they had time to park."""


@dataclass(frozen=True, slots=True)
class SettleRingBack(Effect):
    """They are on the line: the call back to this telephone of theirs is owed no more."""


@dataclass(frozen=True, slots=True)
class RingTexter(Effect):
    """Owe the customer who texted the officer a call; the officer's telephone stays silent."""


@dataclass(frozen=True, slots=True)
class RaiseTexterTask(Effect):
    """A person must find out who texted the officer: nobody is rung blindly."""


@dataclass(frozen=True, slots=True)
class CloseCase(Effect):
    """What they had opened is open no longer."""


@dataclass(frozen=True, slots=True)
class NoteOutcome(Effect):
    """What came of it, for the case that is open: a draft for the record, to be approved."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class NotePersonalCall(Effect):
    """The officer used the telephone for themselves, which is to be noted (DMBM511130)."""


@dataclass(frozen=True, slots=True)
class ReportLostPhone(Effect):
    """Every session, PIN, code and handset of this officer dies at once."""
