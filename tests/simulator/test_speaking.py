"""Say, Play and Pause: what is heard, how long it takes, what is passed over."""

import pytest

from bot.simulator import Person, Press
from tests.simulator.scene import ALICE, TUESDAY_AT_TEN


def codes(network):
    return [event.code for event in network.events]


def test_say_takes_its_time(hears):
    call = hears(f"<Say>{'x' * 150}</Say>")

    assert call.seconds == 10
    assert call.heard[0].at == TUESDAY_AT_TEN


def test_say_loops(hears):
    assert hears('<Say loop="3">Hello.</Say>').words == "Hello. Hello. Hello."


def test_speech_markup_is_read_as_words(hears):
    assert hears('<Say>Your code is <say-as interpret-as="digits">12</say-as></Say>').words == (
        "Your code is 12"
    )


def test_play_and_pause(hears):
    call = hears("<Play>https://x.example/a.mp3</Play><Pause/><Play digits='12w'/>")

    assert call.words == "[plays https://x.example/a.mp3] [keys 12w]"
    assert call.seconds == 3 + 1 + 1


def test_pause_puts_the_answer_off(hears):
    call = hears('<Pause length="3"/><Say>Hello</Say>')

    assert (call.answered_at - call.started_at).total_seconds() == 3


def test_say_without_words_or_with_too_many(hears, network):
    call = hears(f"<Say/><Say>{'x' * 4097}</Say><Say>Hello</Say>")

    assert call.words == "Hello"
    assert codes(network) == [13520, 13521]


def test_forever_is_a_thousand_times(hears):
    assert len(hears('<Say loop="0">Hello.</Say>').heard) == 1000


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('Call <sub alias="the desk">020</sub> now', "Call the desk now"),
        ("<p>One.</p><break time='1s'/> <s>Two.</s>", "One. Two."),
        ("<prosody rate='slow'>Your <emphasis>own</emphasis></prosody> code", "Your own code"),
        ("<lang xml:lang='cy-GB'>Bore da</lang> <phoneme ph='x'>all</phoneme>", "Bore da all"),
    ],
)
def test_speech_markup(hears, network, markup, words):
    assert hears(f"<Say>{markup}</Say>").words == words
    assert codes(network) == []


def test_unknown_markup_warns_and_is_ignored(hears, network):
    call = hears("<Say>Hello <b>bold <i>x</i></b>there<u/>, Alice</Say>")

    assert call.words == "Hello there, Alice"
    assert codes(network) == [12200, 12200]


def test_what_stands_after_unknown_markup_is_said(hears, network):
    call = hears("<Say>Hello <s>one <b>x</b>two</s><u>y</u> three</Say>")

    assert call.words == "Hello one two three"
    assert codes(network) == [12200, 12200]


@pytest.mark.parametrize(
    ("voice", "most"),
    [("", 4096), ("man", 4096), ("Polly.Amy", 3000), ("Google.en-GB-Standard-A", 5000)],
)
def test_each_maker_of_voices_has_its_limit(hears, network, voice, most):
    said = f'voice="{voice}"' if voice else ""
    call = hears(f"<Say {said}>{'x' * most}</Say><Say {said}>{'x' * (most + 1)}</Say>")

    assert len(call.words) == most
    assert codes(network) == [13521]


@pytest.mark.parametrize(
    ("voice", "passed"), [("Polly.Amy", True), ("Google.en-GB-Standard-A", False)]
)
def test_only_google_counts_the_markup(hears, network, voice, passed):
    words = "<s>x</s>" * 1000
    call = hears(f'<Say voice="{voice}">{words}</Say>')

    assert bool(call.words) is passed
    assert codes(network) == ([] if passed else [13521])


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        ("Polly.Gwyneth", "cy-GB"),
        ("Polly.Amy-Neural", "en-GB"),
        ("Polly.Amy-Generative", "en-GB"),
        ("Google.en-GB-Neural2-A", "en-GB"),
        ("Polly.Somebody", "en-GB"),
        ("woman", "en-gb"),
        ("alice", "cy-GB"),
    ],
)
def test_voices_that_speak_the_language(hears, network, voice, language):
    assert hears(f'<Say voice="{voice}" language="{language}">Hello</Say>').words == "Hello"
    assert codes(network) == []


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        ("Polly.Amy", "cy-GB"),
        ("Polly.Gwyneth", "en-GB"),
        ("Polly.Emma-Neural", "fr-FR"),
        ("Google.en-GB-Standard-A", "cy-GB"),
    ],
)
def test_a_voice_that_does_not_speak_the_language_says_nothing(hears, network, voice, language):
    assert hears(f'<Say voice="{voice}" language="{language}">Hello</Say>').words == ""
    assert codes(network) == [13511]


def test_a_play_without_anything_to_play_is_passed_over(hears, network):
    assert hears("<Play/><Say>Hello</Say>").words == "Hello"
    assert codes(network) == [11100]


def test_a_play_loops_and_so_do_its_keys(hears):
    assert hears('<Play loop="2" digits="1"/>').words == "[keys 1] [keys 1]"


def test_keys_do_not_cut_what_is_no_prompt(hears):
    call = hears(
        "<Say>Press nothing please</Say>",
        Person("Alice", ALICE, script=[Press("1", when="press", during=True)]),
    )

    assert call.words == "Press nothing please"


def test_a_pause_lasts_a_second_unless_told_otherwise(hears):
    assert hears('<Say>Hello there, it is</Say><Pause/><Pause length="4"/>').seconds == 6
