"""A person lifts what stands against ringing or verifying a customer, and the log says who.

Mallory can spend Alice's budget by failing with her reference (design section 5), and somebody who
asked to be left alone may ask to be rung after all. Whoever lifts it has satisfied themselves, by
other means, that it is the customer who asks.
"""

from bot import budget, halts
from bot.errors import BadNumber, RingbackError
from bot.flow_log import FlowLogLine, LineKind
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork


class CannotLift(RingbackError):
    """This case cannot be lifted; the text says why."""


def lift(runtime: Runtime, handle: str, officer: str) -> list[str]:
    """What stood against this case and its numbers, in words; all of it is gone now.

    Failures at the case are gone whoever's telephone they came from; a stranger's number keeps
    its own until `lift_number`. Raises `CannotLift` for a case or an officer that there is not.
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
    if any([halts.lift(unit, number, handle) for number in (*numbers, "")]):
        found.append("a wish to be left alone")
    if found:
        _write(runtime, unit, officer, case=handle)
    return found


def lift_number(runtime: Runtime, text: str, officer: str) -> list[str]:
    """What stood against this number, on a case or on none, at the desks of this officer.

    Raises `CannotLift` for an officer that there is not, and for what is no telephone number.
    """
    desks = [id for id, desk in runtime.house.policy.desk.items() if officer in desk.officers]
    if not desks:
        raise CannotLift(f"{officer} is no officer of any desk; see policy.toml")
    try:
        number = PhoneNumber.parse(text)
    except BadNumber:
        raise CannotLift("that is no telephone number") from None
    number_hash = runtime.keyring.number_hash(number.e164)
    found: list[str] = []
    for desk in desks:
        unit = UnitOfWork(runtime.store, desk)
        here = [_tries(unit, budget.key_of_number(number_hash), "from this number")]
        cases = (case.handle for case in runtime.directory.by_number(number_hash))
        wishes = [halts.lift(unit, number_hash, case) for case in (None, *cases)]
        here += ["a wish to be left alone"] if any(wishes) else []
        if any(here):
            _write(runtime, unit, officer, number=str(number), number_hash=number_hash)
        found += filter(None, here)
    return found


def _tries(unit: UnitOfWork, key: str, where: str) -> str:
    tries = len((unit.get(key) or {}).get("tries", []))
    if tries:
        unit.put(key, None)
    return f"{tries} failed verifications {where}" if tries else ""


def _write(
    runtime: Runtime,
    unit: UnitOfWork,
    officer: str,
    *,
    case: str = "",
    number: str = "",
    number_hash: str = "",
) -> None:
    unit.log(
        FlowLogLine(
            at=runtime.clock.now(),
            kind=LineKind.NOTE,
            desk=unit.partition,
            conversation="",
            event="lifted",
            case=case,
            number=number,
            number_hash=number_hash,
            detail=f"by {officer}",
        )
    )
    unit.commit()
