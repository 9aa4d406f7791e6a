"""How the carrier behaves as an HTTP client: redirects, cookies, passwords, addresses."""

import pytest

from bot.simulator import WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, twiml

FOUR_HOURS = 4 * 3600


def codes(network):
    return [event.code for event in network.events]


def setting(*cookies, verbs=""):
    """An answer that sets cookies."""
    answer = twiml(verbs)
    return WebhookResponse(answer.status, answer.headers, answer.body, cookies=cookies)


def carried(service):
    """The cookies of each request, in order."""
    return [request.headers.get("Cookie", "") for request in service.requests]


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirect_is_followed_by_a_bare_get(network, service, status):
    service.answer("/call/received", WebhookResponse(status, {"Location": "moved?a=1#rc=2"}))
    service.answer("/call/moved", "<Say>Moved</Say>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    second = service.requests[1]
    assert network.calls[sid].words == "Moved"
    assert (second.method, second.url, second.body) == ("GET", f"{BASE}/call/moved?a=1", b"")


@pytest.mark.parametrize(
    "answer",
    [
        WebhookResponse(300, {"Location": "/moved"}),
        WebhookResponse(304),
        WebhookResponse(308, {"Location": "/moved"}),
        WebhookResponse(302),
        WebhookResponse(302, {"Location": "ftp://desk.example/moved"}),
        WebhookResponse(302, {"Location": "https://our_desk.example/"}),
    ],
)
def test_any_other_redirect_is_none(hears, network, service, answer):
    hears(answer)

    assert codes(network) == [11216]
    assert len(service.asked("/call/received")) == 1


@pytest.mark.parametrize(("hops", "error"), [(10, []), (11, [11215])])
def test_ten_redirects_are_followed(network, service, hops, error):
    service.answer(
        "/call/received",
        *[WebhookResponse(302, {"Location": "/call/received"})] * hops,
        "<Say>At last</Say>",
    )
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert codes(network) == error
    assert len(service.asked("/call/received")) == 11


@pytest.mark.parametrize(
    "url",
    [
        "desk.example/call",
        "ftp://desk.example/call",
        "https:///call",
        "https://our_desk.example/call",
        "https://desk.example:port/call",
        "https://desk.example/a call",
    ],
)
@pytest.mark.parametrize("what", ["call", "text"])
def test_an_address_that_is_none(network, service, url, what):
    network.own(DESK, url, url)
    if what == "call":
        network.dial(ALICE, DESK)
    else:
        assert network.text(ALICE, DESK, "Hello").status is None
    network.run_until_quiet()

    assert codes(network) == [11100]
    assert service.requests == []


def test_a_retry_policy_that_there_is_none_of(network, service):
    network.own(DESK, f"{BASE}/call/received#rc=2&rp=6xx")
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert codes(network) == [11243]
    assert service.requests == []


def test_a_call_keeps_its_cookies_and_no_other_call_gets_them(network, service):
    service.answer(
        "/call/received", setting("id=7; Path=/", "b=2", verbs="<Redirect>/next</Redirect>")
    )
    service.answer("/next", "<Say>Hello</Say>")
    network.dial(ALICE, DESK)
    network.run_until_quiet()
    network.dial(BOB, DESK)
    network.run_until_quiet()

    # b=2 belongs to /call, where it was set; the notices at the end go to /call/status.
    assert carried(service) == ["", "id=7", "id=7; b=2", "", "id=7", "id=7; b=2"]


def test_texts_between_two_numbers_share_cookies_for_four_hours(network, service):
    service.answer("/text/received", setting("talk=1"))
    for sender in (ALICE, ALICE, BOB):
        network.text(sender, DESK, "Hello")
    network.advance(FOUR_HOURS - 1)
    network.text(ALICE, DESK, "Hello")
    network.advance(FOUR_HOURS + 1)
    network.text(ALICE, DESK, "Hello")

    assert carried(service) == ["", "talk=1", "", "talk=1", ""]


def test_a_cookie_goes_where_it_belongs_and_can_be_taken_back(network, service):
    network.own(DESK, sms_url="http://desk.example/text/received")
    service.answer(
        "http://desk.example/text/received",
        setting("safe=1; Secure", "other=1; Path=/elsewhere", "here=1"),
        setting("here=; Max-Age=0"),
    )
    for _ in range(3):
        network.text(ALICE, DESK, "Hello")

    assert carried(service) == ["", "here=1", ""]


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("Max-Age=-1", ""),
        ("Max-Age=00", ""),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", ""),
        ("Expires=Tue, 24-Nov-2026 09:59:59 GMT", ""),
        ("Max-Age=0; Expires=Tue, 24 Nov 2026 11:00:00 GMT", ""),
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "here=2"),
        ("Max-Age=0600", "here=2"),
        ("Max-Age=soon", "here=2"),
        (f"Max-Age={'9' * 5000}", "here=2"),
        ("Expires=Tue, 24 Nov 2026 11:00:00 GMT", "here=2"),
        ("Expires=some day", "here=2"),
    ],
)
def test_a_cookie_ends_in_its_time(network, service, attributes, kept):
    service.answer("/text/received", setting("here=1"), setting(f"here=2; {attributes}"), twiml(""))
    for _ in range(3):
        network.text(ALICE, DESK, "Hello")

    assert carried(service) == ["", "here=1", kept]


@pytest.mark.parametrize("attributes", ["Max-Age=90", "Expires=Tue, 24 Nov 2026 10:01:30 GMT"])
def test_a_cookie_is_sent_until_its_time_is_over(network, service, attributes):
    service.answer("/text/received", setting(f"here=1; {attributes}"), twiml(""))
    network.text(ALICE, DESK, "Hello")
    for _ in range(2):
        network.advance(60)
        network.text(ALICE, DESK, "Hello")

    assert carried(service) == ["", "here=1", ""]


@pytest.mark.parametrize("cookie", ["=7", "id=a\x0bb", "id"])
def test_a_broken_cookie_breaks_the_answer(hears, network, cookie):
    hears(setting(cookie, verbs="<Say>Hello</Say>"))

    assert codes(network) == [11206]


def asking_for_a_password(request):
    if "Authorization" in request.headers:
        return twiml("<Say>Hello</Say>")
    return WebhookResponse(401, {"WWW-Authenticate": 'Basic realm="desk"'})


def test_a_password_is_sent_when_it_is_asked_for_and_never_signed(network, service):
    network.own(DESK, "https://desk%40us:a%3Ab@desk.example/call/received")
    service.answer("/call/received", asking_for_a_password)
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    first, second = service.requests
    assert "Authorization" not in first.headers
    assert second.headers["Authorization"] == "Basic ZGVza0B1czphOmI="  # desk@us:a:b
    assert {first.url, second.url} == {f"{BASE}/call/received"}
    assert network.calls[sid].words == "Hello"
    assert codes(network) == []


@pytest.mark.parametrize("place", ["wrong:password@desk.example", "desk.example"])
def test_a_password_that_is_refused(network, service, place):
    network.own(DESK, f"https://{place}/call/received")
    service.answer("/call/received", WebhookResponse(401, {"WWW-Authenticate": "Basic"}))
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert codes(network) == [11200]
    assert len(service.requests) == (2 if "@" in place else 1)
