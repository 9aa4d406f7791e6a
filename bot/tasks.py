"""What a person must do: reason, priority, owner, due; who has taken it, and who has done it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.actions import TaskReason

PUBLIC_ID = 16  # hex digits


class Priority(StrEnum):
    """How soon; `[tasks]` of policy.toml says by when."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


PRIORITY: dict[TaskReason, Priority] = {
    TaskReason.DIALLING_STOPPED: Priority.URGENT,  # nobody is rung (Ofcom 2015)
    TaskReason.WANTS_PERSON: Priority.URGENT,
    TaskReason.TEXT_NEEDS_PERSON: Priority.URGENT,  # a death, danger … (DMBM511677, DMBM510490)
    TaskReason.OUR_FAULT: Priority.URGENT,
    TaskReason.ATTEMPT_UNCLEAR: Priority.URGENT,
    TaskReason.NOT_APPROVED: Priority.URGENT,
    TaskReason.COULD_NOT_BE_HELPED: Priority.URGENT,
    TaskReason.CHECKS_USED_UP: Priority.URGENT,  # somebody may be trying (DMBM510280, NMWM16420)
    TaskReason.NOT_RECONCILED: Priority.URGENT,  # what came in then is known to the carrier only
    TaskReason.OFFICER_DURESS: Priority.URGENT,
    TaskReason.LOST_PHONE: Priority.URGENT,
    TaskReason.OFFICER_LOCKED: Priority.URGENT,
    TaskReason.TEXT_FAILED: Priority.LOW,
    TaskReason.NOTE_TO_APPROVE: Priority.LOW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do. `id` is unique, so that filing it twice is filing it once.

    `number` is masked; `number_sealed` and `text_sealed` open with the department's keys.
    `owner` is the case's officer, or the desk; whoever has `taken` it is on it, and `done_by` is
    who finished it. `due_at` is None in tasks of older versions. Times are seconds since 1970, UTC.
    """

    id: str
    desk: str
    reason: TaskReason
    priority: Priority
    owner: str
    raised_at: float
    conversation: str
    case: str | None = None
    number: str = ""
    number_sealed: str | None = None
    text_sealed: str | None = None
    wish: str | None = None
    done_at: float | None = None
    due_at: float | None = None
    taken_by: str | None = None
    taken_at: float | None = None
    done_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        # Not `asdict`: it copies deeply, which takes ten times as long.
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def public_id(self) -> str:
        """What names it outside, where its id would name a call or text; terminals take both."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:PUBLIC_ID]

    def overdue(self, now: float) -> bool:
        """Whether it should have been done by now, and is not."""
        return self.done_at is None and self.due_at is not None and self.due_at <= now


def priority_of(reason: TaskReason) -> Priority:
    """How soon a task with this reason is to be done."""
    return PRIORITY.get(reason, Priority.NORMAL)
