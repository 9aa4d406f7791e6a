"""Nonsense from the service: whatever it answers or asks for, nothing breaks and no call is left
standing. The seed is in the name of each test, so that a failure can be had again."""

import contextlib

import pytest

from bot.simulator import Held, Machine, NotConnected, Person, Press, Says, rest_app
from tests.simulator.nonsense import Nonsense
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR, SID, TOKEN

PATHS = ["/call/received", "/call/answered", "/text/received", "/next", "/relative", "/second"]
ROUNDS, REQUESTS = 12, 120
GOOD = {"To": ALICE, "From": DESK, "Url": f"{BASE}/call/answered", "Body": "Hello"}
CALL = (
    "To From Url Twiml Method FallbackUrl StatusCallback StatusCallbackEvent StatusCallbackMethod"
    " SendDigits Timeout TimeLimit Record MachineDetection MachineDetectionTimeout Status"
    " MachineDetectionSpeechThreshold AsyncAmd AsyncAmdStatusCallback CallToken ApplicationSid"
)
TEXT = "To From MessagingServiceSid Body StatusCallback ValidityPeriod SendAt ScheduleType"
NUMBER = "VoiceUrl VoiceFallbackUrl SmsUrl StatusCallback VoiceMethod FriendlyName"
PARTICIPANT = (
    "To From Label Beep Muted Hold HoldUrl WaitUrl WaitMethod MaxParticipants Timeout TimeLimit"
    " StatusCallback StatusCallbackEvent ConferenceStatusCallback ConferenceStatusCallbackEvent"
    " MachineDetection AmdStatusCallback AnnounceUrl Status EarlyMedia"
)
QUERY = "To From Status StartTime StartTime< DateSent> EndTime PageSize Page PageToken"
REQUESTED = [
    *(("POST", "Calls", CALL), ("POST", "Calls/{}", CALL), ("POST", "Messages", TEXT)),
    *(("POST", "Messages/{}", TEXT), ("POST", "IncomingPhoneNumbers/{}", NUMBER)),
    *(
        ("POST", "Conferences/{}/Participants", PARTICIPANT),
        ("POST", "Conferences/{}", PARTICIPANT),
    ),
    *(("GET", "Calls", QUERY), ("GET", "Messages", QUERY), ("GET", "Conferences", QUERY)),
    *(("DELETE", "Calls/{}", ""), ("DELETE", "Messages/{}", "")),
]


def answer_nonsense(service, nonsense: Nonsense) -> None:
    for path in PATHS:
        service.answer(path, *(nonsense.answer() for _ in range(4)))


@pytest.mark.parametrize("seed", range(20))
def test_no_answer_breaks_anything(network, service, ring, seed):
    nonsense = Nonsense(f"answers {seed}")
    does = [Press("1"), Press("12#"), Says("Hello there")][seed % 3]
    network.settings.calls_per_second = 100
    network.add(Person("Alice", ALICE, script=[does]), Held("Bob", BOB), Machine("Omar", OMAR))
    network.own(DESK, f"{BASE}/call/received", f"{BASE}/text/received", "", f"{BASE}/second")
    for _ in range(ROUNDS):
        answer_nonsense(service, nonsense)
        network.dial(ALICE, DESK)
        ring(OMAR, machine_detection="Enable")
        network.text(ALICE, DESK, "Hello")
        network.advance(10)
        with contextlib.suppress(NotConnected):  # often nobody rings Bob
            network.answer(BOB)
        network.run_until_quiet(40_000)

    standing = [call for call in network.calls.values() if not call.over]
    assert standing == []
    assert not [event for event in network.events if "the simulator failed" in event.words]


@pytest.mark.parametrize("seed", range(8))
def test_no_request_breaks_the_api(network, service, seed):
    nonsense = Nonsense(f"requests {seed}")
    web = rest_app(network).test_client()
    network.settings.calls_per_second = 100
    network.add(Person("Alice", ALICE), Machine("Bob", BOB))
    for _ in range(REQUESTS):
        method, path, names = nonsense.chance.choice(REQUESTED)
        known = [*network.calls, *network.carrier.texts, *network.carrier.conferences]
        owned = [own.sid for own in network.carrier.numbers.values()]
        where = path.format(nonsense.chance.choice([*known, *owned, "Room", "x"]))
        form = nonsense.form(names, GOOD if method == "POST" else {})
        given = {"query_string": form} if method == "GET" else {"data": form}
        answer = web.open(
            f"/2010-04-01/Accounts/{SID}/{where}.json", method=method, auth=(SID, TOKEN), **given
        )
        network.advance(nonsense.chance.choice([0, 0, 1, 30]))

        assert answer.status_code < 500, (method, where, form)
        assert answer.status_code < 400 or answer.json["code"] >= 20001
