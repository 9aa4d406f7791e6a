"""Conferences through twilio-python itself."""

from datetime import date

import pytest
from twilio.base.exceptions import TwilioException

from bot.simulator import Busy, Held, Person, WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR, TUESDAY_AT_TEN, refusal


def test_who_is_put_out_goes_on_with_the_document(network, client, service):
    network.add(Held("Alice", ALICE))
    service.answer("/call/received", "<Dial><Conference>Room</Conference></Dial><Say>Bye</Say>")
    sid = network.dial(ALICE, DESK)
    network.advance(1)
    (conference,) = client.conferences.list()

    client.conferences(conference.sid).participants(sid).delete()
    network.run_until_quiet()

    assert network.calls[sid].words == "[hold music] Bye"
    ended = client.conferences(conference.sid).fetch()
    assert ended.reason_conference_ended == "last-participant-kicked"
    assert ended.call_sid_ending_conference == sid


def test_a_conference_is_ended(network, client, meeting, service):
    alice, bob = meeting()
    ended = client.conferences(alice.conference_sid).update(status="completed")
    network.run_until_quiet()

    assert (ended.status, ended.reason_conference_ended) == (
        "completed",
        "conference-ended-via-api",
    )
    assert {network.calls[one.call_sid].status for one in (alice, bob)} == {"completed"}
    leaves = [n for n in service.asked("/room") if n["StatusCallbackEvent"] == "participant-leave"]
    assert {leave["ReasonParticipantLeft"] for leave in leaves} == {"conference_ended_via_api"}
    over = client.conferences(alice.conference_sid)
    assert refusal(lambda: over.update(status="completed")) == (404, 20404)
    assert refusal(over.participants("host").fetch) == (404, 20404)
    assert over.participants.list() == []


def test_the_end_stops_the_ringing(network, client, room, service):
    network.add(Held("Alice", ALICE))
    made = room(ALICE)
    network.advance(5)

    client.conferences(made.conference_sid).update(status="completed")
    network.advance(0)

    assert network.calls[made.call_sid].status == "canceled"
    assert service.asked("/room")[1]["ParticipantCallStatus"] == "canceled"


def test_an_announcement_to_everybody(network, client, meeting, service):
    alice, bob = meeting()
    service.answer("/announcement", "<Say>Five minutes left</Say>")

    client.conferences(alice.conference_sid).update(announce_url=f"{BASE}/announcement")
    network.advance(5)

    assert [network.calls[one.call_sid].words for one in (alice, bob)] == ["Five minutes left"] * 2
    assert len(service.asked("/announcement")) == 1
    ended = service.asked("/room")[-1]
    assert ended["StatusCallbackEvent"] == "announcement-end"
    assert ended["AnnounceUrl"] == f"{BASE}/announcement"
    assert "CallSid" not in ended


def test_an_announcement_to_one(network, client, meeting, service):
    alice, bob = meeting()
    service.answer("/announcement", "<Say>Only for you</Say>")

    client.conferences(bob.conference_sid).participants(bob.call_sid).update(
        announce_url=f"{BASE}/announcement"
    )
    network.advance(5)

    assert network.calls[alice.call_sid].words == ""
    assert network.calls[bob.call_sid].words == "Only for you"
    assert service.asked("/room")[-1]["CallSid"] == bob.call_sid


def test_an_announcement_that_cannot_be_had(network, client, meeting, service):
    alice, _ = meeting()
    service.answer("/announcement", WebhookResponse(500, {}, b""))

    client.conferences(alice.conference_sid).update(announce_url=f"{BASE}/announcement")
    network.advance(5)

    assert network.calls[alice.call_sid].words == ""
    assert 11200 in [event.code for event in network.events]


def test_conferences_by_their_filters(network, client, room):
    network.settings.calls_per_second = 100
    network.add(Person("Alice", ALICE, rings_seconds=1), Busy("Bob", BOB))
    going = room(ALICE)
    client.conferences("Other").participants.create(to=BOB, from_=DESK)
    network.advance(10)

    def found(**filters):
        return [conference.friendly_name for conference in client.conferences.list(**filters)]

    assert found() == ["Other", "Room"]
    assert found(status="completed") == ["Other"]
    assert found(status="init") == ["Room"]
    assert found(friendly_name="Room") == ["Room"]
    assert found(date_created=date(2026, 11, 24)) == ["Other", "Room"]
    assert found(date_created_before=date(2026, 11, 23)) == []
    assert found(date_updated_after=date(2026, 11, 25)) == []
    assert [one.friendly_name for one in client.conferences.stream(page_size=1)] == found()
    fetched = client.conferences(going.conference_sid).fetch()
    assert fetched.date_created == TUESDAY_AT_TEN
    assert fetched.reason_conference_ended is None


def test_a_refusal_leaves_no_room_behind(client):
    create = client.conferences("Room").participants.create

    assert refusal(lambda: create(to=OMAR, from_=DESK, label="a/b")) == (400, 16024)
    assert client.conferences.list() == []


def test_unknown_conferences_are_not_found(client):
    nothing = client.conferences("CF" + "0" * 32)
    create = nothing.participants.create

    assert refusal(nothing.fetch) == (404, 20404)
    with pytest.raises(TwilioException, match="20404"):
        nothing.participants.list()
    assert refusal(nothing.participants("host").fetch) == (404, 20404)
    assert refusal(lambda: create(to=ALICE, from_=DESK)) == (404, 20404)
