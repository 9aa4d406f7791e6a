"""What holds of every number, whatever happened there and whenever it is asked."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Disposition
from bot.dial_rules import RULES, Past, Question, findings, may_ring
from bot.hours import NATIONS, is_bank_holiday
from bot.written_hours import read_week
from tests.dial_questions import ALICE, HOUR, LONDON, POLICY, london

EDGES = [
    london(2027, 3, 28),  # summer time begins
    london(2027, 10, 31),  # and ends
    london(2027, 12, 25),
    london(2028, 1, 1),
    london(2027, 3, 26),  # Good Friday
    london(2027, 7, 12),
    london(2027, 11, 30),
]
instants = st.one_of(
    st.floats(london(2026, 1, 1), london(2030, 1, 1)),
    st.builds(lambda edge, hours: edge + hours * HOUR, st.sampled_from(EDGES), st.floats(-96, 96)),
)


EVENINGS = read_week("mon-fri 17:00-21:30", "Europe/London")
MORNINGS = read_week("mon-sat 07:00-09:30; sun 10:00-12:00", "Europe/London")
NO_CURE = {"case_cap", "hard_cap", "asked_time_over"}


@st.composite
def questions(draw: st.DrawFn) -> tuple[Question, float]:
    now = draw(instants)
    past = st.builds(
        lambda hours, disposition: Past(now - hours * HOUR, disposition),
        st.floats(0, 100),
        st.sampled_from([None, "older", *Disposition]),
    )
    question = replace(
        ALICE,
        nation=draw(st.sampled_from([*NATIONS, "elsewhere"])),
        history=tuple(draw(st.lists(past, max_size=4))),
        case_attempts=draw(st.integers(0, 2)),
        express_request=draw(st.booleans()),
        preferred=draw(st.sampled_from([None, EVENINGS, MORNINGS])),
        asked_from=draw(st.none() | st.builds(lambda h: now + h * HOUR, st.floats(-50, 150))),
    )
    if question.asked_from is not None:
        lasts = draw(st.none() | st.floats(0.5, 200))
        until = None if lasts is None else question.asked_from + lasts * HOUR
        question = replace(question, asked_until=until)
    return question, now


def within_hours(question: Question, at: float) -> bool:
    """The rule of the sheet, said anew: Monday to Saturday, eight to eight, no bank holiday."""
    local = datetime.fromtimestamp(at, LONDON)
    open_day = local.weekday() < 6 and not is_bank_holiday(local.date(), question.nation)
    return open_day and time(8) <= local.time() < time(20)


@settings(max_examples=80, deadline=None)
@given(questions())
def test_allowed_means_within_the_hours_there(asked):
    question, now = asked

    if may_ring(question, POLICY, now).allowed:
        assert within_hours(question, now)


@settings(max_examples=80, deadline=None)
@given(questions())
def test_again_is_later_within_hours_and_then_allowed(asked):
    question, now = asked
    verdict = may_ring(question, POLICY, now)

    if verdict.again_at is None:
        missed = question.asked_until is not None and not verdict.allowed
        assert verdict.allowed or verdict.rule in NO_CURE or missed
    else:
        assert not verdict.allowed
        assert verdict.again_at > now
        assert within_hours(question, verdict.again_at)
        assert may_ring(question, POLICY, verdict.again_at).allowed


@settings(max_examples=80, deadline=None)
@given(questions(), st.floats(0, 0.99))
def test_again_is_the_first_time(asked, share):
    question, now = asked
    again_at = may_ring(question, POLICY, now).again_at

    if again_at is not None:
        for before in (now + share * (again_at - now), max(now, again_at - 60), again_at - 1e-3):
            assert before <= now or not may_ring(question, POLICY, before).allowed


@settings(max_examples=80, deadline=None)
@given(questions(), st.floats(0, 0.99))
def test_a_refusal_stands_and_names_the_same_time_until_then(asked, share):
    question, now = asked
    first = may_ring(question, POLICY, now)

    assert may_ring(question, POLICY, now) == first
    if first.again_at is not None:
        later = may_ring(question, POLICY, now + share * (first.again_at - now))
        assert (later.allowed, later.again_at) == (False, first.again_at)


@settings(max_examples=80, deadline=None)
@given(questions())
def test_the_verdict_is_the_first_finding_that_objects(asked):
    question, now = asked
    found = list(findings(question, POLICY, now))
    objecting = [one for one in found if one.refusal]

    assert [one.rule for one in found] == list(RULES)
    assert all(one.source for one in found)
    assert may_ring(question, POLICY, now).rule == (objecting[0].rule if objecting else "")


@settings(max_examples=80, deadline=None)
@given(questions())
def test_nobody_is_rung_a_day_after_a_machine_without_asking(asked):
    question, now = asked
    machines = [p.at for p in question.history if p.disposition is Disposition.LEFT_MESSAGE]

    if machines and not question.express_request and may_ring(question, POLICY, now).allowed:
        assert now - max(machines) >= timedelta(hours=24).total_seconds()


@settings(max_examples=80, deadline=None)
@given(questions())
def test_another_time_of_day_is_a_later_one_of_the_same_day(asked):
    question, now = asked
    for at in (now, may_ring(question, POLICY, now).again_at or now):
        found = next(f for f in findings(question, POLICY, at) if f.rule == "same_time_of_day")
        if found.refusal:
            again_at = found.refusal.again_at
            assert again_at > at
            assert datetime.fromtimestamp(again_at, LONDON).date() == (
                datetime.fromtimestamp(at, LONDON).date()
            )
            assert within_hours(question, again_at)
