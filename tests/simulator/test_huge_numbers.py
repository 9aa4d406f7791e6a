"""Numbers beyond all sense, in TwiML, in REST and in a URL: refused or left out, never a crash."""

import pytest

from bot.simulator import Held, Machine, rest_app
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TOKEN, refusal

HUGE = "9" * 5000  # more digits than Python reads
LONG = "9" * 30  # more seconds than a calendar has


@pytest.mark.parametrize("number", [HUGE, LONG, "14401", "0", "-1", "\u0663"])
def test_a_call_lasts_four_hours_at_most(ring, number):
    assert refusal(lambda: ring(ALICE, time_limit=number)) == (400, 20001)


def test_a_call_in_progress_lasts_four_hours_at_most(ring, client, network, service):
    service.answer("/call/answered", "<Pause length='20'/>")
    network.add(Held("Alice", ALICE))
    sid = ring(ALICE)
    network.advance(3)
    network.answer(ALICE)
    network.advance(1)

    assert refusal(lambda: client.calls(sid).update(time_limit=14401)) == (400, 20001)
    assert client.calls(sid).update(time_limit=14400).sid == sid


@pytest.mark.parametrize("number", [HUGE, LONG])
@pytest.mark.parametrize(
    ("path", "name", "code"),
    [
        ("Calls", "Timeout", 21208),
        ("Calls", "MachineDetectionTimeout", 21234),
        ("Messages", "ValidityPeriod", 90007),
        ("Conferences/Room/Participants", "Timeout", 21208),
        ("Conferences/Room/Participants", "TimeLimit", 20001),
        ("Conferences/Room/Participants", "MaxParticipants", 20001),
    ],
)
def test_rest_refuses_more_digits_than_can_be_read(network, number, path, name, code):
    form = {"To": ALICE, "From": DESK, "Url": f"{BASE}/call/answered", "Body": "Hello"}
    form |= {"MachineDetection": "Enable", name: number}
    web = rest_app(network).test_client()
    answer = web.post(f"/2010-04-01/Accounts/{SID}/{path}.json", data=form, auth=(SID, TOKEN))

    assert (answer.status_code, answer.json["code"]) == (400, code)


@pytest.mark.parametrize(
    "noun",
    [
        f"<Conference maxParticipants='{HUGE}'>Room</Conference>",
        f"<Number machineDetection='Enable' machineDetectionTimeout='{HUGE}'>{BOB}</Number>",
    ],
)
def test_a_noun_without_its_huge_number_is_dialled(hears, network, noun):
    network.add(Machine("Bob", BOB))
    call = hears(f"<Dial timeLimit='5'>{noun}</Dial>", Held("Alice", ALICE))

    assert [event.code for event in network.events] == [12200]
    assert call.status == "completed"
    assert call.seconds >= 5


def test_a_huge_number_of_retries_is_as_if_it_had_not_been_written(hears, service):
    service.answer("/next", "<Say>Here</Say>")

    assert hears(f"<Redirect>/next#rc={HUGE}</Redirect>").words == "Here"
