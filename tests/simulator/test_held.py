"""A telephone that somebody holds: nothing about it is scripted."""

import pytest

from bot.simulator import Engaged, Held, NotConnected
from tests.simulator.scene import ALICE, BASE, DESK


def held(network, **others) -> None:
    network.add(Held("Alice", ALICE, **others))


def test_it_rings_until_alice_picks_up(network, service, ring):
    service.answer("/call/answered", "<Say>This is the desk.</Say>")
    held(network)
    sid = ring(ALICE)
    network.advance(20)
    assert network.calls[sid].status == "ringing"

    network.answer(ALICE)
    network.run_until_quiet()

    assert network.calls[sid].words == "This is the desk."


def test_a_call_that_alice_declines_is_busy(network, ring):
    held(network)
    sid = ring(ALICE)
    network.advance(5)

    network.decline(ALICE)
    network.run_until_quiet()

    assert network.calls[sid].status == "busy"


def test_nobody_picks_up(network, ring):
    held(network)
    sid = ring(ALICE, timeout=30)

    network.run_until_quiet()

    assert network.calls[sid].status == "no-answer"
    assert (network.calls[sid].ended_at - network.calls[sid].started_at).total_seconds() == 31


def test_machine_detection_waits_until_somebody_says_what_it_finds(network, service, ring):
    service.answer("/call/answered", "<Pause length='20'/>")
    held(network, amd="")
    ring(
        ALICE,
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{BASE}/amd",
    )
    network.advance(2)
    network.answer(ALICE)
    network.advance(7)
    assert service.asked("/amd") == []

    network.detect(ALICE, "machine_end_beep")
    network.advance(0)

    assert [asked["AnsweredBy"] for asked in service.asked("/amd")] == ["machine_end_beep"]
    assert service.asked("/amd")[0]["MachineDetectionDuration"] == "7000"


def test_before_the_call_it_is_silent_until_somebody_says(network, service, ring):
    service.answer("/call/answered", "<Say>Hello.</Say>")
    held(network, amd="")
    ring(ALICE, machine_detection="Enable")
    network.advance(2)
    network.answer(ALICE)
    network.advance(4)
    assert service.asked("/call/answered") == []

    network.detect(ALICE, "human")
    network.run_until_quiet()

    assert [asked["AnsweredBy"] for asked in service.asked("/call/answered")] == ["human"]


def test_nobody_says_what_it_finds(network, service, ring):
    service.answer("/call/answered", "<Say>Hello.</Say>")
    held(network, amd="")
    ring(ALICE, machine_detection="Enable", machine_detection_timeout=10)
    network.advance(2)
    network.answer(ALICE)

    network.run_until_quiet()

    assert [asked["AnsweredBy"] for asked in service.asked("/call/answered")] == ["unknown"]


def test_what_alice_says_is_kept(network, service, ring):
    service.answer("/call/answered", "<Pause length='5'/>")
    held(network)
    sid = ring(ALICE)
    network.advance(2)
    network.answer(ALICE)
    network.advance(1)

    network.speak(ALICE, "Who is this?")
    network.run_until_quiet()

    assert [spoken.words for spoken in network.calls[sid].spoken] == ["Who is this?"]


# The voicemail behind it

VOICEMAIL = {"voicemail_after_seconds": 20, "greeting_seconds": 4}


def test_a_call_that_alice_leaves_alone_goes_to_her_voicemail(network, service, ring):
    service.answer("/call/answered", "<Pause length='5'/><Say>Please ring us back.</Say>")
    held(network, **VOICEMAIL)
    sid = ring(ALICE)

    network.run_until_quiet()

    call = network.calls[sid]
    assert (call.answered_at - call.started_at).total_seconds() == 21
    assert [kept.words for kept in network.voicemails(ALICE)] == ["Please ring us back."]


def test_words_during_the_greeting_of_the_voicemail_are_lost(network, service, ring):
    service.answer("/call/answered", "<Say>Hello.</Say><Pause length='5'/><Say>Goodbye.</Say>")
    held(network, **VOICEMAIL)
    ring(ALICE)

    network.run_until_quiet()

    assert [kept.words for kept in network.voicemails(ALICE)] == ["Goodbye."]


@pytest.mark.parametrize("by", ["divert", "decline"])
def test_alice_lets_the_voicemail_answer_at_once(network, service, ring, by):
    service.answer("/call/answered", "<Pause length='5'/><Say>Please ring us back.</Say>")
    held(network, **VOICEMAIL)
    sid = ring(ALICE)
    network.advance(4)

    getattr(network, by)(ALICE)
    network.run_until_quiet()

    call = network.calls[sid]
    assert (call.answered_at - call.started_at).total_seconds() == 4
    assert [kept.words for kept in network.voicemails(ALICE)] == ["Please ring us back."]


def test_who_picks_up_in_time_hears_the_call_herself(network, service, ring):
    service.answer("/call/answered", "<Say>This is the desk.</Say>")
    held(network, **VOICEMAIL)
    sid = ring(ALICE)
    network.advance(19)

    network.answer(ALICE)
    network.run_until_quiet()

    assert network.calls[sid].words == "This is the desk."
    assert network.voicemails(ALICE) == []


def test_a_caller_who_gives_up_earlier_reaches_no_voicemail(network, ring):
    held(network, **VOICEMAIL)
    sid = ring(ALICE, timeout=15)

    network.run_until_quiet()

    assert network.calls[sid].status == "no-answer"


def test_a_second_caller_reaches_the_voicemail_while_alice_speaks(network, service, ring):
    service.answer("/call/answered", "<Pause length='5'/><Say>Please ring us back.</Say>")
    held(network, **VOICEMAIL)
    ring(ALICE)
    network.advance(3)
    network.answer(ALICE)

    second = ring(ALICE)
    network.run_until_quiet()

    assert network.calls[second].status == "completed"
    assert [kept.call_sid for kept in network.voicemails(ALICE)] == [second]


def test_a_second_caller_is_rung_through_while_the_first_speaks_to_the_voicemail(
    network, service, ring
):
    service.answer("/call/answered", "<Pause length='30'/>")
    held(network, **VOICEMAIL)
    ring(ALICE)
    network.advance(3)
    network.divert(ALICE)

    second = ring(ALICE)
    network.advance(3)

    assert network.calls[second].status == "ringing"


def test_detection_hears_the_voicemail_and_not_alice(network, service, ring):
    service.answer("/call/answered", "")
    held(network, **VOICEMAIL)
    ring(ALICE, machine_detection="DetectMessageEnd")

    network.run_until_quiet()

    assert [asked["AnsweredBy"] for asked in service.asked("/call/answered")] == [
        "machine_end_beep"
    ]


def test_without_a_voicemail_there_is_nothing_to_leave_a_call_to(network, ring):
    held(network)
    ring(ALICE)
    network.advance(2)

    with pytest.raises(NotConnected):
        network.divert(ALICE)


def test_alice_rings_nobody_while_she_is_in_a_call(network, service, ring):
    service.answer("/call/answered", "<Pause length='60'/>")
    service.answer("/call/received", "<Pause length='60'/>")
    held(network)
    ring(ALICE)
    network.advance(5)
    with pytest.raises(Engaged, match="is in a call already"):
        network.dial(ALICE, DESK)
    network.answer(ALICE)
    network.advance(1)
    with pytest.raises(Engaged, match="is in a call already"):
        network.dial(ALICE, DESK)

    network.hang_up(ALICE)
    network.advance(1)

    assert network.calls[network.dial(ALICE, DESK)].status == "ringing"


def test_alice_rings_the_service_while_her_voicemail_has_a_call(network, service, ring):
    service.answer("/call/answered", "<Pause length='60'/>")
    held(network, voicemail_after_seconds=10)
    ring(ALICE)
    network.advance(20)

    assert network.dial(ALICE, DESK) in network.calls
