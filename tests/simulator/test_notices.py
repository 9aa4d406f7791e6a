"""Status notices of calls: what the last one says of each ending, in full."""

import pytest

from bot.simulator import Busy, Fax, Held, NoAnswer, Person, Rejects, Unreachable
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TUESDAY_AT_TEN

ALL = ["initiated", "ringing", "answered", "completed"]


def test_the_full_parameters_of_the_last(network, service, ring):
    network.add(Person("Alice", ALICE, rings_seconds=3))
    service.answer("/call/answered", "<Pause length='61'/>")
    sid = ring(ALICE)
    network.run_until_quiet()

    (notice,) = service.asked("/status")
    ended = TUESDAY_AT_TEN.replace(minute=1, second=5)
    assert notice == {
        "CallSid": sid,
        "AccountSid": SID,
        "From": DESK,
        "To": ALICE,
        "Caller": DESK,
        "Called": ALICE,
        "CallStatus": "completed",
        "ApiVersion": "2010-04-01",
        "Direction": "outbound-api",
        "Timestamp": ended.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "0",
        "CallDuration": "61",
        "Duration": "2",
        "SipResponseCode": "200",
    } | {
        f"{role}{part}": "GB" if part == "Country" else ""
        for role in ("From", "To", "Caller", "Called")
        for part in ("City", "State", "Zip", "Country")
    }


@pytest.mark.parametrize(
    ("handset", "statuses", "sip"),
    [
        (Busy("Alice", ALICE), ["initiated", "ringing", "busy"], "486"),
        (Rejects("Alice", ALICE), ["initiated", "ringing", "busy"], "486"),
        (NoAnswer("Alice", ALICE), ["initiated", "ringing", "no-answer"], "487"),
        (Unreachable("Alice", ALICE), ["initiated", "failed"], "404"),
        (Fax("Alice", ALICE), ["initiated", "ringing", "in-progress", "completed"], "200"),
    ],
)
def test_each_ending(network, service, ring, handset, statuses, sip):
    network.add(handset)
    ring(ALICE, status_callback_event=ALL)
    network.run_until_quiet()

    notices = service.asked("/status")
    assert [notice["CallStatus"] for notice in notices] == statuses
    assert [notice["SequenceNumber"] for notice in notices] == [
        str(number) for number in range(len(statuses))
    ]
    assert notices[-1].get("SipResponseCode") == sip
    assert all("CallDuration" not in notice for notice in notices[:-1])


def test_somebody_declines(network, service, ring):
    network.add(Held("Alice", ALICE))
    ring(ALICE)
    network.advance(5)
    network.decline(ALICE)
    network.run_until_quiet()

    (notice,) = service.asked("/status")
    assert (notice["CallStatus"], notice["SipResponseCode"]) == ("busy", "486")


def test_canceled_while_it_rings(network, client, service, ring):
    network.add(Held("Alice", ALICE))
    sid = ring(ALICE, status_callback_event=ALL)
    network.advance(5)
    client.calls(sid).update(status="canceled")
    network.run_until_quiet()

    notices = service.asked("/status")
    assert [notice["CallStatus"] for notice in notices] == ["initiated", "ringing", "canceled"]
    assert [notice.get("SipResponseCode") for notice in notices] == [None, None, "487"]


def test_canceled_in_the_queue_nothing_is_told(network, client, service, ring):
    network.add(Held("Alice", ALICE))
    ring(ALICE)
    waiting = ring(ALICE, status_callback=f"{BASE}/waiting", status_callback_event=ALL)
    client.calls(waiting).update(status="canceled")
    network.advance(30)

    assert network.calls[waiting].status == "canceled"
    assert service.asked("/waiting") == []


def test_the_last_notice_of_a_number_that_was_put_through_has_its_sip_code(hears, service):
    child = f"<Number statusCallback='/child'>{ALICE}</Number>"
    hears(f"<Dial>{child}</Dial>", Person("Alice", ALICE, talk_seconds=3), caller=BOB)

    (notice,) = service.asked("/child")
    assert (notice["CallStatus"], notice["SipResponseCode"]) == ("completed", "200")


def test_the_last_notice_of_an_incoming_call_has_no_sip_code(hears, service):
    hears("<Say>Hello</Say>")

    (notice,) = service.asked("/call/status")
    assert notice["CallStatus"] == "completed"
    assert "SipResponseCode" not in notice


@pytest.mark.parametrize(("asynchronous", "said"), [(False, "fax"), (True, None)])
def test_the_last_notice_says_who_answered_if_the_call_waited_for_it(
    network, service, ring, asynchronous, said
):
    network.add(Fax("Alice", ALICE))
    ring(
        ALICE,
        status_callback_event=ALL,
        machine_detection="Enable",
        async_amd=asynchronous,
        async_amd_status_callback=f"{BASE}/amd",
    )
    network.run_until_quiet()

    notices = service.asked("/status")
    assert [notice.get("AnsweredBy") for notice in notices] == [None, None, None, said]
