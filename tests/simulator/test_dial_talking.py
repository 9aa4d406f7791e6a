"""Two people put through: what they hear of each other, and how it ends (d:voice/twiml/dial)."""

from bot.simulator import Held, Machine, Person
from tests.simulator.scene import ALICE, BASE, DESK, OMAR


def omar(**others):
    return Person("Omar", OMAR, **others)


def ended_after(service) -> dict[str, str]:
    """What the action was told."""
    (ended,) = service.asked("/ended")
    return ended


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
