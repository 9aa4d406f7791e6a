import pytest

from bot.simulator import Busy, NoAnswer, Person, Press
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR


def omar(**others):
    return Person("Omar", OMAR, **others)


@pytest.fixture
def child(network):
    return lambda: next(c for c in network.calls.values() if c.parent_sid)


def test_two_people_are_put_through(hears, network, service, child):
    call = hears(f'<Dial action="/ended">{OMAR}</Dial>', omar(talk_seconds=20))

    assert (child().direction, child().from_, child().to) == ("outbound-dial", ALICE, OMAR)
    assert child().parent_sid == call.sid
    (ended,) = service.asked("/ended")
    assert ended["DialCallStatus"] == "completed"
    assert ended["DialCallSid"] == child().sid
    assert ended["DialCallDuration"] == "20"
    assert ended["DialBridged"] == "true"


def test_without_an_action_the_next_verb_follows(hears):
    call = hears(f"<Dial>{OMAR}</Dial><Say>Goodbye</Say>", omar(talk_seconds=20))

    assert call.words == "Goodbye"


@pytest.mark.parametrize(
    ("handset", "status"),
    [
        (Busy("Omar", OMAR), "busy"),
        (NoAnswer("Omar", OMAR), "no-answer"),
        (omar(rings_seconds=16), "no-answer"),
        (Person("Bob", BOB), "failed"),
    ],
)
def test_nobody_takes_it(hears, service, handset, status):
    hears(f'<Dial action="/ended" timeout="10"><Number>{OMAR}</Number></Dial>', handset)

    (ended,) = service.asked("/ended")
    assert ended["DialCallStatus"] == status
    assert "DialCallDuration" not in ended


@pytest.mark.parametrize("caller_id", [DESK, ALICE])
def test_a_caller_id_of_ours_or_of_the_call(hears, child, caller_id):
    hears(f'<Dial callerId="{caller_id}">{OMAR}</Dial>', omar(talk_seconds=1))

    assert child().from_ == caller_id


def test_another_caller_id_is_refused(hears, network, service):
    hears(f'<Dial callerId="{BOB}" action="/ended">{OMAR}</Dial>', omar())

    assert service.asked("/ended")[0]["DialCallStatus"] == "failed"
    assert [event.code for event in network.events] == [13214]
    assert len(network.calls) == 1


def test_the_first_to_answer_gets_it(hears, network, service):
    numbers = f"<Number>{OMAR}</Number><Number>{BOB}</Number>"
    hears(
        f'<Dial action="/ended">{numbers}</Dial>',
        omar(rings_seconds=9),
        Person("Bob", BOB, rings_seconds=2, talk_seconds=30),
    )

    statuses = {call.to: call.status for call in network.calls.values() if call.parent_sid}
    assert statuses == {OMAR: "canceled", BOB: "completed"}


def test_the_caller_hangs_up_and_both_ends_are_over(network, service, child):
    service.answer("/call/received", f'<Dial action="/ended">{OMAR}</Dial>')
    network.add(omar())
    network.dial(ALICE, DESK)
    network.advance(30)
    network.hang_up(ALICE)
    network.run_until_quiet()

    assert child().status == "completed"
    assert service.asked("/ended") == []


def test_a_live_update_ends_the_other_end(network, client, service, child):
    service.answer("/call/received", f"<Dial>{OMAR}</Dial>")
    service.answer("/elsewhere", "<Say>Back to the desk</Say>")
    network.add(omar())
    sid = network.dial(ALICE, DESK)
    network.advance(30)
    client.calls(sid).update(url=f"{BASE}/elsewhere")
    network.run_until_quiet()

    assert child().status == "completed"
    assert network.calls[sid].words == "Back to the desk"


def test_the_time_limit_of_a_dial(hears, service):
    hears(f'<Dial action="/ended" timeLimit="60">{OMAR}</Dial>', omar())

    assert service.asked("/ended")[0]["DialCallDuration"] == "60"


def test_the_other_end_has_notices_of_its_own(hears, service, child):
    number = (
        f'<Number statusCallback="/leg" statusCallbackEvent="answered completed">{OMAR}</Number>'
    )
    hears(f"<Dial>{number}</Dial>", omar(talk_seconds=3))

    notices = service.asked("/leg")
    assert [notice["CallStatus"] for notice in notices] == ["in-progress", "completed"]
    assert notices[0]["ParentCallSid"]


ACCEPT = '<Gather numDigits="1" action="/joined"><Say>Press one to take it</Say></Gather><Hangup/>'


def test_a_whisper_is_heard_before_the_two_are_through(hears, network, service, child):
    service.answer("/whisper", ACCEPT)
    service.answer("/joined", "")
    number = f'<Number url="/whisper">{OMAR}</Number>'
    call = hears(
        f'<Dial action="/ended">{number}</Dial>', omar(script=[Press("1")], talk_seconds=9)
    )

    assert service.asked("/whisper")[0]["CallSid"] == child().sid
    assert child().words == "Press one to take it"
    assert service.asked("/ended")[0]["DialBridged"] == "true"
    assert call.words == ""


def test_who_does_not_take_it_is_not_put_through(hears, service):
    service.answer("/whisper", ACCEPT)
    number = f'<Number url="/whisper">{OMAR}</Number>'
    hears(f'<Dial action="/ended">{number}</Dial><Say>Lost</Say>', omar())

    assert service.asked("/ended")[0]["DialBridged"] == "false"


def test_answer_on_bridge_answers_late(hears):
    verbs = f'<Dial answerOnBridge="true">{OMAR}</Dial>'
    call = hears(verbs, omar(rings_seconds=4, talk_seconds=10))

    assert call.seconds == 10
