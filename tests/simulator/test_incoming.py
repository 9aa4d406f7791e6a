import pytest

from bot.simulator import NotConnected, Person, WebhookResponse
from tests.simulator.scene import ALICE, BASE, DESK, MALLORY

# Every word that was seen for a withheld caller (twilio.md section 9): the keypad spelling of
# anonymous, restricted, blocked, unknown and unavailable, and plain text.
WITHHELD_WORDS = (
    "+266696687",
    "+7378742833",
    "+2562533",
    "+8656696",
    "+86282452253",
    "anonymous",
    "unknown",
    "Restricted",
    "",
    "sip:anonymous@anonymous.invalid",
)


def test_a_text_brings_its_full_parameters(network, service):
    sent = network.text(ALICE, DESK, "Sorry I missed you \N{TELEPHONE RECEIVER}")

    (asked,) = service.asked("/text/received")
    assert asked["MessageSid"] == asked["SmsSid"] == asked["SmsMessageSid"] == sent.message_sid
    assert asked["Body"] == "Sorry I missed you \N{TELEPHONE RECEIVER}"
    assert (asked["From"], asked["To"], asked["FromCountry"]) == (ALICE, DESK, "GB")
    assert (asked["NumMedia"], asked["NumSegments"], asked["SmsStatus"]) == ("0", "1", "received")


@pytest.mark.parametrize(
    ("letters", "segments"), [("a" * 160, "1"), ("a" * 161, "2"), ("ŵ" * 71, "2")]
)
def test_segments_of_a_text(network, service, letters, segments):
    network.text(ALICE, DESK, letters)

    assert service.asked("/text/received")[0]["NumSegments"] == segments


def test_an_empty_response_is_no_reply(network, service):
    service.answer("/text/received", "", WebhookResponse(204))

    assert network.text(ALICE, DESK, "Hello").replies == ()
    assert network.text(ALICE, DESK, "Hello").replies == ()
    assert network.events == []


def test_replies_are_seen(network, service):
    plain = WebhookResponse(200, {"Content-Type": "text/plain"}, b"Four")
    service.answer(
        "/text/received",
        "<Message>One</Message><Message><Body>Two</Body></Message>",
        plain,
    )

    assert network.text(ALICE, DESK, "Hello").replies == ("One", "Two")
    assert network.text(ALICE, DESK, "Hello").replies == ("Four",)
    assert [text.direction for text in network.texts].count("outbound-reply") == 3


def test_a_text_that_cannot_be_announced_is_kept(network, service):
    service.answer("/text/received", WebhookResponse(503))
    sent = network.text(ALICE, DESK, "Hello")

    assert sent.status == 503
    assert network.texts[0].body == "Hello"
    assert [event.code for event in network.events] == [11200]


def test_a_number_without_an_address_for_texts_only_keeps_them(network, service):
    network.own(DESK)

    assert network.text(ALICE, DESK, "Hello").status is None
    assert service.requests == []
    assert len(network.texts) == 1


def test_extra_parameters_are_added_and_signed(network, service):
    network.text(ALICE, DESK, "STOP", OptOutType="STOP", NumMedia="1")

    (asked,) = service.asked("/text/received")
    assert (asked["OptOutType"], asked["NumMedia"]) == ("STOP", "1")


def test_a_call_brings_its_full_parameters(network, service):
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    (asked,) = service.asked("/call/received")
    assert asked["CallSid"] == sid
    assert (asked["Direction"], asked["CallStatus"]) == ("inbound", "ringing")
    assert (asked["From"], asked["Caller"], asked["CallerCountry"]) == (ALICE, ALICE, "GB")
    assert (asked["To"], asked["Called"], asked["ApiVersion"]) == (DESK, DESK, "2010-04-01")


@pytest.mark.parametrize(
    ("withheld", "shown", "country"),
    [(True, "+266696687", "LS"), ("anonymous", "anonymous", "")],
)
def test_a_withheld_caller(network, service, withheld, shown, country):
    network.dial(ALICE, DESK, withheld=withheld)
    network.run_until_quiet()

    (asked,) = service.asked("/call/received")
    assert (asked["From"], asked["FromCountry"]) == (shown, country)


@pytest.mark.parametrize("word", WITHHELD_WORDS)
def test_every_word_for_a_withheld_caller(network, service, word):
    network.dial(ALICE, DESK, withheld=word)
    network.add(Person("Alice", ALICE, withheld=word))
    network.run_until_quiet()
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    by_hand, by_handset = service.asked("/call/received")
    assert by_hand["From"] == by_handset["From"] == by_hand["Caller"] == word


def test_a_telephone_that_always_withholds_its_number(network, service):
    network.add(Person("Mallory", MALLORY, withheld=True))
    network.dial(MALLORY, DESK)
    network.run_until_quiet()

    (asked,) = service.asked("/call/received")
    assert (asked["From"], asked["FromCountry"]) == ("+266696687", "LS")


def test_a_call_that_comes_in_has_one_notice(network, service):
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert [notice["CallStatus"] for notice in service.asked("/call/status")] == ["completed"]


def test_a_number_that_is_not_ours(network):
    with pytest.raises(NotConnected):
        network.dial(ALICE, "+442079460999")
    with pytest.raises(NotConnected):
        network.press(ALICE, "1")


def test_the_books_hold_every_webhook(network, service):
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert [webhook.kind for webhook in network.calls[sid].webhooks] == ["voice", "notice"]
    assert [webhook.request.url for webhook in network.webhooks] == [
        f"{BASE}/call/received",
        f"{BASE}/call/status",
    ]
