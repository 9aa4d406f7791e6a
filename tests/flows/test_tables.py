"""The tables, read as tables: no event without a row, a person one key away, an end for all."""

from itertools import groupby

import pytest

import webhooks
from bot.actions import Ask, AskQuestion, HangUp, RaiseTask, TaskReason
from bot.events import AnsweredBy, CallEnded, CallOutcome, CallRinging, Chosen, MachineHeard
from bot.flow import Flow
from bot.flow_check import check_flow
from flows.inbound_call import InboundCall
from flows.officer_leg import OfficerLeg
from flows.officer_line import OfficerLine
from flows.outbound_call import OutboundCall

FLOWS = webhooks.OUR_FLOWS.all
CALLS = (InboundCall, OutboundCall)
WITH_OFFICERS = (OfficerLine, OfficerLeg)
ASIDE = {"desk": "main", "conversation": "CA1", "call": "CA1"}
PASSING = {"drawing", "seeing_number", "finding_desk"}  # left again in the same step
HEARS_NO_KEYS = {"placed", "received", "leaving_message", "refusing_fax", "connecting", "closing"}


def in_every_state(*flows: type[Flow]) -> list[pytest.param]:  # type: ignore[valid-type]
    return [
        pytest.param(flow, state, id=f"{flow.name} {state}")
        for flow in flows
        for state in flow.states
    ]


def listening(flow: type[Flow]) -> list[str]:
    """The states in which keys are awaited, but for the first words to an unknown person."""
    others = {*PASSING, *HEARS_NO_KEYS, "ended", "asking_for_person"}
    return [state for state in flow.states if state not in others]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_table_is_sound(flow: type[Flow]) -> None:
    check_flow(flow)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_pair_ends_in_a_row_without_a_guard(flow: type[Flow]) -> None:
    rows = sorted(flow.moves, key=lambda row: (row["trigger"], row["source"]))
    for pair, found in groupby(rows, key=lambda row: (row["trigger"], row["source"])):
        guards = [row["conditions"] for row in found]
        assert guards[-1] is None, pair
        assert None not in guards[:-1], f"{pair}: a row that is never reached"


@pytest.mark.parametrize(("flow", "state"), in_every_state(*CALLS, *WITH_OFFICERS))
@pytest.mark.parametrize("outcome", CallOutcome)
def test_whatever_the_state_the_end_of_the_call_ends_it(
    flow: type[Flow], state: str, outcome: CallOutcome
) -> None:
    if state == "ended":
        assert ("call_ended", "ended") not in {(r["trigger"], r["source"]) for r in flow.moves}
        return  # the engine takes that notice once
    stepped = flow(state, flow.new_facts())

    stepped.handle(CallEnded(**ASIDE, outcome=outcome))

    assert stepped.state == "ended"


@pytest.mark.parametrize(("flow", "state"), in_every_state(*CALLS, *WITH_OFFICERS))
def test_a_ringing_notice_moves_nothing_anywhere(flow: type[Flow], state: str) -> None:
    stepped = flow(state, flow.new_facts())

    assert stepped.handle(CallRinging(**ASIDE, stage="ringing")) == []
    assert stepped.state == state


@pytest.mark.parametrize("state", ["placed", "asking_for_person", "closing", "ended"])
@pytest.mark.parametrize("by", AnsweredBy)
def test_a_verdict_is_understood_wherever_nobody_has_pressed_a_key(
    state: str, by: AnsweredBy
) -> None:
    stepped = OutboundCall(state, OutboundCall.new_facts())

    stepped.handle(MachineHeard(**ASIDE, by=by))

    moved = by in (AnsweredBy.MACHINE, AnsweredBy.FAX) and state != "ended"
    assert (stepped.state != state) == moved


@pytest.mark.parametrize(
    ("flow", "state"), [(flow, state) for flow in CALLS for state in listening(flow)]
)
def test_a_person_is_one_key_away_wherever_keys_are_awaited(flow: type[Flow], state: str) -> None:
    stepped = flow(state, flow.new_facts())

    asked = stepped.handle(Chosen(choice="wants_person"))

    assert stepped.state == "finding_desk"
    assert RaiseTask(TaskReason.WANTS_PERSON) in asked


@pytest.mark.parametrize(
    ("flow", "state"), [(flow, state) for flow in CALLS for state in listening(flow)]
)
@pytest.mark.parametrize("met_by", ["silence", "not_understood"])
def test_patience_ends_and_nobody_is_asked_for_ever(
    flow: type[Flow], state: str, met_by: str
) -> None:
    facts = flow.new_facts()
    for _ in range(3):
        stepped = flow(state, facts)
        asked = stepped.handle(_Met(trigger_word=met_by))
        assert asked, "never silence"
        if stepped.state != state:
            break
        assert any(isinstance(action, (Ask, AskQuestion, HangUp)) for action in asked) or (
            state == "checking"
        )
        facts = stepped.facts
    else:
        assert state == "checking" and met_by == "not_understood", "an answer is given up instead"


class _Met(Chosen):
    """Silence, or keys that mean nothing."""

    def __init__(self, trigger_word: str) -> None:
        super().__init__(choice=trigger_word)
