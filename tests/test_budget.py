"""The budget of failed verifications: per case and per number, across calls, and not to be felt."""

import pytest

from bot import budget
from bot.actions import TaskReason
from bot.flow_log import FlowLogLine
from bot.lift import CannotLift, lift, lift_number
from bot.log_view import as_text
from bot.question_set import QuestionSet
from bot.tasks import Priority
from tests.house_in_memory import HOUR, HouseInMemory, LiveCall
from tests.people import ALICE, BOB, DAVE, FRANK, MALLORY, WITHHELD, Person

DAY = 24 * HOUR


def fail(house: HouseInMemory, caller: Person, reference: str = ALICE.reference) -> LiveCall:
    """A call that gets every answer wrong."""
    call = house.rings(caller)
    call.press(reference)
    call.answer_all(MALLORY)
    call.hang_up()
    return call


def passes(house: HouseInMemory, caller: Person, case: Person = ALICE) -> bool:
    """Whether right answers, from this telephone, lead to the case."""
    call = house.rings(caller)
    call.verify(case)
    heard = call.heard()
    call.hang_up()
    return heard.asked == "case.menu"


def test_three_failures_spend_the_budget_of_a_case(house: HouseInMemory) -> None:
    for caller in (MALLORY, DAVE, FRANK):
        assert passes(house, ALICE)
        fail(house, caller)

    assert not passes(house, ALICE)


def test_three_failures_spend_the_budget_of_a_number(house: HouseInMemory) -> None:
    for case in (ALICE, FRANK, DAVE):
        fail(house, MALLORY, case.reference)

    assert not passes(house, MALLORY, BOB)
    assert passes(house, BOB, BOB), "Bob, on his own telephone, is not locked out by it"


def test_two_failures_do_not(house: HouseInMemory) -> None:
    fail(house, ALICE)
    fail(house, ALICE)

    assert passes(house, ALICE)


def test_a_pass_gives_its_try_back(house: HouseInMemory) -> None:
    for _ in range(5):
        assert passes(house, ALICE)


def test_a_hang_up_before_the_last_answer_gives_its_try_back(house: HouseInMemory) -> None:
    for _ in range(5):
        call = house.rings(ALICE)
        call.press(ALICE.reference)
        for _ in range(5):
            call.answer(ALICE, rightly=False)
        call.hang_up()

    assert passes(house, ALICE)


def test_a_hang_up_after_the_last_answer_does_not(house: HouseInMemory) -> None:
    for _ in range(3):
        fail(house, ALICE)

    assert not passes(house, ALICE)


def test_calls_at_the_same_time_share_the_budget(house: HouseInMemory) -> None:
    calls = [house.rings(MALLORY) for _ in range(4)]
    for call in calls:
        call.press(ALICE.reference)

    for call in calls:
        call.answer_all(ALICE)

    passed = [call.heard().asked == "best_number.in_use" for call in calls]
    assert passed == [True, True, True, False]


def test_the_window_moves(house: HouseInMemory) -> None:
    for _ in range(3):
        fail(house, MALLORY)
        house.later(HOUR)
    assert not passes(house, ALICE)

    house.later(DAY - 3 * HOUR)  # the first of them is a day old now

    assert passes(house, ALICE)
    fail(house, MALLORY)
    assert not passes(house, ALICE)


def test_failures_while_it_is_spent_do_not_keep_it_spent(house: HouseInMemory) -> None:
    for _ in range(3):
        fail(house, DAVE)
    house.later(DAY / 2)
    fail(house, MALLORY)

    house.later(DAY / 2 + 1)

    assert passes(house, ALICE), "an honest customer cannot be locked out for good"


def test_an_unknown_reference_has_a_budget_like_any_other(house: HouseInMemory) -> None:
    for _ in range(3):
        fail(house, MALLORY, DAVE.reference)

    spent = {key for key in house.store._partitions["main"].records if key.startswith("budget:")}
    assert len(spent) == 2
    assert not passes(house, MALLORY)


def test_no_budget_is_named_after_a_case_or_a_number(house: HouseInMemory) -> None:
    fail(house, ALICE)

    names = " ".join(house.store._partitions["main"].records)

    assert ALICE.reference not in names and ALICE.phone not in names


# The record


RULE = QuestionSet.load().budget.model_copy(update={"failed": 1, "hours": 1, "open_minutes": 15})


def test_the_same_call_reserves_one_try() -> None:
    once, _ = budget.reserve([None], "CA1", 0.0, RULE)

    assert budget.reserve(once, "CA1", 1.0, RULE) == (once, False)


@pytest.mark.parametrize(("at", "spent"), [(3599.9, True), (3600.0, False)])
def test_a_failed_try_counts_until_the_window_has_passed(at: float, spent: bool) -> None:
    (record,), _ = budget.reserve([None], "CA1", 0.0, RULE)

    assert budget.reserve([budget.failed(record, "CA1")], "CA2", at, RULE)[1] is spent


@pytest.mark.parametrize(("at", "spent"), [(899.9, True), (900.0, False)])
def test_a_call_that_hangs_open_counts_for_a_while(at: float, spent: bool) -> None:
    records, _ = budget.reserve([None], "CA1", 0.0, RULE)

    assert budget.reserve(records, "CA2", at, RULE)[1] is spent


def test_where_one_record_is_spent_the_other_stays_as_it_was() -> None:
    spent, _ = budget.reserve([None], "CA1", 0.0, RULE)

    assert budget.reserve([*spent, None], "CA2", 1.0, RULE) == ([*spent, {"tries": []}], True)


def test_giving_back_what_was_never_reserved_changes_nothing() -> None:
    (record,), _ = budget.reserve([None], "CA1", 0.0, RULE)

    assert budget.give_back(record, "CA2") == record
    assert budget.give_back(None, "CA2")["tries"] == []


# Nobody locks another out


def test_a_number_without_tries_takes_none_from_any_case(house: HouseInMemory) -> None:
    for _ in range(3):
        fail(house, MALLORY, DAVE.reference)
    for _ in range(3):
        fail(house, MALLORY, ALICE.reference)

    assert passes(house, ALICE)


def test_a_locked_out_customer_does_not_spend_her_own_number(house: HouseInMemory) -> None:
    for caller in (MALLORY, DAVE, FRANK):
        fail(house, caller)
    house.later(23 * HOUR)
    for _ in range(3):
        assert not passes(house, ALICE)

    house.later(2 * HOUR)

    assert passes(house, ALICE)


def test_calls_that_are_merely_held_lock_nobody_out_for_long(house: HouseInMemory) -> None:
    held = [house.rings(MALLORY) for _ in range(3)]
    for call in held:
        call.press(ALICE.reference)
    assert not passes(house, ALICE)

    house.later(15 * 60)

    assert passes(house, ALICE)


def test_calls_that_were_held_win_no_try_by_it(house: HouseInMemory) -> None:
    held = [house.rings(WITHHELD) for _ in range(3)]
    for call in held:
        call.press(ALICE.reference)
    house.later(15 * 60)
    for caller in (MALLORY, DAVE, FRANK):
        fail(house, caller)

    for call in held:
        call.answer_all(ALICE)

    assert {call.heard().prompts for call in held} == {("checks.not_verified",)}


def test_a_person_lifts_what_mallory_spent(house: HouseInMemory) -> None:
    for _ in range(3):
        fail(house, MALLORY)
    assert not passes(house, ALICE)

    found = lift(house.runtime, ALICE.reference, "s1001")

    assert found == ["3 failed verifications at the case"]
    assert passes(house, ALICE)
    (line,) = [line for line in house.log() if line.get("event") == "lifted"]
    assert line["detail"] == "by s1001"
    assert lift(house.runtime, ALICE.reference, "s1001") == []


@pytest.mark.parametrize(("case", "officer"), [("999999999", "s1001"), ("100000017", "nobody")])
def test_who_and_what_there_is_not_lifts_nothing(
    house: HouseInMemory, case: str, officer: str
) -> None:
    with pytest.raises(CannotLift):
        lift(house.runtime, case, officer)


def test_a_strangers_failures_at_the_case_are_lifted_with_it_and_his_number_keeps_its_own(
    house: HouseInMemory,
) -> None:
    for _ in range(3):
        fail(house, MALLORY)

    lift(house.runtime, ALICE.reference, "s1001")

    assert passes(house, ALICE)
    assert not passes(house, MALLORY, ALICE), "his number has no try left"


def test_a_number_that_is_on_no_case_is_lifted_by_itself(house: HouseInMemory) -> None:
    for case in (ALICE, FRANK, DAVE):
        fail(house, MALLORY, case.reference)
    assert not passes(house, MALLORY, BOB)

    found = lift_number(house.runtime, "07700 900666", "s1001")

    assert found == ["3 failed verifications from this number"]
    assert passes(house, MALLORY, BOB)
    (line,) = [line for line in house.log() if line.get("event") == "lifted"]
    assert (line["detail"], line["number"]) == ("by s1001", "+44…66")
    zone = house.runtime.house.policy.calling_hours.week.zone
    assert as_text(FlowLogLine.from_fields(line), zone).plain.endswith("by s1001 about +44…66")
    assert "07700900666" not in str(line)
    assert lift_number(house.runtime, MALLORY.phone, "s1001") == []


def test_whose_number_is_lifted_may_be_rung_again(house: HouseInMemory) -> None:
    """The wish was written down for her case too."""
    house.text(ALICE, "STOP")

    assert lift_number(house.runtime, ALICE.phone, "s1001") == ["a wish to be left alone"]

    house.text(ALICE, "ring me after all")
    assert house.dial() == "placed"


@pytest.mark.parametrize(("number", "officer"), [("sixpence", "s1001"), (ALICE.phone, "nobody")])
def test_no_number_and_no_officer_lift_nothing(
    house: HouseInMemory, number: str, officer: str
) -> None:
    with pytest.raises(CannotLift):
        lift_number(house.runtime, number, officer)


# Who is told


def test_the_failure_that_leaves_no_try_is_for_a_person_at_once(house: HouseInMemory) -> None:
    for caller in (MALLORY, DAVE, FRANK):
        fail(house, caller)

    assert house.tasks() == ["not_verified", "not_verified", "checks_used_up"]
    house.work()
    urgent = [task for task in house.runtime.tasks.open() if task.priority is Priority.URGENT]
    assert [(task.reason, task.owner) for task in urgent] == [(TaskReason.CHECKS_USED_UP, "s1001")]


def test_so_is_every_failure_while_none_is_left(house: HouseInMemory) -> None:
    for caller in (MALLORY, DAVE, FRANK, ALICE):
        fail(house, caller)

    assert house.tasks()[-1] == "checks_used_up"


def test_and_the_failure_that_spends_a_number(house: HouseInMemory) -> None:
    for case in (ALICE, FRANK, BOB):
        fail(house, MALLORY, case.reference)

    assert house.tasks()[-1] == "checks_used_up"


def test_a_pass_with_the_last_try_is_nobodys_business(house: HouseInMemory) -> None:
    fail(house, DAVE)
    fail(house, FRANK)

    assert passes(house, ALICE)
    assert "checks_used_up" not in house.tasks()
