"""The turn in the URL: only the current one steps, every other reads the current words."""

import pytest

from tests.house_in_memory import HouseInMemory, LiveCall, call_sid, text_sid
from tests.people import ALICE


@pytest.fixture
def alice_at_the_second_question(house: HouseInMemory) -> LiveCall:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    call.answer(ALICE)
    return call


@pytest.mark.parametrize("turn", ["0", "1", "2", "4", "999999999", "9" * 30, "-1", "3x", "3.0"])
def test_another_turn_gets_the_current_words_and_moves_nothing(
    house: HouseInMemory, alice_at_the_second_question: LiveCall, turn: str
) -> None:
    call = alice_at_the_second_question
    current, question = call.last, call.question
    kept = house.everything()

    answer = call.post(f"/call/digits-pressed/{call.place}/{turn}", Digits=ALICE.right(question))

    assert answer.status_code == 200
    assert current is not None and answer.data == current.data
    assert house.everything() == kept


def test_a_leg_that_ended_on_another_turn_moves_nothing(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.press("0")
    words = call.last
    kept = house.everything()

    answer = call.post(f"/call/leg-ended/{call.place}/1", DialCallStatus="completed")

    assert words is not None and answer.data == words.data
    assert house.everything() == kept


def test_keys_where_none_are_awaited_move_nothing(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.press("0")  # the desk is being rung
    kept = house.everything()

    call.post(f"/call/digits-pressed/{call.place}/2", Digits="1")

    assert call.heard().dials
    assert house.everything() == kept


def test_the_end_of_a_leg_where_there_is_none_moves_nothing(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    kept = house.everything()

    call.post(f"/call/leg-ended/{call.place}/1", DialCallStatus="completed")

    assert call.heard().prompts == ("inbound_call.welcome",)
    assert house.everything() == kept


def test_the_end_of_a_leg_of_a_text_is_no_fault(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello", sid=text_sid(1))
    kept = house.everything()

    answer = house.post(
        f"/call/leg-ended/main/{text_sid(1)}/0", CallSid=call_sid(1), DialCallStatus="busy"
    )

    assert answer.status_code == 200
    assert house.everything() == kept


def test_a_redirect_reads_and_does_not_step(
    house: HouseInMemory, alice_at_the_second_question: LiveCall
) -> None:
    call = alice_at_the_second_question
    current = call.last
    kept = house.everything()

    answer = call.again()

    assert current is not None and answer.data == current.data
    assert house.everything() == kept


def test_a_redirect_does_not_begin_a_conversation(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.status("ringing")
    kept = house.everything()

    call.again()

    assert house.everything() == kept


def test_a_machine_that_fetched_the_words_by_itself_is_not_redirected(
    house: HouseInMemory,
) -> None:
    call = _machine(house)

    call.silence()  # the wait for a key was over just as the verdict came

    assert call.heard().prompts == ("outbound_call.voicemail",)
    house.work()
    assert house.carrier.redirected == []


def test_a_machine_that_still_hears_the_opening_is_redirected_once(house: HouseInMemory) -> None:
    call = _machine(house)

    house.work()
    house.work()

    assert house.carrier.redirected == [call.id]
    assert call.talk["awaits_redirect"]
    call.again()
    assert not call.talk["awaits_redirect"]
    assert call.heard().prompts == ("outbound_call.voicemail",)


def test_a_redirect_to_words_that_are_no_longer_current_is_not_made(house: HouseInMemory) -> None:
    call = _machine(house)
    call.hang_up()

    house.work()

    assert house.carrier.redirected == []


def _machine(house: HouseInMemory) -> LiveCall:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    call.verdict("machine_end_beep")
    return call
