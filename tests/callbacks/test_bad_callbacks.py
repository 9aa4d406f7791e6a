"""What should not be, and is: records of other versions, lost keys, clocks that jump.

Each has a name and loses nothing. Times and endings that the dial rules judge are in
`tests/test_dial_rules_at_work.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from bot.callbacks import Callback
from bot.clock_watch import ClockWatch
from bot.dialler import Dialler
from bot.errors import ConfigError
from bot.keys import Keyring
from bot.opening import NUMBER
from bot.outbox import Outbox
from bot.policy import Policy
from bot.ring_case import ring_case
from bot.storage.memory import MemoryStore
from bot.store import DUE, OUTBOX, Change, Line
from tests.callbacks.scenes import SlowCarrier
from tests.house_in_memory import DESK, HOUR, TUESDAY_AT_TEN, HouseInMemory, MovableClock, text_sid
from tests.people import ALICE, BOB

DAY = 24 * HOUR
YEAR = 365 * DAY
TEXT = text_sid(1)
KEY = f"callback:{TEXT}"


def texted(house: HouseInMemory, words: str = "Hello") -> None:
    house.text(BOB, words, sid=TEXT)


def lines(house: HouseInMemory, queue: str = DUE) -> dict[str, float]:
    return {line.id: line.due for line in house.store.waiting(DESK, queue)}


def told(house: HouseInMemory, event: str) -> list[str]:
    return [line.get("reason", "") for line in house.log() if line.get("event") == event]


def is_handed_over(house: HouseInMemory, why: str) -> None:
    """Nobody is rung; a person is told, urgently, whose call it was."""
    assert house.dial() == "handed_over"
    assert (house.carrier.placed, lines(house)) == ([], {})
    assert told(house, "handed over") == [why]
    house.work()
    (task,) = house.runtime.tasks.open()
    assert (task.reason.value, task.priority.value) == ("our_fault", "urgent")
    assert house.runtime.keyring.open(task.number_sealed or "", bound_to=NUMBER) == BOB.phone
    assert task.case == BOB.reference


# Records of other versions


def test_a_record_of_an_older_version_is_read_as_it_was(house: HouseInMemory) -> None:
    texted(house)
    old = house.record(KEY)
    for name in ("asks", "again", "last", "refused", "ring_from", "next_number", "counted_from"):
        del old[name]
    house.write(KEY, old)

    assert house.dial() == "placed"


def test_what_a_newer_version_wrote_is_kept(house: HouseInMemory) -> None:
    texted(house)
    newer = house.record(KEY) | {"mood": "sunny"}
    house.write(KEY, newer)

    house.place().status("busy")

    kept = house.record(KEY)
    assert (kept["mood"], kept["state"], len(kept["attempts"])) == ("sunny", "due", 1)


def test_an_attempt_with_a_field_that_we_do_not_know(house: HouseInMemory) -> None:
    texted(house)
    house.place().status("busy")
    house.work()
    newer = house.record(KEY)
    newer["attempts"][0]["weather"] = "fine"
    house.write(KEY, newer)

    assert Callback.from_json(newer).tries == 1
    house.later(26 * HOUR)
    assert house.dial() == "placed"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"state": "parked"},
        {"state": None},
        {"attempts": None},
        {"attempts": [{"weather": "fine"}]},
        {"next_number": {"number": "?"}},
    ],
    ids=str,
)
def test_a_record_that_nobody_can_read(house: HouseInMemory, spoilt: dict[str, object]) -> None:
    texted(house)
    house.write(KEY, house.record(KEY) | spoilt)

    is_handed_over(house, "unreadable")


@pytest.mark.parametrize("missing", ["state", "attempts", "opened_at"])
def test_a_record_that_lacks_what_cannot_be_guessed(house: HouseInMemory, missing: str) -> None:
    texted(house)
    house.write(KEY, {name: v for name, v in house.record(KEY).items() if name != missing})

    is_handed_over(house, "unreadable")


def test_a_text_beside_a_record_that_nobody_can_read_is_owed_a_call(house: HouseInMemory) -> None:
    texted(house)
    house.write(KEY, house.record(KEY) | {"state": "parked"})

    house.text(BOB, "Hello?", sid=text_sid(2))

    assert set(lines(house)) == {f"{TEXT}-1", f"{text_sid(2)}-1"}
    assert sorted([house.dial() or "", house.dial() or ""]) == ["handed_over", "placed"]


def test_a_line_whose_callback_is_gone(house: HouseInMemory) -> None:
    texted(house)
    house.write(KEY, None)

    is_handed_over(house, "gone")


def test_a_callback_that_goes_while_it_rings(house: HouseInMemory) -> None:
    texted(house)
    call = house.place()
    call.answered()
    house.write(KEY, None)

    call.hang_up()

    assert "our_fault" in house.tasks()
    assert told(house, "handed over") == ["gone"]


def test_a_callback_that_goes_before_its_call_is_heard_of(house: HouseInMemory) -> None:
    texted(house)
    house.place()
    house.write(KEY, None)

    house.later(60)
    house.work()

    assert told(house, "handed over") == ["gone"]
    assert [task.reason.value for task in house.runtime.tasks.open()] == ["our_fault"]
    assert lines(house, OUTBOX) == {}


def test_an_attempt_that_an_older_version_left_among_the_due_calls(house: HouseInMemory) -> None:
    """There it was settled from; it still is, and nothing is lost at an update."""
    texted(house)
    begun = Callback.from_json(house.record(KEY)).begin(house.clock.now())
    house.write(KEY, begun.to_json())

    assert house.dial() == "waiting"
    house.work()
    house.later(HOUR)
    house.work()

    assert house.record(KEY)["attempts"][0]["disposition"] == "cancelled"
    assert house.dial() == "placed"


def test_an_attempt_whose_way_of_ending_this_version_does_not_know(house: HouseInMemory) -> None:
    texted(house)
    call = house.place()
    call.answered()
    facts = call.talk["facts"] | {"disposition": "spoke_to_parrot"}
    house.write(f"call:{call.id}", call.talk | {"facts": facts})

    call.hang_up()

    assert house.record(KEY)["disposition"] == "needs_person"
    assert "our_fault" in house.tasks()


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (
            'spoke_to_parrot = { task = true, source = "?", evidence = "default" }',
            "spoke_to_parrot",
        ),
        ('busy = { source = "?", evidence = "default" }', "busy"),
        ('busy = { minutes = 5, task = true, source = "?", evidence = "default" }', "busy"),
    ],
)
def test_a_rule_for_an_ending_that_there_is_not_stops_the_start(
    tmp_path: Path, rules: str, named: str
) -> None:
    (tmp_path / "policy.toml").write_text(f"[retry]\n{rules}")

    with pytest.raises(ConfigError, match=named):
        Policy.load(tmp_path)


def test_a_line_of_the_outbox_of_an_unknown_kind_stops_nothing(house: HouseInMemory) -> None:
    now = house.clock.now()
    strange = Line(queue=OUTBOX, id="dance:1", kind="dance", due=now - 1.0, data={})
    house.store.commit(DESK, Change(lines=[strange]))
    texted(house, "my wife has died")

    assert sorted(house.work()) == ["dance", "redact_text", "task"]
    assert [task.reason.value for task in house.runtime.tasks.open()] == ["text_needs_person"]
    assert lines(house, OUTBOX) == {"dance:1": now + 600.0}, "it waits for a version that knows it"


def test_a_task_for_an_unknown_reason_stops_nothing(house: HouseInMemory) -> None:
    now = house.clock.now()
    strange = Line(queue=OUTBOX, id="task:1", kind="task", due=now, data={"reason": "parrot"})
    house.store.commit(DESK, Change(lines=[strange]))

    assert house.work() == ["task"]
    assert lines(house, OUTBOX) == {"task:1": now + 600.0}, "it waits for a version that knows it"


# Numbers and cases


def test_a_number_that_was_sealed_under_a_key_that_is_lost(house: HouseInMemory) -> None:
    texted(house)
    lost = Keyring({"k0": bytes(reversed(range(32)))})
    sealed = lost.seal(BOB.phone, bound_to=NUMBER)
    house.write(KEY, house.record(KEY) | {"number_sealed": sealed})

    assert house.dial() == "refused"
    assert (house.record(KEY)["refused"], house.tasks()) == (
        "number_unreadable",
        ["may_not_be_rung"],
    )


def test_a_case_that_vanishes_while_it_rings(house: HouseInMemory) -> None:
    """Whoever answers is asked for by no name: they hear the apology, and a person is told."""
    texted(house)
    call = house.place()
    with house.records.begin() as records:
        records.execute(sql(f"delete from cases where handle = '{BOB.reference}'"))

    call.answered()
    assert call.heard().apology
    call.hang_up()
    house.work()

    assert house.record(KEY)["disposition"] == "needs_person"
    assert "our_fault" in [task.reason.value for task in house.runtime.tasks.open()]
    assert lines(house) == {}


# Clocks


def watch(house: HouseInMemory) -> int | None:
    return ClockWatch(house.runtime).take_one(DESK)


def test_a_clock_that_goes_on_as_it_should_moves_nothing(house: HouseInMemory) -> None:
    texted(house)
    kept = lines(house)
    for _ in range(10):
        watch(house)
        house.later(45.0)

    assert lines(house) == kept
    assert told(house, "clock put back") == []


@pytest.mark.parametrize("ahead", [DAY, 10 * YEAR])
def test_a_clock_that_jumps_ahead_and_back_delays_no_call(
    house: HouseInMemory, ahead: float
) -> None:
    watch(house)
    house.later(ahead)
    watch(house)
    texted(house)
    house.later(-ahead)
    assert house.dial() is None, "it waits for a time that is not"

    assert watch(house) == 2  # the call, and the carrier's order to forget the words

    assert (lines(house), told(house, "clock put back")) == ({f"{TEXT}-1": TUESDAY_AT_TEN}, [""])
    assert house.dial() == "placed"


def test_a_lease_that_a_clock_took_for_years_is_over_when_it_is_put_back(
    house: HouseInMemory,
) -> None:
    texted(house)
    house.later(10 * YEAR)
    watch(house)
    house.store.claim(DESK, DUE, house.clock.now(), 45.0)
    house.later(-10 * YEAR)

    assert watch(house) == 1
    assert house.dial() == "placed"


def test_a_task_that_a_clock_put_years_ahead_is_filed(house: HouseInMemory) -> None:
    house.later(10 * YEAR)
    watch(house)
    texted(house, "my wife has died")
    house.later(-10 * YEAR)
    assert house.work() == []

    watch(house)

    assert "task" in house.work()


def test_what_waits_for_its_own_time_goes_on_waiting_when_a_clock_is_put_back(
    house: HouseInMemory,
) -> None:
    texted(house, "ring me tomorrow at 3")
    before = lines(house)
    house.later(2 * HOUR)
    watch(house)
    house.later(-2 * HOUR)

    watch(house)

    assert lines(house) == before


def test_a_clock_that_jumps_a_year_back_and_comes_right(
    build: Callable[..., HouseInMemory],
) -> None:
    """His voicemail has the message; the end is told while our clock is a year behind."""
    house = build(store=MemoryStore(clock=lambda: TUESDAY_AT_TEN))  # the server's own is right
    texted(house)
    call = house.place()
    call.answered()
    call.verdict("machine_end_beep")
    call.again()
    house.later(-YEAR)
    call.hang_up()
    house.work()
    watch(house)
    house.later(YEAR)
    watch(house)

    assert house.dial() == "refused", "not again within a day, by the clock as it is"
    assert house.record(KEY)["refused"] == "after_machine"
    house.later(30 * HOUR)
    assert house.dial() == "placed"


@pytest.mark.parametrize("behind", [-300.0, 300.0])
def test_two_workers_whose_clocks_are_minutes_apart_ring_once(
    build: Callable[..., HouseInMemory], behind: float
) -> None:
    house = build()
    others = replace(house.runtime, clock=MovableClock(lambda: house.clock.now() + behind))
    texted(house)
    ring_case(house.runtime, ALICE.reference, "s1001")

    for _ in range(40):
        Dialler(others, house.carrier).take_one(DESK)
        house.dial()
        Outbox(others, house.carrier).take_one(DESK)
        house.later(30.0)

    rung = sorted(order.to.e164 for order in house.carrier.placed)
    assert rung == sorted([ALICE.phone, BOB.phone])


def test_a_worker_whose_clock_is_ahead_settles_nothing_that_another_is_placing(
    build: Callable[..., HouseInMemory],
) -> None:
    """To it the lease is over and the carrier's list complete; the order is on its way."""
    house = build()
    others = replace(house.runtime, clock=MovableClock(lambda: house.clock.now() + 300.0))
    carrier = SlowCarrier()
    house.carrier = carrier
    texted(house)

    def the_other_looks() -> None:
        for _ in range(3):
            Dialler(others, carrier).take_one(DESK)
            Outbox(others, carrier).take_one(DESK)

    carrier.before_answering.append(the_other_looks)
    house.dial()
    for _ in range(10):
        the_other_looks()
        house.later(30.0)

    assert len(carrier.placed) == 1


def test_a_worker_alone_settles_after_a_lease_and_the_grace(house: HouseInMemory) -> None:
    carrier = SlowCarrier()
    carrier.unclear, house.carrier = True, carrier
    texted(house)
    house.dial()

    rules = house.runtime.house.policy.dialling
    house.later(rules.lease_seconds + 1.0)
    house.dial(), house.work()
    house.later(rules.settle_after_seconds + 1.0)
    house.dial(), house.work(), house.dial()

    assert len(carrier.placed) == 1
