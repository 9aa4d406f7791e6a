"""What the engine answers when an officer is on the line."""

from dataclasses import dataclass
from typing import ClassVar

from bot.events.base import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffNumberTaken(Event):
    """A staff number was taken down, whether or not it is anybody's."""

    trigger: ClassVar[str] = "staff_number_taken"


@dataclass(frozen=True, kw_only=True, slots=True)
class PinTaken(Event):
    """A PIN was taken down, right or wrong."""

    trigger: ClassVar[str] = "pin_taken"


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficerPassed(Event):
    """Staff number, PIN and code were an officer's."""

    trigger: ClassVar[str] = "officer_passed"


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficerFailed(Event):
    """They were not, whichever of them it was."""

    trigger: ClassVar[str] = "officer_failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsUnavailable(Event):
    """An officer is made to ring: they hear that the records do not answer, and help is told."""

    trigger: ClassVar[str] = "records_unavailable"


@dataclass(frozen=True, kw_only=True, slots=True)
class HandsetTheirs(Event):
    """The telephone in use is one of this officer's own."""

    trigger: ClassVar[str] = "handset_theirs"


@dataclass(frozen=True, kw_only=True, slots=True)
class HandsetOther(Event):
    """It is not, as far as we know; or its number is withheld."""

    trigger: ClassVar[str] = "handset_other"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseOpened(Event):
    """The case is one that this officer may work on."""

    trigger: ClassVar[str] = "case_opened"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseNotOpened(Event):
    """There is no such case, or it is not theirs: they are not told which."""

    trigger: ClassVar[str] = "case_not_opened"


@dataclass(frozen=True, kw_only=True, slots=True)
class PowersSeen(Event):
    """What they may do about the case is at hand."""

    trigger: ClassVar[str] = "powers_seen"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoPowers(Event):
    """Their role has no powers of its own about it."""

    trigger: ClassVar[str] = "no_powers"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseloadSeen(Event):
    """What this officer has to do today is at hand."""

    trigger: ClassVar[str] = "caseload_seen"
