"""STOP, START and HELP, which the carrier minds itself (d:messaging/tutorials/advanced-opt-out)."""

import pytest

from bot.simulator import Person
from tests.simulator.scene import ALICE, BASE, DESK, refusal

SECOND = "+442079460001"


@pytest.fixture
def told(network):
    """What the carrier itself answered Alice."""
    network.add(Person("Alice", ALICE))
    return lambda: [
        h.words for h in network.happenings if (h.kind, h.who) == ("text_sent", "carrier")
    ]


@pytest.fixture
def send(client):
    """Have the service text Alice."""
    return lambda: client.messages.create(to=ALICE, from_=DESK, body="Hello")


@pytest.mark.parametrize(
    "word",
    ["STOP", "stop", " Unsubscribe\n", "end", "QUIT", "stopall", "Revoke", "OptOut", "cancel"],
)
def test_a_single_word_opts_out(network, service, told, send, word):
    network.text(ALICE, DESK, word)

    assert refusal(send) == (400, 21610)
    assert "unsubscribed" in told()[0]
    assert service.asked("/text/received")[0]["Body"] == word


@pytest.mark.parametrize("words", ["please stop", "STOP IT", "stop.", "ende", ""])
def test_a_wish_in_words_opts_nobody_out(network, told, send, words):
    network.text(ALICE, DESK, words)

    assert send().status == "queued"
    assert told() == []


@pytest.mark.parametrize("word", ["START", "unstop", "Yes"])
def test_a_single_word_opts_in_again(network, told, send, word):
    network.text(ALICE, DESK, "STOP")
    assert refusal(send) == (400, 21610)
    network.text(ALICE, DESK, word)

    assert "re-subscribed" in told()[1]
    assert send().status == "queued"


def test_yes_is_an_ordinary_word_from_whoever_is_in(network, told):
    network.text(ALICE, DESK, "YES")

    assert told() == []


def test_help_is_answered_unless_one_is_out(network, told):
    network.text(ALICE, DESK, "HELP")
    network.text(ALICE, DESK, "STOP")
    network.text(ALICE, DESK, "INFO")

    assert len(told()) == 2


def test_one_number_is_not_another(network, client):
    network.own(SECOND)
    network.text(ALICE, DESK, "STOP")

    assert client.messages.create(to=ALICE, from_=SECOND, body="Hello").status == "queued"


def test_no_reply_reaches_whoever_opted_out(network, service):
    service.answer("/text/received", "<Message>We are sorry to see you go</Message>")

    assert network.text(ALICE, DESK, "STOP").replies == ()
    assert [event.code for event in network.events] == [21610]


@pytest.mark.parametrize(
    ("word", "kind"), [("stop", "STOP"), ("START", "START"), ("info", "HELP"), ("Hello", None)]
)
def test_advanced_opt_out_tells_the_service(network, service, word, kind):
    network.settings.advanced_opt_out = True
    network.text(ALICE, DESK, word)

    assert service.asked("/text/received")[0].get("OptOutType") == kind


def test_without_it_the_service_sees_the_word_only(network, service):
    network.text(ALICE, DESK, "STOP")

    assert "OptOutType" not in service.asked("/text/received")[0]
    assert service.requests[0].url == f"{BASE}/text/received"
