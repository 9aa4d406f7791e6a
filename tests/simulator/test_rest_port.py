"""The REST API on a port, as the real twilio-python finds it there."""

import threading
from queue import Queue

import pytest
from twilio.rest import Client

from bot.simulator import PhoneNetwork, VirtualClock
from bot.simulator.server import serve
from tests.simulator.scene import (
    ALICE,
    BASE,
    DESK,
    SID,
    TOKEN,
    TUESDAY_AT_TEN,
    Service,
    refusal,
)

PATIENCE_SECONDS = 15


@pytest.fixture
def network():
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), deliver=Service())
    network.own(DESK, f"{BASE}/call/received", f"{BASE}/text/received")
    return network


@pytest.fixture
def address(network):
    server = serve(network)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(address):
    return client_at(address)


def client_at(address, *credentials):
    client = Client(*(credentials or (SID, TOKEN)))
    client.api.base_url = address
    return client


def test_calls_over_a_port(network, client):
    call = client.calls.create(to=ALICE, from_=DESK, url=f"{BASE}/call/answered")
    network.run_until_quiet()

    assert [listed.status for listed in client.calls.list(page_size=1)] == ["failed"]
    assert call.delete()
    assert refusal(call.fetch) == (404, 20404)


def test_texts_over_a_port(network, client):
    text = client.messages.create(to=ALICE, from_=DESK, body="\N{SNOWMAN} & more")
    network.let_no_text_reach(ALICE, 30003)
    network.run_until_quiet()

    assert (text.fetch().body, text.fetch().error_code) == ("\N{SNOWMAN} & more", 30003)
    assert text.update(body="").body == ""
    assert text.delete()


def test_numbers_over_a_port(client):
    (number,) = client.incoming_phone_numbers.list(phone_number=DESK)
    number.update(voice_url=f"{BASE}/elsewhere")

    fetched = client.incoming_phone_numbers(number.sid).fetch()
    assert (fetched.phone_number, fetched.voice_url) == (DESK, f"{BASE}/elsewhere")


def test_the_account_over_a_port(client):
    assert client.api.accounts(SID).fetch().status == "active"


def test_refusals_over_a_port(address, client):
    wrong = client_at(address, SID, "wrong")

    assert refusal(lambda: wrong.calls("CA0").fetch()) == (401, 20003)
    assert refusal(lambda: client.calls.create(to="12", from_=DESK, url=BASE)) == (400, 21211)


def test_two_requests_at_once_where_one_is_allowed(network, address):
    network.settings.most_requests_at_once = 1
    came = Queue()

    def ask():
        try:
            came.put(client_at(address).api.accounts(SID).incoming_phone_numbers("PN0").fetch())
        except Exception as refused:
            came.put((refused.status, refused.code))

    with network.carrier.lock:  # whoever is inside stays there
        for _ in range(2):
            threading.Thread(target=ask, daemon=True).start()
        first = came.get(timeout=PATIENCE_SECONDS)

    assert first == (429, 20429)
    assert came.get(timeout=PATIENCE_SECONDS) == (404, 20404)
