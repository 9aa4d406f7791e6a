from datetime import timedelta

import pytest

from bot.simulator import Fax, Person, Unreachable, WebhookResponse
from tests.simulator.scene import (
    ALICE,
    BASE,
    BOB,
    DESK,
    MALLORY,
    OMAR,
    SID,
    TUESDAY_AT_TEN,
    refusal,
)

DELIVERY = f"{BASE}/text/delivery"
SECOND = "+442079460001"


@pytest.fixture
def send(network, client):
    """Text somebody from the desk."""
    network.add(Person("Alice", ALICE))

    def send(to=ALICE, body="Hello", **others):
        given = {"from_": DESK, "status_callback": DELIVERY} | others
        return client.messages.create(to=to, body=body, **given)

    return send


def statuses(service):
    return [notice["MessageStatus"] for notice in service.asked("/text/delivery")]


def test_received_texts_are_listed(network, client):
    sent = network.text(ALICE, DESK, "Sorry I missed you")

    (text,) = client.messages.list(to=DESK, date_sent_after=TUESDAY_AT_TEN)
    assert (text.sid, text.body, text.direction, text.status) == (
        sent.message_sid,
        "Sorry I missed you",
        "inbound",
        "received",
    )


def test_a_text_is_sent_and_then_delivered(network, client, service, send):
    text = send()
    assert (text.status, text.direction, text.date_sent) == ("queued", "outbound-api", None)
    assert (text.from_, text.to, text.num_segments, text.num_media) == (DESK, ALICE, "1", "0")
    network.run_until_quiet()

    text = text.fetch()
    assert (text.status, text.error_code) == ("delivered", None)
    assert TUESDAY_AT_TEN <= text.date_sent <= text.date_updated
    assert statuses(service) == ["sent", "delivered"]


def test_a_notice_of_a_text_says_all_there_is_to_say(network, service, send):
    text = send()
    network.run_until_quiet()

    assert service.asked("/text/delivery")[0] == {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "MessageStatus": "sent",
        "SmsStatus": "sent",
        "AccountSid": SID,
        "ApiVersion": "2010-04-01",
        "From": DESK,
        "To": ALICE,
    }


def test_the_handset_shows_a_text_once_it_is_delivered(network, send):
    def shown():
        return [h.words for h in network.happenings if (h.kind, h.to) == ("text_sent", "Alice")]

    send()
    assert shown() == []
    network.run_until_quiet()

    assert shown() == ["Hello"]


@pytest.mark.parametrize(
    ("handset", "code"),
    [
        (Unreachable("Bob", BOB), 30003),
        (Fax("Bob", BOB), 30006),
        (Person("Somebody else", OMAR), 30005),
    ],
)
def test_a_text_that_does_not_arrive(network, service, send, handset, code):
    network.add(handset)
    text = send(BOB)
    network.run_until_quiet()

    assert (text.fetch().status, text.fetch().error_code) == ("undelivered", code)
    assert text.fetch().error_message
    assert statuses(service) == ["sent", "undelivered"]
    assert service.asked("/text/delivery")[1]["ErrorCode"] == str(code)
    assert [event.code for event in network.events] == [code]


def test_texts_may_be_filtered_on_the_way(network, send):
    network.let_no_text_reach(ALICE, 30007)
    text = send()
    network.run_until_quiet()

    assert text.fetch().error_message == "Message filtered"


def test_a_sender_sends_a_segment_a_second(network, client, send):
    network.own(SECOND)
    long, short, other = send(body="x" * 161), send(), send(from_=SECOND)
    network.advance(1.5)
    seen = [client.messages(text.sid).fetch().status for text in (long, short, other)]
    network.run_until_quiet()

    assert seen == ["delivered", "queued", "delivered"]
    sent = [client.messages(text.sid).fetch().date_sent for text in (long, short)]
    assert sent[1] - sent[0] == timedelta(seconds=2)


def test_a_text_waits_no_longer_than_it_is_worth(network, service, send):
    send(body="x" * 1600)
    late = send(validity_period=5)
    network.run_until_quiet()

    assert (late.fetch().status, late.fetch().error_code) == ("failed", 30036)
    assert "failed" in statuses(service)


def test_a_queue_that_is_full(network, send):
    network.settings.segments_per_second = 0.001
    for _ in range(4):
        send(body="x" * 1600)

    assert refusal(send) == (400, 21611)


def test_a_messaging_service_accepts_first(network, client, service, send):
    service_sid = network.add_messaging_service(SECOND)
    network.own(SECOND)
    text = send(from_=None, messaging_service_sid=service_sid)
    assert (text.status, text.messaging_service_sid) == ("accepted", service_sid)
    network.run_until_quiet()

    assert text.fetch().from_ == SECOND
    assert statuses(service) == ["queued", "sent", "delivered"]
    assert service.asked("/text/delivery")[0]["MessagingServiceSid"] == service_sid


@pytest.fixture
def later(network, send):
    """Schedule a text in an hour."""
    service_sid = network.add_messaging_service(DESK)

    def later(**others):
        moment = network.clock.now() + timedelta(hours=1)
        given = {"schedule_type": "fixed", "send_at": moment, "messaging_service_sid": service_sid}
        return send(**given | others)

    return later


def test_a_scheduled_text_goes_when_its_time_has_come(network, service, later):
    text = later()
    assert text.status == "scheduled"
    network.advance(3590)
    assert statuses(service) == []
    network.advance(20)

    assert statuses(service) == ["queued", "sent", "delivered"]
    assert refusal(lambda: text.update(status="canceled")) == (409, 30409)


def test_a_scheduled_text_is_taken_back(network, service, later):
    text = later()
    assert text.update(status="canceled").status == "canceled"
    network.run_until_quiet()

    assert text.fetch().status == "canceled"
    assert statuses(service) == ["canceled"]
    assert text.delete()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"messaging_service_sid": None}, 35118),
        ({"send_at": None}, 35111),
        ({"send_at": TUESDAY_AT_TEN + timedelta(minutes=4)}, 35114),
        ({"send_at": TUESDAY_AT_TEN + timedelta(days=36)}, 35114),
    ],
)
def test_refused_schedules(later, changes, code):
    assert refusal(lambda: later(**changes)) == (400, code)


def test_a_text_is_redacted_and_deleted(network, client):
    sid = network.text(ALICE, DESK, "ŵ" * 71).message_sid
    redacted = client.messages(sid).update(body="")
    assert (redacted.body, redacted.num_segments) == ("", "2")
    assert client.messages(sid).delete()

    assert client.messages.list() == []
    assert refusal(client.messages(sid).fetch) == (404, 20404)
    assert refusal(client.messages(sid).delete) == (404, 20404)


def test_a_text_on_its_way_is_neither_redacted_nor_deleted_nor_taken_back(network, send):
    text = send()

    assert refusal(lambda: text.update(body="")) == (409, 20009)
    assert refusal(text.delete) == (409, 20009)
    assert refusal(lambda: text.update(status="canceled")) == (409, 30409)
    network.run_until_quiet()

    assert text.delete()


@pytest.mark.parametrize(
    "change", [{}, {"body": "Other words"}, {"status": "sent"}, {"body": "", "status": "canceled"}]
)
def test_refused_updates(network, client, change):
    sid = network.text(ALICE, DESK, "Hello").message_sid

    assert refusal(lambda: client.messages(sid).update(**change)) == (400, 30400)
    assert client.messages(sid).fetch().body == "Hello"


def test_texts_to_someone_who_opted_out_are_refused(network, client, service, send):
    network.text(ALICE, DESK, " stop ")
    assert refusal(send) == (400, 21610)
    network.text(ALICE, DESK, "START")

    assert send().status == "queued"
    assert len(service.asked("/text/received")) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_": BOB}, 21606),
        ({"from_": "12345"}, 21606),
        ({"from_": "Not a name!"}, 21212),
        ({"from_": "TwelveLetter"}, 21212),
        ({"from_": None}, 21603),
        ({"messaging_service_sid": "MG" + "0" * 32}, 21705),
        ({"to": ""}, 21604),
        ({"to": "12"}, 21211),
        ({"to": DESK}, 21266),
        ({"from_": "Ringback", "to": "+15005550100"}, 21612),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback": "https://under_score.example/"}, 21609),
        ({"validity_period": 36001}, 90007),
        ({"validity_period": 0}, 90007),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
    ],
)
def test_refused_texts(network, send, changes, code):
    assert refusal(lambda: send(**changes)) == (400, code)
    assert network.texts == []


def test_regions_for_texts(network, send):
    network.settings.text_countries = frozenset({"IE"})

    assert refusal(send) == (400, 21408)


def test_a_name_may_stand_for_the_sender(network, send):
    text = send(from_="Town Hall 1")
    network.run_until_quiet()

    assert (text.fetch().from_, text.fetch().status) == ("Town Hall 1", "delivered")


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("x" * 160, "1"),
        ("€" * 80, "1"),
        ("€" * 80 + "x", "2"),
        ("{}" * 40 + "\N{SNOWMAN}", "2"),
        ("\N{PILE OF POO}" * 35, "1"),
        ("\N{PILE OF POO}" * 36, "2"),
        ("x" * 1600, "11"),
    ],
)
def test_segments(send, body, segments):
    assert send(body=body).num_segments == segments


def test_pictures_are_not_sent_but_named(network, send):
    text = send(body=None, media_url=["https://desk.example/picture.png"])

    assert text.num_media == "0"
    assert [e.words for e in network.events] == ["the simulator does not heed MediaUrl of a text"]


def test_a_text_to_a_number_of_ours_comes_in_there(network, client, service, send):
    network.own(SECOND, sms_url=f"{BASE}/second")
    service.answer("/second", "<Redirect>/third</Redirect>")
    service.answer("/third", "<Message>Thank you</Message>")
    send(SECOND)
    network.run_until_quiet()

    assert service.asked("/third")[0]["Body"] == "Hello"
    assert service.asked("/text/received")[0]["Body"] == "Thank you"
    assert [text.direction for text in client.messages.list()] == [
        "inbound",
        "outbound-reply",
        "inbound",
        "outbound-api",
    ]


def test_texts_are_listed_by_their_filters(network, client, send):
    first = send().sid
    network.advance(86400)
    second = send(body="Later").sid
    third = network.text(MALLORY, DESK, "Hm").message_sid
    network.run_until_quiet()

    def sids(**filters):
        return [text.sid for text in client.messages.list(**filters)]

    assert sids() == [third, second, first]
    assert sids(to=ALICE) == [second, first]
    assert sids(from_=MALLORY) == [third]
    assert sids(date_sent=TUESDAY_AT_TEN.date()) == [first]
    assert sids(date_sent_before=TUESDAY_AT_TEN + timedelta(hours=1)) == [first]
    assert sids(date_sent_after=TUESDAY_AT_TEN + timedelta(hours=1)) == [third, second]
    assert sids(page_size=1) == [third, second, first]


def test_a_list_of_texts_may_lag_but_a_text_itself_does_not(network, client, send):
    network.settings.list_lag_seconds = 5
    text = send()
    assert client.messages.list() == []
    assert text.fetch().sid == text.sid
    network.advance(5)

    assert len(client.messages.list()) == 1


def test_a_refused_notice_changes_nothing(network, service, send):
    service.answer("/text/delivery", WebhookResponse(500))
    text = send()
    network.run_until_quiet()

    assert text.fetch().status == "delivered"
    assert [event.code for event in network.events] == [11200, 11200]
    assert {event.sid for event in network.events} == {text.sid}


def test_stop_to_one_number_of_a_service_is_stop_to_all(network, client, send):
    network.own(SECOND)
    service_sid = network.add_messaging_service(DESK, SECOND)
    network.text(ALICE, DESK, "STOP")

    assert refusal(lambda: send(from_=SECOND)) == (400, 21610)
    assert refusal(lambda: send(from_=SECOND, messaging_service_sid=service_sid)) == (400, 21610)
    network.text(ALICE, SECOND, "START")
    assert send().status == "queued"


@pytest.mark.parametrize(
    "moment", ["2026-11-24T11:00:00Z", "2026-11-24T11:00:00+00:00", "2026-11-24T11:00:00.000Z"]
)
def test_a_text_is_scheduled_in_any_iso_8601(later, moment):
    assert later(send_at=moment).status == "scheduled"
