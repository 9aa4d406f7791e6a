"""What stops the ringing of a number besides the dial rules: a wish, a sign, a call of theirs.

Records of a desk, read with the decision that they may stop and checked in its commit. A wish and a
sign are about a person: they are written down for the number and for the case it was found to be
about. What stops all ringing of a desk is in `bot.dialling_gate`.
"""

from collections.abc import Mapping

from bot.actions import TaskReason
from bot.callbacks import CLOCKS_DIFFER_SECONDS
from bot.unit_of_work import UnitOfWork

LEFT_ALONE_SECONDS = 365 * 86400.0
LONGEST_ON_THE_LINE = 3600.0  # nobody may have told us that their call is over

Tokens = Mapping[str, str]


def leave_alone(unit: UnitOfWork, whose: Tokens, now: float) -> None:
    """Somebody asked for it: a text from them is a task from now on, until a person lifts it.

    `whose` are the tokens of their conversation. The number is kept sealed beside it: on no case,
    it would be lost when keys are rotated.
    """
    held = left_alone_for(unit, whose) is TaskReason.TEXT_NEEDS_PERSON
    _mark(unit, whose, now, held=held)


def hold(unit: UnitOfWork, whose: Tokens, now: float) -> None:
    """A text bore a sign: every text from them is as urgent a task, until a person lifts it."""
    _mark(unit, whose, now, held=True)


def is_left_alone(unit: UnitOfWork, number_hash: str, case: str | None) -> bool:
    """Whether nobody rings this number, or about this case, until a person lifts it."""
    return any(unit.get_all(*_keys(number_hash, case)))


def left_alone_for(unit: UnitOfWork, whose: Tokens) -> TaskReason | None:
    """Why a text from them is a task; None where it is owed a call."""
    marks = unit.get_all(*_keys(whose.get("number_hash", ""), whose.get("case")))
    found = [mark for mark in marks if mark is not None]
    if not found:
        return None
    held = any(mark.get("held", False) for mark in found)
    return TaskReason.TEXT_NEEDS_PERSON if held else TaskReason.WANTS_NO_CONTACT


def lift(unit: UnitOfWork, number_hash: str, case: str | None = None) -> bool:
    """A person decided that they may be rung again; whether anything stood against it."""
    keys = _keys(number_hash, case)
    found = any(unit.get_all(*keys))
    for key in keys if found else ():
        unit.put(key, None)
    return found


def on_the_line(unit: UnitOfWork, number_hash: str, call: str, now: float) -> None:
    """They ring us: nobody rings this number until that call is over."""
    if number_hash:
        unit.put(_line(number_hash), {"call": call, "since": now}, keep=2 * LONGEST_ON_THE_LINE)


def off_the_line(unit: UnitOfWork, number_hash: str, call: str) -> None:
    """That call is over."""
    if number_hash and (unit.get(_line(number_hash)) or {}).get("call") == call:
        unit.put(_line(number_hash), None)


def is_on_the_line(unit: UnitOfWork, number_hash: str, now: float) -> bool:
    """Whether they are speaking to us at this moment, as far as we were told."""
    mark = unit.get(_line(number_hash))
    for_seconds = now - mark["since"] if mark else LONGEST_ON_THE_LINE
    return -CLOCKS_DIFFER_SECONDS < for_seconds < LONGEST_ON_THE_LINE


def _mark(unit: UnitOfWork, whose: Tokens, now: float, *, held: bool) -> None:
    mark = {"since": now, "number_sealed": whose.get("number_sealed")}
    for key in _keys(whose.get("number_hash", ""), whose.get("case")):
        unit.put(key, mark | ({"held": True} if held else {}), keep=LEFT_ALONE_SECONDS)


def _keys(number_hash: str, case: str | None) -> list[str]:
    of_number = [f"left_alone:{number_hash}"] if number_hash else []
    return [*of_number, f"left_alone:case:{case}"] if case else of_number


def _line(number_hash: str) -> str:
    return f"on_the_line:{number_hash}"
