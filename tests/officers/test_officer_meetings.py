"""An officer has a customer rung and is joined to them: two telephones, and what befalls them."""

from dataclasses import replace

import pytest

from bot.actions import JoinMeeting
from bot.conversation import Conversation
from bot.engine import Answer
from bot.errors import NotDisclosable
from bot.invariants import nobody_joins_unknown
from bot.policy import Policy
from tests.house_in_memory import DESK, LiveCall
from tests.officers.conftest import OfficerWorld
from tests.people import ALICE, BOB, MALLORY, OMAR, Person

WAITS_OF_HERS, WAITS_OF_HIS = 4, 8


def asks(world: OfficerWorld, customer: Person = ALICE) -> LiveCall:
    """Omar, in private, has a customer of his rung, and waits."""
    omar = world.let_in()
    omar.press("3")
    omar.press(customer.reference)
    return omar


def verified(world: OfficerWorld, customer: Person = ALICE) -> LiveCall:
    """The customer is rung, and passes the checks."""
    call = world.house.place()
    call.answered()
    call.press("5")
    call.press("1")
    call.answer_all(customer)
    call.keep_number()
    return call


def tells(world: OfficerWorld) -> list[str]:
    """The workers carry out what is owed; what was redirected or told."""
    return [kind for kind in world.house.work() if kind in ("tell", "redirect")]


def met(world: OfficerWorld) -> tuple[LiveCall, LiveCall]:
    """Both are in the conference."""
    omar = asks(world)
    alice = verified(world)
    tells(world)
    omar.again()
    alice.again()
    return omar, alice


def room(call: LiveCall) -> str:
    assert call.last is not None
    text = call.last.get_data(as_text=True)
    return text.partition("<Conference")[2].partition(">")[2].partition("</Conference>")[0]


def test_they_are_joined_once_she_has_passed_and_he_hears_about_which_case(
    world: OfficerWorld,
) -> None:
    omar = asks(world)
    assert omar.heard().prompts == ("officer_line.wait",)
    alice = verified(world)
    order = world.house.carrier.placed[-1]
    assert (order.to.e164, order.caller_id) == (
        ALICE.phone,
        Policy.load().desk[DESK].caller_id,
    )
    assert alice.heard().prompts == ("customer_leg.wait",)
    assert "tell" in tells(world)
    assert len(world.house.carrier.redirected) == 2

    omar.again()
    alice.again()

    assert omar.heard().prompts == ("officer_line.they_are_there",)
    assert "1 0 0, 0 0 0, 0 1 7" in omar.heard().text
    assert alice.heard().prompts == ("customer_leg.joining",)
    assert room(omar) == room(alice) != ""
    for call, other in ((omar, ALICE), (alice, OMAR)):
        assert other.phone[-6:] not in call.last.get_data(as_text=True)  # type: ignore[union-attr]


def test_after_it_he_says_what_came_of_it_and_nothing_more_is_owed(world: OfficerWorld) -> None:
    omar, alice = met(world)

    alice.desk("completed")
    omar.desk("completed")

    assert alice.heard().prompts == ("common.goodbye",)
    assert omar.heard().prompts == ("officer_line.outcome",)
    omar.press("1")
    assert "note_to_approve" in world.house.tasks()
    alice.hang_up()
    tells(world)
    world.clock.move(30 * 86400.0)
    assert world.house.dial() is None


def test_who_does_not_pass_is_not_joined_and_he_hears_only_that(world: OfficerWorld) -> None:
    omar = asks(world)
    call = world.house.place()
    call.answered()
    call.press("5")
    call.press("1")
    call.answer_all(MALLORY)
    assert call.heard().prompts == ("checks.not_verified",)
    call.hang_up()
    tells(world)
    omar.again()
    assert omar.heard().prompts[0] == "officer_line.not_now"
    assert room(call) == ""


def test_a_machine_hears_the_approved_words_and_he_is_told(world: OfficerWorld) -> None:
    omar = asks(world)
    call = world.house.place()
    call.answered()
    call.verdict("machine_end_beep")
    assert call.again().get_data(as_text=True)
    assert call.heard().prompts == ("outbound_call.voicemail",)
    call.hang_up()
    tells(world)
    omar.again()
    assert omar.heard().prompts[0] == "officer_line.machine"
    assert omar.heard().asked == "officer_line.menu"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_she_does_not_answer_and_is_owed_the_call_still(world: OfficerWorld, status: str) -> None:
    omar = asks(world)
    world.house.place().status(status)
    tells(world)
    omar.again()
    assert omar.heard().prompts[0] == "officer_line.no_answer"
    omar.hang_up()
    world.clock.move(28 * 3600.0)
    call = world.house.place()  # by the rules, and with no officer: an ordinary call
    call.answered()
    assert call.talk["flow"] == "outbound_call"


def test_the_dial_rules_hold_and_he_hears_that_they_refuse(world: OfficerWorld) -> None:
    omar = asks(world)
    world.clock.move(14 * 3600.0)  # at night
    assert world.house.dial() == "refused"
    tells(world)
    omar.again()
    assert omar.heard().prompts[0] == "officer_line.refused"


def test_his_telephone_dies_while_she_answers_questions_and_the_bot_goes_on(
    world: OfficerWorld,
) -> None:
    omar = asks(world)
    call = world.house.place()
    call.answered()
    call.press("5")
    call.press("1")
    omar.hang_up()
    tells(world)
    call.answer_all(ALICE)
    call.keep_number()
    tells(world)
    call.again()
    assert call.heard().prompts[0] == "customer_leg.no_officer"
    call.press("1")
    assert ALICE.tells(call.heard().text)


def test_his_telephone_dies_as_she_waits(world: OfficerWorld) -> None:
    omar = asks(world)
    alice = verified(world)
    omar.hang_up()
    tells(world)
    alice.again()
    assert alice.heard().prompts[0] == "customer_leg.no_officer"
    assert alice.heard().asked == "case.menu"


def test_his_telephone_dies_on_the_way_into_the_conference(world: OfficerWorld) -> None:
    omar = asks(world)
    alice = verified(world)
    tells(world)
    alice.again()
    assert room(alice) != ""
    omar.hang_up()
    tells(world)
    alice.again()
    assert alice.heard().prompts[0] == "customer_leg.no_officer"
    assert alice.heard().asked == "case.menu"


def test_nobody_tells_her_anything_and_she_is_not_left_waiting(world: OfficerWorld) -> None:
    asks(world)
    alice = verified(world)
    for _ in range(WAITS_OF_HERS):
        assert alice.heard().asked.startswith("customer_leg.wait")
        alice.silence()
    assert alice.heard().prompts[0] == "customer_leg.no_officer"


def test_she_goes_before_he_is_there(world: OfficerWorld) -> None:
    omar = asks(world)
    alice = verified(world)
    tells(world)
    omar.again()
    alice.hang_up()
    tells(world)
    omar.again()
    assert omar.heard().prompts[0] == "officer_line.gone"
    assert room(omar) == ""


def test_she_wants_another_person_and_he_hears_that_she_is_gone(world: OfficerWorld) -> None:
    omar = asks(world)
    alice = verified(world)
    alice.press("0")
    assert alice.heard().dials
    tells(world)
    omar.again()
    assert omar.heard().prompts[0] == "officer_line.gone"


def test_while_no_line_is_free_she_is_rung_for_him_a_moment_later(world: OfficerWorld) -> None:
    world.house.ring_by_officer(BOB, "s1001")
    omar = asks(world)
    assert world.house.dial() is None  # one call a second
    world.clock.move(2.0)
    alice = verified(world)
    tells(world)
    omar.again()
    assert alice.talk["flow"] == "customer_leg"
    assert omar.heard().prompts == ("officer_line.they_are_there",)


def test_he_stops_waiting_and_she_is_rung_all_the_same(world: OfficerWorld) -> None:
    omar = asks(world)
    omar.press("9")
    assert omar.heard().asked == "officer_line.menu"
    tells(world)
    alice = verified(world)
    tells(world)
    alice.again()
    assert alice.heard().prompts[0] == "customer_leg.no_officer"


def test_he_waits_too_long(world: OfficerWorld) -> None:
    omar = asks(world)
    for _ in range(WAITS_OF_HIS):
        omar.silence()
    assert omar.heard().prompts[0] == "officer_line.rung_later"


def test_keys_during_the_whisper_do_nothing(world: OfficerWorld) -> None:
    omar = asks(world)
    verified(world)
    stale = omar.heard().action
    tells(world)
    omar.again()
    before = omar.talk
    omar.post(stale, Digits="9")
    assert omar.talk == before
    assert omar.heard().prompts == ("officer_line.they_are_there",)


def test_what_she_is_owed_already_is_this_call_and_she_is_rung_once(world: OfficerWorld) -> None:
    world.house.text(ALICE, "Sorry I missed you")
    asks(world)
    alice = verified(world)
    assert alice.talk["flow"] == "customer_leg"
    alice.hang_up()
    assert world.house.dial() is None


def test_whom_somebody_is_ringing_is_not_rung_again(world: OfficerWorld) -> None:
    world.house.ring_by_officer(ALICE, "s1001").answered()
    omar = asks(world)
    assert omar.heard().prompts[0] == "officer_line.unreachable"
    assert world.house.dial() is None


def test_two_meetings_one_after_the_other_do_not_mix(world: OfficerWorld) -> None:
    omar = asks(world)
    omar.press("9")
    tells(world)
    omar.press("3")
    omar.press(BOB.reference)
    first = world.house.place()
    first.answered()
    first.status("busy")
    tells(world)  # news of the first, who was left: nothing to the second
    assert omar.talk["state"] in ("waiting", "menu")


def test_overheard_he_rings_nobody(world: OfficerWorld) -> None:
    omar = world.let_in(place="2")
    omar.press("2")
    omar.press("3")
    assert omar.heard().prompts[0] == "officer_line.not_here"


def test_the_last_step_before_the_carrier_asks_for_the_proof_once_more(
    world: OfficerWorld,
) -> None:
    asks(world)
    alice = verified(world)
    talk = Conversation.from_json(alice.talk)
    joining = replace(talk, replies=[JoinMeeting()])
    with pytest.raises(NotDisclosable):
        world.house.runtime.speaker.speak(Answer(talk.desk, talk.id, joining))


def test_into_a_conference_comes_nobody_without_a_proof() -> None:
    with pytest.raises(NotDisclosable):
        nobody_joins_unknown([JoinMeeting()], None, call="CA1")
