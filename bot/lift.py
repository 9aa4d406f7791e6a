"""A person lifts what stands against ringing or verifying a customer, and the log says who.

Mallory can spend Alice's budget by failing with her reference (design section 5), and somebody who
asked to be left alone may ask to be rung after all. Whoever lifts it has satisfied themselves, by
other means, that it is the customer who asks.
"""

from bot import budget, halts
from bot.errors import RingbackError
from bot.flow_log import FlowLogLine, LineKind
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork


class CannotLift(RingbackError):
    """This case cannot be lifted; the text says why."""


def lift(runtime: Runtime, handle: str, officer: str) -> list[str]:
    """What stood against this case and its numbers, in words; all of it is gone now.

    Raises `CannotLift` for a case or an officer that there is not.
    """
    case = runtime.directory.by_handle(handle)
    if case is None:
        raise CannotLift(f"no case has the handle {handle}; see the letter, or the import")
    if officer not in runtime.house.policy.desk[case.desk].officers:
        raise CannotLift(f"{officer} is no officer of the desk {case.desk}; see policy.toml")
    numbers = runtime.directory.number_hashes(handle)
    of_case = budget.key_of_case(runtime.keyring, handle)
    of_numbers = [budget.key_of_number(number) for number in numbers]
    unit = UnitOfWork(runtime.store, case.desk, (of_case, *of_numbers))
    found = [words for words in (_tries(unit, of_case, "at the case"),) if words]
    found += [words for key in of_numbers if (words := _tries(unit, key, "from its number"))]
    if any([halts.lift(unit, number) for number in numbers]):
        found.append("a wish to be left alone")
    if found:
        _write(runtime, unit, case.desk, handle, officer)
    return found


def _tries(unit: UnitOfWork, key: str, where: str) -> str:
    tries = len((unit.get(key) or {}).get("tries", []))
    if tries:
        unit.put(key, None)
    return f"{tries} failed verifications {where}" if tries else ""


def _write(runtime: Runtime, unit: UnitOfWork, desk: str, handle: str, officer: str) -> None:
    unit.log(
        FlowLogLine(
            at=runtime.clock.now(),
            kind=LineKind.NOTE,
            desk=desk,
            conversation="",
            event="lifted",
            case=handle,
            detail=f"by {officer}",
        )
    )
    unit.commit()
