import pytest

from bot.simulator import Person
from bot.simulator.player import MOST_DOCUMENTS_IN_A_ROW, SORRY
from tests.simulator.scene import ALICE, BASE, DESK, TUESDAY_AT_TEN


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


def test_nothing_runs_after_a_redirect(hears, service):
    service.answer("/there", "<Say>Here</Say>")

    assert hears("<Redirect>/there</Redirect><Say>Lost</Say>").words == "Here"


def test_a_redirect_can_be_a_get(hears, service):
    service.answer("/there", "<Say>Here</Say>")
    hears('<Redirect method="GET">/there?a=1</Redirect>')

    request = service.requests[1]
    assert request.method == "GET"
    assert request.url.startswith(f"{BASE}/there?a=1&CallSid=CA")
    assert request.body == b""


def test_an_empty_redirect_is_the_same_document(network, service):
    service.answer("/call/received", "<Say>Again</Say><Redirect/>", "<Hangup/>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert network.calls[sid].words == "Again"
    assert len(service.asked("/call/received")) == 2


def test_a_loop_of_redirects_ends(hears, network, service):
    call = hears("<Redirect/>")

    assert len(service.asked("/call/received")) == MOST_DOCUMENTS_IN_A_ROW
    assert call.words == SORRY
    assert call.status == "completed"


def test_hangup_and_the_end_of_the_document_end_the_call(hears):
    assert hears("<Hangup/><Say>Lost</Say>").status == "completed"
    assert hears("").status == "completed"


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_reject_does_not_answer(hears, reason, status):
    call = hears(f'<Reject reason="{reason}"/><Say>Lost</Say>')

    assert (call.status, call.answered_at) == (status, None)


def test_pause_puts_the_answer_off(hears):
    call = hears('<Pause length="3"/><Say>Hello</Say>')

    assert (call.answered_at - call.started_at).total_seconds() == 3


def test_the_first_request_of_a_call_says_ringing(hears, service):
    hears("<Say>Hello</Say><Redirect>/there</Redirect>")

    assert service.asked("/call/received")[0]["CallStatus"] == "ringing"
    assert service.asked("/there")[0]["CallStatus"] == "in-progress"


def test_unknown_parts_warn_and_are_ignored(hears, network):
    call = hears('<say>lower case</say><Say volume="11">Hello</Say><Gather><Dial/></Gather>')

    assert call.words == "Hello"
    assert codes(network) == [12200, 12200, 12200]


def test_verbs_that_are_not_played_are_named(hears, network):
    hears("<Say>Hello</Say><Enqueue>desk</Enqueue>")

    assert network.events[0].code == 0
    assert "Enqueue" in network.events[0].words


def test_what_is_not_heeded_is_named(hears, network):
    hears('<Record transcribe="true"/>')

    (event,) = network.events
    assert (event.code, event.words) == (0, "the simulator does not heed transcribe of Record")


def test_comments_are_ignored(hears, network):
    assert hears("<!-- nothing --><Say>Hello</Say>").words == "Hello"
    assert codes(network) == []


def test_say_without_words_or_with_too_many(hears, network):
    call = hears(f"<Say/><Say>{'x' * 4097}</Say><Say>Hello</Say>")

    assert call.words == "Hello"
    assert codes(network) == [13520, 13521]


def test_hanging_up_sends_no_action_only_the_last_notice(network, service):
    service.answer("/call/received", '<Gather action="/menu"><Say>Press any key</Say></Gather>')
    network.add(Person("Alice", ALICE))
    network.dial(ALICE, DESK)
    network.advance(3)
    network.hang_up(ALICE)
    network.run_until_quiet()

    assert service.asked("/menu") == []
    (notice,) = service.asked("/call/status")
    assert (notice["CallStatus"], notice["CallDuration"], notice["Duration"]) == (
        "completed",
        "3",
        "1",
    )
