"""Conferences: what is told of them, and how people leave (d:voice/twiml/conference)."""

from tests.simulator.rooms import NOTICES, conference, told
from tests.simulator.scene import ALICE, BASE, BOB, OMAR


def test_the_waiting_is_over_for_who_is_put_out(network, client, service, comes):
    service.answer("/wait", "<Say>One moment</Say><Pause length='4'/><Redirect/>")
    alice = comes(
        ALICE,
        '<Dial><Conference waitUrl="/wait">Room</Conference></Dial><Pause length="60"/>',
    )
    (room,) = client.conferences.list()
    client.conferences(room.sid).participants(alice.sid).delete()

    network.advance(30)

    assert alice.words == "One moment"
    assert alice.status == "in-progress"


def test_the_last_to_leave_ends_it(network, comes, service):
    alice = comes(ALICE, conference(NOTICES))
    bob = comes(BOB, conference())
    network.hang_up(ALICE)
    network.advance(1)
    network.hang_up(BOB)
    network.run_until_quiet()

    notices = service.asked("/room")
    assert [notice["StatusCallbackEvent"] for notice in notices] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [notice["SequenceNumber"] for notice in notices] == list("123456")
    assert [notice.get("CallSid") for notice in notices] == [
        alice.sid,
        bob.sid,
        None,
        alice.sid,
        bob.sid,
        None,
    ]
    assert notices[-1]["ReasonConferenceEnded"] == "last-participant-left"
    assert notices[-1]["CallSidEndingConference"] == bob.sid


def test_the_parameters_of_a_notice(network, comes, service):
    terms = 'muted="true" endConferenceOnExit="true" participantLabel="caller"'
    alice = comes(ALICE, conference(f"{terms} {NOTICES}"))

    (notice,) = service.asked("/room")

    assert notice.pop("ConferenceSid").startswith("CF")
    assert notice == {
        "AccountSid": "AC" + "1" * 32,
        "FriendlyName": "Room",
        "StatusCallbackEvent": "participant-join",
        "SequenceNumber": "1",
        "Timestamp": "Tue, 24 Nov 2026 10:00:00 +0000",
        "CallSid": alice.sid,
        "Muted": "true",
        "Hold": "false",
        "Coaching": "false",
        "EndConferenceOnExit": "true",
        "StartConferenceOnEnter": "true",
        "ParticipantLabel": "caller",
    }


def test_the_first_to_come_says_where_notices_go(network, comes, service):
    comes(ALICE, conference())
    comes(BOB, conference(NOTICES))

    assert service.asked("/room") == []


def test_when_the_host_leaves_the_others_go_on(network, comes, service):
    comes(ALICE, conference(f'endConferenceOnExit="true" {NOTICES}'))
    bob = comes(BOB, conference() + "<Say>It is over</Say>")
    omar = comes(OMAR, conference(dial='action="/left"'))
    service.answer("/left", "<Say>Goodbye</Say>")

    network.hang_up(ALICE)
    network.run_until_quiet()

    assert (bob.words, omar.words) == ("It is over", "Goodbye")
    (left,) = service.asked("/left")
    assert (left["DialCallStatus"], left["DialBridged"]) == ("answered", "true")
    assert "DialCallSid" not in left
    assert "DialCallDuration" not in left
    notices = service.asked("/room")
    reasons = [n["ReasonParticipantLeft"] for n in notices if "ReasonParticipantLeft" in n]
    assert reasons == ["participant_hung_up", *["moderator_ended_conference"] * 2]
    assert notices[-1]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"


def test_a_guest_leaves_and_the_others_stay(network, comes):
    alice = comes(ALICE, conference())
    bob = comes(BOB, conference())
    comes(OMAR, conference())
    network.hang_up(OMAR)
    network.advance(1)

    network.speak(BOB, "Where were we?")
    network.advance(1)

    assert alice.words == "Where were we?"
    assert bob.status == "in-progress"


def test_a_star_leaves_the_room_if_it_may(network, comes, service):
    comes(ALICE, conference(NOTICES))
    bob = comes(BOB, conference(dial='hangupOnStar="true"') + "<Say>You have left</Say>")

    network.press(BOB, "*")
    network.advance(5)

    assert bob.words == "You have left"
    left = service.asked("/room")[-1]
    assert left["ParticipantCallStatus"] == "in-progress"


def test_the_time_limit_of_a_dial_into_a_room(network, comes, service):
    comes(ALICE, conference(dial='action="/left" timeLimit="20"'))
    network.advance(18)
    assert service.asked("/left") == []

    network.advance(2)

    assert service.asked("/left")[0]["DialCallStatus"] == "answered"


def test_speaking_begins_and_ends(network, comes, service):
    comes(ALICE, conference(NOTICES))
    comes(BOB, conference())
    network.speak(ALICE, "one two three four five")
    network.advance(0.5)
    assert told(service)[-1] == "participant-speech-start"

    network.advance(5)

    assert told(service)[-1] == "participant-speech-stop"


def test_a_live_update_takes_somebody_out(network, client, comes, service):
    comes(ALICE, conference(NOTICES))
    bob = comes(BOB, conference(dial='action="/left"'))
    service.answer("/elsewhere", "<Say>Here you are</Say>")
    service.answer("/left", "<Say>Not this</Say>")

    client.calls(bob.sid).update(url=f"{BASE}/elsewhere")
    network.advance(5)

    assert bob.words == "Here you are"
    assert len(service.asked("/left")) == 1
    assert service.asked("/room")[-1]["ReasonParticipantLeft"] == "participant_updated_via_api"
