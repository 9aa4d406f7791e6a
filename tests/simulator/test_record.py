"""Record: what Alice says after the beep. She says 2.5 words a second and begins after one."""

import pytest

from bot.simulator import HangUp, Person, Press, Says
from tests.simulator.scene import ALICE, BASE, DESK

FIVE_WORDS = "Please call me back soon"  # two seconds


def alice(*script, **others):
    return Person("Alice", ALICE, script=script, **others)


def leave(attributes='action="/left"', after="<Say>Nothing</Say>"):
    return f"<Say>Leave a message.</Say><Record {attributes}/>{after}"


def test_a_message_is_taken_down_and_told(network, hears, service):
    call = hears(leave(), alice(Says(FIVE_WORDS)))

    (left,) = service.asked("/left")
    (kept,) = call.recordings
    assert left["RecordingSid"] == kept.sid
    assert left["RecordingUrl"].endswith(f"/Recordings/{kept.sid}")
    assert (left["RecordingDuration"], left["Digits"], kept.words) == ("2", "", FIVE_WORDS)
    assert call.words == "Leave a message. [beep]"


def test_five_seconds_of_silence_end_it(hears):
    call = hears(leave('action="/left" timeout="5"', ""), alice(Says(FIVE_WORDS)))
    ended = call.heard[1].at

    (kept,) = call.recordings
    assert (kept.at - ended).total_seconds() == 1  # the beep
    assert call.seconds == round(16 / 15 + 1 + 1 + 2 + 5)


def test_without_an_action_the_same_document_is_asked_again(network, service):
    service.answer("/call/received", leave(""), "<Hangup/>")
    network.add(alice(Says(FIVE_WORDS)))
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert [asked.get("RecordingDuration") for asked in service.asked("/call/received")] == [
        None,
        "2",
    ]


def test_an_empty_recording_falls_through(hears, service):
    call = hears(leave(), alice())

    assert service.asked("/left") == []
    assert call.recordings == []
    assert call.words == "Leave a message. [beep] Nothing"


def test_no_beep(hears):
    assert hears(leave('playBeep="false"'), alice()).words == "Leave a message. Nothing"


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [("", "5", "5"), ('finishOnKey="#"', "5#", "#"), ('finishOnKey="#"', "5", "")],
)
def test_the_finish_keys_end_it(hears, service, attributes, keys, digits):
    hears(
        leave(f'action="/left" {attributes}'),
        alice(Says(FIVE_WORDS, when="beep"), Press("w" * 9 + keys, during=True, when="beep")),
    )

    assert [left["Digits"] for left in service.asked("/left")] == [digits]


def test_a_key_at_once_leaves_it_empty(hears, service):
    call = hears(leave(), alice(Press("#")))

    assert service.asked("/left") == []
    assert call.words.endswith("Nothing")


def test_a_key_of_before_does_not_end_it(network, service):
    service.answer("/call/received", '<Gather input="dtmf speech" action="/said"/>')
    service.answer("/said", leave())
    network.add(alice(Says("A prescription", when=""), Says(FIVE_WORDS)))
    network.dial(ALICE, DESK)
    network.advance(1.5)
    network.press(ALICE, "1")
    network.run_until_quiet()

    assert [left["Digits"] for left in service.asked("/left")] == [""]


def test_the_longest_recording(hears, service):
    call = hears(leave('action="/left" maxLength="10"'), alice(Says("word " * 100)))

    assert service.asked("/left")[0]["RecordingDuration"] == "9"  # she begins after one second
    assert len(call.recordings[0].words.split()) == round(9 * 2.5)


def test_silence_at_both_ends_may_be_kept(hears, service):
    hears(leave('action="/left" trim="do-not-trim"'), alice(Says(FIVE_WORDS)))

    assert service.asked("/left")[0]["RecordingDuration"] == str(1 + 2 + 5)


def test_the_action_may_be_a_get(hears, service):
    hears(leave('action="/left" method="GET"'), alice(Says(FIVE_WORDS)))

    (request,) = [one for one in service.requests if "/left" in one.url]
    assert request.method == "GET"


def test_hanging_up_tells_the_action_that_does_not_answer_any_more(network, service):
    service.answer("/call/received", leave())
    service.answer("/left", "<Redirect>/more</Redirect>")
    network.add(alice(Says(FIVE_WORDS)))
    sid = network.dial(ALICE, DESK)
    network.advance(6)
    network.hang_up(ALICE)
    network.run_until_quiet()

    (left,) = service.asked("/left")
    assert (left["Digits"], left["CallStatus"]) == ("hangup", "completed")
    assert network.calls[sid].recordings[0].words == FIVE_WORDS
    assert service.asked("/more") == []


def test_hanging_up_without_a_word_tells_nothing(network, hears, service):
    hears(leave(), alice(HangUp(when="beep")))

    assert service.asked("/left") == []


NOTICE = f'action="/left" recordingStatusCallback="{BASE}/notice"'


def test_a_notice_says_when_the_recording_is_there(hears, service):
    call = hears(leave(NOTICE), alice(Says(FIVE_WORDS)))

    (notice,) = service.asked("/notice")
    assert notice["RecordingSid"] == call.recordings[0].sid
    assert notice["CallSid"] == call.sid
    assert (notice["RecordingStatus"], notice["RecordingSource"]) == ("completed", "RecordVerb")
    assert (notice["RecordingDuration"], notice["RecordingChannels"]) == ("2", "1")


@pytest.mark.parametrize(
    ("script", "told"),
    [([Says(FIVE_WORDS)], ["in-progress", "completed"]), ([], ["in-progress", "absent"])],
)
def test_the_notices_that_were_asked_for(hears, service, script, told):
    events = 'recordingStatusCallbackEvent="in-progress completed absent"'
    hears(leave(f"{NOTICE} {events}"), alice(*script))

    assert [notice["RecordingStatus"] for notice in service.asked("/notice")] == told


def test_a_live_update_ends_the_recording(network, service, client):
    service.answer("/call/received", leave())
    network.add(alice(Says(FIVE_WORDS)))
    sid = network.dial(ALICE, DESK)
    network.advance(6)
    client.calls(sid).update(twiml="<Response><Say>Moved on</Say></Response>")
    network.run_until_quiet()

    assert service.asked("/left") == []
    assert network.calls[sid].recordings[0].words == FIVE_WORDS
    assert network.calls[sid].words.endswith("Moved on")
