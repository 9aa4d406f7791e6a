"""Events that there are none of: an event in the debugger, by TwiML as by REST."""

import pytest

from bot.simulator import Person, rest_app
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TOKEN, refusal

DIALLED = {"To": ALICE, "From": DESK, "Url": f"{BASE}/call/answered"}


@pytest.fixture
def post(network):
    web = rest_app(network).test_client()

    def post(path: str, **form):
        base = f"/2010-04-01/Accounts/{SID}"
        return web.post(f"{base}/{path}.json", data=DIALLED | form, auth=(SID, TOKEN))

    return post


@pytest.mark.parametrize("events", ["bogus", "answered bogus", "answered,completed"])
def test_a_number_warns_and_tells_the_end_only(hears, network, service, events):
    number = f"<Number statusCallback='/child' statusCallbackEvent='{events}'>{BOB}</Number>"
    hears(f"<Dial>{number}</Dial>", Person("Bob", BOB, talk_seconds=3))

    assert [event.code for event in network.events] == [12200]
    assert [notice["CallStatus"] for notice in service.asked("/child")] == ["completed"]


@pytest.mark.parametrize("path", ["Calls", "Conferences/Room/Participants"])
def test_by_rest_it_is_taken_and_nothing_is_told(network, service, post, path):
    network.add(Person("Alice", ALICE, talk_seconds=3))
    url = f"{BASE}/status"
    answer = post(path, StatusCallback=url, StatusCallbackEvent="bogus")
    network.advance(60)
    if path != "Calls":
        network.hang_up(ALICE)
    network.run_until_quiet()

    assert answer.status_code == 201
    assert [event.code for event in network.events] == [21626]
    assert service.asked("/status") == []


def test_so_it_is_with_events_of_a_conference(network, service, post):
    network.add(Person("Alice", ALICE, talk_seconds=3))
    form = {
        "ConferenceStatusCallback": f"{BASE}/room",
        "ConferenceStatusCallbackEvent": "join begin",
    }
    answer = post("Conferences/Room/Participants", **form)
    network.advance(60)

    assert answer.status_code == 201
    assert [event.code for event in network.events] == [21626]
    assert service.asked("/room") == []


def test_a_participant_beeps_as_can_be_or_is_refused(client, room):
    assert refusal(lambda: room(ALICE, beep="loud")) == (400, 20001)
    assert room(ALICE, beep="onEnter").status == "queued"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("AsyncAmdStatusCallbackMethod", "PUT", 21209),
        ("AsyncAmdStatusCallback", "http://[", 21609),
        ("AsyncAmdStatusCallback", "/machine-heard", 21609),
    ],
)
def test_where_the_verdict_is_told_must_make_sense(post, name, value, code):
    form = {"AsyncAmdStatusCallback": f"{BASE}/machine-heard", name: value}
    answer = post("Calls", MachineDetection="Enable", AsyncAmd="true", **form)

    assert (answer.status_code, answer.json["code"]) == (400, code)
