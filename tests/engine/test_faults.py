"""A fault of ours: the built-in sentence, a task, a line in the log; no trace and no silence."""

from collections.abc import Callable

import pytest

from bot.events import AnswerGiven, Event
from bot.flow import Flow
from bot.proof import Listener
from bot.runtime import Flows
from flows import FLOWS, OPENS
from flows.inbound_call import InboundCall
from flows.inbound_text import InboundText
from flows.outbound_call import OutboundCall
from tests.house_in_memory import HouseInMemory, text_sid
from tests.people import ALICE, DAVE
from tests.stores_that_fail import BusyStore, FailingStore

Build = Callable[..., HouseInMemory]


class BrokenInboundCall(InboundCall):
    """Breaks when a reference is keyed."""

    def by_reference(self, event: AnswerGiven) -> None:
        raise RuntimeError(f"the customer typed {event.answer}")


class BrokenOutboundCall(OutboundCall):
    """Breaks when a machine is heard, and when the call ends."""

    def on_enter_leaving_message(self, event: Event) -> None:
        raise RuntimeError("no words for a machine")

    def on_enter_ended(self, event: Event) -> None:
        raise RuntimeError("no idea how it ended")


class BrokenInboundText(InboundText):
    """Breaks on every text."""

    def on_enter_finding_sender(self, event: Event) -> None:
        raise RuntimeError("no idea who that was")


class ForgetfulInboundCall(InboundCall):
    """Answers nothing: no words, no wait, no end."""

    def on_enter_asking_reference(self, event: Event) -> None:
        return


class IndiscreetInboundCall(InboundCall):
    """Wants to read the menu of the verified to anybody."""

    def on_enter_asking_reference(self, event: Event) -> None:
        self.on_enter_heard_case(event)


def flows_with(*broken: type[Flow]) -> Flows:
    """Our flows, with these in the place of their namesakes."""
    by_name = {flow.name: flow for flow in (*FLOWS, *broken)}
    opens = {key: by_name[flow.name] for key, flow in OPENS.items()}
    return Flows(opens=opens, all=tuple(by_name.values()))


def faults(house: HouseInMemory) -> list[tuple[str, str]]:
    return [(line["event"], line["reason"]) for line in house.log() if line["kind"] == "fault"]


def test_in_a_live_call_the_apology_a_task_and_a_line(build: Build) -> None:
    house = build(flows=flows_with(BrokenInboundCall))
    call = house.rings(ALICE)

    answer = call.press(ALICE.reference)

    assert answer.status_code == 200
    assert call.heard().apology
    assert house.tasks() == ["our_fault"]
    assert faults(house) == [("digits_pressed", "RuntimeError")]
    assert ALICE.reference not in str(house.log())


def test_the_same_fault_delivered_again_is_one_fault(build: Build) -> None:
    house = build(flows=flows_with(BrokenInboundCall))
    call = house.rings(ALICE)
    path = call.heard().action
    first = call.post(path, Digits=ALICE.reference)
    kept = house.everything()

    again = call.post(path, Digits=ALICE.reference)

    assert again.data == first.data
    assert house.everything() == kept


def test_on_a_machines_leg_only_the_end_is_heard(build: Build) -> None:
    house = build(flows=flows_with(BrokenOutboundCall))
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    talk = call.talk
    talk["listener"] = Listener.MACHINE.value
    house.write(f"call:{call.id}", talk | {"flow_version": 99})

    call.silence()

    assert call.heard().hangs_up and not call.heard().prompts


def test_a_notice_that_breaks_is_acknowledged_and_becomes_a_task(build: Build) -> None:
    house = build(flows=flows_with(BrokenOutboundCall))
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()

    answer = call.verdict("machine_end_beep")

    assert (answer.status_code, house.tasks()) == (200, ["our_fault", "dialling_stopped"])
    assert faults(house) == [("machine_heard", "RuntimeError")]
    kept = house.everything()
    call.verdict("machine_end_beep")
    assert house.everything() == kept


def test_a_call_whose_end_breaks_is_over_all_the_same(build: Build) -> None:
    house = build(flows=flows_with(BrokenOutboundCall))
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()

    call.hang_up()

    assert call.talk["ended"] and "ledger" not in call.talk["tokens"]
    assert house.tasks() == ["our_fault", "dialling_stopped"]
    house.text(ALICE, "Are you there?")
    assert [line for line in house.owed() if line.startswith("SM")], "the next text owes a call"


def test_a_text_that_breaks_is_kept_and_becomes_a_task(build: Build) -> None:
    house = build(flows=flows_with(BrokenInboundText))

    answer = house.text(ALICE, "Hello", sid=text_sid(1))

    assert (answer.status_code, b"<Response/>" in answer.data) == (200, True)
    assert house.tasks() == ["our_fault"]
    kept = house.everything()
    house.text(ALICE, "Hello", sid=text_sid(1))
    assert house.everything() == kept


@pytest.mark.parametrize("flow", [ForgetfulInboundCall, IndiscreetInboundCall])
def test_a_flow_that_would_break_an_invariant_is_stopped(build: Build, flow: type[Flow]) -> None:
    house = build(flows=flows_with(flow))

    call = house.rings(DAVE)

    assert call.heard().apology
    assert faults(house) == [("call_received", "WrongEars")]


@pytest.mark.parametrize("altered", [{"flow_version": 99}, {"state": "gone"}, {"flow": "gone"}])
def test_a_flow_that_changed_underneath_ends_politely_with_a_task(
    house: HouseInMemory, altered: dict[str, object]
) -> None:
    call = house.rings(ALICE)
    house.write(f"call:{call.id}", call.talk | altered)

    call.press(ALICE.reference)

    assert call.heard().apology
    assert house.tasks() == ["our_fault"]
    assert call.hang_up().status_code == 200
    assert call.talk["ended"]


def test_a_callback_whose_flow_changed_underneath_is_not_stuck(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    house.write(f"call:{call.id}", call.talk | {"flow_version": 99})

    call.hang_up()

    callback = house.record(f"callback:{call.attempt.rpartition('-')[0]}")
    assert (callback["state"], callback["disposition"]) == ("ended", "needs_person")
    assert house.tasks() == ["our_fault", "dialling_stopped"]


def test_a_conflict_is_decided_anew(build: Build) -> None:
    store = BusyStore()
    house = build(store=store)
    store.conflicts = 4

    house.text(ALICE, "Hello")

    assert len([line for line in house.log() if line["kind"] == "step"]) == 1
    assert len(house.owed()) == 1


def test_conflicts_without_end_are_given_up(build: Build) -> None:
    store = BusyStore()
    house = build(store=store)
    store.conflicts = 99

    assert house.text(ALICE, "Hello").status_code == 503
    assert house.rings(ALICE).heard().apology
    assert house.log() == []


@pytest.mark.parametrize("fault", ["down", "down_for_writing"])
def test_while_the_store_is_down_texts_are_brought_again_and_callers_hear_the_apology(
    build: Build, fault: str
) -> None:
    store = FailingStore()
    house = build(store=store)
    before = house.rings(DAVE)
    setattr(store, fault, True)

    assert house.text(ALICE, "Hello", sid=text_sid(1)).status_code == 503
    call = house.rings(ALICE)
    assert call.last is not None
    assert (call.last.status_code, call.heard().apology) == (200, True)
    assert call.status("completed").status_code == 503
    assert before.press(ALICE.reference).status_code == 200
    assert before.heard().apology

    setattr(store, fault, False)
    assert house.text(ALICE, "Hello", sid=text_sid(1)).status_code == 200
    assert house.owed() == [f"{text_sid(1)}-1"]


def test_readiness_tells_yes_or_no_and_nothing_else(build: Build) -> None:
    store = FailingStore()
    house = build(store=store)
    assert house.client.get("/readyz").status_code == 200

    store.down = True

    answer = house.client.get("/readyz")
    assert (answer.status_code, answer.data) == (503, b"not ready\n")
    assert house.client.get("/healthz").status_code == 200
