"""By when a task is to be done, and who is told of it when: pure rules."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import escalation
from bot.alerts import Channel
from bot.desk import Desk
from bot.policy import Policy
from bot.tasks import Priority, Task
from tests.alerts.conftest import BOB_WANTS_A_PERSON

POLICY = Policy.load()
ADDRESSES = {
    "webhook": "https://tasks.example/desk",
    "email": "desk@dept.example",
    "manager_webhook": "https://tasks.example/manager",
    "manager_email": "manager@dept.example",
    "sender": "ringback@dept.example",
}
MAIN = POLICY.desk["main"]


def desk(**alerts: object) -> Desk:
    """The sample desk, open Monday to Friday from nine to five, with addresses."""
    return MAIN.model_copy(update={"alerts": MAIN.alerts.model_copy(update=ADDRESSES | alerts)})


def london(*moment: int) -> float:
    return datetime(*moment, tzinfo=ZoneInfo("Europe/London")).timestamp()


def task(priority: Priority, raised_at: float, **other: object) -> Task:
    made = replace(BOB_WANTS_A_PERSON, priority=priority, raised_at=raised_at, due_at=None)
    due = escalation.due_at(made, POLICY.tasks, MAIN)
    return replace(made, due_at=due, **other)


# By when


@pytest.mark.parametrize(
    ("priority", "raised", "due"),
    [
        (Priority.URGENT, (2027, 1, 26, 10), (2027, 1, 26, 11)),
        (Priority.URGENT, (2027, 1, 29, 16, 30), (2027, 2, 1, 9, 30)),  # over the weekend
        (Priority.URGENT, (2027, 1, 26, 3), (2027, 1, 26, 10)),  # at night
        (Priority.URGENT, (2027, 1, 26, 16), (2027, 1, 26, 17)),  # the last hour
        (Priority.URGENT, (2027, 3, 25, 16, 30), (2027, 3, 30, 9, 30)),  # over Easter
        (Priority.NORMAL, (2027, 1, 26, 10), (2027, 1, 28, 10)),
        (Priority.NORMAL, (2027, 3, 26, 23), (2027, 3, 31, 17)),  # and the clocks go forward
        (Priority.LOW, (2027, 1, 26, 10), (2027, 2, 2, 10)),
    ],
)
def test_a_task_is_due_in_the_desks_own_hours(priority, raised, due):
    assert task(priority, london(*raised)).due_at == london(*due)


INSTANTS = st.floats(london(2026, 1, 1), london(2028, 1, 1))
PRIORITIES = st.sampled_from(Priority)


@given(INSTANTS, st.floats(0, 20_000), st.floats(0, 20_000))
def test_working_time_adds_up(since, minutes, more):
    """Later by what the desk works between; never within a closed hour; never back."""
    first, both = MAIN.after_working(since, minutes), MAIN.after_working(since, minutes + more)

    assert since <= first <= both
    assert MAIN.minutes_worked(since, first) == pytest.approx(minutes, abs=1e-3)
    assert MAIN.minutes_worked(first, both) == pytest.approx(more, abs=1e-3)


def test_a_desk_that_is_closed_for_ever_still_says_when():
    week = MAIN.hours.week
    now = london(2027, 1, 26)

    assert week.after_open(now, 60.0, lambda day: True) == now
    assert week.open_seconds(now, now + 1e9, lambda day: day > date(2027, 1, 26)) == 8 * 3600.0


# When again


def test_an_urgent_task_is_told_again_by_the_clock_to_the_manager_too():
    raised = london(2027, 1, 29, 23)
    bobs = task(Priority.URGENT, raised)

    assert [escalation.step_at(bobs, desk(), step) for step in range(4)] == [
        raised + minutes * 60 for minutes in (0, 30, 60, 90)
    ]
    assert escalation.told_at(desk(), 0) == [Channel.WEBHOOK, Channel.EMAIL]
    assert escalation.told_at(desk(), 1) == list(Channel)


def test_a_normal_task_is_told_again_when_it_is_due_and_then_by_working_days():
    bobs = task(Priority.NORMAL, london(2027, 1, 27, 10))

    steps = [escalation.step_at(bobs, desk(), step) for step in range(4)]
    assert steps[1:] == [london(2027, 1, 29, 10), london(2027, 2, 1, 10), london(2027, 2, 2, 10)]


def test_a_low_task_is_told_once():
    bobs = task(Priority.LOW, london(2027, 1, 26, 10))

    assert escalation.step_at(bobs, desk(), 0) == bobs.raised_at
    assert escalation.step_at(bobs, desk(), 1) is None


def test_a_desk_says_of_which_priorities_it_is_told():
    bobs = task(Priority.LOW, london(2027, 1, 26, 10))
    quiet = desk(tell=(Priority.URGENT,))

    assert escalation.step_at(bobs, quiet, 0) is None
    assert not escalation.still_wanted(bobs, quiet, 0, bobs.raised_at)


def test_nobody_is_told_twice_at_one_address():
    same = desk(manager_email="desk@dept.example", manager_webhook="")

    assert escalation.told_at(same, 1) == [Channel.WEBHOOK, Channel.EMAIL]


def test_a_desk_without_addresses_tells_nobody():
    assert not escalation.tells_anybody(MAIN)
    assert not escalation.tells_anybody(MAIN.model_copy(update={"alerts": None}))
    assert escalation.tells_anybody(desk(webhook="", email="", manager_email=""))


@given(PRIORITIES, INSTANTS, st.floats(0, 60 * 86400), st.integers(1, 10080))
def test_the_newest_step_is_the_one_whose_time_has_come(priority, raised, age, again):
    """What is told now was due by now, and what comes next was not: nothing is told in a burst."""
    bobs = task(priority, raised)
    ours = desk(urgent_again_minutes=again, normal_again_minutes=again)
    now = raised + age
    step = escalation.step_now(bobs, ours, now)

    assert escalation.step_at(bobs, ours, step) <= now + 1e-3
    following = escalation.step_at(bobs, ours, step + 1)
    assert following is None or following > now - 1e-3
    assert escalation.still_wanted(bobs, ours, step, now)
    assert step == 0 or not escalation.still_wanted(bobs, ours, step - 1, now)


@given(PRIORITIES, INSTANTS, st.floats(0, 60 * 86400), st.integers(0, 9))
def test_nothing_is_told_of_what_is_done_and_nothing_again_of_what_is_taken(
    priority, raised, age, step
):
    bobs, now = task(priority, raised), raised + age

    assert not escalation.still_wanted(replace(bobs, done_at=now), desk(), step, now)
    if step:
        assert not escalation.still_wanted(replace(bobs, taken_at=now), desk(), step, now)


@given(PRIORITIES, INSTANTS, st.integers(0, 40))
def test_steps_never_run_backwards(priority, raised, step):
    bobs = task(priority, raised)
    this, following = (escalation.step_at(bobs, desk(), each) for each in (step, step + 1))

    assert this is None or following is None or this < following or (step, priority) == (0, "low")


def test_a_clock_that_jumps_back_asks_for_no_step_before_the_first():
    bobs = task(Priority.URGENT, london(2027, 1, 26, 10))

    assert escalation.step_now(bobs, desk(), bobs.raised_at - 86400) == 0
    assert escalation.step_now(bobs, desk(), bobs.raised_at - 86400, at_least=2) == 2
