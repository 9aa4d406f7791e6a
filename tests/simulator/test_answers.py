"""Whole answers that cannot be played: Twilio's number in the event list, then the fallback URL,
else the carrier's apology and the end of the call."""

import time

import pytest

from bot.simulator import Person, WebhookResponse
from tests.simulator.scene import ALICE, BASE, DESK, SORRY

HELLO = b"<Response><Say>Hello</Say></Response>"
XML = "text/xml"


def document(body, kind=XML, **headers):
    return WebhookResponse(200, headers | ({"Content-Type": kind} if kind else {}), body)


@pytest.fixture
def heard(network, service):
    """What Alice hears when the service answers with that, and the numbers in the event list."""

    def heard(body, kind=XML, **headers):
        service.answer("/call/received", document(body, kind, **headers))
        network.add(Person("Alice", ALICE))
        sid = network.dial(ALICE, DESK)
        network.run_until_quiet()
        assert network.calls[sid].status == "completed"
        return network.calls[sid].words, [event.code for event in network.events]

    return heard


BOMB = (
    b'<!DOCTYPE Response [<!ENTITY a0 "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (i, (b"&a%d;" % (i - 1)) * 10) for i in range(1, 10))
    + b"]><Response><Say>&a9;</Say></Response>"
)
BAD = {
    "an unclosed element": (b"<Response><Say>Hello</Response>", 12100),
    "an unquoted attribute": (b"<Response><Say loop=2>Hello</Say></Response>", 12100),
    "an unescaped ampersand": (b"<Response><Say>You & me</Say></Response>", 12100),
    "words before the declaration": (b'oops<?xml version="1.0"?>' + HELLO, 12100),
    "a blank before the declaration": (b' <?xml version="1.0"?>' + HELLO, 12100),
    "an empty line before it": (b'\n<?xml version="1.0"?>' + HELLO, 12100),
    "words after the end": (HELLO + b"oops", 12100),
    "two roots": (HELLO + HELLO, 12100),
    "another root": (b"<html><body>Hello</body></html>", 12100),
    "the root in lower case": (b"<response><Say>Hello</Say></response>", 12100),
    "a root in a namespace": (b'<Response xmlns="urn:x"><Say>Hello</Say></Response>', 12100),
    "no XML at all": (b"Hello", 12100),
    "nothing": (b"", 12100),
    "blanks only": (b" \n ", 12100),
    "a control character": (b"<Response><Say>a\x0bb</Say></Response>", 12100),
    "a control character as a reference": (b"<Response><Say>&#x0;</Say></Response>", 12100),
    "bytes that are not UTF-8": (b"<Response><Say>\xff\xfe</Say></Response>", 12100),
    "an encoding that nobody knows": (b'<?xml version="1.0" encoding="x"?>' + HELLO, 12100),
    "an entity that nobody knows": (b"<Response><Say>caf&eacute;</Say></Response>", 12100),
    "an entity from outside": (
        b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><Response><Say>&e;</Say></Response>',
        12100,
    ),
    "an entity bomb": (BOMB, 12100),
    "a prefix that is not bound": (b"<Response><Say><x:y/>Hello</Say></Response>", 12100),
    "more than 64 kB": (HELLO + b" " * (65537 - len(HELLO)), 11750),
}


@pytest.mark.parametrize(("body", "code"), BAD.values(), ids=BAD.keys())
def test_an_answer_that_is_no_document(heard, body, code):
    assert heard(body) == (SORRY, [code])


def test_an_empty_answer_in_chunks_has_its_own_number(heard):
    assert heard(b"", **{"Transfer-Encoding": "chunked"}) == (SORRY, [11770])


@pytest.mark.parametrize(
    ("kind", "code"), [("application/json", 12300), ("image/png", 12300), ("", 11200)]
)
def test_another_content_type_or_none(heard, kind, code):
    assert heard(HELLO, kind) == (SORRY, [code])


GOOD = {
    "64 kB exactly": HELLO + b" " * (65536 - len(HELLO)),
    "a byte order mark": b"\xef\xbb\xbf" + HELLO,
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16")
    + HELLO.decode().encode("utf-16-le"),
    "comments": b"<!-- one --><Response><!-- two --><Say>Hel<!-- three -->lo</Say></Response>",
    "CDATA": b"<Response><Say><![CDATA[Hello]]></Say></Response>",
    "a processing instruction": b"<?pi x?><Response><?pi y?><Say>Hello</Say></Response>",
    "an entity": b'<!DOCTYPE r [<!ENTITY h "Hello">]><Response><Say>&h;</Say></Response>',
    "blanks before the root": b"\n  " + HELLO,
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
def test_documents_in_all_their_forms(heard, body):
    assert heard(body) == ("Hello", [])


def test_the_encoding_is_the_one_declared(heard):
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><Response><Say>Café</Say></Response>'

    assert heard(body.encode("latin-1")) == ("Café", [])


@pytest.mark.parametrize(
    "kind", ["text/xml", "application/xml", "text/html", "TEXT/XML; charset=utf-8"]
)
def test_the_content_types_of_twiml(heard, kind):
    assert heard(HELLO, kind) == ("Hello", [])


def test_plain_text_is_run_if_it_is_twiml_else_read_out(heard):
    assert heard(HELLO, "text/plain") == ("Hello", [])


def test_plain_text_that_is_not_twiml_is_read_out(heard):
    assert heard(b"Good morning & welcome", "text/plain") == ("Good morning & welcome", [])


def test_sound_is_played(heard):
    assert heard(b"ID3", "audio/mpeg") == (f"[plays {BASE}/call/received]", [])


def test_an_empty_response_hangs_up(heard):
    assert heard(b"<Response/>") == ("", [])


def test_deep_markup_and_a_big_entity_take_no_long_time(heard):
    started = time.monotonic()
    deep = b"<Response><Say>" + b"<s>" * 9000 + b"Hello" + b"</s>" * 9000 + b"</Say></Response>"

    assert heard(deep) == ("Hello", [])
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("body", "code"), [(b"oops", 12100), (b"", 12100), (b"x" * 65537, 11750)])
def test_the_fallback_is_asked_with_the_number(network, service, body, code):
    network.own(DESK, f"{BASE}/call/received", voice_fallback_url=f"{BASE}/fallback")
    service.answer("/call/received", document(body))
    service.answer("/fallback", "<Say>Try later</Say>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    (asked,) = service.asked("/fallback")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == (str(code), f"{BASE}/call/received")
    assert network.calls[sid].words == "Try later"


def test_a_fallback_that_is_no_better_is_apologised_for(network, service):
    network.own(DESK, f"{BASE}/call/received", voice_fallback_url=f"{BASE}/fallback")
    service.answer("/call/received", document(b"oops"))
    service.answer("/fallback", document(HELLO, "application/json"))
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert network.calls[sid].words == SORRY
    assert [event.code for event in network.events] == [12100, 12300]
