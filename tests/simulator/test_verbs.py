"""What a document may hold: what is unknown is ignored with a warning, what is wrong in a value is
left out, and what the simulator does not play ends the call."""

import pytest

from bot.simulator import Person, Press, Says, WebhookResponse
from tests.simulator.scene import ALICE, SORRY, twiml


def codes(network):
    return [event.code for event in network.events]


def test_unknown_parts_warn_and_are_ignored(hears, network):
    call = hears('<say>lower case</say><Say volume="11">Hello</Say><Gather><Dial/></Gather>')

    assert call.words == "Hello"
    assert codes(network) == [12200, 12200, 12200]


@pytest.mark.parametrize(
    "part",
    [
        "<Response/>",
        "<Number>+447700900789</Number>",
        "<Body>Hello</Body>",
        "<Message>Hello</Message>",
        "Hello",
        "<Say>x</Say> and so on",
        "<SAY>x</SAY>",
        "<Hangup><Say>x</Say></Hangup>",
        "<Gather><Redirect>/there</Redirect></Gather>",
        "<Gather><Gather/></Gather>",
        "<Gather><Enqueue/></Gather>",
        "<Gather>Press one</Gather>",
        "<Record><Say>x</Say></Record>",
        '<Pause Length="9"/>',
        '<Gather numdigits="1"/>',
        '<Hangup reason="busy"/>',
        '<Redirect voice="x">/end</Redirect>',
    ],
)
def test_the_wrong_place_the_wrong_case_the_wrong_name(hears, network, part):
    """Each is one warning, and the call goes on."""
    assert hears(f"<Say>Before</Say>{part}").words.startswith("Before")
    assert codes(network) == [12200]


def test_an_attribute_of_the_root_is_unknown(hears, network, service):
    answer = twiml("<Say>Hello</Say>")
    body = answer.body.replace(b"<Response>", b'<Response action="/end">')
    service.answer("/there", WebhookResponse(200, answer.headers, body))

    assert hears("<Redirect>/there</Redirect>").words == "Hello"
    assert codes(network) == [12200]


WRONG = [
    ('<Say loop="-1">x</Say>', 13510),
    ('<Say loop="1.5">x</Say>', 13510),
    ('<Say voice="Robot">x</Say>', 13511),
    ('<Say voice="polly.Amy">x</Say>', 13511),
    ('<Gather><Say voice="Robot">x</Say></Gather>', 13321),
    ('<Gather><Say loop="many">x</Say></Gather>', 13322),
    ('<Play loop="-1">http://x.example/a</Play>', 13410),
    ('<Play digits="12x">http://x.example/a</Play>', 13430),
    ('<Pause length="0"/>', 13910),
    ('<Pause length="soon"/>', 13910),
    ('<Pause length="9999999999999999999999"/>', 13910),
    ('<Pause length="&#x0663;"/>', 13910),
    ('<Redirect method="PUT">/end</Redirect>', 13710),
    ('<Reject reason="spam"/>', 13810),
    ('<Gather finishOnKey="##"/>', 13310),
    ('<Gather finishOnKey="A"/>', 13310),
    ('<Gather method="PUT"/>', 13312),
    ('<Gather timeout="0"/>', 13313),
    ('<Gather timeout="5s"/>', 13313),
    ('<Gather numDigits="0"/>', 13314),
    ('<Gather input="voice"/>', 13326),
    ('<Gather input="dtmf,speech"/>', 13326),
    ('<Gather input="speech" speechTimeout="0"/>', 13327),
    ('<Gather input="speech" speechTimeout="automatic"/>', 13327),
    ('<Gather input="speech" maxSpeechTime="61"/>', 13328),
    ('<Gather partialResultCallbackMethod="PUT"/>', 13329),
    (f'<Gather hints="{",".join(["yes"] * 501)}"/>', 13330),
    (f'<Gather hints="yes, {"x" * 101}"/>', 13330),
    ('<Gather bargeIn="no"/>', 13332),
    ('<Gather profanityFilter="no"/>', 13333),
    ('<Gather speechModel="clever"/>', 13334),
    ('<Gather debug="no"/>', 13336),
    ('<Gather actionOnEmptyResult="no"/>', 13338),
    ('<Gather enhanced="no"/>', 13339),
    ('<Record method="PUT"/>', 13610),
    ('<Record timeout="0"/>', 13611),
    ('<Record maxLength="1"/>', 13612),
    ('<Record maxLength="14401"/>', 13612),
    ('<Record finishOnKey="A"/>', 13613),
    ('<Record playBeep="no"/>', 13616),
    ('<Record recordingStatusCallbackEvent="done"/>', 13621),
    ('<Record trim="both"/>', 13699),
]


@pytest.mark.parametrize(("part", "code"), WRONG)
def test_a_wrong_value_warns_with_its_own_number(hears, network, part, code):
    assert hears(part).status in ("completed", "no-answer")
    assert codes(network) == [code]


RIGHT = [
    '<Say loop="2" voice="woman" language="en-gb">x</Say>',
    '<Play digits="1w2W#*"/>',
    '<Gather timeout="1" numDigits="1" finishOnKey="*" method="get" bargeIn="True"/>',
    '<Gather input="speech dtmf" speechTimeout="auto" maxSpeechTime="60" language="en-GB"'
    f' hints="{",".join(["x" * 100] * 500)}" profanityFilter="false" enhanced="true"/>',
    '<Gather input="speech" speechModel="experimental_utterances" speechTimeout="3"/>',
    '<Gather input="speech" speechModel="deepgram_nova-3"/>',
    '<Record timeout="1" maxLength="14400" finishOnKey="#*" trim="do-not-trim" playBeep="false"'
    ' recordingStatusCallbackEvent="in-progress absent"/>',
    '<Redirect method="POST">/end</Redirect>',
]


@pytest.mark.parametrize("part", RIGHT)
def test_right_values_pass_in_silence(hears, network, part):
    hears(part)

    assert codes(network) == []


def test_after_a_wrong_value_the_default_counts(hears, service):
    call = hears('<Gather timeout="none"/><Pause length="-3"/>')

    assert call.seconds == 5 + 1


def test_a_wrong_input_is_keys(hears, service):
    script = [Press("1"), Says("Hello")]
    hears('<Gather input="voice" numDigits="1" action="/in"/>', Person("A", ALICE, script=script))

    assert service.asked("/in")[0]["Digits"] == "1"


@pytest.mark.parametrize(
    "verb",
    [
        "Enqueue",
        "Leave",
        "Connect",
        "Start",
        "Stop",
        "Pay",
        "Prompt",
        "Refer",
        "Sms",
        "Echo",
    ],
)
def test_a_verb_that_is_not_played_ends_the_call_with_a_clear_word(hears, network, verb):
    call = hears(f"<Say>Hello</Say><{verb}/><Say>Never</Say>")

    assert call.words == f"Hello {SORRY}"
    (event,) = network.events
    assert event.code == 0
    assert event.words == f"the simulator does not play {verb}; the call ends here"


@pytest.mark.parametrize("noun", ["Client", "Sip", "Queue", "Sim", "Application", "WhatsApp"])
def test_so_does_what_is_not_dialled(hears, network, service, noun):
    call = hears(f'<Dial action="/dialled"><{noun}>x</{noun}></Dial><Say>Never</Say>')

    assert call.words == SORRY
    assert [event.code for event in network.events] == [0]
    assert noun in network.events[0].words
    assert service.asked("/dialled") == []


def test_before_it_is_reached_such_a_verb_does_no_harm(hears, network):
    assert hears("<Say>Hello</Say><Hangup/><Enqueue>desk</Enqueue>").words == "Hello"
    assert codes(network) == []


def test_what_is_not_heeded_is_named(hears, network):
    hears('<Record transcribe="true"/>')

    (event,) = network.events
    assert (event.code, event.words) == (0, "the simulator does not heed transcribe of Record")


def test_comments_are_ignored(hears, network):
    assert hears("<!-- nothing --><Say>Hello</Say>").words == "Hello"
    assert codes(network) == []
