"""Dial numbers (d:voice/twiml/dial): who is rung, and what comes of it."""

import pytest

from bot.simulator import Busy, Held, NoAnswer, Person
from tests.simulator.scene import ALICE, BOB, DESK, OMAR


def omar(**others):
    return Person("Omar", OMAR, **others)


def ended_after(service) -> dict[str, str]:
    """What the action was told."""
    (ended,) = service.asked("/ended")
    return ended


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


def test_answer_on_bridge_answers_late(hears):
    verbs = f'<Dial answerOnBridge="true">{OMAR}</Dial>'
    call = hears(verbs, omar(rings_seconds=4, talk_seconds=10))

    assert call.seconds == 10


def test_answer_on_bridge_counts_only_in_the_first_verb(hears):
    verbs = f'<Pause/><Dial answerOnBridge="true">{OMAR}</Dial>'
    call = hears(verbs, omar(rings_seconds=4, talk_seconds=10))

    assert call.seconds == 15  # one of them to set the call up


def test_numbers_one_after_the_other(hears, network, service):
    numbers = f"<Number>{OMAR}</Number><Number>{BOB}</Number>"
    hears(
        f'<Dial action="/ended" sequential="true" timeout="10">{numbers}</Dial>',
        NoAnswer("Omar", OMAR),
        Person("Bob", BOB, rings_seconds=2, talk_seconds=30),
    )

    first, second = [call for call in network.calls.values() if call.parent_sid]
    assert (first.status, second.status) == ("no-answer", "completed")
    assert second.created_at == first.ended_at
    assert ended_after(service)["DialCallSid"] == second.sid


def test_in_turn_the_second_is_not_rung_if_the_first_answers(hears, network):
    numbers = f"<Number>{OMAR}</Number><Number>{BOB}</Number>"
    hears(f'<Dial sequential="true">{numbers}</Dial>', omar(talk_seconds=3), Person("Bob", BOB))

    assert [call.to for call in network.calls.values() if call.parent_sid] == [OMAR]


def test_more_than_ten_numbers_are_too_many(hears, network, service):
    numbers = f"<Number>{OMAR}</Number>" * 11
    hears(f'<Dial action="/ended">{numbers}</Dial>', omar())

    assert [event.code for event in network.events] == [13250]
    assert ended_after(service)["DialCallStatus"] == "failed"
    assert len(network.calls) == 1


@pytest.mark.parametrize(
    ("number", "code"),
    [("07700900789", 13224), ("+4477", 13224), ("nobody", 13223), ("", 13223)],
)
def test_what_cannot_be_dialled(hears, network, service, number, code):
    hears(f'<Dial action="/ended"><Number>{number}</Number></Dial>')

    assert [event.code for event in network.events] == [code]
    assert ended_after(service)["DialCallStatus"] == "failed"
    assert "DialCallSid" not in ended_after(service)


def test_countries_and_numbers_that_may_not_be_rung(hears, network):
    network.settings.call_countries = frozenset({"GB"})
    network.settings.blocked_numbers = frozenset({BOB})
    numbers = f"<Number>+33699900123</Number><Number>{BOB}</Number><Number>{OMAR}</Number>"
    hears(f"<Dial>{numbers}</Dial>", omar(talk_seconds=1))

    assert [event.code for event in network.events] == [13227, 13225]
    assert [call.to for call in network.calls.values() if call.parent_sid] == [OMAR]


def test_a_number_of_our_own_cannot_be_rung_here(hears, network, service):
    hears(f'<Dial action="/ended">{DESK}</Dial>')

    assert [event.code for event in network.events] == [0]
    assert ended_after(service)["DialCallStatus"] == "failed"


def test_spaces_in_a_number_do_not_matter(hears, child):
    hears("<Dial>+44 (7700) 900-789</Dial>", omar(talk_seconds=1))

    assert child().to == OMAR


def test_it_rings_for_half_a_minute_unless_told_otherwise(hears, child):
    hears(f"<Dial>{OMAR}</Dial>", NoAnswer("Omar", OMAR))

    # one second to set it up, and five that the carrier always adds (d:voice/twiml/dial#timeout)
    assert (child().ended_at - child().started_at).total_seconds() == 36


def test_a_call_canceled_by_the_api(network, client, service, child):
    service.answer("/call/received", f'<Dial action="/ended">{OMAR}</Dial>')
    network.add(Held("Omar", OMAR))
    network.dial(ALICE, DESK)
    network.advance(5)

    client.calls(child().sid).update(status="canceled")
    network.run_until_quiet()

    assert ended_after(service)["DialCallStatus"] == "canceled"


@pytest.mark.parametrize("noun", ["Client", "Sip", "Queue", "Sim", "Application"])
def test_other_nouns_are_refused_with_a_clear_word(hears, network, noun):
    call = hears(f"<Dial><{noun}>omar</{noun}></Dial><Say>Never heard</Say>")

    (event,) = network.events
    assert (event.code, noun in event.words) == (0, True)
    assert call.words.startswith("We are sorry")
    assert "Never" not in call.words
