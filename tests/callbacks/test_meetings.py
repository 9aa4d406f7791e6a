"""Two things at once: they ring us as we would ring them, text while it rings, have two phones."""

from dataclasses import replace

import pytest

from bot.callbacks import Callback, CallbackState
from bot.errors import NoSuchMove
from bot.lift import lift
from bot.ring_case import ring_case
from tests.callbacks.scenes import BOBS_OTHER, Scene, answered, due_now, machine, ringing
from tests.callbacks.test_dispositions import the_call
from tests.house_in_memory import HOUR, HouseInMemory
from tests.people import ALICE, BOB, MALLORY

# Bob rings us, and is owed a call


def test_nobody_is_rung_while_they_are_ringing_us(house: HouseInMemory) -> None:
    scene = Scene(house)
    due_now(scene)
    call = house.rings(BOB)

    assert house.dial() == "refused"
    assert scene.callback().refused == "on_the_line"
    call.hang_up()
    house.later(30.0)
    assert house.dial() == "placed"


def test_a_call_whose_end_nobody_tells_delays_his_by_an_hour_at_most(house: HouseInMemory) -> None:
    scene = Scene(house)
    due_now(scene)
    house.rings(BOB)

    house.later(HOUR - 1)
    assert house.dial() == "refused"
    house.later(31.0)
    assert house.dial() == "placed"


def test_the_end_of_an_earlier_call_does_not_end_this_one(house: HouseInMemory) -> None:
    scene = Scene(house)
    due_now(scene)
    first, _second = house.rings(BOB), house.rings(BOB)

    first.hang_up()

    assert house.dial() == "refused"


def test_alice_is_rung_while_bob_is_on_the_line(house: HouseInMemory) -> None:
    ring_case(house.runtime, ALICE.reference, "s1001")
    house.rings(BOB)

    assert house.dial() == "placed"


def test_mallory_who_asks_for_a_person_takes_no_call_from_bob(house: HouseInMemory) -> None:
    """She gives Bob's reference, and passes no checks."""
    scene = Scene(house)
    due_now(scene)
    call = house.rings(MALLORY)
    call.press(BOB.reference)
    call.press("0")
    call.desk("completed")
    call.hang_up()

    assert house.dial() == "placed"


def test_somebody_else_at_bobs_telephone_who_asks_for_a_person_takes_none(
    house: HouseInMemory,
) -> None:
    scene = Scene(house)
    due_now(scene)
    call = house.rings(BOB)
    call.press(ALICE.reference)
    call.press("0")
    call.desk("completed")
    call.hang_up()

    assert house.dial() == "placed"


# He texts while it rings


def test_a_text_while_it_rings_is_answered_by_that_very_call(house: HouseInMemory) -> None:
    scene = Scene(house)
    ringing(scene)
    scene.texts("who is this?")
    call = the_call(scene)
    call.answered()
    for key in ("5", "1"):
        call.press(key)
    call.answer_all(BOB)
    call.keep_number()
    call.press("1")
    call.hang_up()

    assert scene.callback().disposition == "details_read"
    assert scene.rung_later() == []


def test_a_text_after_he_was_helped_is_owed_a_call(house: HouseInMemory) -> None:
    scene = Scene(house)
    answered(scene)
    call = the_call(scene)
    call.press("1")
    call.answer_all(BOB)
    call.keep_number()
    call.press("1")
    scene.texts("one more thing, please ring me")
    call.hang_up()

    assert len(scene.rung_later(days=1)) == 1


def test_a_text_during_the_last_attempt_allowed_is_owed_a_call(house: HouseInMemory) -> None:
    scene = Scene(house)
    ringing(scene)
    the_call(scene).status("no-answer")
    house.work()
    house.later(27 * HOUR)
    scene.call = house.place()
    scene.texts("sorry, driving: ring me again")

    scene.attempt_ends_in_vain()

    assert house.dial() == "placed"


def test_a_text_without_a_time_is_not_held_to_the_time_of_the_attempt_that_rang(
    house: HouseInMemory,
) -> None:
    scene = Scene(house)
    scene.callback_id = scene.texts("ring me at 3")
    house.later(4.4 * HOUR)
    scene.call = house.place()
    scene.texts("sorry, just missed you")
    house.later(HOUR)

    scene.attempt_ends_in_vain()

    assert house.dial() == "placed"


def test_two_texts_while_it_rings_keep_the_time_of_the_first(house: HouseInMemory) -> None:
    scene = Scene(house)
    ringing(scene)
    scene.texts("ring me at 5")
    scene.texts("thanks")

    scene.attempt_ends_in_vain()

    ((_, at),) = scene.rung_later(days=1)
    assert scene.callback().attempts[-1].at == at
    assert house.runtime.house.policy.calling_hours.week.local(at).hour == 17


# Two telephones of his


def test_stop_from_one_telephone_holds_for_a_call_to_the_other(house: HouseInMemory) -> None:
    scene = Scene(house)
    scene.texts("STOP", BOBS_OTHER)

    owed = ring_case(house.runtime, BOB.reference, "s1001")

    assert house.dial() == "refused"
    assert house.record(f"callback:{owed.id}")["refused"] == "do_not_ring"
    assert lift(house.runtime, BOB.reference, "s1001") == ["a wish to be left alone"]
    ring_case(house.runtime, BOB.reference, "s1001")
    assert house.dial() == "placed"


def test_a_sign_from_one_telephone_makes_a_text_from_the_other_urgent(
    house: HouseInMemory,
) -> None:
    scene = Scene(house)
    scene.texts("my wife has died", BOBS_OTHER)
    scene.texts("Hello")

    assert house.tasks() == ["text_needs_person", "text_needs_person"]
    assert house.dial() is None


def test_back_and_forth_between_two_telephones_it_goes_to_the_last(house: HouseInMemory) -> None:
    scene = Scene(house)
    machine(scene)
    scene.texts("try this one", BOBS_OTHER)
    scene.texts("or rather here")

    scene.attempt_ends_in_vain()

    assert {number for number, _ in scene.rung_later(days=1)} == {BOB.phone}


def test_the_old_telephone_finds_the_call_that_went_to_the_other(house: HouseInMemory) -> None:
    scene = Scene(house)
    due_now(scene)
    scene.texts("Hello", BOBS_OTHER)
    scene.texts("Hello from here again")

    (found,) = scene.open()
    assert (found.id, found.asks) == (scene.callback_id, 3)
    assert {number for number, _ in scene.rung_later(days=1)} == {BOB.phone}


def test_when_that_call_is_done_a_text_from_the_old_telephone_is_owed_one(
    house: HouseInMemory,
) -> None:
    scene = Scene(house)
    due_now(scene)
    scene.texts("Hello", BOBS_OTHER)
    assert {number for number, _ in scene.rung_later(days=3)} == {BOBS_OTHER.phone}
    assert scene.callback().state is CallbackState.ENDED

    scene.texts("Hello again")

    (found,) = scene.open()
    assert found.id == scene.asked
    assert house.dial() == "placed"


# Steps that there are not


@pytest.mark.parametrize(
    "step",
    [
        lambda callback: callback.placed("CA1"),
        lambda callback: callback.begin(1.0).begin(2.0),
        lambda callback: callback.begin(1.0).placed("CA1").placed("CA2"),
        lambda callback: replace(callback, state=CallbackState.ENDED).begin(1.0),
        lambda callback: callback.begin(1.0).settled("cancelled"),
    ],
)
def test_a_step_that_its_life_does_not_have_is_refused(house: HouseInMemory, step) -> None:
    scene = Scene(house)
    due_now(scene)
    callback: Callback = scene.callback()

    with pytest.raises(NoSuchMove):
        step(callback)
