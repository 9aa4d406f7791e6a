"""Conferences and their participants, through twilio-python itself."""

from datetime import date, timedelta

import pytest
from twilio.base.exceptions import TwilioException

from bot.simulator import Busy, Held, Machine, Person, WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR, TUESDAY_AT_TEN, refusal

NAMES = {ALICE: "Alice", BOB: "Bob", OMAR: "Omar"}


@pytest.fixture
def room(client):
    """Ring people into the room, quietly, with its notices to /room."""

    def invite(to: str, **others):
        given = {
            "beep": "false",
            "wait_url": "",
            "conference_status_callback": f"{BASE}/room",
            "conference_status_callback_event": ["start", "end", "join", "leave", "mute", "hold"]
            + ["modify", "announcement"],
        }
        return client.conferences("Room").participants.create(to=to, from_=DESK, **(given | others))

    return invite


@pytest.fixture
def meeting(network, room):
    """Alice and Bob, both rung into the room and talking."""

    def meet(**others):
        network.add(Held("Alice", ALICE), Held("Bob", BOB))
        network.settings.calls_per_second = 100
        alice, bob = room(ALICE, label="host", **others), room(BOB)
        network.advance(5)
        network.answer(ALICE)
        network.answer(BOB)
        network.advance(1)
        return alice, bob

    return meet


def told(service) -> list[str]:
    return [asked["StatusCallbackEvent"] for asked in service.asked("/room")]


def test_a_participant_is_rung(network, client, room, service):
    network.add(Held("Alice", ALICE))
    made = room(
        ALICE,
        label="host",
        muted=True,
        end_conference_on_exit=True,
        status_callback=f"{BASE}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert (made.status, made.label, made.muted, made.hold) == ("queued", "host", True, False)
    assert (made.queue_time, made.date_created) == ("0", TUESDAY_AT_TEN)

    network.advance(5)
    participants = client.conferences(made.conference_sid).participants
    assert participants("host").fetch().status == "ringing"
    network.answer(ALICE)
    network.advance(1)
    fetched = participants(made.call_sid).fetch()

    assert (fetched.status, fetched.end_conference_on_exit) == ("connected", True)
    assert fetched.queue_time is None
    assert client.calls(made.call_sid).fetch().direction == "outbound-api"
    network.hang_up(ALICE)
    network.run_until_quiet()
    statuses = [asked["CallStatus"] for asked in service.asked("/status")]
    assert statuses == ["initiated", "ringing", "in-progress", "completed"]


def test_two_who_were_rung_hear_each_other(network, client, meeting):
    _, bob = meeting()

    network.speak(ALICE, "Good morning")
    network.advance(1)

    assert network.calls[bob.call_sid].words == "Good morning"
    assert client.conferences(bob.conference_sid).fetch().status == "in-progress"


def test_with_early_media_the_ringing_counts(network, room, service):
    network.add(Held("Alice", ALICE))
    room(ALICE)
    network.advance(1)
    assert told(service) == ["participant-join"]

    network.advance(600)

    left = service.asked("/room")[1]
    assert left["ParticipantCallStatus"] == "no-answer"
    assert left["ReasonParticipantLeft"] == "participant_add_failed"
    assert told(service)[2:] == ["conference-end"]


def test_who_is_still_rung_hears_nothing(network, room):
    network.settings.calls_per_second = 100
    network.add(Held("Alice", ALICE), Held("Bob", BOB))
    room(ALICE)
    bob = room(BOB)
    network.advance(5)
    network.answer(ALICE)
    network.advance(1)

    network.speak(ALICE, "Hello?")
    network.answer(BOB)
    network.advance(1)

    assert network.calls[bob.call_sid].words == ""


def test_without_early_media_only_the_answer_counts(network, room, service):
    network.add(Held("Alice", ALICE))
    room(ALICE, early_media=False)
    network.advance(5)
    assert told(service) == []

    network.answer(ALICE)
    network.advance(1)

    assert told(service) == ["participant-join"]


def test_the_time_that_it_rings(network, room):
    network.add(Held("Alice", ALICE))
    made = room(ALICE, timeout=10)

    network.run_until_quiet()

    call = network.calls[made.call_sid]
    assert call.status == "no-answer"
    # one second to set it up, ten to ring, and five more that the documentation tells of
    assert call.ended_at - call.started_at == timedelta(seconds=16)


def test_a_busy_line(network, client, room, service):
    network.add(Busy("Alice", ALICE))
    made = room(ALICE)
    network.run_until_quiet()

    assert client.conferences(made.conference_sid).fetch().status == "completed"
    assert service.asked("/room")[1]["ParticipantCallStatus"] == "busy"


def test_machine_detection_runs_beside_the_call(network, room, service):
    network.add(Machine("Alice", ALICE))
    room(ALICE, machine_detection="Enable", amd_status_callback=f"{BASE}/amd")
    network.run_until_quiet()

    assert [asked["AnsweredBy"] for asked in service.asked("/amd")] == ["machine_start"]


def test_the_time_limit_of_a_call(network, room):
    network.add(Person("Alice", ALICE))
    made = room(ALICE, time_limit=60)
    network.run_until_quiet()

    assert network.calls[made.call_sid].seconds == 60


def test_muted_and_heard_again(network, client, meeting, service):
    alice, bob = meeting()
    participant = client.conferences(alice.conference_sid).participants("host")
    assert participant.update(muted=True).muted
    network.speak(ALICE, "Can you hear me?")
    network.advance(3)
    assert network.calls[bob.call_sid].words == ""

    assert not participant.update(muted=False).muted
    network.speak(ALICE, "And now?")
    network.advance(3)

    assert network.calls[bob.call_sid].words == "And now?"
    assert told(service)[-2:] == ["participant-mute", "participant-unmute"]


def test_on_hold_with_music(network, client, meeting, service):
    alice, bob = meeting()
    service.answer("/hold", "<Say>Please hold</Say>")
    participant = client.conferences(alice.conference_sid).participants(alice.call_sid)

    assert participant.update(hold=True, hold_url=f"{BASE}/hold").hold
    network.advance(3)
    network.speak(BOB, "Is she there?")
    network.speak(ALICE, "I am")
    network.advance(3)

    assert network.calls[alice.call_sid].words == "Please hold"
    assert network.calls[bob.call_sid].words == ""
    assert [r.method for r in service.requests if r.url.startswith(f"{BASE}/hold")] == ["GET"]

    participant.update(hold=False)
    network.speak(BOB, "Welcome back")
    network.advance(3)

    assert network.calls[alice.call_sid].words == "Please hold Welcome back"
    assert told(service)[-2:] == ["participant-hold", "participant-unhold"]


def test_the_filters_of_participants(network, client, meeting):
    alice, bob = meeting()
    participants = client.conferences(alice.conference_sid).participants
    participants("host").update(muted=True)
    participants(bob.call_sid).update(hold=True)

    def found(**filters):
        return [participant.call_sid for participant in participants.list(**filters)]

    assert found() == [alice.call_sid, bob.call_sid]
    assert found(muted=True) == [alice.call_sid]
    assert found(hold=True) == [bob.call_sid]
    assert found(coaching=True) == []
    assert [p.call_sid for p in participants.stream(page_size=1)] == found()


def test_who_is_put_out(network, client, meeting, service):
    alice, bob = meeting()
    assert client.conferences(alice.conference_sid).participants(bob.call_sid).delete()
    network.advance(1)

    assert network.calls[bob.call_sid].status == "completed"
    assert network.calls[alice.call_sid].status == "in-progress"
    left = service.asked("/room")[-1]
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"
    gone = client.conferences(alice.conference_sid).participants(bob.call_sid)
    assert refusal(gone.fetch) == (404, 20404)


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


def test_who_still_rings_is_canceled(network, client, room, service):
    network.add(Held("Alice", ALICE))
    made = room(ALICE)
    network.advance(5)

    client.conferences(made.conference_sid).participants(made.call_sid).delete()
    network.run_until_quiet()

    assert network.calls[made.call_sid].status == "canceled"
    assert service.asked("/room")[1]["ParticipantCallStatus"] == "canceled"


def test_the_exit_of_somebody_becomes_the_end(network, client, meeting, service):
    alice, bob = meeting()
    participant = client.conferences(bob.conference_sid).participants(bob.call_sid)
    assert participant.update(end_conference_on_exit=True).end_conference_on_exit
    network.advance(1)
    assert told(service)[-1] == "participant-modify"

    network.hang_up(BOB)
    network.run_until_quiet()

    assert network.calls[alice.call_sid].status == "completed"
    assert told(service)[-1] == "conference-end"


def test_the_beep_of_an_exit_is_switched_on(network, client, meeting):
    alice, bob = meeting()
    participants = client.conferences(bob.conference_sid).participants
    participants(bob.call_sid).update(beep_on_exit=True)

    network.hang_up(BOB)
    network.advance(1)

    assert network.calls[alice.call_sid].words == "[beep]"


def test_other_music_to_wait_with(network, client, room, service):
    network.add(Held("Alice", ALICE))
    service.answer("/wait", "<Say>It will not be long</Say>")
    made = room(ALICE)
    network.advance(5)
    network.answer(ALICE)
    network.advance(1)

    participants = client.conferences(made.conference_sid).participants
    participants(made.call_sid).update(wait_url=f"{BASE}/wait")
    network.advance(3)

    assert network.calls[made.call_sid].words == "It will not be long"
    assert told(service)[-1] == "participant-modify"


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


def test_what_is_not_heeded_is_said(network, room):
    room(ALICE, record=True)

    assert [(e.code, "Record" in e.words) for e in network.events] == [(0, True)]


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


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "12"}, 21211),
        ({"from_": ALICE}, 21210),
        ({"label": "host"}, 16026),
        ({"label": "a/b"}, 16024),
        ({"label": "CA" + "0" * 32}, 16024),
        ({"max_participants": 2}, 16020),
        ({"machine_detection": "Perhaps"}, 21234),
        ({"timeout": 0}, 21208),
        ({"coaching": True}, 20001),
    ],
)
def test_refused_participants(client, network, meeting, changes, code):
    meeting()
    given = {"to": OMAR, "from_": DESK} | changes

    refused = refusal(lambda: client.conferences("Room").participants.create(**given))

    assert refused == (400, code)
    assert len(network.calls) == 2


def test_a_participant_by_the_sid_of_the_conference(client, network, meeting):
    alice, _ = meeting()

    omar = client.conferences(alice.conference_sid).participants.create(to=OMAR, from_=DESK)

    assert omar.conference_sid == alice.conference_sid
    assert len(client.conferences.list()) == 1


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
