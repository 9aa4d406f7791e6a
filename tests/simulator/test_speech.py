"""Gather as it hears speech. Alice says 2.5 words a second; ten letters take a second to say."""

import pytest

from bot.simulator import Person, Press, Says
from tests.simulator.scene import ALICE, BASE

SENTENCE = "I would like to talk to the desk please now"  # ten words: four seconds


def alice(*script, **others):
    return Person("Alice", ALICE, script=script, **others)


def gather(more="", children="<Say>Why do you call?</Say>"):
    return f'<Gather input="speech" action="/said" {more}>{children}</Gather><Say>Nothing</Say>'


def test_what_is_said_goes_to_the_action(hears, service):
    hears(gather(), alice(Says("A prescription")))

    (said,) = service.asked("/said")
    assert (said["SpeechResult"], said["Confidence"]) == ("A prescription", "0.9")
    assert "Digits" not in said


def test_recognition_can_be_less_sure(network, hears, service):
    network.settings.speech_confidence = 0.31
    hears(gather(), alice(Says("A prescription")))

    assert service.asked("/said")[0]["Confidence"] == "0.31"


def test_silence_falls_through(hears, service):
    call = hears(gather('timeout="3"', ""), alice())

    assert service.asked("/said") == []
    assert call.words == "Nothing"
    assert call.seconds == 3


def test_silence_goes_to_the_action_if_asked_for(hears, service):
    hears(gather('actionOnEmptyResult="true"'), alice())

    (said,) = service.asked("/said")
    assert "SpeechResult" not in said


def test_keys_are_nothing_to_a_gather_for_speech(hears, service):
    hears(gather(), alice(Press("1")))

    assert service.asked("/said") == []


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ("", 1 + 4 + 5),
        ('timeout="2"', 1 + 4 + 2),
        ('speechTimeout="3"', 1 + 4 + 3),
        ('timeout="9" speechTimeout="auto"', 1 + 4 + 1),
        ('maxSpeechTime="2"', 1 + 2),
    ],
)
def test_speech_lasts_and_a_silence_ends_it(hears, service, attributes, seconds):
    """It begins after a second, takes four, and then the silence is waited for."""
    service.answer("/said", "<Hangup/>")
    call = hears(gather(attributes, ""), alice(Says(SENTENCE)))

    assert call.seconds == seconds
    words = 5 if "maxSpeechTime" in attributes else 10
    assert service.asked("/said")[0]["SpeechResult"].split() == SENTENCE.split()[:words]


def test_the_longest_speech_is_a_minute(network, hears, service):
    hears(gather(children=""), alice(Says("word " * 500)))

    assert service.asked("/said")[0]["SpeechResult"].split() == ["word"] * 150


def test_the_timeout_is_for_the_beginning_of_speech(hears, service):
    hears(gather('timeout="2"', ""), alice(Says(SENTENCE), reaction_seconds=1.9))

    assert service.asked("/said")[0]["SpeechResult"] == SENTENCE


def test_more_words_before_the_silence_are_one_result(network, service, hears):
    service.answer("/call/received", gather('speechTimeout="3"', ""))
    network.add(alice())
    network.dial(ALICE, "+442079460000")
    network.advance(1)
    network.speak(ALICE, "My name is")
    network.advance(3)
    network.speak(ALICE, "Alice and I live in Leeds near the river")
    network.run_until_quiet()

    (said,) = service.asked("/said")
    assert said["SpeechResult"] == "My name is Alice and I live in Leeds near the river"


LONG = "Say why you call or else wait until all of this long prompt has been said to you"


def test_speech_cuts_the_prompt_short(hears, service):
    call = hears(
        gather(children=f"<Say>{LONG}</Say><Say>More</Say>"),
        alice(Says("A prescription", when="say why", during=True)),
    )

    assert call.heard[0].words == " ".join(LONG.split()[:9])
    assert service.asked("/said")[0]["SpeechResult"] == "A prescription"
    assert "More" not in call.words


def test_without_barge_in_speech_is_heard_only_after_the_prompt(hears, service):
    call = hears(
        gather('bargeIn="false"', f"<Say>{LONG}</Say>"),
        alice(Says("Too early", when="say why", during=True)),
    )

    assert call.words == f"{LONG} Nothing"
    assert service.asked("/said") == []


def test_without_barge_in_the_rest_of_a_long_answer_is_heard(hears, service):
    hears(
        gather('bargeIn="false"', f"<Say>{LONG}</Say>"),
        alice(Says("word " * 15, when="say why", during=True)),
    )

    heard = service.asked("/said")[0]["SpeechResult"].split()
    assert 0 < len(heard) < 15


BOTH = '<Gather input="dtmf speech" action="/said" timeout="3"/>'


def test_keys_that_come_first_shut_out_speech(network, service):
    service.answer("/call/received", BOTH)
    network.add(alice())
    network.dial(ALICE, "+442079460000")
    network.advance(1)
    network.press(ALICE, "12")
    network.advance(1)
    network.speak(ALICE, "Too late")
    network.run_until_quiet()

    (said,) = service.asked("/said")
    assert said["Digits"] == "12"
    assert "SpeechResult" not in said


def test_speech_that_comes_first_shuts_out_keys_and_the_finish_key(network, service):
    service.answer("/call/received", BOTH)
    network.add(alice())
    network.dial(ALICE, "+442079460000")
    network.advance(1)
    network.speak(ALICE, SENTENCE)
    network.advance(1)
    network.press(ALICE, "1#")
    network.run_until_quiet()

    (said,) = service.asked("/said")
    assert said["SpeechResult"] == SENTENCE
    assert "Digits" not in said


def test_speech_outside_a_gather_means_nothing(hears, service):
    hears(
        f"<Say>{LONG}</Say><Pause length='9'/>" + gather(children=""),
        alice(Says("Hello?", when="say why", during=True)),
    )

    assert service.asked("/said") == []


def test_after_the_gather_words_cut_nothing_short(hears, service):
    service.answer("/said", f"<Say>{LONG}</Say>")
    script = [Says("A prescription"), Says("Hello?", when="say why", during=True)]

    assert hears('<Gather input="speech" action="/said"/>', alice(*script)).words == LONG


def test_a_key_during_speech_is_nothing_to_the_next_gather(network, service):
    service.answer("/call/received", BOTH)
    service.answer("/said", '<Gather action="/keys" timeout="1"/>')
    network.add(alice())
    network.dial(ALICE, "+442079460000")
    network.advance(1)
    network.speak(ALICE, SENTENCE)
    network.advance(1)
    network.press(ALICE, "1")
    network.run_until_quiet()

    assert len(service.asked("/said")) == 1
    assert service.asked("/keys") == []


def test_partial_results_are_told_without_waiting_for_the_answer(hears, service):
    service.answer("/part", "<Hangup/>")
    hears(gather('partialResultCallback="/part"'), alice(Says("A prescription")))

    (part,) = service.asked("/part")
    assert (part["StableSpeechResult"], part["SequenceNumber"]) == ("A prescription", "0")
    assert len(service.asked("/said")) == 1


def test_each_stretch_of_speech_is_a_partial_result(network, service):
    service.answer("/call/received", gather('partialResultCallback="/part"', ""))
    network.add(alice())
    network.dial(ALICE, "+442079460000")
    network.advance(1)
    network.speak(ALICE, "My name is")
    network.advance(3)
    network.speak(ALICE, "Alice")
    network.run_until_quiet()

    assert [
        (part["SequenceNumber"], part["StableSpeechResult"]) for part in service.asked("/part")
    ] == [("0", "My name is"), ("1", "My name is Alice")]


def test_partial_results_by_get(hears, service):
    more = f'partialResultCallback="{BASE}/part" partialResultCallbackMethod="GET"'
    hears(gather(more), alice(Says("A prescription")))

    (request,) = [one for one in service.requests if "/part" in one.url]
    assert request.method == "GET"


def test_welsh_is_not_recognised(hears, service, network):
    call = hears(gather('language="cy-GB"'), alice(Says("Presgripsiwn")))

    assert [event.code for event in network.events] == [13331]
    assert service.asked("/said") == []
    assert call.words.endswith("Nothing")


def test_auto_does_not_go_with_a_speech_model(hears, network):
    hears(gather('speechModel="phone_call" speechTimeout="auto"'), alice())

    assert [event.code for event in network.events] == [13335]
