"""A legal hold placed or lifted by a named person with a reason: in the records, and in the log.

The log names its number and who did it; the reason stands with the hold, for a reason may tell of
a case.
"""

from bot.flow_log import FlowLogLine, LineKind
from bot.records.holds import Hold
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork


def place_hold(runtime: Runtime, hold: Hold) -> int:
    """Hold it from now on; its number. Told in the log after it stands, so that none is missing."""
    number = runtime.records.holds.place(hold)
    _tell(runtime, hold.desk, "hold_placed", number, hold.placed_by)
    return number


def lift_hold(runtime: Runtime, number: int, by: str, reason: str) -> bool:
    """Hold it no longer; False if no such hold stands. What is past its time goes within a day."""
    if not runtime.records.holds.lift(number, by, reason, runtime.clock.now()):
        return False
    _tell(runtime, None, "hold_lifted", number, by)
    return True


def _tell(runtime: Runtime, desk: str | None, event: str, number: int, by: str) -> None:
    unit = UnitOfWork(runtime.store, desk or runtime.house.policy.default_desk)
    unit.log(
        FlowLogLine(
            at=runtime.clock.now(),
            kind=LineKind.NOTE,
            desk=unit.partition,
            event=event,
            reason=f"hold {number} by {by}",
        )
    )
    unit.commit()
