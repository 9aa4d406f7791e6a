"""What a text asks for, down to the call: when it is due, when it is held, and what is written."""

import json

import pytest

from bot.actions import Disposition
from bot.callbacks import Callback, CallbackState
from bot.lift import lift
from bot.ring_case import ring_case
from bot.store import DUE, OUTBOX
from tests.house_in_memory import DESK, HOUR, TUESDAY_AT_TEN, HouseInMemory, text_sid
from tests.people import ALICE, BOB

NOW = TUESDAY_AT_TEN  # in London, eleven by the wall
FIRST = f"callback:{text_sid(1)}"


def due(house: HouseInMemory) -> dict[str, float]:
    return {line.id: line.due for line in house.store.waiting(DESK, DUE)}


def urgent(house: HouseInMemory) -> list[str]:
    lines = house.store.waiting(DESK, OUTBOX)
    tasks = [line.data for line in lines if line.kind == "task"]
    return [task["reason"] for task in tasks if task["priority"] == "urgent"]


def test_a_call_is_due_when_the_text_asks_for_it(house: HouseInMemory) -> None:
    house.text(ALICE, "ring me after 5", sid=text_sid(1))

    assert due(house) == {f"{text_sid(1)}-1": NOW + 6 * HOUR}
    assert house.record(FIRST)["ring_until"] == NOW + 13 * HOUR


def test_another_time_moves_it_and_no_time_leaves_it(house: HouseInMemory) -> None:
    house.text(ALICE, "ring me after 5", sid=text_sid(1))
    house.text(ALICE, "no, between 2 and 4", sid=text_sid(2))
    house.text(ALICE, "thanks", sid=text_sid(3))

    assert due(house) == {f"{text_sid(1)}-1": NOW + 3 * HOUR}
    assert house.record(FIRST)["ring_until"] == NOW + 5 * HOUR
    assert house.record(FIRST)["asks"] == 3


def test_an_officer_does_not_hurry_a_call_that_she_asked_for_later(house: HouseInMemory) -> None:
    house.text(ALICE, "ring me after 5", sid=text_sid(1))

    ring_case(house.runtime, ALICE.reference, "s1001")

    assert due(house) == {f"{text_sid(1)}-1": NOW + 6 * HOUR}


def test_the_time_is_for_one_attempt_that_rings(house: HouseInMemory) -> None:
    house.text(ALICE, "ring me at 3", sid=text_sid(1))
    house.later(4 * HOUR)
    house.place().status("no-answer")

    kept = house.record(FIRST)
    assert (kept["ring_from"], kept["ring_until"]) == (None, None)
    assert kept["due_at"] > NOW + 24 * HOUR


def test_the_same_text_twice_is_one_call_at_one_time(house: HouseInMemory) -> None:
    house.text(ALICE, "ring me at 3", sid=text_sid(1))
    before = house.everything()

    house.text(ALICE, "ring me at 3", sid=text_sid(1))

    assert house.everything() == before


def test_another_number_is_never_rung(house: HouseInMemory) -> None:
    house.text(ALICE, "please ring 07700 900789 instead, after 3", sid=text_sid(1))
    house.later(4 * HOUR)

    house.place()

    assert [order.to.e164 for order in house.carrier.placed] == [ALICE.phone]
    assert house.tasks() == ["text_in_doubt"]
    assert "900789" not in str(house.everything()).replace(" ", "")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Sorry Zebedee, I missed you", "reads: call"),
        ("Zebedee, ring me after 5", "reads: window"),
        ("Zebedee is out until 5", "reads: doubt"),
        ("Zebedee has died", "reads: person"),
        ("Zebedee says wrong number", "reads: no_contact"),
        ("Zebedee is on 07700 900789", "reads: doubt, another number"),
    ],
)
def test_the_log_holds_kinds_and_never_a_word(house: HouseInMemory, body: str, kind: str) -> None:
    house.text(ALICE, body)

    step = next(line for line in house.log() if line["kind"] == "step")
    assert step["detail"] == kind
    told = json.dumps(house.log()).lower()
    assert not [word for word in ("zebedee", "900789", "death", "died", "wrong") if word in told]
    assert "zebedee" not in str(house.everything()).lower()


def test_a_sign_holds_what_was_owed_until_a_person_lifts_it(house: HouseInMemory) -> None:
    house.text(BOB, "ring me after 5", sid=text_sid(1))
    house.text(BOB, "my wife has died", sid=text_sid(2))
    house.text(BOB, "tomorrow then", sid=text_sid(3))

    assert due(house) == {}
    assert house.record(FIRST)["disposition"] == "needs_person"
    assert urgent(house) == ["text_needs_person", "text_needs_person"]
    assert lift(house.runtime, BOB.reference, "s1001") == ["a wish to be left alone"]
    house.text(BOB, "please ring", sid=text_sid(4))
    assert list(due(house)) == [f"{text_sid(4)}-1"]


def test_stop_after_a_sign_does_not_make_it_less_urgent(house: HouseInMemory) -> None:
    house.text(BOB, "my wife has died")
    house.text(BOB, "STOP")
    house.text(BOB, "hello?")

    assert urgent(house) == ["text_needs_person"] * 3


def test_a_task_of_a_text_can_be_read_by_its_officer(house: HouseInMemory) -> None:
    house.text(ALICE, "Ring me later")

    task = next(line for line in house.store.waiting(DESK, OUTBOX) if line.kind == "task")
    assert (task.data["reason"], task.data["priority"]) == ("text_in_doubt", "normal")
    assert task.data["text_sealed"]


# The record


def owed(**different: object) -> Callback:
    given: dict[str, object] = {
        "id": "cb",
        "desk": DESK,
        "number_sealed": "sealed",
        "number_hash": "hash",
        "number_mask": "+44…23",
        "case": ALICE.reference,
        "asked_by": "customer",
        "opened_at": 0.0,
        "due_at": 100.0,
        "ring_from": 100.0,
        "ring_until": 200.0,
    }
    return Callback(**(given | different))  # type: ignore[arg-type]


def test_a_record_of_an_older_version_has_no_time() -> None:
    data = owed().to_json()
    del data["ring_from"], data["ring_until"]

    assert Callback.from_json(data) == owed(ring_from=None, ring_until=None)


def test_an_attempt_that_was_never_placed_keeps_the_time() -> None:
    again = owed().begin(110.0).never_placed(120.0)

    assert (again.state, again.ring_from, again.ring_until) == (CallbackState.DUE, 100.0, 200.0)


def test_a_time_that_was_asked_for_while_it_rang_is_still_to_come() -> None:
    ringing = owed().begin(110.0).placed("CA1")
    ended = ringing.asked_again(120.0, by_customer=True, window=(300.0, 400.0)).attempt_ended(
        Disposition.NO_ANSWER, 300.0
    )

    assert (ended.ring_from, ended.ring_until) == (300.0, 400.0)
