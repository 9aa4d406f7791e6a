import pytest

from bot.simulator import DeliveryError, WebhookResponse
from tests.simulator.scene import ALICE, BASE, DESK, SORRY, twiml

XML = {"Content-Type": "text/xml"}


def codes(network):
    return [event.code for event in network.events]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (WebhookResponse(500), 11200),
        (WebhookResponse(404), 11200),
        (WebhookResponse(429), 11200),
        (DeliveryError("ct", "refused"), 11205),
        (DeliveryError("broken", "reset"), 11206),
        (WebhookResponse(200, XML, b"<Response/>", seconds=16), 11205),
        (WebhookResponse(200, XML, b"<Response><Say>"), 12100),
        (WebhookResponse(200, XML, b" <?xml version='1.0'?><Response/>"), 12100),
        (WebhookResponse(200, XML, b"<Answer/>"), 12100),
        (WebhookResponse(200, XML, b""), 12100),
        (WebhookResponse(200, XML, b"<Response><Say>\x0b</Say></Response>"), 12100),
        (WebhookResponse(200, {"Content-Type": "application/json"}, b"{}"), 12300),
        (WebhookResponse(200, XML, b"<Response>" + b" " * 65536 + b"</Response>"), 11750),
        (WebhookResponse(302, {"Location": "/call/received"}), 11215),
    ],
)
def test_an_answer_that_cannot_be_played_is_an_error_and_an_apology(hears, network, answer, code):
    call = hears(answer)

    assert codes(network) == [code]
    assert call.words == SORRY
    assert call.status == "completed"


def test_the_fallback_hears_what_went_wrong(network, service):
    network.own(DESK, f"{BASE}/broken", voice_fallback_url=f"{BASE}/fallback")
    service.answer("/broken", "<Say>Hello</Say><Redirect>/gone</Redirect>")
    service.answer("/gone", WebhookResponse(503))
    service.answer("/fallback", "<Say>We will ring you back</Say>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    (asked,) = service.asked("/fallback")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", f"{BASE}/gone")
    assert network.calls[sid].words == "Hello We will ring you back"


def test_a_broken_fallback_is_not_tried_again(network, service):
    network.own(DESK, f"{BASE}/broken", voice_fallback_url=f"{BASE}/broken")
    service.answer("/broken", WebhookResponse(500))
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert len(service.asked("/broken")) == 2
    assert network.calls[sid].words == SORRY


@pytest.mark.parametrize(
    ("fragment", "answer", "tries"),
    [
        ("", DeliveryError("ct", "refused"), 2),
        ("", WebhookResponse(500), 1),
        ("#rc=3&rp=all&ct=2000&rt=4000", DeliveryError("ct", "refused"), 4),
        ("#rc=3&rp=all&ct=2000&rt=4000", WebhookResponse(500), 4),
        ("#rc=3&rp=all&ct=2000&rt=4000", WebhookResponse(200, seconds=5), 4),
        ("#rc=3&rp=all&ct=2000&rt=4000", DeliveryError("broken", "reset"), 4),
        ("#rc=2&rp=5xx", WebhookResponse(404), 1),
        ("#rc=2&rp=4xx,5xx", WebhookResponse(404), 3),
        ("#rc=0", DeliveryError("ct", "refused"), 1),
        ("#rc=9", DeliveryError("ct", "refused"), 2),
    ],
)
def test_the_fragment_says_what_is_retried(network, service, fragment, answer, tries):
    network.own(DESK, f"{BASE}/call/received?a=1{fragment}")
    service.answer("/call/received", answer)
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert len(service.requests) == tries
    assert {request.url for request in service.requests} == {f"{BASE}/call/received?a=1"}
    assert len({r.headers["I-Twilio-Idempotency-Token"] for r in service.requests}) == 1


def test_all_tries_together_have_fifteen_seconds(network, service):
    network.own(DESK, f"{BASE}/call/received#rc=5&rp=all&rt=8000")
    service.answer("/call/received", WebhookResponse(200, seconds=9))
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert len(service.requests) == 2


def test_a_retry_that_works_is_as_if_nothing_had_happened(network, service):
    network.own(DESK, f"{BASE}/call/received#rc=3&rp=all")
    service.answer(
        "/call/received", DeliveryError("ct", "refused"), WebhookResponse(500), "<Say>Hi</Say>"
    )
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert network.calls[sid].words == "Hi"
    assert codes(network) == []


def test_a_slow_answer_is_silence_for_the_caller(hears, network):
    slow = twiml("<Say>Sorry to keep you</Say>")
    call = hears(WebhookResponse(slow.status, slow.headers, slow.body, seconds=8))

    assert (call.heard[0].at - call.started_at).total_seconds() == 8


def test_a_redirected_action_loses_its_digits(network, service):
    service.answer("/call/received", WebhookResponse(307, {"Location": "/moved?a=1"}))
    service.answer("/moved", "<Say>Moved</Say>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert network.calls[sid].words == "Moved"
    assert service.requests[1].method == "GET"
    assert service.requests[1].params == ()


def test_plain_text_is_read_out_and_sound_is_played(hears):
    text = WebhookResponse(200, {"Content-Type": "text/plain; charset=utf-8"}, b"Hello there")
    sound = WebhookResponse(200, {"Content-Type": "audio/mpeg"}, b"...")

    assert hears(text).words == "Hello there"
    assert hears(sound).words == f"[plays {BASE}/call/received]"
