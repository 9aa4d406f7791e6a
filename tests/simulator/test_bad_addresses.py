"""URLs that are none, wherever a service can write one: an event, and the call goes on."""

import pytest

from bot.simulator import Held, Person, Says, WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK

BAD = ["http://[", "//[x", "http://host:port/", "https://", "mailto:alice@desk.example"]
CALLED_BACK = [
    "<Number statusCallback='{}'>{n}</Number>",
    "<Number amdStatusCallback='{}' machineDetection='Enable'>{n}</Number>",
    "<Number url='{}'>{n}</Number>",
    "<Conference waitUrl='{}'>Room</Conference>",
    "<Conference statusCallback='{}' statusCallbackEvent='join'>Room</Conference>",
]


@pytest.fixture
def codes(network):
    return lambda: [event.code for event in network.events]


@pytest.mark.parametrize("bad", BAD)
def test_a_redirect_to_what_is_no_url_is_11100_and_an_apology(hears, codes, bad):
    call = hears(f"<Redirect>{bad}</Redirect>", Held("Alice", ALICE))

    assert codes() == [11100]
    assert call.status == "completed"
    assert [heard.who for heard in call.heard] == ["carrier"]


def test_a_fallback_is_told_of_the_url_that_is_none(network, service, codes):
    service.answer("/second", "<Say>Still here.</Say>")
    network.own(DESK, "http://[", voice_fallback_url=f"{BASE}/second")
    call = network.calls[network.dial(ALICE, DESK)]
    network.run_until_quiet()

    [told] = service.asked("/second")
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("11100", "http://[")
    assert call.words == "Still here."


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "verb",
    [
        "<Gather timeout='1' action='{}' actionOnEmptyResult='true'/>",
        "<Record timeout='2' action='{}'/>",
        f"<Dial action='{{}}'>{BOB}</Dial>",
    ],
)
def test_an_action_that_is_no_url_is_11100_and_an_apology(hears, codes, verb, bad):
    call = hears(verb.format(bad), Person("Alice", ALICE, script=[Says("Hello")]))

    assert 11100 in codes()
    assert call.heard[-1].who == "carrier"
    assert call.status == "completed"


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("noun", CALLED_BACK)
def test_a_callback_of_a_noun_that_is_no_url_is_an_event(network, service, codes, noun, bad):
    service.answer("/call/received", f"<Dial>{noun.format(bad, n=BOB)}</Dial>")
    network.add(Held("Alice", ALICE), Held("Bob", BOB))
    call = network.calls[network.dial(ALICE, DESK)]
    network.advance(5)
    if "Number" in noun:
        network.answer(BOB)
    network.advance(60)
    if not call.over:
        network.hang_up(ALICE)
    network.run_until_quiet()

    assert 11100 in codes()
    assert call.status == "completed"


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "verb",
    [
        "<Record timeout='2' action='/done' recordingStatusCallback='{}'/>",
        "<Gather input='speech' action='/done' partialResultCallback='{}'/>",
    ],
)
def test_a_callback_of_a_verb_that_is_no_url_is_an_event(hears, codes, service, verb, bad):
    hears(verb.format(bad), Person("Alice", ALICE, script=[Says("Hello")]))

    assert codes() == [11100]
    assert service.asked("/done")


def test_the_action_of_a_record_that_is_no_url_is_an_event_after_a_hang_up(network, comes, codes):
    call = comes(ALICE, "<Record action='http://['/>")
    network.advance(2)
    network.speak(ALICE, "Hello")
    network.advance(1)
    network.hang_up(ALICE)
    network.run_until_quiet()

    assert codes() == [11100]
    assert call.status == "completed"


@pytest.mark.parametrize("place", ["http://[", "//[x", "http://host:port/", "mailto:a@b"])
def test_a_location_that_is_no_url_is_11216(network, service, codes, place):
    service.answer("/call/received", WebhookResponse(302, {"Location": place}))
    call = network.calls[network.dial(ALICE, DESK)]
    network.run_until_quiet()

    assert codes() == [11216]
    assert call.heard[-1].who == "carrier"


@pytest.mark.parametrize("bad", BAD)
def test_a_text_goes_no_further_than_a_url_that_is_none(network, service, codes, bad):
    service.answer("/text/received", f"<Redirect>{bad}</Redirect>")
    network.text(ALICE, DESK, "Hello")

    assert codes() == [11100]


@pytest.mark.parametrize("attribute", ["action", "statusCallback"])
@pytest.mark.parametrize("bad", BAD)
def test_a_reply_is_sent_though_its_callback_is_no_url(network, service, codes, attribute, bad):
    service.answer("/text/received", f"<Message {attribute}='{bad}'>Hi</Message>")
    outcome = network.text(ALICE, DESK, "Hello")
    network.run_until_quiet()

    assert outcome.replies == ("Hi",)
    assert set(codes()) == {11100}
