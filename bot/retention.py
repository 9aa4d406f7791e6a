"""How long records are kept, and the clearing away of those whose time is over.

Once a day, by whichever worker comes first, for all desks and all kinds. What is held does not go.
What is about to go is chosen and noted in one commit, and removed afterwards: a worker that dies
between the two is finished by the next, and the flow log tells each record once. Last goes what is
left of people who were erased (`bot.erasing`).
"""

from bot.erasing import Erasing
from bot.flow_log import FlowLogLine, LineKind
from bot.records.expiring import KINDS
from bot.retention_days import goes_before, midnight_after
from bot.runtime import Runtime
from bot.store import Json
from bot.unit_of_work import UnitOfWork

RECORD = "clearing_of_disclosures"  # of all kinds by now; an older worker may be under way
MOST = 200  # records at a time: no query of ours holds up a call


class Retention:
    """Clears away what is past its time. Any number of copies may run."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._expiring = runtime.records.expiring
        self._holds = runtime.records.holds

    def take_one(self, desk: str, *, now_due: bool = False) -> str | None:
        """Do the next step of a clearing, if there is one to do; which.

        `desk` is where it is remembered and noted; `now_due` that a person does not wait for the
        next day. Raises `StoreDown`, `Conflict` if another worker took the step.
        """
        now = self._runtime.clock.now()
        unit = UnitOfWork(self._runtime.store, desk, (RECORD,))
        plan = unit.get(RECORD) or {"due": 0.0, "ids": []}
        if plan["ids"]:
            return self._remove(unit, plan)
        if plan["due"] > now and not now_due:
            return None
        return self._choose(unit, now)

    def _choose(self, unit: UnitOfWork, now: float) -> str:
        """Write down what is to go, and tell of it; or that nothing goes until tomorrow."""
        holds, rule = self._holds.standing(), self._runtime.house.policy.retention
        for kind in KINDS:
            before = goes_before(rule, kind, now)
            ids = self._expiring.ids(kind, before, holds, MOST)
            if ids:
                unit.put(RECORD, {"due": now, "before": before, "ids": ids, "kind": kind})
                unit.log(_line(unit.partition, now, kind, len(ids)))
                unit.commit()
                return "chosen"
        Erasing.of(self._runtime).look_again(unit.partition, now)
        unit.put(RECORD, {"due": midnight_after(now), "ids": []})
        unit.commit()
        return "nothing more"

    def _remove(self, unit: UnitOfWork, plan: Json) -> str:
        """Have the records go that were written down: the second time there is nothing to do."""
        kind = plan.get("kind", "disclosures")
        holds = self._holds.standing()  # one placed since then counts
        self._expiring.expire(kind, plan["ids"], plan["before"], holds)
        unit.put(RECORD, {"due": plan["due"], "ids": []})
        unit.commit()
        return "removed"


def _line(desk: str, now: float, kind: str, count: int) -> FlowLogLine:
    return FlowLogLine(
        at=now,
        kind=LineKind.NOTE,
        desk=desk,
        conversation="",
        event=f"{kind}_cleared",
        reason=f"{count} past their time",
    )
