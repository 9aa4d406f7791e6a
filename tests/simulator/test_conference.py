"""Dial into a conference (d:voice/twiml/conference)."""

import pytest

from bot.simulator import Held, WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, MALLORY, OMAR

NAMES = {ALICE: "Alice", BOB: "Bob", OMAR: "Omar", MALLORY: "Mallory"}
EVENTS = "start end join leave mute hold modify speaker announcement"


def conference(attributes: str = "", dial: str = "", name: str = "Room") -> str:
    """A Dial into a room, silent while it waits."""
    noun = f'<Conference waitUrl="" beep="false" {attributes}>{name}</Conference>'
    return f"<Dial {dial}>{noun}</Dial>"


NOTICES = f'statusCallback="/room" statusCallbackEvent="{EVENTS}"'


@pytest.fixture
def comes(network, service):
    """Let somebody ring the service and go where those verbs lead."""

    def comes(who: str, verbs: str):
        network.add(Held(NAMES[who], who))
        service.answer(f"/call/received/{who[1:]}", verbs)
        network.own(DESK, f"{BASE}/call/received/{who[1:]}", status_callback=f"{BASE}/call/status")
        call = network.calls[network.dial(who, DESK)]
        network.advance(1)
        return call

    return comes


@pytest.fixture
def told(service):
    """The notices of the conference: event, and who it is about."""
    return lambda: [asked["StatusCallbackEvent"] for asked in service.asked("/room")]


def test_what_one_says_the_others_hear(network, comes):
    alice, bob, omar = (comes(who, conference()) for who in (ALICE, BOB, OMAR))

    network.speak(BOB, "Good morning")
    network.advance(1)

    assert [(h.who, h.words) for h in alice.heard] == [("Bob", "Good morning")]
    assert omar.words == "Good morning"
    assert bob.words == ""


def test_another_name_is_another_room(network, comes):
    comes(ALICE, conference())
    bob = comes(BOB, conference(name="Other"))

    network.speak(ALICE, "Is anybody there?")
    network.advance(1)

    assert bob.words == ""


def test_keys_are_heard_as_tones(network, comes):
    comes(ALICE, conference())
    bob = comes(BOB, conference())

    network.press(ALICE, "5")
    network.advance(1)

    assert bob.words == "[key 5]"


def test_it_waits_with_music_until_there_are_two(network, comes, told):
    alice = comes(ALICE, "<Dial><Conference>Room</Conference></Dial>")
    assert alice.words == "[hold music]"

    bob = comes(BOB, "<Dial><Conference>Room</Conference></Dial>")

    assert bob.words == "[beep]"
    assert alice.words == "[hold music] [beep]"


@pytest.mark.parametrize(
    ("beep", "beeps"), [("true", 2), ("false", 0), ("onEnter", 1), ("onExit", 1)]
)
def test_beeps_at_the_door(network, comes, beep, beeps):
    alice = comes(ALICE, conference())
    comes(BOB, conference().replace('beep="false"', f'beep="{beep}"'))
    network.hang_up(BOB)
    network.advance(1)

    assert alice.words.count("[beep]") == beeps


def test_who_may_not_start_it_waits_unheard(network, comes, told):
    comes(ALICE, conference(f'startConferenceOnEnter="false" {NOTICES}'))
    bob = comes(BOB, conference('startConferenceOnEnter="false"'))
    network.speak(ALICE, "Hello?")
    network.advance(1)
    assert bob.words == ""
    assert told() == ["participant-join", "participant-join"]

    omar = comes(OMAR, conference())
    network.speak(ALICE, "Hello!")
    network.advance(1)

    assert told()[2:4] == ["participant-join", "conference-start"]
    assert bob.words == omar.words == "Hello!"


def test_a_document_to_wait_with(network, service, comes):
    service.answer("/wait", "<Say>One moment</Say><Gather/><Pause length='4'/><Redirect/>")
    alice = comes(ALICE, '<Dial><Conference waitUrl="/wait">Room</Conference></Dial>')
    network.advance(5)

    assert alice.words == "One moment One moment"
    assert {event.code for event in network.events} == {13238}

    comes(BOB, conference())
    asked = len(service.asked("/wait"))
    network.advance(30)
    assert len(service.asked("/wait")) == asked


def test_without_anything_to_wait_with_it_is_not_joined(network, service, comes):
    room = '<Conference waitUrl="/gone">Room</Conference>'
    service.answer("/gone", WebhookResponse(404, {}, b""))
    alice = comes(ALICE, f'<Dial action="/left">{room}</Dial>')

    assert service.asked("/left")[0]["DialCallStatus"] == "failed"
    assert 11200 in [event.code for event in network.events]
    assert alice.status == "completed"


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


def test_who_is_in_a_room_has_answered(network, comes):
    alice = comes(ALICE, conference(dial='answerOnBridge="true"'))

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


def test_who_is_muted_only_listens(network, comes):
    alice = comes(ALICE, conference())
    bob = comes(BOB, conference('muted="true"'))
    network.speak(BOB, "Can you hear me?")
    network.speak(ALICE, "Nobody there")
    network.advance(1)

    assert (alice.words, bob.words) == ("", "Nobody there")


def test_speaking_begins_and_ends(network, comes, told):
    comes(ALICE, conference(NOTICES))
    comes(BOB, conference())
    network.speak(ALICE, "one two three four five")
    network.advance(0.5)
    assert told()[-1] == "participant-speech-start"

    network.advance(5)

    assert told()[-1] == "participant-speech-stop"


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('participantLabel="host"', 16025),
        ('participantLabel="a/b"', 16023),
        ('maxParticipants="1"', 16020),
    ],
)
def test_who_cannot_join_goes_on(network, comes, service, attributes, code):
    comes(ALICE, conference('participantLabel="host"'))

    bob = comes(BOB, conference(attributes, dial='action="/refused"'))

    assert [event.code for event in network.events] == [code]
    assert service.asked("/refused")[0]["DialCallStatus"] == "failed"
    assert bob.status == "completed"


def test_a_number_beside_a_room_is_refused(network, comes, service):
    comes(
        ALICE,
        f'<Dial action="/refused"><Conference>Room</Conference><Number>{OMAR}</Number></Dial>',
    )

    assert [event.code for event in network.events] == [13000]
    assert service.asked("/refused")[0]["DialCallStatus"] == "failed"


def test_coaching_is_not_played(network, comes):
    alice = comes(ALICE, conference('coach="CA00000000000000000000000000000000"'))
    network.run_until_quiet()

    assert [event.code for event in network.events] == [0]
    assert alice.words.startswith("We are sorry")


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
