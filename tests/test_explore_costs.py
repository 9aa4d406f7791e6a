"""`ringback prove` counts what a step costs: an engine that spares itself work is refused.

Each engine here is broken in one way, each a saving that looks sensible. It says the same words in
as many turns and writes the same lines; only somebody who counts could tell.
"""

import json
from typing import Any

import pytest

import bot.assembly
from bot import budget
from bot.cases import ExpectedAnswer
from bot.explore import Breach, prove
from bot.lookups import LookUps
from bot.verification import Asked, Ledger, Verification
from flows.inbound_call import InboundCall
from flows.inbound_text import InboundText
from tests.test_explore import blueprint

CALLS = {("call_received", "customers"): InboundCall}
TEXTS = {("text_received", "customers"): InboundText}


class LooksUpNoMoreThanItMust(LookUps):
    """Asks about the number only where the reference has not told."""

    def _claimed(self, lookup: Any, talk: Any) -> Any:
        handle = lookup.reference.reveal() if lookup.reference else ""
        if handle and (case := self._directory.by_handle(handle)):
            return handle, case
        return super()._claimed(lookup, talk)


class AsksNobodyForNothing(LookUps):
    """Asks for the answers of a case only where there is one."""

    def __init__(self, directory: Any, *given: Any, **named: Any) -> None:
        super().__init__(directory, *given, **named)
        self._directory = SparesQueries(directory)


class SparesQueries:
    def __init__(self, directory: Any) -> None:
        self._directory = directory
        self._known = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._directory, name)

    def by_handle(self, handle: str) -> Any:
        case = self._directory.by_handle(handle)
        self._known = case.handle if case else ""
        return case

    def answers(self, handle: str) -> list[ExpectedAnswer]:
        return self._directory.answers(handle) if handle == self._known else []


class StopsAtTheNumber(LookUps):
    """Looks for a missed call only where the number is on no case."""

    def __init__(self, directory: Any, *given: Any, **named: Any) -> None:
        super().__init__(directory, *given, **named)
        self._directory = StopsAtACase(directory)


class StopsAtACase(SparesQueries):
    def by_number(self, number_hash: str) -> Any:
        self._found = self._directory.by_number(number_hash)
        return self._found

    def missed_call(self, number_hash: str) -> Any:
        return None if self._found else self._directory.missed_call(number_hash)


class WritesNoSpentBudget(LookUps):
    """Writes a budget only where there is a try to reserve."""

    def _reserve(self, unit: Any, budgets: Any, call: str, now: float) -> bool:
        before = unit.get_all(*budgets)
        records, spent = budget.reserve(before, call, now, self._questions.budget)
        if not spent:
            self._keep_tries(unit, budgets, records)
        return spent


class ReadsOneBudgetAfterTheOther(LookUps):
    """Does not look at the number's budget where the case's is spent already."""

    def _reserve(self, unit: Any, budgets: Any, call: str, now: float) -> bool:
        for key in budgets:
            records, spent = budget.reserve([unit.get(key)], call, now, self._questions.budget)
            self._keep_tries(unit, [key], records)
            if spent:
                return True
        return False


class GivesBackOnlyWhatWasPassed(LookUps):
    """Touches the budgets after the last answer only if there is a try to give back."""

    def _finish(self, unit: Any, talk: Any, ledger: Ledger, now: float) -> Ledger:
        return super()._finish(unit, talk, ledger, now) if ledger.passed else ledger


class HashesOnlyWhereItMust(Verification):
    """Makes the hash that nothing matches only where there is no case."""

    def _expect(self, question: str, call: str, held: Any, *, real: bool) -> Asked:
        if real:
            return Asked(question, held[question].key_id, held[question].mac)
        return super()._expect(question, call, held, real=real)


class ComparesNothingForNobody(Verification):
    """Marks without a hash where nobody could be right."""

    def _is_right(self, ledger: Ledger, *given: Any) -> bool:
        return ledger.real and super()._is_right(ledger, *given)


class StopsAtTooManyMistakes(Verification):
    """Marks without a hash once it cannot be passed any more."""

    def _is_right(self, ledger: Ledger, *given: Any) -> bool:
        mistakes = sum(asked.right is False for asked in ledger.asked)
        if mistakes > len(ledger.asked) - ledger.needed:
            return False
        return super()._is_right(ledger, *given)


class WritesYesAndNo(Verification):
    """Seals marks as JSON has them: the text that is sealed is longer by what was wrong."""

    def seal(self, ledger: Ledger) -> str:
        asked = [{"right": each.right} for each in ledger.asked]
        self._keyring.seal(json.dumps(asked), bound_to="ledger")
        return super().seal(ledger)


class DrawsNothingForNobody(Verification):
    """Ranks the questions anew only where there is a case; else by the alphabet, for nothing.

    Other questions are drawn then, too, so what is sealed has another length.
    """

    def draw(self, *, case: str | None, **named: Any) -> Ledger:
        if case is None:
            self._order = lambda contact, typed: sorted(self._set.questions)
        else:
            self.__dict__.pop("_order", None)
        return super().draw(case=case, **named)


BROKEN = {
    LooksUpNoMoreThanItMust: (CALLS, "query by_number"),
    AsksNobodyForNothing: (CALLS, "query answers"),
    StopsAtTheNumber: (TEXTS, "query missed_call"),
    WritesNoSpentBudget: (CALLS, "1 written"),
    ReadsOneBudgetAfterTheOther: (CALLS, "read 1"),
    GivesBackOnlyWhatWasPassed: (CALLS, "a pass costs"),
    HashesOnlyWhereItMust: (CALLS, "HMAC"),
    ComparesNothingForNobody: (CALLS, "HMAC"),
    StopsAtTooManyMistakes: (CALLS, "HMAC"),
    WritesYesAndNo: (CALLS, "seal"),
    DrawsNothingForNobody: (CALLS, "it costs"),
}


def refused(opens: dict[tuple[str, str], Any]) -> list[Breach]:
    return list(prove(blueprint(opens=opens, flows=tuple(opens.values()))).breaches)


@pytest.mark.parametrize("engine", BROKEN, ids=lambda engine: engine.__name__)
def test_a_saving_that_could_be_felt_is_refused(
    engine: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens, what = BROKEN[engine]
    room = "LookUps" if issubclass(engine, LookUps) else "Verification"
    monkeypatch.setattr(bot.assembly, room, engine)

    found = refused(opens)

    assert [one.rule.partition(":")[0] for one in found] == ["invariant 4"]
    assert what in found[0].reason
    assert found[0].path


def test_a_ledger_kept_from_an_earlier_step_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread happens to hold would be opened for nothing, and all else at a price."""
    monkeypatch.setattr(Verification, "forget", lambda self: None)

    assert "open" in refused(CALLS)[0].reason
