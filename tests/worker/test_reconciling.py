"""Nothing that arrived is lost: what no webhook told of is found in the carrier's own lists.

The phone network keeps a text or a call in its books whatever becomes of the webhook; the faults
are ordered from it. Every text ends as a callback or as a task, none as two.
"""

import random
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

import webhooks
from bot.errors import Conflict, StoreDown
from bot.phone import PhoneNumber
from bot.reconciling import Reconciling
from bot.runtime import Runtime
from bot.simulator.faults.orders import ON_REQUESTS, Fault
from bot.store import DUE
from bot.twilio.inbound import text_received
from bot.watermark import RECORD, Watermark, last_look
from tests.house_in_memory import DESK, TOKEN, HouseInMemory
from tests.people import ALICE, BOB, CUSTOMERS, DAVE, NOBODYS_NUMBER, OFFICERS_LINE, SERVICE, Person
from tests.stores_that_fail import FailingStore
from tests.worker.carrier_faults import (
    DAY,
    HOUR,
    NO_TRACE_OF_IT,
    alices_voicemail_answers,
    happened,
    texts,
    world_with_retries,
)
from tests.worker.world import Killable, Killed, World

SOON = 420.0  # seconds: the lag of the list, and one look


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    world = world_with_retries(build)
    looks(world)  # the first look is behind us
    return world


def looks(world: World) -> int:
    """Every look that is due; how much nobody had told of."""
    found = 0
    while (more := world.reconciling.take_one(DESK)) is not None:
        found += more
    return found


def later(world: World, seconds: float = SOON) -> int:
    """Time passes, and the lists are looked through; nothing else works."""
    world.skip(seconds)
    return looks(world)


def untold(world: World, person: Person, body: str = "Sorry I missed you") -> str:
    """Somebody texts, and no webhook says so."""
    world.network.faults.order(Fault.WEBHOOK_NEVER_SENT, kind="text")
    return world.network.text(person.phone, SERVICE, body).message_sid


def rings_in_vain(world: World, person: Person) -> str:
    """Somebody rings while our door is shut, and hears the carrier's apology."""
    if person.phone not in world.network.carrier.handsets:
        world.add(person, "person", script=[])
    world.door_shut = True
    call = world.network.dial(person.phone, SERVICE)
    world.skip(60)
    world.door_shut = False
    return call


def owed(world: World) -> list[str]:
    """The callbacks that are owed, by the id of what asked for them."""
    return [line.data["callback"] for line in world.house.store.waiting(DESK, DUE)]


def reasons(world: World, about: str) -> list[str]:
    """Why the log has lines of this conversation, where one says why."""
    return [
        line["reason"]
        for line in world.house.log()
        if line.get("conversation") == about and line.get("reason") and line["kind"] == "note"
    ]


def mark(world: World) -> Watermark:
    return Watermark.from_json(world.house.record(RECORD))


# A text


@pytest.mark.parametrize("fault", sorted(NO_TRACE_OF_IT))
def test_a_text_whose_webhook_never_came_is_rung_back(world: World, fault: Fault) -> None:
    alices_voicemail_answers(world)
    world.network.faults.order(fault, kind="text")

    text = texts(world, ALICE)
    world.run(SOON + 60)

    assert happened(world) == [fault]
    assert len(world.calls_to(ALICE)) == 1
    assert world.dispositions(text) == ["left_message"]
    assert [found.body for found in world.network.texts] == [""]  # forgotten by the carrier


def test_it_is_the_event_that_the_webhook_would_have_been(world: World) -> None:
    texts(world, ALICE)
    (exchange,) = world.network.texts[0].webhooks
    form = MultiDict(exchange.request.params)
    told = text_received(form, world.house.runtime.house.policy, TOKEN)

    (listed,) = world.carrier.texts_received(PhoneNumber(SERVICE), 0)

    assert (listed.text, listed.sender) == (told.conversation, told.sender)
    assert listed.body.reveal() == told.body.reveal()
    assert listed.at == pytest.approx(world.house.clock.now(), abs=1)


def test_the_log_says_how_it_came_and_no_word_of_it(world: World) -> None:
    text = untold(world, ALICE, "It is about the marmalade")

    assert later(world) == 1

    assert reasons(world, text) == ["reconciled"]
    assert owed(world) == [text]
    assert "marmalade" not in str(world.house.log())


def test_a_text_that_we_know_of_is_left_alone(world: World) -> None:
    text = texts(world, ALICE)
    before = world.house.log()

    assert later(world) == 0
    assert world.house.log() == before
    assert owed(world) == [text]


def test_a_webhook_that_comes_after_all_changes_nothing(world: World) -> None:
    world.network.faults.order(Fault.WEBHOOK_LATE, kind="text", seconds=900)
    text = texts(world, ALICE)
    assert later(world) == 1
    before = world.house.everything()

    world.skip(1200)

    assert world.house.everything() == before
    assert owed(world) == [text]


def test_a_text_on_its_way_to_us_is_left_to_its_webhook(world: World) -> None:
    later(world, SOON)
    untold(world, ALICE)

    assert later(world, 30) == 0
    assert later(world, SOON) == 1


def test_stop_is_read_from_the_words_where_the_list_tells_no_keyword(world: World) -> None:
    world.network.settings.advanced_opt_out = True
    untold(world, ALICE, "STOP")

    later(world)

    assert owed(world) == []
    assert world.house.tasks() == ["wants_no_contact"]
    assert [text.direction for text in world.network.texts].count("inbound") == 1


def test_a_text_without_words_may_have_lost_them_so_a_person_looks(world: World) -> None:
    text = untold(world, ALICE)
    world.carrier.redact_text(text)

    later(world)

    assert owed(world) == [text]
    assert world.house.tasks() == ["text_in_doubt"]


def test_in_twenty_minutes_is_from_when_it_was_written(world: World) -> None:
    text = untold(world, ALICE, "Ring me in 2 hours")
    written = world.house.clock.now()

    later(world)

    assert world.callback(text).ring_from == pytest.approx(written + 2 * HOUR, abs=61)


def test_a_time_that_went_by_before_it_was_found_is_shown_to_a_person(world: World) -> None:
    text = untold(world, ALICE, "Ring me in 20 mins")

    later(world, 3 * HOUR)

    assert world.callback(text).ring_from is None
    assert owed(world) == [text]
    assert world.house.tasks() == ["text_in_doubt"]


def test_whoever_is_unknown_becomes_a_task(world: World) -> None:
    untold(world, DAVE)

    later(world)

    assert owed(world) == []
    assert world.house.tasks() == ["unknown_sender"]


def test_a_text_to_the_officers_line_is_found_and_one_to_a_number_that_is_not_ours_is_not(
    world: World,
) -> None:
    for number in (OFFICERS_LINE, NOBODYS_NUMBER):
        world.network.own(number)
    to_the_officers = world.network.text(ALICE.phone, OFFICERS_LINE, "Hello").message_sid
    world.network.text(BOB.phone, NOBODYS_NUMBER, "Hello")

    assert later(world) == 1
    assert owed(world) == [to_the_officers]


def test_what_was_written_on_another_channel_is_a_task(world: World) -> None:
    text = untold(world, ALICE)
    found = world.network.carrier.texts[text]
    found.from_, found.to = f"whatsapp:{ALICE.phone}", f"whatsapp:{SERVICE}"

    assert later(world) == 1
    assert owed(world) == []
    assert world.house.tasks() == ["unknown_sender"]


def test_every_page_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.twilio.received.PAGE", 3)
    world.network.faults.order(Fault.WEBHOOK_NEVER_SENT, kind="text", rate=1.0)
    sent = {world.network.text(ALICE.phone, SERVICE, "Hello").message_sid for _ in range(8)}

    assert later(world) == 8
    assert {id for id in sent if reasons(world, id) == ["reconciled"]} == sent
    assert len(owed(world)) == 1  # one call for all of them


def test_a_list_that_is_late_tells_in_the_end(world: World) -> None:
    world.network.settings.list_lag_seconds = 1800
    text = untold(world, ALICE)

    assert later(world) == 0
    assert later(world, 1800) == 1
    assert owed(world) == [text]


# A call


def test_a_caller_who_did_not_get_through_is_owed_a_call(world: World) -> None:
    call = rings_in_vain(world, ALICE)

    assert later(world) == 1

    assert owed(world) == [call]
    assert reasons(world, call) == ["reconciled"]
    assert world.callback(call).is_express


def test_a_caller_who_is_unknown_becomes_a_task(world: World) -> None:
    rings_in_vain(world, DAVE)

    later(world)

    assert owed(world) == []
    assert world.house.tasks() == ["unknown_sender"]


def test_a_caller_who_rang_again_and_got_through_is_owed_nothing(world: World) -> None:
    rings_in_vain(world, ALICE)
    world.network.dial(ALICE.phone, SERVICE)
    world.skip(60)

    later(world)

    assert owed(world) == []
    assert world.house.tasks() == []


def test_a_call_that_ended_in_the_normal_way_is_known(world: World) -> None:
    world.add(ALICE, "person", script=[])
    world.network.dial(ALICE.phone, SERVICE)
    world.skip(600)

    assert looks(world) == 0
    assert owed(world) == []


def test_the_end_of_a_call_that_nobody_told_is_found(world: World) -> None:
    world.add(ALICE, "person", script=[])
    world.network.faults.order(Fault.WEBHOOK_NEVER_SENT, kind="notice", rate=1.0)
    call = world.network.dial(ALICE.phone, SERVICE)
    world.skip(1)
    assert not world.house.record(f"call:{call}")["ended"]

    later(world)

    assert world.house.record(f"call:{call}")["ended"]


def test_a_call_that_goes_on_is_not_touched_and_not_passed(world: World) -> None:
    call = rings_in_vain(world, ALICE)
    found = world.network.carrier.calls[call]
    status, found.status = found.status, "in-progress"

    assert later(world, 2 * HOUR) == 0
    assert mark(world).through < found.started_at.timestamp() + 1

    found.status = status
    assert later(world) == 1
    assert owed(world) == [call]


def test_its_last_notice_may_come_afterwards(world: World) -> None:
    call = rings_in_vain(world, ALICE)
    later(world)

    answer = world.house.post(
        "/call/status", CallSid=call, From=ALICE.phone, To=SERVICE, CallStatus="completed"
    )

    assert answer.status_code == 200
    assert owed(world) == [call]
    assert world.house.tasks() == []


# Outages, of others and of ours


def test_after_an_outage_the_window_reaches_back_to_the_watermark(world: World) -> None:
    text = untold(world, ALICE)
    untold(world, DAVE)

    assert later(world, 3 * DAY) == 2
    assert owed(world) == [text]
    assert mark(world).through == pytest.approx(world.house.clock.now() - 60, abs=1)


def test_a_gap_that_is_too_long_ago_is_a_task(world: World) -> None:
    untold(world, ALICE)

    assert later(world, 9 * DAY) == 0
    assert world.house.tasks() == ["not_reconciled"]
    assert later(world) == 0
    assert world.house.tasks() == ["not_reconciled"]


@pytest.mark.parametrize("jump", [-2 * DAY, 2 * DAY])
def test_a_clock_that_was_wrong_for_a_while_loses_nothing(world: World, jump: float) -> None:
    world.house.clock.move(jump)
    looks(world)
    text = untold(world, ALICE)
    later(world, 3 * HOUR)
    world.house.clock.move(-jump)

    later(world)

    assert owed(world) == [text]


@pytest.mark.parametrize("fault", sorted(ON_REQUESTS))
@pytest.mark.parametrize("kind", ["messages.list", "calls.list"])
def test_a_list_that_does_not_answer_is_asked_again(world: World, fault: Fault, kind: str) -> None:
    text = untold(world, ALICE)
    world.network.faults.order(fault, kind=kind)
    through = mark(world).through

    assert later(world) == 0
    assert mark(world).through == through

    assert later(world, 61) == 1
    assert owed(world) == [text]


def test_when_redis_fails_on_the_way_the_watermark_stays(
    build: Callable[..., HouseInMemory],
) -> None:
    store = FailingStore()
    world = world_with_retries(lambda **given: build(store=store, **given))
    looks(world)
    text = untold(world, ALICE)
    world.skip(SOON)
    asked = world.carrier._real.calls_received
    world.carrier.calls_received = lambda *given: (setattr(store, "down", True), asked(*given))[1]
    with pytest.raises(StoreDown):
        looks(world)
    store.down = False
    del world.carrier.calls_received

    assert later(world, 121) == 1
    assert owed(world) == [text]


@pytest.mark.parametrize("seed", range(4))
def test_outages_while_texts_arrive(build: Callable[..., HouseInMemory], seed: int) -> None:
    """The door and Redis come and go while everybody texts: each text is joined to one callback or
    is one task, and nobody is owed two calls."""
    store, chance = FailingStore(), random.Random(seed)
    world = world_with_retries(lambda **given: build(store=store, **given), seed)
    looks(world)
    sent: list[str] = []
    for _ in range(40):
        world.door_shut = chance.random() < 0.4
        store.down = chance.random() < 0.3
        person = chance.choice([*CUSTOMERS.values(), DAVE])
        sent.append(world.network.text(person.phone, SERVICE, "Sorry").message_sid)
        world.skip(chance.choice([1, 30, 200, 900]))
        if chance.random() < 0.7:
            try:
                looks(world)
            except StoreDown:
                assert store.down
    world.door_shut = store.down = False

    later(world, HOUR)
    later(world, HOUR)

    log = world.house.log()
    assert any(line.get("reason") == "reconciled" for line in log), "no outage hit a text"
    moved = [line for line in log if line["kind"] == "step" and line["flow"] == "inbound_text"]
    assert sorted(line["conversation"] for line in moved) == sorted(sent)  # each once
    assert {line["after"] for line in moved} == {"callback_owed", "task_raised"}
    owed_to = [world.callback(id).number_hash for id in owed(world)]
    assert len(owed_to) == len(set(owed_to))


# Workers that die, and several of them


def test_a_worker_may_die_at_any_step(build: Callable[..., HouseInMemory]) -> None:
    """The steps are found by the test itself: all that is asked of the store and of the carrier."""
    steps, _ = looked_with(build, None)
    assert {"read", "commit", "texts_received", "calls_received"} <= set(steps)

    for place in range(len(steps)):
        for side in ("before", "after"):
            _, world = looked_with(build, (place, side))
            later(world, 130)

            where = f"killed {side} {steps[place]} (step {place})"
            assert sorted(owed(world)) == sorted(world.asked), where
            assert world.house.tasks() == ["unknown_sender"], where
            assert looks(world) == 0, where


def looked_with(
    build: Callable[..., HouseInMemory], die_at: tuple[int, str] | None
) -> tuple[list[str], World]:
    """A look at two texts and a call, by a worker that may die."""
    world = world_with_retries(build)
    looks(world)
    world.asked = [untold(world, ALICE), rings_in_vain(world, BOB)]
    untold(world, DAVE)
    world.skip(SOON)

    class Both:
        def __getattr__(self, name: str) -> object:
            return getattr(world.house.store, name, None) or getattr(world.carrier, name)

    killable = Killable(Both())
    ours = world.house.runtime
    runtime = Runtime.assemble(
        ours.settings,
        webhooks.OUR_FLOWS,
        keyring=ours.keyring,
        clock=ours.clock,
        store=killable,
        records=ours.records,
    )
    killable.calls.clear()
    killable.die_at = die_at
    try:
        while Reconciling(runtime, killable).take_one(DESK) is not None:
            pass
    except Killed:
        assert die_at
    return killable.calls, world


def test_two_workers_look_once(world: World) -> None:
    """The second finds the lease; the one that was stopped for longer than its own does not move
    the watermark any more."""
    text = untold(world, ALICE)
    world.skip(SOON)
    asked = world.carrier._real.texts_received
    second = Reconciling(world.house.runtime, world.carrier._real)

    def slow(*given: object) -> object:
        assert second.take_one(DESK) is None
        found = asked(*given)
        world.house.clock.move(121)
        while second.take_one(DESK) is not None:
            pass
        return found

    world.carrier.texts_received = slow
    with pytest.raises(Conflict):
        world.reconciling.take_one(DESK)

    assert owed(world) == [text]
    assert reasons(world, text) == ["reconciled"]
    assert mark(world).token == 3


# What the doctor says


def test_the_doctor_says_when_the_lists_were_looked_through_last(
    build: Callable[..., HouseInMemory],
) -> None:
    world = World(build)
    store = world.house.store

    assert last_look(store, DESK, 0.0) == (
        f"the carrier's, for the desk {DESK}: not looked through yet",
        "",
    )
    looks(world)
    world.skip(180)
    told, step = last_look(store, DESK, world.house.clock.now())
    assert told.endswith("looked through 3 min ago, for what came in until 4 min ago")
    assert step == ""

    world.skip(2 * HOUR)
    assert "ringback work" in last_look(store, DESK, world.house.clock.now())[1]
