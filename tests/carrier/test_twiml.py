"""What a leg hears, as TwiML: compared as parsed XML, whatever the words hold."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.spoken import End, Item, Join, Listen, Spoken, Words
from bot.twilio.twiml import EMPTY, LONGEST_SAY, render
from bot.twilio.urls import OVERRIDES, Urls

URLS = Urls("https://ringback.example/dept/")
VOICES = {"en-GB": "Polly.Amy", "cy-GB": "Polly.Gwyneth"}
KEYS = "https://ringback.example/dept/call/digits-pressed/north/at_1/4" + OVERRIDES
LEG = "https://ringback.example/dept/call/leg-ended/north/at_1/4" + OVERRIDES
HELLO = Words("This is a call for Alice.")


def verbs(*items: Item) -> list[tuple[str, dict[str, str], str]]:
    """The document, each element as its name, its attributes and its text."""
    xml = render(Spoken("north", "at_1", 4, items), URLS, VOICES)
    root = ElementTree.fromstring(xml.encode())
    assert root.tag == "Response"
    return [(e.tag, e.attrib, e.text or "") for e in root.iter() if e is not root]


def said(text: str) -> list[str]:
    """What is said of a text, piece by piece."""
    return [text for tag, _, text in verbs(Words(text)) if tag == "Say"]


def test_nothing_to_say_is_an_empty_answer():
    assert render(Spoken("north", "SM1", 0), URLS, VOICES) == EMPTY
    assert EMPTY == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def test_words_then_goodbye():
    assert verbs(HELLO, Words("Hwyl fawr.", "cy-GB"), End()) == [
        ("Say", {"voice": "Polly.Amy", "language": "en-GB"}, "This is a call for Alice."),
        ("Say", {"voice": "Polly.Gwyneth", "language": "cy-GB"}, "Hwyl fawr."),
        ("Hangup", {}, ""),
    ]


def test_a_language_without_a_voice_is_left_to_the_account():
    assert verbs(Words("Dia dhuit.", "ga-IE")) == [("Say", {"language": "ga-IE"}, "Dia dhuit.")]


@pytest.mark.parametrize(
    ("most_keys", "ends"),
    [
        (1, {"numDigits": "1", "finishOnKey": ""}),
        (9, {"numDigits": "9", "finishOnKey": "#"}),
        (None, {"finishOnKey": "#"}),
    ],
)
def test_a_question_waits_for_keys_and_posts_silence_too(most_keys, ends):
    assert verbs(Listen(HELLO, 8, most_keys)) == [
        (
            "Gather",
            {
                "input": "dtmf",
                "method": "POST",
                "action": KEYS,
                "timeout": "8",
                "actionOnEmptyResult": "true",
                **ends,
            },
            "",
        ),
        ("Say", {"voice": "Polly.Amy", "language": "en-GB"}, "This is a call for Alice."),
        ("Redirect", {"method": "POST"}, KEYS),
    ]


def test_the_words_of_a_question_can_be_interrupted():
    xml = render(Spoken("north", "at_1", 4, (Listen(HELLO, 8),)), URLS, VOICES)

    assert ElementTree.fromstring(xml.encode()).find("Gather/Say") is not None


def test_a_caller_is_joined_to_the_desk():
    assert verbs(Join("+443069990010", "+443069990001", 30)) == [
        (
            "Dial",
            {"method": "POST", "action": LEG, "callerId": "+443069990001", "timeout": "30"},
            "",
        ),
        ("Number", {}, "+443069990010"),
    ]


def test_what_was_approved_is_what_is_said():
    sentence = 'You owe £1,234.50 & "that" is <all> – diolch, ŵ 🙏.'

    assert said(sentence) == [sentence]


@pytest.mark.parametrize("junk", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\ud83d", "\ufffe"])
def test_characters_that_xml_cannot_hold_are_dropped(junk):
    assert said(f"Hello{junk} Alice.") == ["Hello Alice."]


@pytest.mark.parametrize("nothing", ["", "  ", "\x00"])
def test_an_empty_sentence_is_no_say(nothing):
    assert said(nothing) == []
    assert [tag for tag, _, _ in verbs(Listen(Words(nothing), 8))] == ["Gather", "Redirect"]


def test_a_long_text_is_cut_after_a_sentence_and_never_in_an_amount():
    sentence = "You owe £1,234.50 for the year 2025 to 2026. "

    pieces = said(sentence * 200)

    assert len(pieces) == 4
    assert all(piece.endswith("2026.") and len(piece) <= LONGEST_SAY for piece in pieces)
    assert " ".join(pieces) == (sentence * 200).strip()


@pytest.mark.parametrize(("text", "joint"), [("word " * 1500, " "), ("x" * 7000, "")])
def test_a_text_without_sentences_is_cut_all_the_same(text, joint):
    pieces = said(text)

    assert all(0 < len(piece) <= LONGEST_SAY for piece in pieces)
    assert joint.join(pieces) == text.strip()


anything = st.text(st.characters(codec=None, exclude_categories=()))


@settings(deadline=None)  # a busy machine is no fault
@given(anything | st.text("a. \n", min_size=2800, max_size=6100), st.sampled_from([1, 4, None]))
def test_any_words_make_a_document_without_comments(text, most_keys):
    xml = render(
        Spoken("north", "at_1", 4, (Listen(Words(text), 8, most_keys), End())), URLS, VOICES
    )

    root = ElementTree.fromstring(xml.encode())
    assert [child.tag for child in root] == ["Gather", "Redirect", "Hangup"]
    assert "<!--" not in xml
    assert all(0 < len(say.text or "") <= LONGEST_SAY for say in root.iter("Say"))


def test_every_address_of_ours_is_absolute_and_says_how_to_fetch_it():
    urls = Urls("https://ringback.example")

    paths = [
        urls.text_received(),
        urls.text_delivery(),
        urls.call_received(),
        urls.call_answered("north", "at_1"),
        urls.digits_pressed("north", "at_1", 4),
        urls.machine_heard("north", "at_1"),
        urls.leg_ended("north", "at_1", 4),
        urls.call_status("north", "at_1"),
        urls.call_status(),
        urls.call_again("north", "at_1"),
    ]

    assert [path.removeprefix("https://ringback.example").partition("#")[0] for path in paths] == [
        "/text/received",
        "/text/delivery",
        "/call/received",
        "/call/answered/north/at_1",
        "/call/digits-pressed/north/at_1/4",
        "/call/machine-heard/north/at_1",
        "/call/leg-ended/north/at_1/4",
        "/call/status/north/at_1",
        "/call/status",
        "/call/again/north/at_1",
    ]
    assert all(path.endswith("#rc=3&rp=all&ct=2000&rt=4000") for path in paths)


def test_where_speech_is_heard_a_menu_ends_at_the_first_pause():
    heard = Listen(HELLO, 8, 1, speech=True, hints=("a person", "that's all"))

    gather = verbs(heard)[0][1]

    assert {name: gather[name] for name in ("input", "language", "speechTimeout", "hints")} == {
        "input": "dtmf speech",
        "language": "en-GB",
        "speechTimeout": "auto",
        "hints": "a person, that's all",
    }
    assert (gather["numDigits"], gather["finishOnKey"], gather["timeout"]) == ("1", "", "8")
    assert gather["actionOnEmptyResult"] == "true"


def test_a_number_that_is_read_out_has_its_pauses():
    gather = verbs(Listen(HELLO, 15, None, speech=True))[0][1]

    assert (gather["speechTimeout"], gather["finishOnKey"]) == ("2", "#")
    assert "hints" not in gather


def test_what_is_said_is_taken_down_as_it_was_said_by_a_model_of_the_carriers():
    gather = verbs(Listen(HELLO, 8, 1, speech=True))[0][1]

    assert gather["profanityFilter"] == "false"
    assert not {"speechModel", "enhanced", "partialResultCallback"} & gather.keys()


def test_welsh_which_the_carrier_cannot_recognise_is_answered_by_keys():
    gather = verbs(Listen(Words("Helo.", "cy-GB"), 8, 1, speech=True, hints=("helo",)))[0][1]

    assert gather["input"] == "dtmf"
    assert not {"language", "hints", "speechTimeout"} & gather.keys()
