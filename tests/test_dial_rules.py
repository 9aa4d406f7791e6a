"""May this number be rung now? Times are London's; Alice may, unless something says no."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Disposition
from bot.dial_rules import RESTRICTIONS, Past, Question, may_ring
from bot.hours import NATIONS, is_bank_holiday
from bot.phone import WITHHELD, PhoneNumber
from bot.policy import Policy

LONDON = ZoneInfo("Europe/London")
POLICY = Policy.load()
ALICE = Question(number=PhoneNumber("+447400123456"))
HOUR = 3600.0


def london(*moment: int) -> float:
    return datetime(*moment, tzinfo=LONDON).timestamp()


TUESDAY_TEN = london(2027, 1, 26, 10)


def ago(hours: float, disposition: Disposition | None, *, now: float = TUESDAY_TEN) -> Past:
    return Past(now - hours * HOUR, disposition)


def rule(question: Question, now: float = TUESDAY_TEN) -> str:
    return may_ring(question, POLICY, now).rule


def test_alice_may_be_rung_on_a_tuesday_at_ten():
    assert may_ring(ALICE, POLICY, TUESDAY_TEN).allowed


# numbers


@pytest.mark.parametrize(
    "e164",
    [
        *sorted(WITHHELD),
        "+447012345678",
        "+447640123456",
        "+447624123456",
        "+447797712345",
        "+441534456789",
        "+441481256789",
        "+448431234567",
        "+449098790123",
        "+8816123456789",
        "+12025550123",
        "+4418001077009",
    ],
)
@pytest.mark.parametrize("rehearsal", [False, True])
def test_a_number_outside_the_allow_list_is_never_rung(e164, rehearsal):
    question = Question(number=PhoneNumber(e164), rehearsal=rehearsal, express_request=True)

    verdict = may_ring(question, POLICY, TUESDAY_TEN)

    assert (verdict.allowed, verdict.rule, verdict.again_at) == (False, "number_kind", None)
    assert "Ofcom" in verdict.source


@pytest.mark.parametrize("e164", ["+447700900123", "+442079460123", "+443069990100"])
def test_drama_numbers_are_rung_in_rehearsal_only(e164):
    drama = Question(number=PhoneNumber(e164))

    assert rule(drama) == "number_kind"
    assert may_ring(replace(drama, rehearsal=True), POLICY, TUESDAY_TEN).allowed


def test_a_kind_that_the_policy_leaves_out_is_not_rung(tmp_path: Path):
    (tmp_path / "policy.toml").write_text('[numbers]\nkinds = ["geographic"]')

    assert may_ring(ALICE, Policy.load(tmp_path), TUESDAY_TEN).rule == "number_kind"


# restrictions


@pytest.mark.parametrize("name", sorted(RESTRICTIONS))
def test_a_case_that_is_held_is_never_rung_by_the_bot(name):
    held = replace(ALICE, held=frozenset({name}), express_request=True)

    verdict = may_ring(held, POLICY, TUESDAY_TEN)

    assert (verdict.allowed, verdict.rule, verdict.again_at) == (False, name, None)
    assert verdict.source == RESTRICTIONS[name]


def test_a_restriction_that_we_do_not_know_holds_too():
    assert rule(replace(ALICE, held=frozenset({"brething_space"}))) == "unknown_restriction"


def test_a_restriction_comes_before_what_time_would_cure():
    held = replace(ALICE, held=frozenset({"deceased"}), history=(ago(1, Disposition.LEFT_MESSAGE),))

    assert may_ring(held, POLICY, london(2027, 1, 31, 3)).again_at is None


# hours


@pytest.mark.parametrize(
    ("moment", "again"),
    [
        ((2027, 1, 26, 7, 59), (2027, 1, 26, 8)),
        ((2027, 1, 26, 20, 0), (2027, 1, 27, 8)),
        ((2027, 1, 30, 20, 0), (2027, 2, 1, 8)),  # Saturday night: Monday
        ((2027, 1, 31, 12, 0), (2027, 2, 1, 8)),  # Sunday
        ((2027, 3, 27, 21, 0), (2027, 3, 30, 8)),  # summer time begins, then Easter Monday
        ((2027, 10, 30, 21, 0), (2027, 11, 1, 8)),  # summer time ends
        ((2027, 12, 24, 21, 0), (2027, 12, 29, 8)),  # Christmas on a Saturday: two days observed
    ],
)
def test_outside_the_hours_it_waits_for_the_next_opening(moment, again):
    verdict = may_ring(ALICE, POLICY, london(*moment))

    assert (verdict.rule, verdict.again_at) == ("calling_hours", london(*again))


def test_the_last_minute_counts():
    assert may_ring(ALICE, POLICY, london(2027, 1, 26, 19, 59)).allowed


def test_summer_time_moves_the_instant_and_not_the_hour():
    winter = may_ring(ALICE, POLICY, london(2027, 3, 26, 3)).again_at or 0
    summer = may_ring(ALICE, POLICY, london(2027, 3, 31, 3)).again_at or 0

    assert datetime.fromtimestamp(winter, LONDON).hour == 8
    assert datetime.fromtimestamp(summer, LONDON).hour == 8
    assert (summer - winter) % 86_400 == 86_400 - HOUR


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2027, 3, 29), {"england", "wales", "northern_ireland"}),  # Easter Monday
        (date(2027, 11, 30), {"scotland"}),  # St Andrew's Day
        (date(2027, 1, 4), {"scotland"}),  # for 2 January
        (date(2027, 3, 17), {"northern_ireland"}),  # St Patrick's Day
        (date(2027, 7, 12), {"northern_ireland"}),
        (date(2027, 8, 2), {"scotland"}),
        (date(2027, 8, 30), {"england", "wales", "northern_ireland"}),
        (date(2027, 12, 28), set(NATIONS)),  # Boxing Day, observed
    ],
)
def test_bank_holidays_are_those_of_the_cases_nation(day, closed):
    noon = datetime.combine(day, time(12), LONDON).timestamp()
    refused = {
        nation for nation in NATIONS if rule(replace(ALICE, nation=nation), noon) == "calling_hours"
    }

    assert refused == closed
    assert rule(replace(ALICE, nation="cornwall"), noon) == "calling_hours"


# what happened before


@pytest.mark.parametrize("machine", [Disposition.LEFT_MESSAGE, Disposition.NO_RESPONSE])
def test_after_a_machine_a_number_is_left_alone_for_a_day(machine):
    yesterday = replace(ALICE, history=(ago(23, machine),))

    verdict = may_ring(yesterday, POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("after_machine", TUESDAY_TEN + HOUR)
    assert may_ring(replace(ALICE, history=(ago(24, machine),)), POLICY, TUESDAY_TEN).allowed


def test_after_an_abandoned_call_for_three_days():
    friday_two = london(2027, 1, 22, 14)
    abandoned = replace(ALICE, history=(Past(london(2027, 1, 20, 14), Disposition.ABANDONED),))

    verdict = may_ring(abandoned, POLICY, friday_two)

    assert (verdict.rule, verdict.again_at) == ("after_abandoned", london(2027, 1, 23, 14))


def test_never_twice_in_a_day_by_the_calendar_there():
    no_answer = replace(ALICE, history=(ago(1.5, Disposition.NO_ANSWER),))

    verdict = may_ring(no_answer, POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("once_a_day", london(2027, 1, 27, 8))
    late = replace(ALICE, history=(Past(london(2027, 1, 25, 19, 50), Disposition.NO_ANSWER),))
    assert may_ring(late, POLICY, london(2027, 1, 26, 8)).allowed


def test_an_attempt_that_is_under_way_counts():
    assert rule(replace(ALICE, history=(ago(0.1, None),))) == "once_a_day"


@pytest.mark.parametrize("nothing_rang", [Disposition.CANCELLED, Disposition.SETTLED_BY_CUSTOMER])
def test_an_attempt_that_rang_nobody_does_not_count(nothing_rang):
    question = replace(ALICE, history=(ago(0.1, nothing_rang),) * 7)

    assert may_ring(question, POLICY, TUESDAY_TEN).allowed


def test_waits_that_end_in_the_night_end_in_the_morning():
    message = Past(london(2027, 1, 30, 19, 59), Disposition.LEFT_MESSAGE)  # Saturday evening

    verdict = may_ring(replace(ALICE, history=(message,)), POLICY, london(2027, 1, 30, 19, 59, 30))

    assert (verdict.rule, verdict.again_at) == ("after_machine", london(2027, 2, 1, 8))


def test_two_attempts_at_a_case_and_then_a_person_decides():
    verdict = may_ring(replace(ALICE, case_attempts=2), POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("case_cap", None)
    assert "DMBM565080" in verdict.source


def test_no_more_than_six_whoever_asks():
    history = tuple(ago(24 * days, Disposition.NO_ANSWER) for days in range(2, 8))

    assert rule(replace(ALICE, history=history)) == "hard_cap"
    assert rule(replace(ALICE, history=history[:5])) == ""


# an express request


def test_a_customer_who_asks_to_be_rung_need_not_wait_for_tomorrow():
    message = replace(ALICE, history=(ago(1, Disposition.LEFT_MESSAGE),))

    assert rule(message) == "after_machine"
    assert may_ring(replace(message, express_request=True), POLICY, TUESDAY_TEN).allowed


def test_an_express_request_lifts_nothing_else():
    asked = replace(ALICE, express_request=True)

    assert rule(replace(asked, history=(ago(1, Disposition.ABANDONED),))) == "after_abandoned"
    assert rule(replace(asked, case_attempts=2)) == "case_cap"
    assert rule(asked, london(2027, 1, 31, 12)) == "calling_hours"


def test_the_policy_can_switch_express_requests_off(tmp_path: Path):
    (tmp_path / "policy.toml").write_text("[express_request]\nlifts_waits = false")
    asked = replace(ALICE, history=(ago(1, Disposition.LEFT_MESSAGE),), express_request=True)

    assert may_ring(asked, Policy.load(tmp_path), TUESDAY_TEN).rule == "after_machine"


# properties

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


@st.composite
def questions(draw: st.DrawFn) -> tuple[Question, float]:
    now = draw(instants)
    past = st.builds(
        lambda hours, disposition: Past(now - hours * HOUR, disposition),
        st.floats(0, 100),
        st.sampled_from([None, *Disposition]),
    )
    question = replace(
        ALICE,
        nation=draw(st.sampled_from([*NATIONS, "elsewhere"])),
        history=tuple(draw(st.lists(past, max_size=4))),
        case_attempts=draw(st.integers(0, 2)),
        express_request=draw(st.booleans()),
    )
    return question, now


def within_hours(question: Question, at: float) -> bool:
    """The rule of the sheet, said anew: Monday to Saturday, eight to eight, no bank holiday."""
    local = datetime.fromtimestamp(at, LONDON)
    open_day = local.weekday() < 6 and not is_bank_holiday(local.date(), question.nation)
    return open_day and time(8) <= local.time() < time(20)


@settings(max_examples=400, deadline=None)
@given(questions())
def test_allowed_means_within_the_hours_there(asked):
    question, now = asked

    if may_ring(question, POLICY, now).allowed:
        assert within_hours(question, now)


@settings(max_examples=400, deadline=None)
@given(questions())
def test_again_is_later_within_hours_and_then_allowed(asked):
    question, now = asked
    verdict = may_ring(question, POLICY, now)

    if verdict.again_at is None:
        assert verdict.allowed or verdict.rule in {"case_cap", "hard_cap"}
    else:
        assert not verdict.allowed
        assert verdict.again_at > now
        assert within_hours(question, verdict.again_at)
        assert may_ring(question, POLICY, verdict.again_at).allowed


@settings(max_examples=200, deadline=None)
@given(questions())
def test_nobody_is_rung_a_day_after_a_machine_without_asking(asked):
    question, now = asked
    machines = [p.at for p in question.history if p.disposition is Disposition.LEFT_MESSAGE]

    if machines and not question.express_request and may_ring(question, POLICY, now).allowed:
        assert now - max(machines) >= timedelta(hours=24).total_seconds()
