from datetime import timedelta

import pytest

from bot.simulator import Person, WebhookResponse, rest_app
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
    assert sids(start_time_before=TUESDAY_AT_TEN.date()) == []
    assert sids(start_time_after=TUESDAY_AT_TEN.date()) == [to_bob, to_alice]
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
    network.settings.list_lag_seconds = 5
    sid = ring(ALICE)
    assert client.calls.list() == []
    assert client.calls(sid).fetch().sid == sid
    network.advance(5)

    assert len(client.calls.list()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_": ""}, 21213),
        ({"to": "client:alice"}, 21211),
        ({"url": "https://under_score.example/x"}, 21205),
        ({"url": "http://[bad"}, 21205),
        ({"url": "http://desk.example:99999/"}, 21205),
        ({"url": "http://desk.example:port/"}, 21205),
        ({"method": "PUT"}, 21209),
        ({"fallback_url": "nowhere"}, 21205),
        ({"status_callback": "ftp://desk.example/x"}, 21609),
        ({"status_callback_method": "HEAD"}, 21209),
        ({"timeout": 0}, 21208),
        ({"timeout": "soon"}, 21208),
        ({"time_limit": "long"}, 20001),
        ({"send_digits": "12x"}, 21206),
        ({"send_digits": "1" * 33}, 21206),
        ({"application_sid": "AP" + "0" * 32}, 21218),
    ],
)
def test_refused_parameters(client, network, changes, code):
    given = {"to": ALICE, "from_": DESK, "url": URL} | changes

    assert refusal(lambda: client.calls.create(**given)) == (400, code)
    assert network.calls == {}


def test_geographic_permissions(client, network):
    network.settings.call_countries = frozenset({"GB"})
    network.settings.blocked_numbers = frozenset({MALLORY})

    def ring(to):
        return client.calls.create(to=to, from_=DESK, url=URL)

    assert ring(ALICE).status == "queued"
    assert refusal(lambda: ring("+33123456789")) == (400, 21215)
    assert refusal(lambda: ring(MALLORY)) == (400, 21216)


def test_a_verified_caller_id_may_be_shown(client, network):
    network.verify_caller_id(BOB)

    assert client.calls.create(to=ALICE, from_=BOB, url=URL).status == "queued"


def test_a_call_may_be_passed_on_under_its_callers_number(network, client, service):
    service.answer("/call/received", "<Pause length='60'/>")
    network.dial(BOB, DESK)
    network.advance(1)
    token = service.asked("/call/received")[0]["CallToken"]

    def pass_on(call_token):
        return client.calls.create(to=ALICE, from_=BOB, url=URL, call_token=call_token)

    assert pass_on(token).status == "queued"
    assert refusal(lambda: pass_on("forged")) == (400, 21210)


def test_digits_are_sent_after_the_answer(network, client, service):
    network.add(Person("Alice", ALICE))
    service.answer("/call/answered", "<Say>Hello</Say>")
    sid = client.calls.create(
        to=ALICE, from_=DESK, url=URL, send_digits="W12#", machine_detection="Enable"
    ).sid
    network.run_until_quiet()

    call = network.calls[sid]
    digits, hello = call.heard
    assert (digits.words, hello.words) == ("[keys W12#]", "Hello")
    assert (hello.at - digits.at).total_seconds() == pytest.approx(1.75, abs=0.1)
    assert call.answered_by is None


def test_a_recorded_call_says_where_it_can_be_heard(network, client, service, ring):
    network.add(Person("Alice", ALICE))
    service.answer("/call/answered", "<Pause length='7'/>")
    ring(ALICE, record=True)
    network.run_until_quiet()

    (notice,) = service.asked("/status")
    assert notice["RecordingSid"].startswith("RE")
    assert notice["RecordingUrl"].endswith(f"/Recordings/{notice['RecordingSid']}")
    assert notice["RecordingDuration"] == notice["CallDuration"] == "7"


def test_a_recorded_call_that_nobody_answers_has_no_recording(network, service, ring):
    ring(ALICE, record=True)
    network.run_until_quiet()

    assert "RecordingSid" not in service.asked("/status")[0]


def test_events_in_one_parameter_are_an_error_and_no_notice(network, service, ring):
    network.add(Person("Alice", ALICE))
    ring(ALICE, status_callback_event="ringing answered")
    network.run_until_quiet()

    assert service.asked("/status") == []
    assert [event.code for event in network.events] == [21626]


def test_the_phone_rings_for_the_timeout_and_perhaps_five_seconds_more(network, client, ring):
    network.add(Person("Alice", ALICE, rings_seconds=12))
    given_up = ring(ALICE, timeout=10)
    network.run_until_quiet()
    network.settings.ring_buffer_seconds = 5
    reached = ring(ALICE, timeout=10)
    network.run_until_quiet()

    assert client.calls(given_up).fetch().status == "no-answer"
    assert client.calls(reached).fetch().status == "completed"


def test_the_queue_shows_how_long_calls_wait(network, client, ring):
    sids = [ring(ALICE) for _ in range(3)]
    network.advance(1.5)

    calls = [client.calls(sid).fetch() for sid in sids]
    assert [call.queue_time for call in calls] == ["0", "1000", "2000"]
    assert calls[2].status == "queued"
    assert calls[2].start_time is None


def test_what_a_call_cannot_be_asked_is_named(network, ring):
    ring(ALICE, call_reason="Because", byoc="BY" + "0" * 32)
    ring(DESK)

    assert [event.words for event in network.events] == [
        "the simulator does not heed Byoc of a call",
        "the simulator does not heed CallReason of a call",
        "the simulator does not ring a number of the service's own",
    ]


def test_only_a_finished_call_is_deleted(network, client, in_a_call):
    assert refusal(client.calls(in_a_call).delete) == (409, 20009)
    network.run_until_quiet()

    assert client.calls(in_a_call).delete()
    assert refusal(client.calls(in_a_call).fetch) == (404, 20404)
    assert refusal(client.calls(in_a_call).delete) == (404, 20404)


def test_a_live_update_changes_the_limit_and_the_notices(network, client, service, in_a_call):
    client.calls(in_a_call).update(
        time_limit=30, status_callback=f"{BASE}/told", status_callback_method="GET"
    )
    network.run_until_quiet()

    assert client.calls(in_a_call).fetch().duration == "30"
    assert service.asked("/status") == []
    assert service.asked("/told")[0]["CallStatus"] == "completed"


def test_a_live_update_brings_its_own_fallback(network, client, service, in_a_call):
    service.answer("/gone", WebhookResponse(500))
    service.answer("/second", "<Say>Second chance</Say>")
    client.calls(in_a_call).update(url=f"{BASE}/gone", fallback_url=f"{BASE}/second")
    network.run_until_quiet()

    assert network.calls[in_a_call].words == "Second chance"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"status": "busy"}, 20001), ({"url": "nowhere"}, 21205), ({"twiml": "x" * 4001}, 32018)],
)
def test_refused_updates(client, in_a_call, change, code):
    assert refusal(lambda: client.calls(in_a_call).update(**change)) == (400, code)


def test_an_unknown_parameter_is_ignored(network):
    form = {"To": ALICE, "From": DESK, "Url": URL, "Colour": "green"}
    path = f"/2010-04-01/Accounts/{SID}/Calls.json"
    answer = rest_app(network).test_client().post(path, data=form, auth=(SID, TOKEN))

    assert (answer.status_code, network.events) == (201, [])


@pytest.mark.parametrize(
    ("day", "found"), [("2026-11-24", 0), ("2026-11-25", 1), ("9999-12-31", 1)]
)
def test_a_bare_date_is_its_midnight(network, ring, day, found):
    ring(ALICE)
    network.run_until_quiet()
    web = rest_app(network).test_client()

    page = web.get(f"/2010-04-01/Accounts/{SID}/Calls.json?StartTime<={day}", auth=(SID, TOKEN))

    assert len(page.json["calls"]) == found


@pytest.mark.parametrize("changed", [{"to": ALICE + "\n"}, {"from_": DESK + "\n"}])
def test_a_number_ends_with_its_last_digit(client, changed):
    given = {"to": ALICE, "from_": DESK, "url": URL} | changed

    assert refusal(lambda: client.calls.create(**given))[0] == 400
