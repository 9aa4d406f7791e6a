"""When customers want to be rung: the time that they asked for, and their own hours."""

from dataclasses import replace
from datetime import time

import pytest

from bot.actions import Disposition
from bot.dial_rules import may_ring
from bot.written_hours import read_week
from tests.dial_questions import ALICE, POLICY, TUESDAY_TEN, ago, london, rule

FIVE_TO_SEVEN = replace(
    ALICE, asked_from=london(2027, 1, 26, 17), asked_until=london(2027, 1, 26, 19)
)
EVENINGS = replace(ALICE, preferred=read_week("mon-fri 17:00-21:30", "Europe/London"))


@pytest.mark.parametrize(
    ("moment", "refused_by", "again"),
    [
        ((2027, 1, 26, 10), "asked_for_later", (2027, 1, 26, 17)),
        ((2027, 1, 26, 16, 59), "asked_for_later", (2027, 1, 26, 17)),
        ((2027, 1, 26, 17), "", None),
        ((2027, 1, 26, 18, 59), "", None),
        ((2027, 1, 26, 19), "asked_time_over", None),
        ((2027, 2, 26, 17), "asked_time_over", None),
    ],
)
def test_not_before_the_time_that_she_asked_for_and_not_after_it(moment, refused_by, again):
    verdict = may_ring(FIVE_TO_SEVEN, POLICY, london(*moment))

    assert (verdict.rule, verdict.again_at) == (refused_by, london(*again) if again else None)
    assert verdict.allowed == (not refused_by)


def test_a_time_in_which_no_call_is_allowed_is_for_a_person_at_once():
    night = replace(ALICE, asked_from=london(2027, 1, 26, 21), asked_until=london(2027, 1, 26, 23))
    abandoned = replace(FIVE_TO_SEVEN, history=(ago(1, Disposition.ABANDONED),))

    for question in (night, abandoned):
        assert may_ring(question, POLICY, TUESDAY_TEN).again_at is None


def test_what_is_held_comes_before_a_time_that_is_over():
    held = replace(FIVE_TO_SEVEN, held=frozenset({"deceased"}))

    assert rule(held, london(2027, 1, 27, 10)) == "deceased"


@pytest.mark.parametrize(
    ("moment", "refused_by", "again"),
    [
        ((2027, 1, 26, 10), "preferred_hours", (2027, 1, 26, 17)),
        ((2027, 1, 26, 17), "", None),
        ((2027, 1, 26, 20, 30), "calling_hours", (2027, 1, 27, 17)),  # the earlier end counts
        ((2027, 1, 29, 20), "calling_hours", (2027, 2, 1, 17)),  # Saturday is not hers
        ((2027, 3, 25, 20), "calling_hours", (2027, 3, 30, 17)),  # Easter, summer time
    ],
)
def test_alice_is_rung_in_her_own_hours_and_never_outside_ours(moment, refused_by, again):
    verdict = may_ring(EVENINGS, POLICY, london(*moment))

    assert (verdict.rule, verdict.again_at) == (refused_by, london(*again) if again else None)


def test_the_time_that_she_asked_for_last_comes_before_her_usual_hours():
    asked = replace(EVENINGS, asked_from=TUESDAY_TEN)

    assert may_ring(asked, POLICY, TUESDAY_TEN).allowed


def test_an_express_request_does_not_lift_her_own_hours():
    assert rule(replace(EVENINGS, express_request=True)) == "preferred_hours"


def test_hours_in_which_we_never_ring_are_for_a_person():
    sundays = replace(ALICE, preferred=read_week("sun 10:00-12:00", "Europe/London"))

    assert may_ring(sundays, POLICY, TUESDAY_TEN).again_at is None


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon 09:00-12:00", {0: (time(9), time(12))}),
        ("Mon-Tue 09:00-12:00", {0: (time(9), time(12)), 1: (time(9), time(12))}),
        (
            "sat 10:00-11:30; sun 00:00-23:59",
            {5: (time(10), time(11, 30)), 6: (time(), time(23, 59))},
        ),
        ("mon 09:00-12:00,mon 09:00-12:00", {0: (time(9), time(12))}),
    ],
)
def test_hours_are_read_as_they_are_written(written, days):
    assert read_week(written, "Europe/London").days == days


@pytest.mark.parametrize(
    "written",
    [
        "",
        "evenings",
        "mon 9:00-12:00",
        "mon 12:00-09:00",
        "mon 09:00-09:00",
        "mon 09:00-24:00",
    ]
    + [
        "fri-mon 09:00-12:00",
        "mon 09:00-12:00; mon 13:00-14:00",
        "mon 09:00-12:00;",
        "lun 09:00-12:00",
    ],
)
def test_hours_that_are_not_clear_are_refused_and_not_repeated(written):
    with pytest.raises(ValueError, match="hours") as refused:
        read_week(written, "Europe/London")
    assert not written or written not in str(refused.value)
