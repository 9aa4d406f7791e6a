"""Notices come doubled, late and in any order; what is long gone is acknowledged and noted."""

from itertools import permutations

import pytest

from tests.house_in_memory import HouseInMemory, call_sid, text_sid
from tests.people import ALICE, DAVE

NOTICES = ("initiated", "ringing", "in-progress", "completed")


@pytest.mark.parametrize("order", list(permutations(NOTICES)), ids=" ".join)
def test_in_any_order_and_doubled_the_call_ends_once(
    house: HouseInMemory, order: tuple[str, ...]
) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()

    for word in (*order, *order):
        assert call.status(word).status_code == 200

    lines = [line for line in house.log() if line["conversation"] == call.id]
    assert [line["event"] for line in lines].count("call_ended") == 1
    assert not [line for line in lines if line["kind"] == "fault"]
    assert house.owed().count(f"note:{call.attempt}") == 1


@pytest.mark.parametrize("word", ["busy", "no-answer", "failed", "canceled", "completed"])
def test_the_end_may_be_the_first_that_we_hear_of_a_call(house: HouseInMemory, word: str) -> None:
    house.text(ALICE, "Hello")
    call = house.place()

    call.status(word)

    assert call.talk["ended"]
    assert call.answered().status_code == 200
    assert call.heard().hangs_up and not call.heard().prompts


@pytest.mark.parametrize("verdict", ["human", "machine_end_beep", "fax", "unknown"])
def test_a_verdict_after_the_end_is_no_fault(house: HouseInMemory, verdict: str) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    call.hang_up()

    call.verdict(verdict)

    assert not [line for line in house.log() if line["kind"] == "fault"]
    assert house.tasks() == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (f"/call/status/main/{'b' * 32}-1", {"CallSid": call_sid(9), "CallStatus": "completed"}),
        ("/call/status", {"CallSid": call_sid(9), "CallStatus": "completed"}),
        (f"/call/machine-heard/main/{'b' * 32}-1", {"CallSid": call_sid(9), "AnsweredBy": "human"}),
        ("/text/delivery", {"MessageSid": text_sid(9), "MessageStatus": "delivered"}),
    ],
)
def test_a_notice_about_something_long_gone_is_acknowledged_and_noted(
    house: HouseInMemory, path: str, form: dict[str, str]
) -> None:
    answer = house.post(path, **form)

    assert answer.status_code == 200
    assert b"<Response/>" in answer.data
    lines = [(line["kind"], line["reason"]) for line in house.log()]
    assert lines == [("note", "unknown_conversation")]
    assert house.owed() == []


def test_an_attempt_that_was_given_up_and_rings_after_all_is_ended(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    callback = house.record(f"callback:{call.attempt.rpartition('-')[0]}")
    callback["attempts"][-1]["disposition"] = "cancelled"
    house.write(f"callback:{callback['id']}", callback)

    call.status("ringing")

    house.work()
    assert house.carrier.ended == [call.sid]
    call.answered()
    assert call.heard().apology


def test_a_notice_does_not_change_who_is_listening(house: HouseInMemory) -> None:
    call = house.rings(DAVE)

    call.status("in-progress")

    assert (call.talk["turn"], call.talk["listener"]) == (1, "unknown")
