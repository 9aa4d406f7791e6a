import pytest

from bot.simulator import Answers, HangUp, InOrder, Person, Press, Silent, Wait
from tests.simulator.scene import ALICE, DESK

MENU = (
    '<Gather numDigits="1" action="/menu"><Say>Press any key</Say></Gather>'
    "<Say>I heard nothing</Say>"
)


def alice(*script, **others):
    return Person("Alice", ALICE, script=script, **others)


def test_enough_keys_go_to_the_action(hears, service):
    hears(MENU, alice(Press("1")))

    (action,) = service.asked("/menu")
    assert action["Digits"] == "1"
    assert action["msg"] == "Gather End"
    assert action["CallStatus"] == "in-progress"


def test_without_a_key_the_next_verb_follows(hears, service):
    call = hears(MENU, alice())

    assert service.asked("/menu") == []
    assert call.words == "Press any key I heard nothing"
    assert call.status == "completed"


def test_the_timeout_begins_after_the_prompt(hears):
    call = hears('<Gather timeout="7"><Pause length="10"/></Gather>', alice())

    assert call.seconds == 17


def test_the_timeout_begins_anew_with_each_key(network, hears, service):
    call = hears('<Gather timeout="3" action="/digits"/>', alice(Press("1wwww2wwww3")))

    assert service.asked("/digits")[0]["Digits"] == "123"
    assert call.seconds == round(1 + 2 * 2.25 + 3)


def test_the_finish_key_submits_and_is_not_a_digit(hears, service):
    hears('<Gather action="/digits"/>', alice(Press("42#")))

    (action,) = service.asked("/digits")
    assert (action["Digits"], action["FinishedOnKey"]) == ("42", "#")


def test_the_finish_key_first_falls_through_without_the_action(hears, service):
    call = hears('<Gather action="/digits"/><Say>Next</Say>', alice(Press("#")))

    assert service.asked("/digits") == []
    assert call.words == "Next"


def test_no_finish_key_makes_the_hash_a_digit(hears, service):
    hears('<Gather action="/digits" finishOnKey="" numDigits="3"/>', alice(Press("4#2")))

    assert service.asked("/digits")[0]["Digits"] == "4#2"


def test_another_finish_key(hears, service):
    hears('<Gather action="/digits" finishOnKey="*"/>', alice(Press("4#*")))

    assert service.asked("/digits")[0]["Digits"] == "4#"


def test_digits_then_silence_are_submitted(hears, service):
    hears('<Gather action="/digits" numDigits="8"/>', alice(Press("0102")))

    assert service.asked("/digits")[0]["Digits"] == "0102"


def test_an_empty_result_goes_to_the_action_if_asked_for(hears, service):
    hears('<Gather action="/digits" actionOnEmptyResult="true"/>', alice())

    assert service.asked("/digits")[0]["Digits"] == ""


def test_no_action_is_the_current_document(network, service, hears):
    service.answer("/first", '<Gather numDigits="1"/>', "<Say>Thank you</Say>")
    call = hears("<Redirect>/first#rc=2</Redirect>", alice(Press("1")))

    assert [asked.get("Digits") for asked in service.asked("/first")] == [None, "1"]
    assert call.words == "Thank you"


def test_a_key_cuts_the_prompt_short(hears, service):
    words = "Press one to go on or else wait until all of this long prompt has been said"
    gather = f'<Gather numDigits="1" action="/menu"><Say>{words}</Say></Gather>'
    call = hears(gather, alice(Press("1", when="press one", during=True)))

    assert service.asked("/menu")[0]["Digits"] == "1"
    assert call.heard[0].words == " ".join(words.split()[:8])


def test_a_key_outside_a_gather_means_nothing(network, service):
    service.answer("/call/received", f"<Say>{'Wait. ' * 50}</Say><Gather action='/digits'/>")
    sid = network.dial(ALICE, DESK)
    network.advance(2)
    network.press(ALICE, "9")
    network.run_until_quiet()

    assert network.calls[sid].keys == "9"
    assert service.asked("/digits") == []


def test_a_person_answers_each_question_by_its_words(hears, service):
    service.answer(
        "/answer", '<Gather numDigits="4" action="/last"><Say>Your postcode?</Say></Gather>'
    )
    hears(
        '<Gather numDigits="8" action="/answer"><Say>Your date of birth?</Say></Gather>',
        alice(Answers({"date of birth": "01021980", "postcode": "1234"})),
    )

    assert service.asked("/answer")[0]["Digits"] == "01021980"
    assert service.asked("/last")[0]["Digits"] == "1234"


@pytest.mark.parametrize(
    ("script", "pressed"),
    [
        ([Press("1"), Press("2")], ["1", "2", None]),
        ([Press("1", always=True), Press("2")], ["1", "1", "1"]),
        ([Silent(), Press("2")], [None, "2", None]),
        ([InOrder(Press("1", when="other"), Press("2")), Press("3")], ["3", None, None]),
        ([Wait(2), Press("1")], ["1", None, None]),
        ([Wait(20), Press("1")], [None, None, None]),
    ],
)
def test_steps_of_a_script(hears, service, script, pressed):
    service.answer("/key", "<Redirect>/next</Redirect>")
    service.answer(
        "/next",
        *['<Gather numDigits="1" action="/key" actionOnEmptyResult="true"/>'] * 2,
        "<Hangup/>",
    )
    hears('<Gather numDigits="1" action="/key" actionOnEmptyResult="true"/>', alice(*script))

    assert [asked["Digits"] or None for asked in service.asked("/key")] == pressed


def test_a_person_hangs_up_on_what_they_hear(hears, network):
    script = HangUp(when="any key")
    call = hears(MENU, alice(script))

    assert call.words == "Press any key"
    assert [h.kind for h in network.happenings][-3:] == ["hung_up", "ended", "webhook"]
