from datetime import timedelta

import pytest
from twilio.rest import Client

from bot.simulator import InProcessHttpClient, Person, WebhookResponse, rest_app
from tests.simulator.scene import (
    ALICE,
    BASE,
    BOB,
    DESK,
    MALLORY,
    SID,
    TOKEN,
    TUESDAY_AT_TEN,
    refusal,
    twiml,
)

URL = f"{BASE}/call/answered"


@pytest.fixture
def in_a_call(network, service, ring):
    """Alice, in a call that goes on for ten minutes."""
    network.add(Person("Alice", ALICE))
    service.answer("/call/answered", "<Pause length='300'/><Say>Still here</Say>")
    sid = ring(ALICE)
    network.advance(10)
    return sid


def test_a_created_call_is_queued(client):
    call = client.calls.create(to=ALICE, from_=DESK, url=URL)

    assert (call.status, call.direction, call.to, call._from) == (
        "queued",
        "outbound-api",
        ALICE,
        DESK,
    )
    assert call.date_created == TUESDAY_AT_TEN
    assert call.start_time is None
    assert call.sid.startswith("CA")
    assert len(call.sid) == 34


def test_a_finished_call_has_its_times(network, client, ring):
    network.add(Person("Alice", ALICE, rings_seconds=3))
    sid = ring(ALICE, twiml="<Response/>")
    network.run_until_quiet()

    call = client.calls(sid).fetch()
    assert (call.status, call.duration) == ("completed", "0")
    assert call.end_time - call.start_time == timedelta(seconds=4)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21201),
        ({"to": "12"}, 21211),
        ({"url": "/relative"}, 21205),
        ({"url": ""}, 21205),
        ({"from_": ALICE}, 21210),
        ({"from_": "nobody"}, 21212),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"from_": "+15005550001"}, 21212),
        ({"url": "", "twiml": "x" * 4001}, 32018),
    ],
)
def test_refused_calls(client, network, changes, code):
    given = {"to": ALICE, "from_": DESK, "url": URL} | changes

    assert refusal(lambda: client.calls.create(**given)) == (400, code)
    assert network.calls == {}


def test_the_magic_sender_is_good(client):
    assert client.calls.create(to=ALICE, from_="+15005550006", url=URL).status == "queued"


def test_a_wrong_token_is_refused(network):
    wrong = Client(SID, "wrong", http_client=InProcessHttpClient(rest_app(network)))

    assert refusal(lambda: wrong.calls.create(to=ALICE, from_=DESK, url=URL)) == (401, 20003)


def test_unknown_things_are_not_found(client):
    assert refusal(lambda: client.calls("CA" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: client.messages("SM" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: client.queues("QU" + "0" * 32).fetch()) == (404, 20404)


def test_the_error_body(network):
    answer = (
        rest_app(network)
        .test_client()
        .get(f"/2010-04-01/Accounts/{SID}/Calls/CA0.json", auth=(SID, TOKEN))
    )

    assert answer.json == {
        "code": 20404,
        "message": "The requested resource was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_a_live_update_interrupts_what_is_playing(network, client, service, in_a_call):
    service.answer("/elsewhere", "<Say>Something else</Say>")
    client.calls(in_a_call).update(url=f"{BASE}/elsewhere")
    network.run_until_quiet()

    assert network.calls[in_a_call].words == "Something else"


def test_an_answer_that_comes_after_a_live_update_is_not_played(network, client, service, ring):
    late = twiml("<Say>Too late</Say>")
    service.answer("/call/answered", WebhookResponse(200, late.headers, late.body, seconds=9))
    service.answer("/elsewhere", "<Say>Something else</Say><Pause length='20'/>")
    network.add(Person("Alice", ALICE))
    sid = ring(ALICE)
    network.advance(6)
    client.calls(sid).update(url=f"{BASE}/elsewhere")
    network.run_until_quiet()

    assert network.calls[sid].words == "Something else"


def test_a_live_update_by_twiml(network, client, in_a_call):
    client.calls(in_a_call).update(twiml="<Response><Say>Bye</Say></Response>")
    network.run_until_quiet()

    assert network.calls[in_a_call].words == "Bye"


def test_a_call_is_ended_by_its_status(network, client, service, in_a_call):
    assert client.calls(in_a_call).update(status="completed").status == "completed"
    network.run_until_quiet()

    assert service.asked("/status")[0]["CallStatus"] == "completed"


def test_a_call_in_progress_is_not_canceled(client, in_a_call):
    assert refusal(lambda: client.calls(in_a_call).update(status="canceled")) == (400, 21220)


def test_a_call_that_is_over_or_not_yet_up_cannot_be_redirected(network, client, ring):
    network.add(Person("Alice", ALICE))
    sid = ring(ALICE)
    update = client.calls(sid).update
    assert refusal(lambda: update(url=URL)) == (400, 21220)
    network.run_until_quiet()

    assert refusal(lambda: update(url=URL)) == (400, 21220)
    assert refusal(lambda: update(status="completed")) == (400, 21220)


def test_a_ringing_call_is_canceled(network, client, service, ring):
    network.add(Person("Alice", ALICE, rings_seconds=20))
    sid = ring(ALICE)
    network.advance(5)
    client.calls(sid).update(status="canceled")
    network.run_until_quiet()

    assert [notice["CallStatus"] for notice in service.asked("/status")] == ["canceled"]
    assert service.asked("/call/answered") == []


def test_a_call_canceled_in_the_queue_tells_nobody(network, client, service, ring):
    network.add(Person("Alice", ALICE))
    sid = ring(ALICE)
    assert client.calls(sid).update(status="canceled").status == "canceled"
    network.run_until_quiet()

    assert service.requests == []


def test_lists_are_filtered(network, client, ring):
    network.add(Person("Alice", ALICE))
    to_alice, to_bob = ring(ALICE), ring(BOB)
    network.run_until_quiet()
    later = network.clock.now() + timedelta(hours=1)

    def sids(**filters):
        return [call.sid for call in client.calls.list(**filters)]

    assert sids() == [to_bob, to_alice]
    assert sids(to=ALICE) == [to_alice]
    assert sids(from_=DESK, status="failed") == [to_bob]
    assert sids(to=MALLORY) == []
    assert sids(start_time_after=TUESDAY_AT_TEN) == [to_bob, to_alice]
    assert sids(start_time_after=later) == []
    assert sids(start_time_before=TUESDAY_AT_TEN) == [to_alice]
    assert sids(end_time_before=later) == [to_bob, to_alice]
    assert sids(start_time=TUESDAY_AT_TEN.date()) == [to_bob, to_alice]


def test_a_filter_that_is_no_date_is_refused(network, ring):
    ring(ALICE)
    path = f"/2010-04-01/Accounts/{SID}/Calls.json?StartTime=soon"
    network.advance(1)
    answer = rest_app(network).test_client().get(path, auth=(SID, TOKEN))

    assert (answer.status_code, answer.json["code"]) == (400, 20001)


def test_lists_come_in_pages(network, client, ring):
    sids = [ring(ALICE) for _ in range(7)]

    assert [call.sid for call in client.calls.list(page_size=3)] == sids[::-1]
    assert len(client.calls.list(limit=4)) == 4


def test_a_newcomer_does_not_shift_the_pages(client, ring):
    sids = [ring(ALICE) for _ in range(4)]
    page = client.calls.page(page_size=2)
    seen = [call.sid for call in page]
    ring(BOB)
    seen += [call.sid for call in page.next_page()]

    assert seen == sids[::-1]


def test_a_list_may_lag(network, client, ring):
    network.carrier.settings.list_lag_seconds = 5
    sid = ring(ALICE)
    assert client.calls.list() == []
    assert client.calls(sid).fetch().sid == sid
    network.advance(5)

    assert len(client.calls.list()) == 1


# Messages


def test_received_texts_are_listed(network, client):
    sent = network.text(ALICE, DESK, "Sorry I missed you")

    (text,) = client.messages.list(to=DESK, date_sent_after=TUESDAY_AT_TEN)
    assert (text.sid, text.body, text.direction, text.status) == (
        sent.message_sid,
        "Sorry I missed you",
        "inbound",
        "received",
    )


def test_a_text_is_redacted_and_deleted(network, client):
    sid = network.text(ALICE, DESK, "Sorry I missed you").message_sid
    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).delete()

    assert client.messages.list() == []


def test_a_sent_text_is_delivered(network, client, service):
    text = client.messages.create(
        to=ALICE, from_=DESK, body="Hello", status_callback=f"{BASE}/text/delivery"
    )
    assert text.status == "queued"
    network.run_until_quiet()

    assert client.messages(text.sid).fetch().status == "delivered"
    assert service.asked("/text/delivery")[0]["MessageStatus"] == "delivered"


def test_texts_to_someone_who_opted_out_are_refused(network, client, service):
    def send():
        return client.messages.create(to=ALICE, from_=DESK, body="Hello")

    network.text(ALICE, DESK, " stop ")
    assert refusal(send) == (400, 21610)
    network.text(ALICE, DESK, "START")

    assert send().status == "queued"
    assert len(service.asked("/text/received")) == 2


def test_a_wish_in_words_opts_nobody_out(network, client):
    assert network.text(ALICE, DESK, "please stop").replies == ()

    assert len(client.messages.list()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_": BOB}, 21606),
        ({"to": "12"}, 21211),
        ({"to": "+15005550004"}, 21610),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
    ],
)
def test_refused_texts(client, changes, code):
    given = {"to": ALICE, "from_": DESK, "body": "Hello"} | changes

    assert refusal(lambda: client.messages.create(**given)) == (400, code)
