"""Dial into a conference (d:voice/twiml/conference): who hears what, and who cannot join."""

import pytest

from bot.simulator import WebhookResponse
from tests.simulator.rooms import NOTICES, conference, told
from tests.simulator.scene import ALICE, BOB, OMAR


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


def test_it_waits_with_music_until_there_are_two(network, comes, service):
    alice = comes(ALICE, "<Dial><Conference>Room</Conference></Dial>")
    assert alice.words == "[hold music]"

    bob = comes(BOB, "<Dial><Conference>Room</Conference></Dial>")

    assert bob.words == "[beep]"
    assert alice.words == "[hold music] [beep]"


@pytest.mark.parametrize(
    ("beep", "beeps"), [("TRUE", 2), ("false", 0), ("onEnter", 1), ("onExit", 1)]
)
def test_beeps_at_the_door(network, comes, beep, beeps):
    alice = comes(ALICE, conference())
    comes(BOB, conference().replace('beep="false"', f'beep="{beep}"'))
    network.hang_up(BOB)
    network.advance(1)

    assert alice.words.count("[beep]") == beeps


def test_who_may_not_start_it_waits_unheard(network, comes, service):
    comes(ALICE, conference(f'startConferenceOnEnter="false" {NOTICES}'))
    bob = comes(BOB, conference('startConferenceOnEnter="false"'))
    network.speak(ALICE, "Hello?")
    network.advance(1)
    assert bob.words == ""
    assert told(service) == ["participant-join", "participant-join"]

    omar = comes(OMAR, conference())
    network.speak(ALICE, "Hello!")
    network.advance(1)

    assert told(service)[2:4] == ["participant-join", "conference-start"]
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


def test_who_is_in_a_room_has_answered(network, comes):
    alice = comes(ALICE, conference(dial='answerOnBridge="true"'))

    assert alice.status == "in-progress"


def test_who_is_muted_only_listens(network, comes):
    alice = comes(ALICE, conference())
    bob = comes(BOB, conference('muted="true"'))
    network.speak(BOB, "Can you hear me?")
    network.speak(ALICE, "Nobody there")
    network.advance(1)

    assert (alice.words, bob.words) == ("", "Nobody there")


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
