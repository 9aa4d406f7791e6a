"""When dialling stops by itself, for how long, and what proves that it may go on."""

from dataclasses import replace

import pytest

from bot.actions import Disposition
from bot.dialling_breaker import (
    AT_ONCE,
    FAILING,
    HARMFUL,
    Gate,
    Pause,
    Sign,
    State,
    begun,
    by_this_clock,
    held_until,
    judged,
    paused,
    sign_of,
    stopped,
)
from bot.policy import Policy

RULES = Policy.load().breaker
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
NOW = 1_789_466_400.0
TRIAL = 2000.0
BAD = sorted(HARMFUL | FAILING)


def after(signs: list[Sign], gate: Gate | None = None, every: float = 1.0):
    """The gate and the calls after calls that showed this, one after another."""
    gate, calls = gate or Gate(), ()
    for place, sign in enumerate(signs):
        gate, calls = judged(gate, calls, f"a{place}", sign, NOW + place * every, RULES)
    return gate, calls


def on_trial(why: Sign = Sign.SILENT) -> Gate:
    return begun(stopped(Gate(), why, NOW, RULES), "trial", NOW + 600, TRIAL)


@pytest.mark.parametrize(
    ("signs", "stops"),
    [
        ([], False),
        ([Sign.SILENT], False),  # one may be a customer who hangs up at once
        ([Sign.SILENT] * 2, True),
        ([Sign.SPOKE] * 64 + [Sign.SILENT] * 2, True),  # 3 in 100
        ([Sign.SPOKE] * 65 + [Sign.SILENT] * 2, False),
        ([Sign.SPOKE] * 65 + [Sign.SILENT] * 3, True),
        ([Sign.SILENT] + [Sign.SPOKE] * 100 + [Sign.SILENT], False),  # the first is forgotten
        ([Sign.REFUSED] * 4, False),
        ([Sign.REFUSED] * 5, True),
        ([Sign.REFUSED, Sign.UNREACHED, Sign.FAILED] * 2, True),
        ([Sign.SPOKE] * 12 + [Sign.REFUSED] * 5, False),
        ([Sign.SPOKE] * 11 + [Sign.REFUSED] * 5, True),
        ([Sign.RANG] * 100, False),  # nobody is at home: no fault of anybody's
        ([Sign.NOTHING] * 100, False),
        ([Sign.OUR_FAULT], True),
        ([Sign.ACCOUNT], True),
    ],
)
def test_what_stops_it(signs: list[Sign], stops: bool) -> None:
    gate, _ = after(signs)

    assert (gate.state is State.STOPPED) == stops
    assert (held_until(gate, NOW + len(signs)) is not None) == stops


def test_silent_calls_of_another_hour_do_not_count() -> None:
    assert after([Sign.SILENT] * 5, every=HOUR + 1)[0].runs
    assert not after([Sign.SILENT] * 2, every=HOUR)[0].runs


def test_one_call_counts_once_and_as_what_it_was_at_last() -> None:
    gate, calls = judged(Gate(), (), "a", Sign.UNREACHED, NOW, RULES)
    gate, calls = judged(gate, calls, "a", Sign.NOTHING, NOW, RULES)
    assert [call.sign for call in calls] == [Sign.UNREACHED]
    gate, calls = judged(gate, calls, "a", Sign.SPOKE, NOW, RULES)
    assert [call.sign for call in calls] == [Sign.SPOKE]  # it rang all the same


def test_a_fault_of_ours_stays_one_however_the_call_ended() -> None:
    _, calls = judged(Gate(), (), "a", Sign.OUR_FAULT, NOW, RULES)
    _, calls = judged(Gate(), calls, "a", Sign.SPOKE, NOW, RULES)

    assert [call.sign for call in calls] == [Sign.OUR_FAULT]


@pytest.mark.parametrize("disposition", Disposition)
def test_every_ending_shows_something(disposition: Disposition) -> None:
    heard = {
        Disposition.ABANDONED: Sign.SILENT,
        Disposition.FAILED: Sign.FAILED,
        Disposition.BUSY: Sign.RANG,
        Disposition.NO_ANSWER: Sign.RANG,
        Disposition.CANCELLED: Sign.NOTHING,
        Disposition.SETTLED_BY_CUSTOMER: Sign.NOTHING,
        Disposition.NEEDS_PERSON: Sign.NOTHING,
    }
    assert sign_of(disposition) is heard.get(disposition, Sign.SPOKE)


def test_the_pause_doubles_up_to_the_longest() -> None:
    gate, minutes = Gate(), []
    for _ in range(7):
        gate = stopped(gate, Sign.SILENT, NOW, RULES)
        minutes.append((gate.until - gate.since) / MINUTE)

    assert minutes == [10, 20, 40, 80, 160, 160, 160]


def test_so_many_good_calls_in_a_row_are_a_recovery() -> None:
    gate, calls = on_trial(), ()
    for good in (1, 2):
        gate, calls = judged(gate, calls, gate.trial, Sign.SPOKE, NOW + 700, RULES)
        assert (gate.state, gate.good) == (State.ON_TRIAL, good)
        assert held_until(gate, NOW + 700) is None  # the next may be placed
        gate = begun(gate, f"trial {good}", NOW + 700, TRIAL)
        assert held_until(gate, NOW + 700) == NOW + 700 + TRIAL  # and no other beside it

    gate, calls = judged(gate, calls, gate.trial, Sign.SPOKE, NOW + 800, RULES)
    assert (gate.runs, gate.stops, calls) == (True, 0, ())


@pytest.mark.parametrize("sign", BAD)
def test_a_bad_trial_stops_it_again_and_for_longer(sign: Sign) -> None:
    gate, _ = judged(on_trial(), (), "trial", sign, NOW + 700, RULES)

    assert (gate.state, gate.stops, gate.good) == (State.STOPPED, 2, 0)
    assert gate.until == NOW + 700 + 20 * MINUTE


@pytest.mark.parametrize(
    ("why", "sign", "good"),
    [
        (Sign.SILENT, Sign.RANG, 0),  # nobody picked up: not shown whether we are there
        (Sign.SILENT, Sign.NOTHING, 0),
        (Sign.REFUSED, Sign.RANG, 1),  # the carrier rings again
        (Sign.REFUSED, Sign.SPOKE, 1),
        (Sign.ACCOUNT, Sign.NOTHING, 0),
    ],
)
def test_what_a_trial_proves_hangs_on_what_stopped_it(why: Sign, sign: Sign, good: int) -> None:
    gate, _ = judged(on_trial(why), (), "trial", sign, NOW + 700, RULES)

    assert (gate.state, gate.good, gate.trial) == (State.ON_TRIAL, good, "")


@pytest.mark.parametrize("sign", sorted(set(Sign) - AT_ONCE))
def test_calls_from_before_decide_nothing_while_one_is_on_trial(sign: Sign) -> None:
    assert judged(on_trial(), (), "from before", sign, NOW + 700, RULES)[0] == on_trial()


def test_a_fault_in_a_call_from_before_does() -> None:
    gate, _ = judged(on_trial(), (), "from before", Sign.OUR_FAULT, NOW + 700, RULES)
    assert (gate.state, gate.stops) == (State.STOPPED, 2)


def test_faults_while_it_is_stopped_move_the_end_of_the_pause_and_alarm_nobody_anew() -> None:
    gate, _ = after([Sign.OUR_FAULT] * 3, every=60.0)

    assert (gate.stops, gate.until) == (1, NOW + 120 + 10 * MINUTE)


def test_a_trial_of_which_nothing_comes_is_given_up() -> None:
    gate = on_trial()

    assert held_until(gate, gate.until - 1) is not None
    assert held_until(gate, gate.until) is None


def test_only_a_person_ends_what_a_person_paused() -> None:
    gate = paused(Gate(), Pause("s1001", "the lift is stuck", NOW))

    assert paused(gate, Pause("mallory", "mine", NOW)) == gate
    assert held_until(gate, NOW + 1000 * DAY) == float("inf")
    stopped_too, _ = judged(gate, (), "a", Sign.OUR_FAULT, NOW, RULES)
    assert stopped_too.state is State.STOPPED
    recovered = replace(begun(stopped_too, "trial", NOW, TRIAL), good=2)
    gate, _ = judged(recovered, (), "trial", Sign.SPOKE, NOW, RULES)
    assert (gate.state, gate.runs) == (State.RUNNING, False)


@pytest.mark.parametrize("jump", [-DAY, -HOUR, -1.0, 0.0, 599.0])
def test_a_clock_that_is_put_back_lengthens_no_pause(jump: float) -> None:
    gate = stopped(Gate(), Sign.SILENT, NOW, RULES)

    seen = by_this_clock(gate, NOW + jump)

    assert seen.until - (NOW + jump) <= 10 * MINUTE
    assert held_until(seen, NOW + jump) is not None  # and lets nobody be rung


def test_calls_from_before_the_clock_was_put_back_count() -> None:
    _, calls = judged(Gate(), (), "a", Sign.SILENT, NOW, RULES)
    gate, _ = judged(Gate(), calls, "b", Sign.SILENT, NOW - DAY, RULES)

    assert not gate.runs


@pytest.mark.parametrize(
    "gate", [Gate(), on_trial(), paused(on_trial(), Pause("s1001", "because", NOW))]
)
def test_a_gate_is_read_as_it_was_written(gate: Gate) -> None:
    assert Gate.from_json(gate.to_json()) == gate
