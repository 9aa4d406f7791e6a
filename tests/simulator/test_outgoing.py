import pytest

from bot.simulator import (
    Busy,
    Fax,
    Machine,
    NoAnswer,
    Person,
    Press,
    Rejects,
    Unreachable,
)
from tests.simulator.scene import ALICE, BASE, BOB, DESK

ALL = ["initiated", "ringing", "answered", "completed"]
ASYNC = {
    "machine_detection": "DetectMessageEnd",
    "async_amd": "true",
    "async_amd_status_callback": f"{BASE}/machine-heard",
}


def test_alice_is_rung_and_hears_the_document(network, service, ring):
    network.add(Person("Alice", ALICE, rings_seconds=4))
    service.answer("/call/answered", "<Say>Hello Alice</Say>")
    sid = ring(ALICE)
    assert network.calls[sid].status == "queued"
    network.run_until_quiet()

    call = network.calls[sid]
    assert (call.status, call.words, call.seconds) == ("completed", "Hello Alice", 1)
    (asked,) = service.asked("/call/answered")
    assert (asked["CallStatus"], asked["Direction"]) == ("in-progress", "outbound-api")
    assert (asked["From"], asked["To"], asked["ToCountry"]) == (DESK, ALICE, "GB")
    assert asked["CallSid"] == sid


def test_notices_come_in_order_for_the_events_asked_for(network, service, ring):
    network.add(Person("Alice", ALICE))
    service.answer("/call/answered", "<Say>Hello Alice</Say>")
    ring(ALICE, status_callback_event=ALL)
    network.run_until_quiet()

    notices = service.asked("/status")
    assert [n["CallStatus"] for n in notices] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [n["SequenceNumber"] for n in notices] == ["0", "1", "2", "3"]
    assert all(n["CallbackSource"] == "call-progress-events" for n in notices)
    assert notices[0]["Timestamp"] == "Tue, 24 Nov 2026 10:00:00 +0000"
    assert ["CallDuration" in n for n in notices] == [False, False, False, True]


def test_only_the_last_notice_without_being_asked(network, service, ring):
    network.add(Person("Alice", ALICE))
    ring(ALICE)
    network.run_until_quiet()

    assert [n["CallStatus"] for n in service.asked("/status")] == ["completed"]


@pytest.mark.parametrize(
    ("handset", "status", "sip"),
    [
        (Busy("Alice", ALICE), "busy", "486"),
        (Rejects("Alice", ALICE), "busy", "486"),
        (NoAnswer("Alice", ALICE), "no-answer", "487"),
        (Unreachable("Alice", ALICE), "failed", "404"),
        (Person("Alice", ALICE, rings_seconds=90), "no-answer", "487"),
    ],
)
def test_calls_that_nobody_takes(network, service, ring, handset, status, sip):
    network.add(handset)
    sid = ring(ALICE, timeout=30)
    network.run_until_quiet()

    assert network.calls[sid].status == status
    assert service.asked("/call/answered") == []
    (notice,) = service.asked("/status")
    assert (notice["CallStatus"], notice["CallDuration"]) == (status, "0")
    assert notice.get("SipResponseCode") == sip


def test_a_number_that_nobody_has_fails(network, ring):
    sid = ring(BOB)
    network.run_until_quiet()

    assert network.calls[sid].status == "failed"


def test_one_call_per_second_leaves_the_queue(network, client, ring):
    network.add(Person("Alice", ALICE), Person("Bob", BOB))
    first, second = ring(ALICE), ring(BOB)
    network.advance(0.5)

    assert client.calls(first).fetch().start_time is not None
    assert client.calls(second).fetch().start_time is None
    assert client.calls(second).fetch().queue_time == "1000"
    network.advance(0.6)
    assert client.calls(second).fetch().start_time is not None


def test_a_person_in_a_call_is_busy(network, service, ring):
    service.answer("/call/answered", "<Pause length='60'/>")
    network.add(Person("Alice", ALICE))
    ring(ALICE)
    second = ring(ALICE)
    network.run_until_quiet()

    assert network.calls[second].status == "busy"


def test_the_time_limit_ends_a_call(network, service, ring):
    service.answer("/call/answered", "<Pause length='600'/>")
    network.add(Person("Alice", ALICE))
    sid = ring(ALICE, time_limit=60)
    network.run_until_quiet()

    assert network.calls[sid].seconds == 60


def test_inline_twiml_is_played(network, client):
    network.add(Person("Alice", ALICE))
    call = client.calls.create(to=ALICE, from_=DESK, twiml="<Response><Say>Hi</Say></Response>")
    network.run_until_quiet()

    assert network.calls[call.sid].words == "Hi"


def test_a_refused_notice_is_a_warning_and_nothing_more(network, service, ring):
    from bot.simulator import WebhookResponse

    network.add(Person("Alice", ALICE))
    service.answer("/status", WebhookResponse(500))
    sid = ring(ALICE)
    network.run_until_quiet()

    assert network.calls[sid].status == "completed"
    assert [event.code for event in network.events] == [15003]


# Machine detection


@pytest.mark.parametrize(
    ("handset", "answered_by", "milliseconds"),
    [
        (Person("Alice", ALICE), "human", "2000"),
        (Person("Alice", ALICE, amd="unknown"), "unknown", "30000"),
        (Person("Alice", ALICE, amd="machine_end_beep"), "machine_end_beep", "2000"),
        (Machine("Alice", ALICE, greeting_seconds=6), "machine_end_beep", "6500"),
        (Machine("Alice", ALICE, greeting_seconds=6, beep=False), "machine_end_silence", "7200"),
        (Machine("Alice", ALICE, greeting_seconds=40), "machine_end_other", "30000"),
        (Machine("Alice", ALICE, amd="human", amd_seconds=2), "human", "2000"),
        (Fax("Alice", ALICE), "fax", "3000"),
    ],
)
def test_async_detection_reports_beside_the_call(
    network, service, ring, handset, answered_by, milliseconds
):
    service.answer("/call/answered", "<Pause length='60'/>")
    network.add(handset)
    sid = ring(ALICE, **ASYNC)
    network.run_until_quiet()

    (verdict,) = service.asked("/machine-heard")
    assert verdict == {
        "CallSid": sid,
        "AccountSid": network.carrier.account_sid,
        "AnsweredBy": answered_by,
        "MachineDetectionDuration": milliseconds,
    }
    assert "AnsweredBy" not in service.asked("/call/answered")[0]


def test_enable_reports_the_start_of_a_machine(network, service, ring):
    service.answer("/call/answered", "<Pause length='60'/>")
    network.add(Machine("Alice", ALICE))
    ring(ALICE, **ASYNC | {"machine_detection": "Enable"})
    network.run_until_quiet()

    assert service.asked("/machine-heard")[0]["AnsweredBy"] == "machine_start"


def test_sync_detection_is_silence_first(network, service, ring):
    network.add(Machine("Alice", ALICE, greeting_seconds=5))
    service.answer("/call/answered", "<Say>Please ring us back</Say>")
    sid = ring(ALICE, machine_detection="DetectMessageEnd")
    network.run_until_quiet()

    (asked,) = service.asked("/call/answered")
    assert (asked["AnsweredBy"], asked["MachineDetectionDuration"]) == ("machine_end_beep", "5500")
    assert network.voicemails(ALICE)[0].words == "Please ring us back"
    assert network.calls[sid].answered_by == "machine_end_beep"


def test_words_before_the_beep_are_lost(network, service, ring):
    network.add(Machine("Alice", ALICE, greeting_seconds=3, beep=False))
    service.answer(
        "/call/answered", "<Say>one two three four five six seven eight nine ten one two 123</Say>"
    )
    sid = ring(ALICE)
    network.run_until_quiet()

    (kept,) = network.voicemails(ALICE)
    assert kept.words == "one two 123"
    assert (kept.at - network.calls[sid].answered_at).total_seconds() == 3


def test_a_voicemail_is_left_after_a_verdict_by_a_live_update(network, client, service, ring):
    network.add(Machine("Alice", ALICE, greeting_seconds=6))
    service.answer(
        "/call/answered", "<Gather timeout='30'><Say>Press any key</Say></Gather><Hangup/>"
    )
    service.answer("/again", "<Say>Please ring us back</Say><Hangup/>")
    sid = ring(ALICE, **ASYNC)

    def redirect(request):
        client.calls(sid).update(url=f"{BASE}/again")
        return ""

    service.answer("/machine-heard", redirect)
    network.run_until_quiet()

    assert [kept.words for kept in network.voicemails(ALICE)] == ["Please ring us back"]
    assert network.calls[sid].words == "Press any key Please ring us back"


def test_a_person_becomes_a_voicemail_between_two_calls(network, service, ring):
    service.answer("/call/answered", "<Gather numDigits='1' action='/key'/>")
    network.add(Person("Alice", ALICE, script=[Press("1")]))
    ring(ALICE)
    network.run_until_quiet()
    network.add(Machine("Alice", ALICE))
    ring(ALICE)
    network.run_until_quiet()

    assert len(service.asked("/key")) == 1


def test_the_same_seed_gives_the_same_run(service):
    from bot.simulator import PhoneNetwork, VirtualClock
    from tests.simulator.scene import SID, TOKEN, TUESDAY_AT_TEN

    def run(seed):
        network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), service, seed=seed)
        network.own(DESK, f"{BASE}/call/received")
        network.dial(ALICE, DESK)
        network.run_until_quiet()
        return list(network.happenings)

    assert run(7) == run(7)
    assert run(7) != run(8)
