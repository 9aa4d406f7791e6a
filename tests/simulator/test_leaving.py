"""Redirect, Hangup, Reject, the end of a document, and what ends a loop."""

import pytest

from bot.simulator import Person, Press
from bot.simulator.calls.calling import LONGEST_CALL_SECONDS
from bot.simulator.calls.player import MOST_DOCUMENTS_IN_A_ROW
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SORRY


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


def test_the_first_request_of_a_call_says_ringing(hears, service):
    hears("<Say>Hello</Say><Redirect>/there</Redirect>")

    assert service.asked("/call/received")[0]["CallStatus"] == "ringing"
    assert service.asked("/there")[0]["CallStatus"] == "in-progress"


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


@pytest.mark.parametrize(
    "loop",
    [
        "<Say/><Redirect/>",
        "<Play/><Redirect/>",
        "<Redirect>/call/received</Redirect>",
        '<Redirect method="GET"/>',
        '<Dial action="">12</Dial>',
    ],
)
def test_a_loop_in_which_no_time_passes_ends(hears, network, service, loop):
    call = hears(loop)

    assert len(service.requests) <= MOST_DOCUMENTS_IN_A_ROW + 1  # and the last notice
    assert call.words == SORRY
    assert call.status == "completed"


def test_a_loop_with_words_ends_with_the_longest_call(network, service):
    service.answer("/call/received", "<Pause length='60'/><Redirect/>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet(LONGEST_CALL_SECONDS + 60)

    call = network.calls[sid]
    assert call.status == "completed"
    assert (call.ended_at - call.started_at).total_seconds() == LONGEST_CALL_SECONDS


def test_a_relative_redirect_starts_from_the_document(hears, service):
    service.answer("/a/b", "<Redirect>c?x=1</Redirect>")
    service.answer("/a/c", "<Say>Here</Say>")

    assert hears("<Redirect>/a/b</Redirect>").words == "Here"


def test_an_action_is_relative_to_the_document_that_was_fetched(hears, service):
    service.answer("/a/b", '<Gather action="../d" actionOnEmptyResult="true" timeout="1"/>')
    service.answer("/d", "<Say>Here</Say>")

    assert hears("<Redirect>/a/b</Redirect>").words == "Here"


def test_a_redirect_to_no_web_address_is_an_error(hears, network):
    assert hears("<Redirect>ftp://x.example/</Redirect>").words == SORRY
    assert [event.code for event in network.events] == [11100]


def test_reject_after_an_answer_only_hangs_up(hears):
    call = hears("<Say>Hello</Say><Reject reason='busy'/>")

    assert (call.status, call.words) == ("completed", "Hello")


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [('action="https://desk.example/there"', []), ('action="/there"', [11100]), ("", [11100])],
)
def test_in_twiml_given_with_the_call_an_action_must_be_absolute(
    network, service, client, attributes, codes
):
    """There is no document that it could be relative to [oai]."""
    network.add(Person("Bob", BOB, script=[Press("1")]))
    twiml = f'<Response><Gather numDigits="1" {attributes}/></Response>'
    client.calls.create(to=BOB, from_=DESK, twiml=twiml)
    network.run_until_quiet()

    assert [event.code for event in network.events] == codes
    assert len(service.asked("/there")) == (0 if codes else 1)
