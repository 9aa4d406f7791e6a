"""May this number be rung now? Times are London's; Alice may, unless something says no."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from bot.actions import Disposition
from bot.dial_rules import RESTRICTIONS, Past, findings, may_ring
from bot.hours import NATIONS
from bot.policy import Policy
from bot.written_hours import read_week
from tests.dial_questions import ALICE, HOUR, LONDON, POLICY, TUESDAY_TEN, ago, london, rule

ANY_TIME_OF_DAY = POLICY.model_copy(
    update={"attempts": POLICY.attempts.model_copy(update={"hours_of_day_apart": 0})}
)


def test_alice_may_be_rung_on_a_tuesday_at_ten():
    assert may_ring(ALICE, POLICY, TUESDAY_TEN).allowed


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

    assert (verdict.rule, verdict.again_at) == ("after_machine", TUESDAY_TEN + 3 * HOUR)
    a_day_later = london(2027, 1, 26, 11)  # and then it waits for another time of day
    assert may_ring(yesterday, ANY_TIME_OF_DAY, a_day_later).allowed
    assert may_ring(yesterday, ANY_TIME_OF_DAY, a_day_later - 1).rule == "after_machine"


def test_after_an_abandoned_call_for_three_days():
    friday_two = london(2027, 1, 22, 14)
    abandoned = replace(ALICE, history=(Past(london(2027, 1, 20, 14), Disposition.ABANDONED),))

    verdict = may_ring(abandoned, ANY_TIME_OF_DAY, friday_two)

    assert (verdict.rule, verdict.again_at) == ("after_abandoned", london(2027, 1, 23, 14))


def test_never_twice_in_a_day_by_the_calendar_there():
    no_answer = replace(ALICE, history=(ago(1.5, Disposition.NO_ANSWER),))

    verdict = may_ring(no_answer, POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("once_a_day", london(2027, 1, 27, 10, 30))
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
    assert rule(replace(ALICE, history=history[:5])) == "same_time_of_day"


# another time of day


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ((2027, 1, 25, 8, 0), (2027, 1, 25, 10, 10)),  # Monday, after a Sunday between
        ((2027, 1, 25, 10, 9), (2027, 1, 25, 10, 10)),
        ((2027, 1, 25, 10, 10), None),
        ((2027, 1, 25, 15, 0), None),
    ],
)
def test_after_saturday_ten_past_eight_not_monday_at_eight(now, until):
    saturday = Past(london(2027, 1, 23, 8, 10), Disposition.NO_ANSWER)
    verdict = may_ring(replace(ALICE, history=(saturday,)), POLICY, london(*now))

    assert verdict.rule == ("same_time_of_day" if until else "")
    assert verdict.again_at == (london(*until) if until else None)
    assert not until or "SAM70060" in verdict.source


def test_every_attempt_in_vain_has_its_own_time_of_day():
    history = tuple(
        Past(london(2027, 1, day, hour), Disposition.BUSY) for day, hour in ((21, 9), (22, 12))
    )
    verdict = may_ring(replace(ALICE, history=history), POLICY, london(2027, 1, 25, 8))

    assert (verdict.rule, verdict.again_at) == ("same_time_of_day", london(2027, 1, 25, 14))


def test_a_call_that_was_had_and_one_that_rang_nobody_leave_the_time_free():
    for disposition in (Disposition.CONNECTED, Disposition.DETAILS_READ, Disposition.CANCELLED):
        assert rule(replace(ALICE, history=(ago(24, disposition),))) == ""


def test_by_the_wall_and_not_by_the_hours_between():
    friday = Past(london(2027, 3, 26, 12), Disposition.NO_ANSWER)  # then summer time begins
    wednesday = replace(ALICE, history=(friday,))

    assert rule(wednesday, london(2027, 3, 31, 13, 59)) == "same_time_of_day"
    assert rule(wednesday, london(2027, 3, 31, 14)) == ""


def test_where_a_day_has_no_other_time_it_stands_in_nobodys_way():
    one_hour = replace(
        ALICE,
        preferred=read_week("mon-fri 17:00-18:00", "Europe/London"),
        history=(Past(london(2027, 1, 25, 17), Disposition.NO_ANSWER),),
    )
    evening = Past(london(2027, 1, 25, 18, 30), Disposition.NO_ANSWER)

    assert rule(one_hour, london(2027, 1, 26, 17)) == ""
    assert rule(replace(ALICE, history=(evening,)), london(2027, 1, 26, 18, 30)) == ""


def test_a_request_or_a_time_that_they_asked_for_lifts_it():
    yesterday = replace(ALICE, history=(ago(24, Disposition.NO_ANSWER),))

    assert rule(yesterday) == "same_time_of_day"
    assert rule(replace(yesterday, express_request=True)) == ""
    assert rule(replace(yesterday, asked_from=TUESDAY_TEN)) == ""


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


def test_a_request_that_lifts_a_wait_is_told_with_its_own_source():
    message = replace(ALICE, history=(ago(1, Disposition.LEFT_MESSAGE),), express_request=True)

    lifted = {one.rule: one.source for one in findings(message, POLICY, TUESDAY_TEN) if one.lifted}

    waits = ("after_machine", "once_a_day", "same_time_of_day")
    assert lifted == dict.fromkeys(waits, POLICY.express_request.source)


# what an older version, or a wrong clock, wrote


def test_an_ending_that_we_do_not_know_waits_the_longest():
    question = replace(ALICE, history=(Past(london(2027, 1, 22, 14), "spoke_to_parrot"),))

    verdict = may_ring(question, ANY_TIME_OF_DAY, london(2027, 1, 25, 10))

    assert (verdict.rule, verdict.again_at) == ("unknown_ending", london(2027, 1, 25, 14))


def test_it_counts_as_a_call_and_no_request_lifts_it():
    history = tuple(Past(TUESDAY_TEN - days * 24 * HOUR, "older") for days in range(4, 10))

    assert rule(replace(ALICE, history=history)) == "hard_cap"
    assert (
        rule(replace(ALICE, history=(ago(1, "older"),), express_request=True)) == "unknown_ending"
    )


@pytest.mark.parametrize("years", [1, 10, 10_000])
def test_an_attempt_in_the_future_is_for_a_person(years):
    ahead = Past(TUESDAY_TEN + years * 365 * 24 * HOUR, Disposition.LEFT_MESSAGE)

    verdict = may_ring(replace(ALICE, history=(ahead,), express_request=True), POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("clock_in_doubt", None)


def test_clocks_of_two_machines_may_differ_a_little():
    ahead = replace(ALICE, history=(ago(-0.2, Disposition.LEFT_MESSAGE),))

    verdict = may_ring(ahead, POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("after_machine", TUESDAY_TEN + 26.2 * HOUR)


@pytest.mark.parametrize("years", [2, 10])
def test_a_time_that_is_years_away_is_for_a_person(years):
    begins = TUESDAY_TEN + years * 365 * 24 * HOUR

    verdict = may_ring(replace(ALICE, asked_from=begins), POLICY, TUESDAY_TEN)

    assert (verdict.rule, verdict.again_at) == ("asked_for_later", None)
