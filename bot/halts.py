"""What stops the ringing besides the dial rules: a wish to be left alone, a fault of our own.

Records of a desk, read with the decision that they may stop and checked in its commit.
"""

from bot.unit_of_work import UnitOfWork

SUSPENDED = "dialling_suspended"
LEFT_ALONE_SECONDS = 365 * 86400.0


def suspend(unit: UnitOfWork, until: float) -> None:
    """After a fault in a call that we placed nobody is rung for a while (Ofcom 2015)."""
    unit.put(SUSPENDED, {"until": until})


def suspended_until(unit: UnitOfWork) -> float:
    """Until when nobody is rung; 0 when nothing is suspended."""
    return float((unit.get(SUSPENDED) or {}).get("until", 0.0))


def leave_alone(
    unit: UnitOfWork, number_hash: str, now: float, *, number_sealed: str | None = None
) -> None:
    """Somebody asked for it: a text from there is a task from now on, until a person lifts it.

    The number is kept sealed beside it: on no case, it would be lost when keys are rotated.
    """
    if number_hash:
        mark = {"since": now, "number_sealed": number_sealed}
        unit.put(_key(number_hash), mark, keep=LEFT_ALONE_SECONDS)


def is_left_alone(unit: UnitOfWork, number_hash: str) -> bool:
    """Whether this number asked to be left alone."""
    return unit.get(_key(number_hash)) is not None


def lift(unit: UnitOfWork, number_hash: str) -> bool:
    """A person decided that they may be rung again; whether anything stood against it."""
    if not is_left_alone(unit, number_hash):
        return False
    unit.put(_key(number_hash), None)
    return True


def _key(number_hash: str) -> str:
    return f"left_alone:{number_hash}"
