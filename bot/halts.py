"""What stops the ringing of a number besides the dial rules: a wish to be left alone, a sign.

Records of a desk, read with the decision that they may stop and checked in its commit. What stops
all ringing of a desk is in `bot.dialling_gate`.
"""

from bot.actions import TaskReason
from bot.unit_of_work import UnitOfWork

LEFT_ALONE_SECONDS = 365 * 86400.0


def leave_alone(
    unit: UnitOfWork, number_hash: str, now: float, *, number_sealed: str | None = None
) -> None:
    """Somebody asked for it: a text from there is a task from now on, until a person lifts it.

    The number is kept sealed beside it: on no case, it would be lost when keys are rotated.
    """
    held = left_alone_for(unit, number_hash) is TaskReason.TEXT_NEEDS_PERSON
    _mark(unit, number_hash, now, number_sealed, held=held)


def hold(
    unit: UnitOfWork, number_hash: str, now: float, *, number_sealed: str | None = None
) -> None:
    """A text bore a sign: every text from there is as urgent a task, until a person lifts it."""
    _mark(unit, number_hash, now, number_sealed, held=True)


def is_left_alone(unit: UnitOfWork, number_hash: str) -> bool:
    """Whether nobody rings this number until a person lifts it."""
    return unit.get(_key(number_hash)) is not None


def left_alone_for(unit: UnitOfWork, number_hash: str) -> TaskReason | None:
    """Why a text from this number is a task; None where it is owed a call."""
    mark = unit.get(_key(number_hash))
    if mark is None:
        return None
    held = mark.get("held", False)
    return TaskReason.TEXT_NEEDS_PERSON if held else TaskReason.WANTS_NO_CONTACT


def lift(unit: UnitOfWork, number_hash: str) -> bool:
    """A person decided that they may be rung again; whether anything stood against it."""
    if not is_left_alone(unit, number_hash):
        return False
    unit.put(_key(number_hash), None)
    return True


def _mark(
    unit: UnitOfWork, number_hash: str, now: float, number_sealed: str | None, *, held: bool
) -> None:
    if number_hash:
        mark = {"since": now, "number_sealed": number_sealed} | ({"held": True} if held else {})
        unit.put(_key(number_hash), mark, keep=LEFT_ALONE_SECONDS)


def _key(number_hash: str) -> str:
    return f"left_alone:{number_hash}"
