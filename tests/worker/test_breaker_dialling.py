"""Silent and failing calls stop the dialling: nobody is lost by it, and nobody is rung twice."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.carrier import CallOrder, ListedCall
from bot.dialler import Dialler
from bot.dialling_breaker import Gate, Sign, State
from bot.dialling_gate import GATE, DiallingGate, gate_of, pause, resume
from bot.errors import CarrierError
from bot.outbox import Outbox
from bot.phone import PhoneNumber
from bot.ring_case import ring_case
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, FakeCarrier, HouseInMemory
from tests.people import ALICE, BOB, ERIN, FRANK, Person
from tests.worker.world import Killable, Killed, World

MINUTE, DAY = 60.0, 86400.0
ON_EDGE = "[breaker]\nfailing_least = 2\nsilent_least = 2\ngood_trials = 2\n"
Build = Callable[..., HouseInMemory]


@pytest.fixture
def on_edge(tmp_path: Path) -> dict[str, str]:
    """Rules by which few calls are enough."""
    (tmp_path / "policy.toml").write_text(ON_EDGE, encoding="utf-8")
    return {"RINGBACK_CONFIG_DIR": str(tmp_path)}


@pytest.fixture
def world(build: Build, on_edge: dict[str, str]) -> World:
    world = World(build, environment=on_edge)
    for person in (ALICE, BOB, ERIN, FRANK):
        world.add(person, rings_seconds=2, greeting_seconds=2)
    return world


def owe(house: HouseInMemory, *people: Person) -> list[str]:
    """Omar has them rung; the ids of their callbacks."""
    return [ring_case(house.runtime, person.reference, "s1001").id for person in people]


def gate(house: HouseInMemory) -> Gate:
    return Gate.from_json(house.record(GATE))


def told(house: HouseInMemory) -> list[str]:
    """What the log says of the dialling."""
    return [line["event"] for line in house.log() if line["kind"] == "dialling"]


def decide(house: HouseInMemory, change: Callable[..., object], reason: str = "the lift") -> None:
    """Omar pauses or resumes it."""
    unit = UnitOfWork(house.store, DESK)
    change(unit, "s1001", reason, house.clock.now())
    unit.commit()


# What stops it, and how it goes on


def test_a_carrier_that_refuses_everything_is_asked_no_more_until_it_recovers(
    world: World,
) -> None:
    house = world.house
    world.carrier.faults = ["bad number"] * 2
    refused = owe(house, ALICE, BOB)
    world.run(5)
    held = owe(house, ERIN, FRANK)
    world.run(120)

    assert [world.dispositions(id) for id in refused] == [["failed"], ["failed"]]
    assert [world.callback(id).refused for id in held] == ["dialling_stopped"] * 2
    assert [world.callback(id).state for id in held] == ["due"] * 2
    assert len(world.network.calls) == 0
    assert world.tasks().count("dialling_stopped") == 1

    world.skip(8 * MINUTE)
    world.run(240)

    assert [world.dispositions(id) for id in held] == [["left_message"]] * 2
    assert told(house) == ["stopped", "on trial", "trial passed", "on trial", "recovered"]
    assert gate(house).runs
    first, second = world.network.calls.values()
    assert first.ended_at <= second.created_at  # one at a time


def test_a_bad_call_on_trial_stops_it_for_longer_and_a_person_is_told_again(world: World) -> None:
    world.carrier.faults = ["bad number"] * 3
    owe(world.house, ALICE, BOB)
    world.run(5)
    owe(world.house, ERIN, FRANK)
    world.skip(10 * MINUTE)
    world.run(40)

    assert told(world.house) == ["stopped", "on trial", "stopped again"]
    stands = gate(world.house)
    assert stands.until - stands.since == 20 * MINUTE
    assert world.tasks().count("dialling_stopped") == 2
    assert len(world.network.calls) == 0


def test_people_who_pick_up_and_hear_nothing_of_us_stop_it_within_a_minute(world: World) -> None:
    """Our door is shut: the carrier's webhooks, and its notices, are lost."""
    world.door_shut = True
    silent = owe(world.house, ALICE, BOB)
    world.run(60)
    (held,) = owe(world.house, ERIN)
    world.run(10)

    assert [world.dispositions(id) for id in silent] == [["abandoned"], ["abandoned"]]
    assert gate(world.house).why == "silent"
    assert world.callback(held).refused == "dialling_stopped"
    assert world.calls_to(ERIN) == []

    world.door_shut = False
    world.skip(10 * MINUTE)
    world.run(100)
    assert world.dispositions(held) == ["left_message"]


def test_an_account_that_is_refused_stops_it_at_the_first_call(world: World) -> None:
    place, world.carrier.place_call = world.carrier.place_call, refuses_the_account
    owed = owe(world.house, ALICE, BOB)
    world.run(30)

    # It says nothing of whose turn it was: both are owed their calls.
    assert sorted(world.dispositions(id) for id in owed) == [[], ["cancelled"]]
    assert gate(world.house).why == "account_refused"

    world.carrier.place_call = place
    world.skip(10 * MINUTE)
    world.run(240)
    assert [len(world.calls_to(person)) for person in (ALICE, BOB)] == [1, 1]
    assert gate(world.house).runs


def refuses_the_account(order: CallOrder) -> str:
    raise CarrierError("refused with HTTP 401", retryable=True, account=True)


TWO_DESKS = """
[desk.north]
name = "the north"
phone = ""
caller_id = "+443069990110"
calls_per_second = 0.1
calls_at_once = 2
bank_holidays_of = "england"
source = "test"
evidence = "default"
lines = { customers = ["+443069990110"] }
spoken_hours = { en = "never" }
hours = { zone = "Europe/London", monday = { from = 09:00:00, until = 17:00:00 } }
[desk.main]
calls_per_second = 0.9
calls_at_once = 18
"""


def test_what_concerns_the_account_stops_every_desk(build: Build, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(TWO_DESKS, encoding="utf-8")
    house = build(environment={"RINGBACK_CONFIG_DIR": str(tmp_path)})
    house.carrier.place_call = refuses_the_account  # type: ignore[method-assign]
    owe(house, ALICE)
    house.dial()

    assert [gate_of(UnitOfWork(house.store, desk)).why for desk in ("main", "north")] == [
        "account_refused"
    ] * 2


def test_too_many_requests_say_nothing_against_the_carrier(world: World) -> None:
    world.carrier.faults = ["too many"] * 3
    owe(world.house, ALICE)
    world.run(300)

    assert told(world.house) == []
    assert len(world.calls_to(ALICE)) == 1


# While it is held


def test_what_is_owed_keeps_its_place_with_the_reason_and_a_text_is_kept(world: World) -> None:
    decide(world.house, pause)
    text = world.text(ALICE)
    due = world.callback(text).due_at
    world.run(100)
    world.text(ALICE, "Are you there?")
    world.skip(DAY)
    world.run(100)

    callback = world.callback(text)
    assert (callback.state, callback.refused, callback.asks) == ("due", "dialling_paused", 2)
    assert callback.due_at == due
    lines = [line for line in world.house.log() if line.get("event") == "held back"]
    assert len(lines) == 1  # however often a worker looks
    assert world.calls_to(ALICE) == []

    decide(world.house, resume)
    world.run(100)
    assert len(world.calls_to(ALICE)) == 1
    assert world.dispositions(text) == ["left_message"]


def test_calls_that_are_under_way_are_settled_and_end_while_it_is_paused(world: World) -> None:
    world.carrier.faults = ["answer lost"]
    text = world.text(ALICE)
    world.drain()
    decide(world.house, pause)
    world.run(200)

    assert world.dispositions(text) == ["left_message"]


def test_a_person_resumes_what_stopped_by_itself(world: World) -> None:
    world.carrier.faults = ["bad number"] * 2
    owe(world.house, ALICE, BOB)
    world.run(5)
    (held,) = owe(world.house, ERIN)
    world.run(5)
    decide(world.house, resume)
    world.run(100)

    assert told(world.house) == ["stopped", "resumed"]
    assert world.dispositions(held) == ["left_message"]


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_the_clock_may_jump(build: Build, on_edge: dict[str, str], jump: float) -> None:
    """Put back: the pause begins anew. Put forward: it is over, and one call goes out on trial."""
    house = build(environment=on_edge)
    stop(house)
    house.later(jump)
    owe(house, ALICE, BOB)

    if jump < 0:
        assert [house.dial(), house.dial()] == ["refused"] * 2
        assert house.carrier.placed == []
        house.later(10 * MINUTE)
    outcomes = [house.dial() for _ in range(3)]
    assert len(house.carrier.placed) == 1, outcomes
    assert gate(house).state is State.ON_TRIAL


def stop(house: HouseInMemory) -> None:
    """Two orders that the carrier refuses."""
    unit = UnitOfWork(house.store, DESK)
    rules = DiallingGate(house.runtime.house.policy)
    for attempt in ("earlier-1", "earlier-2"):
        rules.note(unit, attempt, Sign.REFUSED, house.clock.now())
    unit.commit()
    assert gate(house).state is State.STOPPED


# Several workers, a person beside them, and death


class Beside:
    """A store beside which something happens just before a worker commits, once."""

    def __init__(self, real: Any, happens: Callable[[], object]) -> None:
        self._real, self._happens = real, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def commit(self, partition: str, change: Any) -> None:
        if partition == DESK and self._happens:
            happens, self._happens = self._happens, None
            happens()
        self._real.commit(partition, change)


def test_a_pause_in_the_middle_of_a_claim_is_kept(build: Build) -> None:
    house = build()
    owe(house, ALICE)
    store = Beside(house.store, lambda: decide(house, pause))

    Dialler(replace(house.runtime, store=store), house.carrier).take_one(DESK)
    house.later(2)

    assert house.dial() == "refused"
    assert house.carrier.placed == []


def test_two_workers_place_one_call_on_trial(build: Build, on_edge: dict[str, str]) -> None:
    house = build(environment=on_edge)
    stop(house)
    owe(house, ALICE, BOB)
    house.later(10 * MINUTE)
    store = Beside(house.store, house.dial)

    Dialler(replace(house.runtime, store=store), house.carrier).take_one(DESK)
    assert len(house.carrier.placed) == 1
    for _ in range(4):
        house.later(31)
        house.dial()
    assert len(house.carrier.placed) == 1
    assert house.carrier.placed[0].attempt == gate(house).trial


@dataclass
class Listing(FakeCarrier):
    """A carrier that refuses its first two orders, and lists what it placed."""

    refuse: int = 2
    placed: list[CallOrder] = field(default_factory=list)

    def place_call(self, order: CallOrder) -> str:
        if self.refuse:
            self.refuse -= 1
            raise CarrierError("not reached", retryable=True)
        super().place_call(order)
        return sid(order)

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        to = [order for order in self.placed if order.to.e164 == number.e164]
        return [ListedCall(sid(order), "completed", since) for order in to]


def sid(order: CallOrder) -> str:
    return f"CA{int(order.to.e164[1:]):032x}"


def test_a_worker_may_die_at_any_step_of_it(build: Build, tmp_path: Path) -> None:
    """From the first refused order to the recovery: both are rung, each once."""
    (tmp_path / "policy.toml").write_text(f"{ON_EDGE}pause_minutes = 2\n", encoding="utf-8")
    house = build(environment={"RINGBACK_CONFIG_DIR": str(tmp_path)})
    owe(house, ALICE, BOB)
    clean = house.store.snapshot()
    steps = story(house, Killable(house.store))
    assert told(house)[-1] == "recovered"
    assert {"claim", "read", "commit", "postpone"} <= set(steps)

    for place in range(len(steps)):
        for side in ("before", "after"):
            house.store.restore(clean)
            killable = Killable(house.store)
            killable.die_at = (place, side)
            story(house, killable)
            assert gate(house).runs, f"killed {side} {steps[place]} (step {place})"
            assert told(house).count("stopped") <= 1  # a refusal nobody noted stops nothing


def story(house: HouseInMemory, store: Killable) -> list[str]:
    """Two refused orders, a pause, calls on trial; whoever dies is replaced by another worker."""
    carrier, start = Listing(), house.clock.offset_seconds
    runtime = replace(house.runtime, store=store)
    dialler, outbox = Dialler(runtime, carrier), Outbox(runtime, carrier)
    ended: set[str] = set()
    for _ in range(60):
        try:
            dialler.take_one(DESK)
            while outbox.take_one(DESK):
                pass
        except Killed:
            dialler, outbox = Dialler(house.runtime, carrier), Outbox(house.runtime, carrier)
        for order in carrier.placed:
            if order.attempt not in ended and (house.record(f"call:{order.attempt}") is None):
                ended.add(order.attempt)
                rings_and_is_had(house, order)
        if len(ended) == 2 and gate(house).runs:
            break
        house.later(31)
    assert sorted(order.to.e164 for order in carrier.placed) == sorted([ALICE.phone, BOB.phone])
    house.clock.offset_seconds = start
    return store.calls


def rings_and_is_had(house: HouseInMemory, order: CallOrder) -> None:
    """A machine answers, and keeps our words."""
    place, call = f"{DESK}/{order.attempt}", sid(order)
    at = {"CallSid": call, "From": order.caller_id, "To": order.to.e164}
    house.post(f"/call/answered/{place}", **at)
    house.post(f"/call/machine-heard/{place}", **at, AnsweredBy="machine_end_beep")
    house.post(f"/call/again/{place}", **at)
    house.post(f"/call/status/{place}", **at, CallStatus="completed")
