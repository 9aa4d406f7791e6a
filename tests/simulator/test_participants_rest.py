"""The participants of conferences, through twilio-python itself."""

from datetime import timedelta

import pytest

from bot.simulator import Busy, Held, Machine, Person
from tests.simulator.rooms import told
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR, TUESDAY_AT_TEN, refusal


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


def test_what_is_not_heeded_is_said(network, room):
    room(ALICE, record=True)

    assert [(e.code, "Record" in e.words) for e in network.events] == [(0, True)]


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
