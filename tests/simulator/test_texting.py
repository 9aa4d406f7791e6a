"""TwiML for texts: replies, where else an answer leads, and what is wrong with one."""

import pytest

from bot.simulator import Person, WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, twiml

RECEIVED = "/text/received"


@pytest.fixture
def says(network, service):
    """Have the service answer a text of Alice's; what comes of it."""
    network.add(Person("Alice", ALICE), Person("Bob", BOB))

    def says(*answers, body="Hello"):
        service.answer(RECEIVED, *answers)
        sent = network.text(ALICE, DESK, body)
        network.run_until_quiet()
        return sent

    return says


def codes(network):
    return [event.code for event in network.events]


def plain(words, kind="text/plain"):
    return WebhookResponse(200, {"Content-Type": kind}, words.encode())


@pytest.mark.parametrize(
    ("answer", "replies"),
    [
        ("<Message>One</Message>", ("One",)),
        ("<Message>One</Message><Message>Two</Message>", ("One", "Two")),
        ("<Message><Body>One</Body></Message>", ("One",)),
        ("<!-- nothing --><Message>  One\n</Message>", ("One",)),
        ("", ()),
        (WebhookResponse(204), ()),
        (plain("", "text/xml"), ()),
        (plain("One"), ("One",)),
        (plain("<Response/>"), ("<Response/>",)),
    ],
)
def test_what_is_replied(network, says, answer, replies):
    assert says(answer).replies == replies
    assert network.events == []


def test_a_reply_is_sent_as_every_text_is(network, client, service, says):
    says(f'<Message statusCallback="{BASE}/told">Thank you</Message>')

    (reply,) = client.messages.list(to=ALICE)
    assert (reply.body, reply.direction, reply.status) == (
        "Thank you",
        "outbound-reply",
        "delivered",
    )
    assert [told["MessageStatus"] for told in service.asked("/told")] == ["sent", "delivered"]


def test_a_reply_may_go_elsewhere_and_come_from_elsewhere(network, client, says):
    says(f'<Message to="{BOB}" from="Town Hall">About Alice</Message>')

    (text,) = client.messages.list(to=BOB)
    assert (text.from_, text.body, text.status) == ("Town Hall", "About Alice", "delivered")


def test_the_action_is_told_and_goes_on(network, client, service, says):
    service.answer("/next", "<Message>Two</Message>")
    sent = says('<Message action="/next" method="GET">One</Message><Message>Never</Message>')

    assert sent.replies == ("One", "Two")
    (asked,) = service.asked("/next")
    one = next(text for text in client.messages.list(to=ALICE) if text.body == "One")
    assert (asked["MessageSid"], asked["MessageStatus"]) == (one.sid, "queued")
    assert service.requests[1].method == "GET"


def test_a_redirect_leads_elsewhere_with_the_same_text(network, service, says):
    service.answer("/texts/next", "<Message>There</Message>")
    sent = says('<Redirect method="GET">../texts/next</Redirect><Message>Never</Message>')

    assert sent.replies == ("There",)
    assert service.asked("/texts/next")[0]["MessageSid"] == sent.message_sid
    assert service.requests[1].method == "GET"


def test_a_loop_of_redirects_ends(network, service, says):
    assert says("<Redirect/>").replies == ()
    assert len(service.asked(RECEIVED)) == 20
    assert [event.words for event in network.events] == ["more than 20 documents for one text"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("<Say>Hello</Say>", 12200),
        ("<message>Hello</message>", 12200),
        ('<Message colour="green">Hello</Message>', 12200),
        ("<Message>Hello<Play>x</Play></Message>", 12200),
        ('<Message to="nobody">Hello</Message>', 14101),
        (f'<Message from="{BOB}">Hello</Message>', 14102),
        ("<Message></Message>", 14103),
        (f"<Message>{'x' * 1601}</Message>", 14103),
        ('<Message action="/next" method="PUT">Hello</Message>', 14104),
        ("<Redirect>mailto:alice@example.org</Redirect>", 11100),
        (WebhookResponse(404), 11200),
        (plain("<Response><Message>", "text/xml"), 12100),
        (plain("<html/>", "text/html"), 12100),
        (plain("{}", "application/json"), 12300),
        (plain("...", "audio/mpeg"), 12300),
        (plain(" " * 65537 + "x"), 11750),
    ],
)
def test_what_is_wrong_with_an_answer_is_in_the_books(network, says, answer, code):
    sent = says(answer)

    assert codes(network) == [code]
    assert network.events[0].sid == sent.message_sid


def test_a_wrong_message_does_not_keep_the_next_from_going(network, says):
    assert says('<Message to="x">One</Message><Message>Two</Message>').replies == ("Two",)


def test_pictures_are_left_out_and_named(network, says):
    sent = says("<Message><Body>Look</Body><Media>https://desk.example/a.png</Media></Message>")

    assert sent.replies == ("Look",)
    assert codes(network) == [0]


def test_the_fallback_is_told_what_was_wrong(network, service, says):
    network.own(DESK, sms_url=f"{BASE}{RECEIVED}", sms_fallback_url=f"{BASE}/second")
    service.answer("/second", "<Message>Sorry</Message>")
    sent = says(WebhookResponse(500))

    assert sent.replies == ("Sorry",)
    (asked,) = service.asked("/second")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", f"{BASE}{RECEIVED}")
    assert (asked["MessageSid"], asked["Body"]) == (sent.message_sid, "Hello")


def test_a_fallback_that_fails_is_the_end(network, service, says):
    network.own(DESK, sms_url=f"{BASE}{RECEIVED}", sms_fallback_url=f"{BASE}/second")
    service.answer("/second", WebhookResponse(500))
    says(WebhookResponse(500))

    assert codes(network) == [11200, 11200]
    assert len(service.requests) == 2


def test_a_redirect_that_fails_has_the_fallback_too(network, service, says):
    network.own(DESK, sms_url=f"{BASE}{RECEIVED}", sms_fallback_url=f"{BASE}/second")
    service.answer("/gone", WebhookResponse(500))
    service.answer("/second", "<Message>Sorry</Message>")

    assert says("<Redirect>/gone</Redirect>").replies == ("Sorry",)
    assert service.asked("/second")[0]["ErrorUrl"] == f"{BASE}/gone"


@pytest.mark.parametrize("body", ["", "x" * 1600, "\N{SNOWMAN} & <b>\n", "1" * 161])
def test_any_body_arrives_as_it_was_sent(network, service, body):
    network.text(ALICE, DESK, body)

    assert service.asked(RECEIVED)[0]["Body"] == body


def test_the_full_set_of_a_received_text(network, service):
    sid = network.text(ALICE, DESK, "Hello").message_sid

    assert set(service.asked(RECEIVED)[0]) == {
        *("MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "From", "To", "Body"),
        *("NumMedia", "NumSegments", "SmsStatus", "ApiVersion"),
        *(f"{who}{what}" for who in ("From", "To") for what in ("City", "State", "Zip", "Country")),
    }
    assert network.texts[0].sid == sid


def test_the_messaging_service_of_the_number_is_named(network, service):
    sid = network.add_messaging_service(DESK)
    network.text(ALICE, DESK, "Hello")

    assert service.asked(RECEIVED)[0]["MessagingServiceSid"] == sid


def test_a_name_cannot_be_answered(network, service):
    service.answer(RECEIVED, "<Message>Thank you</Message>")

    assert network.text("Delivery Co", DESK, "On its way").replies == ()
    assert codes(network) == [14101]


def test_a_text_that_nobody_waits_for(network, service):
    service.answer(RECEIVED, "<Redirect>/next</Redirect>")
    service.answer("/next", twiml("<Message>Thank you</Message>"))
    sid = network.text_soon(ALICE, DESK, "Hello")
    assert service.requests == []
    network.run_until_quiet()

    assert network.texts[0].sid == sid
    assert network.texts[0].replies == ["Thank you"]


def test_a_picture_alone_is_a_reply_too(network, says):
    sent = says(f"<Message><Media>{BASE}/map.png</Media></Message>")

    assert sent.replies == ("[media]",)
    assert codes(network) == [0]
