"""Machine detection that errs, at a chosen rate and by a seed."""

from collections import Counter

from twilio.rest import Client

from bot.simulator import (
    InProcessHttpClient,
    Machine,
    Person,
    PhoneNetwork,
    Settings,
    VirtualClock,
    rest_app,
)
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN, TUESDAY_AT_TEN, Service


def alice(**others) -> Person:
    return Person("Alice", ALICE, **others)


def voicemail() -> Machine:
    return Machine("Alice", ALICE)


def judged(rate: float, seed: int, mode: str, handset, calls: int = 60) -> list[tuple[str, str]]:
    """The verdicts on that many calls."""
    service = Service()
    settings = Settings(wrong_verdict_rate=rate, calls_per_second=0.01)
    clock = VirtualClock(TUESDAY_AT_TEN)
    network = PhoneNetwork(SID, TOKEN, clock, service, seed=seed, settings=settings)
    network.own(DESK)
    network.add(handset)
    client = Client(SID, TOKEN, http_client=InProcessHttpClient(rest_app(network)))
    for _ in range(calls):
        client.calls.create(
            to=ALICE, from_=DESK, url=f"{BASE}/call/answered", machine_detection=mode
        )
    network.run_until_quiet(limit_seconds=1e6)
    asked = service.asked("/call/answered")
    return [(each["AnsweredBy"], each["MachineDetectionDuration"]) for each in asked]


def test_mistakes_come_at_the_chosen_rate():
    wrong = [said for said, _ in judged(0.25, 7, "Enable", alice()) if said != "human"]

    assert 8 <= len(wrong) <= 22


def test_no_mistakes_unless_asked_for():
    assert {said for said, _ in judged(0.0, 7, "Enable", alice())} == {"human"}


def test_the_same_seed_makes_the_same_mistakes():
    first = judged(0.5, 7, "DetectMessageEnd", voicemail())

    assert first == judged(0.5, 7, "DetectMessageEnd", voicemail())
    assert first != judged(0.5, 8, "DetectMessageEnd", voicemail())


def test_a_mistake_is_one_that_the_mode_can_make():
    start = Counter(said for said, _ in judged(1.0, 7, "Enable", voicemail()))
    end = Counter(said for said, _ in judged(1.0, 7, "DetectMessageEnd", voicemail()))

    assert start.keys() == {"human", "unknown"}
    assert end.keys() == {"human", "unknown", "machine_end_silence"}


def test_what_a_handset_says_itself_is_never_mistaken():
    assert {said for said, _ in judged(1.0, 7, "Enable", alice(amd="human"))} == {"human"}
