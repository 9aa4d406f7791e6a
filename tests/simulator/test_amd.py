"""Machine detection: who is said to have answered, from what is heard and when."""

import pytest

from bot.simulator import Fax, FullMailbox, Machine, Person
from tests.simulator.scene import ALICE, BASE, BOB, SID, refusal

BESIDE = {"async_amd": "true", "async_amd_status_callback": f"{BASE}/machine-heard"}
A_SENTENCE = "Good morning, this is Alice of Station Road, who is calling me please?"


@pytest.fixture
def verdict(network, service, ring):
    """What machine detection makes of a handset, and after how many milliseconds."""

    def verdict(handset, mode="DetectMessageEnd", **tuning) -> tuple[str, str]:
        service.answer("/call/answered", "<Pause length='90'/>")
        network.add(handset)
        ring(ALICE, machine_detection=mode, **BESIDE, **tuning)
        network.run_until_quiet()
        (told,) = service.asked("/machine-heard")
        return told["AnsweredBy"], told["MachineDetectionDuration"]

    return verdict


def alice(**others) -> Person:
    return Person("Alice", ALICE, **others)


def voicemail(**others) -> Machine:
    return Machine("Alice", ALICE, **others)


# By what is heard


@pytest.mark.parametrize(
    ("handset", "mode", "answered_by", "milliseconds"),
    [
        (alice(), "Enable", "human", "2000"),
        (alice(), "DetectMessageEnd", "human", "2000"),
        (alice(greeting_seconds=2.3), "Enable", "human", "3500"),
        (alice(greeting_seconds=2.4), "Enable", "machine_start", "2400"),
        (alice(greeting_seconds=2.4), "DetectMessageEnd", "machine_end_silence", "3600"),
        (alice(greeting_seconds=0), "Enable", "unknown", "5000"),
        (voicemail(), "Enable", "machine_start", "2400"),
        (voicemail(greeting_seconds=6), "DetectMessageEnd", "machine_end_beep", "6500"),
        (voicemail(beep=False), "DetectMessageEnd", "machine_end_silence", "7200"),
        (voicemail(greeting_seconds=40), "DetectMessageEnd", "machine_end_other", "30000"),
        (voicemail(greeting_seconds=1), "Enable", "machine_start", "1500"),
        (Fax("Alice", ALICE), "Enable", "fax", "3000"),
        (Fax("Alice", ALICE), "DetectMessageEnd", "fax", "3000"),
    ],
)
def test_every_verdict(verdict, handset, mode, answered_by, milliseconds):
    assert verdict(handset, mode) == (answered_by, milliseconds)


def test_a_customer_who_answers_with_a_sentence_is_taken_for_a_machine(verdict):
    assert verdict(alice(greeting=A_SENTENCE), "Enable")[0] == "machine_start"


def test_a_short_greeting_without_a_beep_is_taken_for_a_person(verdict):
    assert verdict(voicemail(greeting_seconds=2, beep=False))[0] == "human"


def test_a_long_pause_before_the_beep_is_taken_for_the_end(verdict, network):
    assert verdict(voicemail(pause_seconds=4)) == ("machine_end_silence", "7200")


def test_a_short_pause_before_the_beep_is_not(verdict):
    assert verdict(voicemail(pause_seconds=1)) == ("machine_end_beep", "7500")


# Thresholds


@pytest.mark.parametrize(
    ("handset", "tuning", "answered_by", "milliseconds"),
    [
        (
            alice(greeting_seconds=3),
            {"machine_detection_speech_threshold": 3500},
            "human",
            "4200",
        ),
        (alice(), {"machine_detection_speech_end_threshold": 500}, "human", "1300"),
        (
            voicemail(beep=False),
            {"machine_detection_speech_end_threshold": 3000},
            "machine_end_silence",
            "9000",
        ),
        (
            alice(greeting_seconds=0),
            {"machine_detection_silence_timeout": 8000},
            "unknown",
            "8000",
        ),
        (voicemail(), {"machine_detection_timeout": 4}, "machine_end_other", "4000"),
        (
            alice(greeting_seconds=0),
            {"machine_detection_timeout": 3},
            "unknown",
            "3000",
        ),
    ],
)
def test_thresholds_are_heeded(verdict, handset, tuning, answered_by, milliseconds):
    assert verdict(handset, **tuning) == (answered_by, milliseconds)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("machine_detection_timeout", (2, 60, "soon")),
        ("machine_detection_speech_threshold", (999, 6001)),
        ("machine_detection_speech_end_threshold", (499, 5001)),
        ("machine_detection_silence_timeout", (1999, 10001)),
        ("machine_detection", ("enable", "none")),
    ],
)
def test_what_twilio_refuses(ring, name, wrong):
    for value in wrong:
        given = {"machine_detection": "Enable", name: value}
        assert refusal(lambda given=given: ring(ALICE, **given)) == (400, 21234)


def test_the_edges_are_allowed(network, client, ring):
    network.add(alice())
    for timeout, speech, end, silence in ((3, 1000, 500, 2000), (59, 6000, 5000, 10000)):
        ring(
            ALICE,
            machine_detection="Enable",
            machine_detection_timeout=timeout,
            machine_detection_speech_threshold=speech,
            machine_detection_speech_end_threshold=end,
            machine_detection_silence_timeout=silence,
        )
    assert len(client.calls.list()) == 2


# Before the call, or beside it


def test_before_the_call_there_is_silence_and_one_request(network, service, ring):
    service.answer("/call/answered", "<Say>This is the desk</Say>")
    network.add(alice())
    sid = ring(ALICE, machine_detection="Enable")
    network.run_until_quiet()

    (asked,) = service.asked("/call/answered")
    assert (asked["AnsweredBy"], asked["MachineDetectionDuration"]) == ("human", "2000")
    call = network.calls[sid]
    assert (call.heard[0].at - call.answered_at).total_seconds() == 2


def test_beside_the_call_just_four_parameters(network, service, ring):
    service.answer("/call/answered", "<Pause length='9'/>")
    network.add(alice())
    sid = ring(ALICE, machine_detection="Enable", **BESIDE)
    network.run_until_quiet()

    assert service.asked("/machine-heard") == [
        {
            "CallSid": sid,
            "AccountSid": SID,
            "AnsweredBy": "human",
            "MachineDetectionDuration": "2000",
        }
    ]
    assert "AnsweredBy" not in service.asked("/call/answered")[0]


def test_keys_to_send_switch_it_off(network, service, ring):
    network.add(alice())
    ring(ALICE, machine_detection="Enable", send_digits="1")
    network.run_until_quiet()

    assert "AnsweredBy" not in service.asked("/call/answered")[0]


def test_the_call_tells_afterwards(network, client, ring):
    network.add(alice())
    sid = ring(ALICE, machine_detection="Enable")
    network.run_until_quiet()

    assert client.calls(sid).fetch().answered_by == "human"


def test_a_call_that_ends_first_has_no_verdict(network, service, ring):
    service.answer("/call/answered", "<Hangup/>")
    network.add(voicemail())
    ring(ALICE, machine_detection="DetectMessageEnd", **BESIDE)
    network.run_until_quiet()

    assert service.asked("/machine-heard") == []


def test_a_full_mailbox_hangs_up_before_a_document_is_asked_for(network, service, ring):
    network.add(FullMailbox("Alice", ALICE))
    sid = ring(ALICE, machine_detection="DetectMessageEnd")
    network.run_until_quiet()

    assert service.asked("/call/answered") == []
    assert (network.calls[sid].status, network.calls[sid].seconds) == ("completed", 6)


def test_nowhere_to_tell_is_a_warning(network, service, ring):
    service.answer("/call/answered", "<Pause length='9'/>")
    network.add(alice())
    sid = ring(ALICE, machine_detection="Enable", async_amd="true")
    network.run_until_quiet()

    assert [event.code for event in network.events] == [21262]
    assert network.calls[sid].answered_by == "human"


def test_who_is_dialled_is_judged_beside_the_call(network, service, hears):
    number = f"<Number machineDetection='Enable' amdStatusCallback='/amd'>{BOB}</Number>"
    hears(f"<Dial>{number}</Dial>", Machine("Bob", BOB, rings_seconds=2, record_seconds=5))

    assert [told["AnsweredBy"] for told in service.asked("/amd")] == ["machine_start"]


# Told otherwise


@pytest.mark.parametrize(
    ("handset", "answered_by", "milliseconds"),
    [
        (alice(amd="machine_end_beep"), "machine_end_beep", "2000"),
        (alice(amd="unknown"), "unknown", "30000"),
        (voicemail(amd="human", amd_seconds=3), "human", "3000"),
        (Fax("Alice", ALICE, amd="human"), "human", "3000"),
    ],
)
def test_a_handset_may_be_judged_as_it_says(verdict, handset, answered_by, milliseconds):
    assert verdict(handset) == (answered_by, milliseconds)
