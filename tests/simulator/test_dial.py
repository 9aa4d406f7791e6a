import pytest

from bot.simulator import Busy, Held, Machine, NoAnswer, Person
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR


def omar(**others):
    return Person("Omar", OMAR, **others)


def ended_after(service) -> dict[str, str]:
    """What the action was told."""
    (ended,) = service.asked("/ended")
    return ended


@pytest.fixture
def talking(network, service):
    """Alice rings the desk and is put through to Omar; both hold their telephones."""

    def talk(attributes: str = "", after: str = "") -> str:
        service.answer("/call/received", f"<Dial {attributes}>{OMAR}</Dial>{after}")
        network.add(Held("Alice", ALICE), Held("Omar", OMAR))
        sid = network.dial(ALICE, DESK)
        network.advance(5)
        network.answer(OMAR)
        network.advance(1)
        return sid

    return talk


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


def test_answer_on_bridge_answers_late(hears):
    verbs = f'<Dial answerOnBridge="true">{OMAR}</Dial>'
    call = hears(verbs, omar(rings_seconds=4, talk_seconds=10))

    assert call.seconds == 10


def test_answer_on_bridge_counts_only_in_the_first_verb(hears):
    verbs = f'<Pause/><Dial answerOnBridge="true">{OMAR}</Dial>'
    call = hears(verbs, omar(rings_seconds=4, talk_seconds=10))

    assert call.seconds == 15  # one of them to set the call up


def test_who_is_through_hears_the_other(network, talking, child):
    sid = talking()

    network.speak(ALICE, "Is that Omar?")
    network.speak(OMAR, "Speaking")
    network.press(ALICE, "7")
    network.advance(1)

    assert child().words == "Is that Omar? [key 7]"
    assert [(h.who, h.words) for h in network.calls[sid].heard] == [("Omar", "Speaking")]


def test_nothing_is_heard_before_or_after(network, talking, service, child):
    service.answer("/ended", "<Pause length='5'/>")
    sid = talking('action="/ended"')
    network.hang_up(OMAR)
    network.advance(1)

    network.speak(ALICE, "Hello?")
    network.advance(1)

    assert child().words == ""
    assert network.calls[sid].status == "in-progress"


def test_a_voicemail_keeps_what_the_caller_says(network, service):
    service.answer("/call/received", f"<Dial>{OMAR}</Dial>")
    network.add(Held("Alice", ALICE), Machine("Omar", OMAR, rings_seconds=1, greeting_seconds=4))
    network.dial(ALICE, DESK)
    network.advance(4)
    network.speak(ALICE, "Too early")
    network.advance(10)
    network.speak(ALICE, "Please ring me back")
    network.advance(1)
    network.hang_up(ALICE)

    network.run_until_quiet()

    assert [kept.words for kept in network.voicemails(OMAR)] == ["Please ring me back"]


def test_a_star_of_the_caller_drops_the_other(network, talking, service, child):
    sid = talking('hangupOnStar="true"', "<Say>Where to now?</Say>")

    network.press(ALICE, "*")
    network.run_until_quiet()

    assert child().status == "completed"
    assert network.calls[sid].words == "Where to now?"


def test_a_star_is_told_as_completed(network, talking, service):
    talking('hangupOnStar="true" action="/ended"')

    network.press(ALICE, "*")
    network.run_until_quiet()

    assert ended_after(service)["DialCallStatus"] == "completed"


def test_a_star_of_the_other_means_nothing(network, talking, child):
    talking('hangupOnStar="true"')

    network.press(OMAR, "*")
    network.advance(1)

    assert child().status == "in-progress"


def test_a_star_means_nothing_unless_asked_for(network, talking, child):
    talking()

    network.press(ALICE, "*")
    network.advance(1)

    assert (child().status, child().words) == ("in-progress", "[key *]")


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


def test_the_caller_hangs_up_while_it_rings(network, service, child):
    service.answer("/call/received", f'<Dial action="/ended">{OMAR}</Dial>')
    network.add(Held("Alice", ALICE), Held("Omar", OMAR))
    network.dial(ALICE, DESK)
    network.advance(5)
    network.hang_up(ALICE)
    network.run_until_quiet()

    assert child().status == "canceled"
    assert service.asked("/ended") == []


def test_a_caller_sent_elsewhere_leaves_the_action_told(network, client, service, talking):
    """Its answer is not played (twilio.com/changelog, 24 May 2021)."""
    service.answer("/elsewhere", "<Say>Back to the desk</Say>")
    service.answer("/ended", "<Say>Not this</Say>")
    sid = talking('action="/ended"')

    client.calls(sid).update(url=f"{BASE}/elsewhere")
    network.run_until_quiet()

    assert network.calls[sid].words == "Back to the desk"
    assert ended_after(service)["DialCallStatus"] == "completed"


def test_the_other_end_sent_elsewhere_frees_the_caller(network, client, service, talking, child):
    service.answer("/elsewhere", "<Say>A word with you</Say><Pause length='9'/>")
    service.answer("/ended", "<Say>He had to go</Say>")
    sid = talking('action="/ended"')

    client.calls(child().sid).update(url=f"{BASE}/elsewhere")
    network.advance(4)

    assert network.calls[sid].words == "He had to go"
    assert "DialCallDuration" not in ended_after(service)
    assert child().words == "A word with you"
    assert (network.calls[sid].status, child().status) == ("completed", "in-progress")


def test_a_recorded_dial_says_where(hears, service):
    hears(f'<Dial action="/ended" record="record-from-answer">{OMAR}</Dial>', omar(talk_seconds=5))

    assert "/Recordings/RE" in ended_after(service)["RecordingUrl"]


@pytest.mark.parametrize("noun", ["Client", "Sip", "Queue", "Sim", "Application"])
def test_other_nouns_are_refused_with_a_clear_word(hears, network, noun):
    call = hears(f"<Dial><{noun}>omar</{noun}></Dial><Say>Never heard</Say>")

    (event,) = network.events
    assert (event.code, noun in event.words) == (0, True)
    assert call.words.startswith("We are sorry")
    assert "Never" not in call.words
