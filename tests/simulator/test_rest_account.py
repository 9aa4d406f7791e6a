"""Whom the API lets in, what it says to those it does not, and the account itself."""

import pytest
from twilio.rest import Client

from bot.simulator import InProcessHttpClient, rest_app
from tests.simulator.scene import ALICE, BASE, BOB, DESK, SID, TOKEN, refusal

URL = f"{BASE}/call/answered"
HERE = f"/2010-04-01/Accounts/{SID}"
KEY, SECRET = "SK" + "2" * 32, "a secret"


@pytest.fixture
def web(network):
    return rest_app(network).test_client()


def client_of(network, *credentials):
    return Client(*credentials, http_client=InProcessHttpClient(rest_app(network)))


def test_a_wrong_token_is_refused(network):
    wrong = client_of(network, SID, "wrong")

    assert refusal(lambda: wrong.calls.create(to=ALICE, from_=DESK, url=URL)) == (401, 20003)


def test_no_token_is_refused_in_twilios_words(web):
    answer = web.get(f"{HERE}/Calls.json")

    assert answer.json == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }
    assert (answer.status_code, answer.content_type) == (401, "application/json")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'


def test_an_api_key_is_let_in_with_its_secret(network):
    network.add_key(KEY, SECRET)

    assert client_of(network, KEY, SECRET, SID).calls.list() == []
    wrong = client_of(network, KEY, "guessed", SID)
    assert refusal(lambda: wrong.calls("CA0").fetch()) == (401, 20003)


def test_an_account_that_is_not_ours_is_not_found(client):
    other = client.api.v2010.accounts("AC" + "9" * 32)

    assert refusal(lambda: other.messages.create(to=ALICE, from_=DESK, body="Hi")) == (404, 20404)
    assert refusal(other.fetch) == (404, 20404)


def test_the_account_is_active(client):
    account = client.api.accounts(SID).fetch()

    assert (account.sid, account.status, account.type) == (SID, "active", "Full")


def test_unknown_things_are_not_found(client):
    assert refusal(lambda: client.calls("CA" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: client.messages("SM" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: client.incoming_phone_numbers("PN" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: client.queues("QU" + "0" * 32).fetch()) == (404, 20404)


def test_the_error_body(web):
    assert web.get(f"{HERE}/Calls/CA0.json", auth=(SID, TOKEN)).json == {
        "code": 20404,
        "message": f"The requested resource {HERE}/Calls/CA0.json was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_a_method_that_a_resource_does_not_know(web):
    answer = web.put(f"{HERE}/Calls.json", auth=(SID, TOKEN))

    assert (answer.status_code, answer.json["code"]) == (405, 20004)


def test_json_is_not_read(web):
    call = web.post(f"{HERE}/Calls.json", auth=(SID, TOKEN), json={"To": ALICE, "From": DESK})
    text = web.post(f"{HERE}/Messages.json", auth=(SID, TOKEN), json={"To": ALICE, "From": DESK})

    assert (call.json["code"], text.json["code"]) == (21201, 21603)


def test_too_many_requests_at_once(network, client):
    network.settings.most_requests_at_once = 0
    assert refusal(lambda: client.calls("CA0").fetch()) == (429, 20429)
    network.settings.most_requests_at_once = 1

    assert client.calls.list() == []
    assert client.calls.list() == []


def test_how_many_are_inside_is_told(web):
    answers = [web.get(f"{HERE}/Calls.json", auth=(SID, TOKEN)) for _ in range(2)]

    assert [answer.headers["Twilio-Concurrent-Requests"] for answer in answers] == ["1", "1"]


def test_verified_caller_ids(network, client):
    sid = network.verify_caller_id(ALICE)
    network.verify_caller_id(BOB)

    assert network.verify_caller_id(ALICE) == sid
    assert [one.phone_number for one in client.outgoing_caller_ids.list()] == [ALICE, BOB]
    assert [one.sid for one in client.outgoing_caller_ids.list(phone_number=ALICE)] == [sid]
    assert client.outgoing_caller_ids(sid).fetch().phone_number == ALICE
    assert refusal(lambda: client.outgoing_caller_ids("PN0").fetch()) == (404, 20404)


@pytest.mark.parametrize("path", ["/Nothing.json", "/Calls", "/Calls.json"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_stranger_learns_nothing_of_the_api(web, path, method):
    assert web.open(f"{HERE}{path}", method=method).status_code == 401
