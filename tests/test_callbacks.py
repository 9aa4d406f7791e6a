"""A callback's life: one for each number, kept through every ending, settled when it is helped."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot import number_history
from bot.actions import Disposition
from bot.callbacks import Callback, CallbackState, callback_of
from bot.lift import lift
from bot.ring_case import ring_case
from bot.store import DUE
from tests.house_in_memory import DESK, HOUR, HouseInMemory, keyring, text_sid
from tests.people import ALICE, BOB, CARYS, ERIN

FIRST = f"{text_sid(1)}-1"


def due(**different: object) -> Callback:
    given: dict[str, object] = {
        "id": "cb",
        "desk": "main",
        "number_sealed": "sealed",
        "number_hash": "hash",
        "number_mask": "+44…23",
        "case": ALICE.reference,
        "asked_by": "customer",
        "opened_at": 0.0,
        "due_at": 0.0,
    }
    return Callback(**(given | different))


def test_its_life_step_by_step() -> None:
    placing = due().begin(1.0)
    placed = placing.placed("CA1")
    again = placed.attempt_ended(Disposition.BUSY, 99.0)
    done = again.begin(99.0).placed("CA2").attempt_ended(Disposition.CONNECTED, None)

    assert [c.state for c in (placing, placed, again, done)] == [
        "placing",
        "placed",
        "due",
        "ended",
    ]
    assert [c.next_attempt for c in (due(), placing, again)] == ["cb-1", "cb-2", "cb-2"]
    assert again.due_at == 99.0
    assert [attempt.disposition for attempt in done.attempts] == ["busy", "connected"]


@pytest.mark.parametrize(
    "callback",
    [
        due(),
        due().begin(1.0),
        due().begin(1.0).placed("CA1"),
        due().asked_again(1.0, by_customer=True),
    ],
)
def test_it_is_written_down_whole(callback: Callback) -> None:
    assert Callback.from_json(callback.to_json()) == callback


def test_an_attempt_that_was_never_placed_is_tried_under_another_id_and_not_counted() -> None:
    callback = due().begin(1.0).never_placed(5.0)

    assert (callback.state, callback.next_attempt, callback.tries) == (CallbackState.DUE, "cb-2", 0)


def test_an_attempt_tells_its_callback() -> None:
    assert callback_of(due().next_attempt) == "cb"
    assert callback_of("no-dash-at-the-end-12") == "no-dash-at-the-end"
    assert callback_of("none") == ""


def test_two_texts_are_one_callback(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    house.text(ALICE, "Hello again", sid=text_sid(2))

    assert house.owed() == [FIRST]
    assert house.record(f"callback:{text_sid(1)}")["asks"] == 2


def test_several_cases_of_one_person_are_one_callback(house: HouseInMemory) -> None:
    house.text(ERIN, "Hello")

    assert len(house.owed()) == 1


def test_an_officers_wish_and_a_text_are_one_callback(house: HouseInMemory) -> None:
    call = house.ring_by_officer(BOB)
    house.text(BOB, "Was that you?")
    before = house.owed()

    call.answered()
    call.hang_up()

    assert not [line for line in before if line.startswith("SM")], "while the call goes on"
    assert house.record(f"callback:{callback_of(call.attempt)}")["state"] == "due"


@pytest.mark.parametrize(
    ("status", "disposition"),
    [
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("failed", "failed"),
        ("completed", "abandoned"),
    ],
)
def test_an_ending_that_helped_nobody_is_due_again(
    house: HouseInMemory, status: str, disposition: str
) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    call = house.place()

    call.status(status)

    callback = house.record(f"callback:{text_sid(1)}")
    assert callback["attempts"][0]["disposition"] == disposition
    assert (callback["state"], callback["due_at"] > house.clock.now()) == ("due", True)
    assert f"{text_sid(1)}-2" in house.owed()


def test_the_retry_rule_counts_from_when_the_attempt_began(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    began = house.clock.now()
    call = house.place()
    house.later(HOUR / 2)

    call.status("no-answer")
    house.work()

    assert house.record(f"callback:{text_sid(1)}")["due_at"] == began + 27 * HOUR
    history = number_history.partition(keyring().number_hash(ALICE.phone))
    (past,) = house.store.read(history, ("history",))["history"].data["past"]
    assert (past["at"], past["disposition"]) == (began, "no_answer")


def test_an_ending_that_is_told_days_late_is_due_at_once(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    call = house.place()
    house.later(72 * HOUR)

    call.status("no-answer")

    assert house.record(f"callback:{text_sid(1)}")["due_at"] == house.clock.now()


def test_after_the_last_attempt_a_person_takes_over(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    house.place().status("no-answer")
    house.later(51 * HOUR)
    house.work()

    house.place().status("no-answer")

    assert house.record(f"callback:{text_sid(1)}")["state"] == "ended"
    assert house.tasks() == ["attempts_used_up"]


def test_a_customer_who_was_helped_is_not_rung(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")

    assert calls_owed(house) == []
    assert house.record(f"callback:{text_sid(1)}")["disposition"] == "settled_by_customer"
    house.text(ALICE, "One more thing", sid=text_sid(2))
    assert calls_owed(house) == [f"{text_sid(2)}-1"], "a later text owes a call of its own"


def test_a_customer_who_was_helped_during_an_attempt_is_not_rung_again(
    house: HouseInMemory,
) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    ours = house.place()
    ours.answered()
    ours.verdict("machine_end_beep")
    hers = house.rings(ALICE)
    hers.verify(ALICE)
    hers.press("1")

    ours.hang_up()

    assert calls_owed(house) == []
    assert house.record(f"callback:{text_sid(1)}")["state"] == "ended"


def test_a_text_after_the_voicemail_brings_the_call_forward(house: HouseInMemory) -> None:
    house.text(BOB, "Hello", sid=text_sid(1))
    left_on_the_machine(house)
    later = house.record(f"callback:{text_sid(1)}")["due_at"]
    assert later > house.clock.now()

    house.text(BOB, "please ring now", sid=text_sid(2))

    assert house.record(f"callback:{text_sid(1)}")["due_at"] == house.clock.now()
    assert calls_owed(house) == [f"{text_sid(1)}-2"]
    assert house.dial() == "placed"


def test_an_officers_request_lifts_no_rule(house: HouseInMemory) -> None:
    house.text(BOB, "Hello", sid=text_sid(1))
    call = house.place()
    call.answered()
    call.verdict("machine_end_beep")
    ring_case(house.runtime, BOB.reference, "s1001")
    call.again()
    call.hang_up()

    assert house.record(f"callback:{text_sid(1)}")["due_at"] > house.clock.now() + 24 * HOUR
    assert house.dial() is None


def test_whoever_wants_to_be_left_alone_is_not_rung(house: HouseInMemory) -> None:
    house.text(BOB, "Hello", sid=text_sid(1))

    house.text(BOB, "Please do not ring me again", sid=text_sid(2))

    assert calls_owed(house) == []
    assert house.record(f"callback:{text_sid(1)}")["disposition"] == "cancelled"
    assert house.tasks() == ["wants_no_contact"]


def test_stop_from_another_of_his_numbers_is_heeded(house: HouseInMemory) -> None:
    house.text(BOB, "Hello", sid=text_sid(1))

    house.text(replace(BOB, phone="+442079460456"), "STOP", sid=text_sid(2))

    assert calls_owed(house) == []


def test_after_stop_a_person_decides_about_every_text(house: HouseInMemory) -> None:
    house.text(BOB, "stop", sid=text_sid(1))

    house.text(BOB, "thank you", sid=text_sid(2))

    assert calls_owed(house) == []
    assert house.tasks() == ["wants_no_contact", "wants_no_contact"]
    assert lift(house.runtime, BOB.reference, "s1001") == ["a wish to be left alone"]
    house.text(BOB, "please ring me after all", sid=text_sid(3))
    assert calls_owed(house) == [f"{text_sid(3)}-1"]


def test_a_text_and_an_officer_about_one_case_are_one_call(house: HouseInMemory) -> None:
    other_phone = replace(BOB, phone="+442079460456")
    house.text(other_phone, "Hello", sid=text_sid(1))

    ring_case(house.runtime, BOB.reference, "s1001")

    assert calls_owed(house) == [f"{text_sid(1)}-1"]


def test_what_stands_against_one_case_stands_against_the_person(house: HouseInMemory) -> None:
    with house.records.begin() as records:
        records.execute(
            text("update cases set held = 'breathing_space' where handle = :handle"),
            {"handle": "100000041"},
        )
    ring_case(house.runtime, "100000058", "s1001")  # her other case

    assert house.dial() == "refused"
    assert house.tasks() == ["may_not_be_rung"]
    assert "breathing" not in str(house.log())


def test_nobody_is_rung_in_english_where_the_record_says_welsh(house: HouseInMemory) -> None:
    house.text(CARYS, "Hello")

    assert house.dial() == "refused"
    assert house.tasks() == ["may_not_be_rung"]


def test_a_fault_of_ours_suspends_the_dialling(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    house.write(f"call:{call.id}", call.talk | {"state": "no such state"})
    call.press("5")
    assert call.heard().apology

    house.text(BOB, "Hello")
    house.later(2)
    assert house.dial() == "refused"

    house.later(601)
    assert house.dial() == "placed"


def left_on_the_machine(house: HouseInMemory) -> None:
    call = house.place()
    call.answered()
    call.verdict("machine_end_beep")
    call.again()
    call.hang_up()
    house.work()
    house.later(2)


def calls_owed(house: HouseInMemory) -> list[str]:
    return [line.id for line in house.store.waiting(DESK, DUE)]


def test_a_customer_who_was_not_helped_is_still_owed_the_call(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    call = house.rings(ALICE)
    call.verify(ALICE, mistakes=6)
    call.hang_up()

    assert FIRST in house.owed()


def test_one_call_raises_one_task_unless_more_is_asked(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    call.press("5")
    call.press("0")
    call.desk("no-answer")
    call.hang_up()

    assert house.tasks() == ["wants_person"]


def test_the_number_is_sealed_and_masked_everywhere(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    call.hang_up()

    assert ALICE.phone not in str(house.everything())
    assert ALICE.phone[-9:] not in str(house.everything())
