"""What is done on the leg of one dialled number before the two are put through
(d:voice/twiml/number)."""

import pytest

from bot.simulator import Machine, Person, Press, WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR

ACCEPT = '<Gather numDigits="1" action="/joined"><Say>Press one to take it</Say></Gather><Hangup/>'


def omar(**others):
    return Person("Omar", OMAR, **others)


@pytest.fixture
def child(network):
    return lambda: next(c for c in network.calls.values() if c.parent_sid)


def dial(attributes: str, number: str = OMAR) -> str:
    return f'<Dial action="/ended"><Number {attributes}>{number}</Number></Dial>'


def test_it_is_heard_before_the_two_are_through(hears, service, child):
    service.answer("/whisper", ACCEPT)
    service.answer("/joined", "")
    call = hears(dial('url="/whisper"'), omar(script=[Press("1")], talk_seconds=9))

    assert service.asked("/whisper")[0]["CallSid"] == child().sid
    assert child().words == "Press one to take it"
    assert service.asked("/ended")[0]["DialBridged"] == "true"
    assert call.words == ""


def test_who_does_not_take_it_is_not_put_through(hears, service):
    service.answer("/whisper", ACCEPT)
    hears(dial('url="/whisper"'), omar())

    (ended,) = service.asked("/ended")
    assert (ended["DialCallStatus"], ended["DialBridged"]) == ("completed", "false")


def test_a_voicemail_does_not_win_the_call(hears, network, service):
    """The check for a human: the others ring on until somebody takes it."""
    service.answer("/whisper", ACCEPT)
    service.answer("/joined", "")
    numbers = "".join(f'<Number url="/whisper">{number}</Number>' for number in (OMAR, BOB))
    hears(
        f'<Dial action="/ended">{numbers}</Dial>',
        Machine("Omar", OMAR, rings_seconds=1),
        Person("Bob", BOB, rings_seconds=2, script=[Press("1")], talk_seconds=30),
    )

    (ended,) = service.asked("/ended")
    assert network.calls[ended["DialCallSid"]].to == BOB
    assert ended["DialBridged"] == "true"


@pytest.mark.parametrize(("verb", "code"), [("Dial", 13201), ("Redirect", 12200)])
def test_other_verbs_are_passed_over(hears, network, service, child, verb, code):
    service.answer("/whisper", f"<{verb}>{BOB}</{verb}><Say>A call for you</Say>")
    hears(dial('url="/whisper"'), omar(talk_seconds=5))

    assert [event.code for event in network.events] == [code]
    assert child().words == "A call for you"
    assert service.asked("/ended")[0]["DialBridged"] == "true"


def test_a_whisper_that_cannot_be_had(hears, service, child):
    service.answer("/whisper", WebhookResponse(500, {}, b""))
    hears(dial('url="/whisper"'), omar())

    assert child().words.startswith("We are sorry")
    assert service.asked("/ended")[0]["DialBridged"] == "false"


def test_the_caller_hears_ringing_until_it_is_over(network, service, client):
    service.answer("/whisper", "<Say>A call for you, which takes a while to say</Say>")
    service.answer(
        "/call/received",
        f'<Dial answerOnBridge="true"><Number url="/whisper">{OMAR}</Number></Dial>',
    )
    network.add(omar(rings_seconds=2))
    sid = network.dial(ALICE, DESK)
    network.advance(5)
    assert client.calls(sid).fetch().status == "ringing"

    network.advance(5)

    assert client.calls(sid).fetch().status == "in-progress"


def test_an_extension_is_keyed_first(hears, service, child):
    service.answer("/whisper", "<Say>A call for you</Say>")
    hears(dial('sendDigits="ww12" url="/whisper"'), omar(talk_seconds=10))

    assert child().words == "[keys ww12] A call for you"
    assert service.asked("/ended")[0]["DialCallDuration"] == "12"


def test_machine_detection_runs_beside_the_call(hears, service, child):
    attributes = 'machineDetection="Enable" amdStatusCallback="/amd"'
    hears(dial(attributes), Machine("Omar", OMAR, record_seconds=20))

    (found,) = service.asked("/amd")
    assert found.keys() == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}
    assert (found["CallSid"], found["AnsweredBy"]) == (child().sid, "machine_start")
    assert service.asked("/ended")[0]["DialBridged"] == "true"


def test_a_detection_that_cannot_be_is_left_out(hears, network, service):
    hears(dial('machineDetection="Perhaps" amdStatusCallback="/amd"'), omar(talk_seconds=5))

    assert 12200 in [event.code for event in network.events]
    assert service.asked("/amd") == []


def test_every_notice_of_the_other_end(hears, network, service, child):
    events = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"'
    call = hears(dial(events), omar(talk_seconds=70))

    notices = service.asked("/leg")
    assert [notice["CallStatus"] for notice in notices] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [notice["SequenceNumber"] for notice in notices] == list("0123")
    assert {notice["ParentCallSid"] for notice in notices} == {call.sid}
    assert {notice["CallSid"] for notice in notices} == {child().sid}
    assert {notice["Direction"] for notice in notices} == {"outbound-dial"}
    assert (notices[-1]["CallDuration"], notices[-1]["Duration"]) == ("70", "2")


def test_notices_by_get(hears, service):
    hears(dial('statusCallback="/leg" statusCallbackMethod="GET"'), omar(talk_seconds=1))

    assert [r.method for r in service.requests if "/leg" in r.url] == ["GET"]


def test_who_is_sent_elsewhere_in_the_whisper_is_not_put_through(network, client, service, child):
    service.answer("/call/received", dial('url="/whisper"'))
    service.answer("/whisper", "<Say>A call for you, which takes a long while to say</Say>")
    service.answer("/elsewhere", "<Say>Another matter</Say><Pause length='9'/>")
    service.answer("/ended", "<Pause length='30'/>")
    network.add(omar(rings_seconds=1))
    sid = network.dial(ALICE, DESK)
    network.advance(3)

    client.calls(child().sid).update(url=f"{BASE}/elsewhere")
    network.advance(3)

    assert service.asked("/ended")[0]["DialBridged"] == "false"
    assert child().words.endswith("Another matter")
    assert {network.calls[sid].status, child().status} == {"in-progress"}
