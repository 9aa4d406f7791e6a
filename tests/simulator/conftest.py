import pytest
from twilio.rest import Client

from bot.simulator import InProcessHttpClient, PhoneNetwork, VirtualClock, rest_app
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN, TUESDAY_AT_TEN, Service


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
