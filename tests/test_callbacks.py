"""A callback's life: one for each number, kept through every ending, settled when it is helped."""

import pytest

from bot.actions import Disposition
from bot.callbacks import Callback, CallbackState, callback_of
from tests.house_in_memory import HouseInMemory, text_sid
from tests.people import ALICE, BOB, ERIN

FIRST = f"{text_sid(1)}-1"


def due(**different: object) -> Callback:
    given: dict[str, object] = {
        "id": "cb",
        "desk": "main",
        "number_sealed": "sealed",
        "number_hash": "hash",
        "number_mask": "+44…123",
        "case": ALICE.reference,
        "asked_by": "customer",
        "opened_at": 0.0,
        "due_at": 0.0,
    }
    return Callback(**(given | different))  # type: ignore[arg-type]


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
    "callback", [due(), due().begin(1.0), due().begin(1.0).placed("CA1"), due().asked_again()]
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


def test_after_the_last_attempt_a_person_takes_over(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    house.place().status("no-answer")
    house.later(48 * 3600)
    house.work()

    house.place().status("no-answer")

    assert house.record(f"callback:{text_sid(1)}")["state"] == "ended"
    assert house.tasks() == ["attempts_used_up"]


def test_a_customer_who_was_helped_is_not_rung(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")

    assert house.owed() == []
    assert house.record(f"callback:{text_sid(1)}")["disposition"] == "settled_by_customer"
    house.text(ALICE, "One more thing", sid=text_sid(2))
    assert house.owed() == [f"{text_sid(2)}-1"], "a later text owes a call of its own"


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
