import pytest
from twilio.rest import Client

from bot.simulator import Held, InProcessHttpClient, PhoneNetwork, VirtualClock, rest_app
from tests.simulator.scene import (
    ALICE,
    BASE,
    BOB,
    DESK,
    NAMES,
    OMAR,
    SID,
    TOKEN,
    TUESDAY_AT_TEN,
    Service,
)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def network(service) -> PhoneNetwork:
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), deliver=service)
    network.own(DESK, f"{BASE}/call/received", f"{BASE}/text/received", f"{BASE}/call/status")
    return network


@pytest.fixture
def client(network) -> Client:
    return Client(SID, TOKEN, http_client=InProcessHttpClient(rest_app(network)))


@pytest.fixture
def ring(client):
    """Have somebody rung by the service; the call begins at /call/answered."""

    def ring(to: str, **others) -> str:
        given = {"url": f"{BASE}/call/answered", "status_callback": f"{BASE}/status"} | others
        return client.calls.create(to=to, from_=DESK, **given).sid

    return ring


@pytest.fixture
def hears(network, service):
    """Let somebody ring the service, hear a document to the end, and return their call."""

    def hears(verbs: str, *handset, caller: str = ALICE):
        service.answer("/call/received", verbs)
        network.add(*handset)
        sid = network.dial(caller, DESK)
        network.run_until_quiet()
        return network.calls[sid]

    return hears


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


@pytest.fixture
def comes(network, service):
    """Let somebody ring the service and go where those verbs lead."""

    def comes(who: str, verbs: str):
        network.add(Held(NAMES[who], who))
        service.answer(f"/call/received/{who[1:]}", verbs)
        network.own(DESK, f"{BASE}/call/received/{who[1:]}", status_callback=f"{BASE}/call/status")
        call = network.calls[network.dial(who, DESK)]
        network.advance(1)
        return call

    return comes


@pytest.fixture
def room(client):
    """Ring people into the room, quietly, with its notices to /room."""

    def invite(to: str, **others):
        given = {
            "beep": "false",
            "wait_url": "",
            "conference_status_callback": f"{BASE}/room",
            "conference_status_callback_event": ["start", "end", "join", "leave", "mute", "hold"]
            + ["modify", "announcement"],
        }
        return client.conferences("Room").participants.create(to=to, from_=DESK, **(given | others))

    return invite


@pytest.fixture
def meeting(network, room):
    """Alice and Bob, both rung into the room and talking."""

    def meet(**others):
        network.add(Held("Alice", ALICE), Held("Bob", BOB))
        network.settings.calls_per_second = 100
        alice, bob = room(ALICE, label="host", **others), room(BOB)
        network.advance(5)
        network.answer(ALICE)
        network.answer(BOB)
        network.advance(1)
        return alice, bob

    return meet
