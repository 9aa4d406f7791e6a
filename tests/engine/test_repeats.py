"""The same event twice is the same as once (design section 1, invariant 7)."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.house_in_memory import HouseInMemory, LiveCall, call_sid, text_sid
from tests.people import ALICE, DAVE, OFFICERS_LINE, SERVICE

Deliver = Callable[[], TestResponse]


def a_text(house: HouseInMemory) -> Deliver:
    return lambda: house.text(ALICE, "Sorry I missed you", sid=text_sid(1))


def a_text_of_nobody_we_know(house: HouseInMemory) -> Deliver:
    return lambda: house.text(DAVE, "Who is this?", sid=text_sid(1))


def a_call(house: HouseInMemory) -> Deliver:
    call = LiveCall(house, call_sid(1), caller=ALICE.phone, service=SERVICE)
    return lambda: call.post("/call/received")


def a_call_to_the_officers_line(house: HouseInMemory) -> Deliver:
    call = LiveCall(house, call_sid(1), caller=ALICE.phone, service=OFFICERS_LINE)
    return lambda: call.post("/call/received")


def an_answered_call(house: HouseInMemory) -> Deliver:
    return _rung(house).answered


def keys(house: HouseInMemory) -> Deliver:
    return _pressing(house.rings(ALICE), ALICE.reference)


def silence(house: HouseInMemory) -> Deliver:
    return _pressing(house.rings(ALICE), "")


def the_last_right_answer(house: HouseInMemory) -> Deliver:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    for _ in range(5):
        call.answer(ALICE)
    return _pressing(call, ALICE.right(call.question))


def the_last_wrong_answer(house: HouseInMemory) -> Deliver:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    for _ in range(5):
        call.answer(ALICE, rightly=False)
    return _pressing(call, ALICE.wrong(call.question))


def the_key_that_reads_the_case(house: HouseInMemory) -> Deliver:
    house.text(ALICE, "Hello")
    call = house.rings(ALICE)
    call.verify(ALICE)
    return _pressing(call, "1")


def the_end_of_a_leg(house: HouseInMemory) -> Deliver:
    call = house.rings(ALICE)
    call.press("0")
    path = call.heard().action
    return lambda: call.post(path, DialCallStatus="no-answer")


def a_verdict(house: HouseInMemory) -> Deliver:
    call = _rung(house)
    call.answered()
    return lambda: call.verdict("machine_end_beep")


def a_verdict_after_a_key(house: HouseInMemory) -> Deliver:
    call = _rung(house)
    call.answered()
    call.press("5")
    return lambda: call.verdict("machine_end_beep")


def a_redirect(house: HouseInMemory) -> Deliver:
    call = _rung(house)
    call.answered()
    call.verdict("machine_end_beep")
    return call.again


def a_ringing_notice(house: HouseInMemory) -> Deliver:
    call = _rung(house)
    return lambda: call.status("ringing")


def the_end_of_our_call(house: HouseInMemory) -> Deliver:
    call = _rung(house)
    call.answered()
    return call.hang_up


def the_end_of_their_call(house: HouseInMemory) -> Deliver:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    return call.hang_up


def a_notice_of_an_attempt_that_was_given_up(house: HouseInMemory) -> Deliver:
    call = _given_up(house)
    return lambda: call.status("ringing")


def the_answer_of_an_attempt_that_was_given_up(house: HouseInMemory) -> Deliver:
    return _given_up(house).answered


EVERY_KIND = (
    a_text,
    a_text_of_nobody_we_know,
    a_call,
    a_call_to_the_officers_line,
    an_answered_call,
    keys,
    silence,
    the_last_right_answer,
    the_last_wrong_answer,
    the_key_that_reads_the_case,
    the_end_of_a_leg,
    a_verdict,
    a_verdict_after_a_key,
    a_redirect,
    a_ringing_notice,
    the_end_of_our_call,
    the_end_of_their_call,
    a_notice_of_an_attempt_that_was_given_up,
    the_answer_of_an_attempt_that_was_given_up,
)


@pytest.mark.parametrize("prepare", EVERY_KIND, ids=lambda prepare: prepare.__name__)
def test_delivered_three_times_it_is_answered_alike_and_done_once(
    house: HouseInMemory, prepare: Callable[[HouseInMemory], Deliver]
) -> None:
    deliver = prepare(house)
    before = house.everything()
    first = deliver()
    once = house.everything()

    again, third = deliver(), deliver()

    assert once != before
    assert house.everything() == once
    assert again.data == third.data == first.data
    assert again.status_code == third.status_code == 200


def test_keys_of_a_call_that_is_over_only_hang_up(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.hang_up()
    kept = house.everything()

    call.press(ALICE.reference)

    assert call.heard().hangs_up and not call.heard().prompts
    assert house.everything() == kept


def _pressing(call: LiveCall, digits: str) -> Deliver:
    path = call.heard().action
    return lambda: call.post(path, Digits=digits)


def _rung(house: HouseInMemory) -> LiveCall:
    house.text(ALICE, "Sorry I missed you")
    return house.place()


def _given_up(house: HouseInMemory) -> LiveCall:
    """A call whose attempt was settled as never placed, and that rings after all."""
    call = _rung(house)
    callback = house.record(f"callback:{call.attempt.rpartition('-')[0]}")
    callback["attempts"][-1]["disposition"] = "cancelled"
    house.write(f"callback:{callback['id']}", callback)
    return call
