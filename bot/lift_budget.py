"""A person lifts the budget of a case: an honest customer is never locked out for good."""

from bot import budget
from bot.flow_log import FlowLogLine, LineKind
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork


def lift_budget(runtime: Runtime, handle: str) -> int:
    """Forget the failed tries at this case, and from its numbers; how many there were.

    Mallory can spend Alice's budget by failing with her reference (design section 5); whoever
    lifts it has satisfied themselves, by other means, that it is Alice who asks.
    """
    case = runtime.directory.by_handle(handle)
    if case is None:
        return 0
    keys = [budget.key_of_case(runtime.keyring, handle)]
    e164 = runtime.directory.number_of(handle)
    if e164 is not None:
        keys.append(budget.key_of_number(runtime.keyring.number_hash(e164)))
    unit = UnitOfWork(runtime.store, case.desk, keys)
    tries = sum(len((unit.get(key) or {}).get("tries", [])) for key in keys)
    if not tries:
        return 0
    for key in keys:
        unit.put(key, None)
    unit.log(
        FlowLogLine(
            at=runtime.clock.now(),
            kind=LineKind.NOTE,
            desk=case.desk,
            conversation="",
            event="budget_lifted",
            case=handle,
        )
    )
    unit.commit()
    return tries
