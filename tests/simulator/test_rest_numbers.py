import pytest

from bot.simulator import DeliveryError
from tests.simulator.scene import ALICE, BASE, DESK, TUESDAY_AT_TEN, refusal

SECOND = "+442079460001"


@pytest.fixture
def desk(client):
    (number,) = client.incoming_phone_numbers.list(phone_number=DESK)
    return number


def test_a_number_tells_where_it_is_announced(desk):
    assert (desk.phone_number, desk.friendly_name, desk.origin) == (DESK, DESK, "twilio")
    assert (desk.voice_url, desk.voice_method) == (f"{BASE}/call/received", "POST")
    assert (desk.sms_url, desk.status_callback) == (f"{BASE}/text/received", f"{BASE}/call/status")
    assert (desk.capabilities["voice"], desk.capabilities["mms"]) == (True, False)
    assert desk.date_created == TUESDAY_AT_TEN


def test_numbers_are_found_by_their_filters(network, client):
    network.own(SECOND)

    def found(**filters):
        return [own.phone_number for own in client.incoming_phone_numbers.list(**filters)]

    assert found() == [DESK, SECOND]
    assert found(phone_number="9460001") == [SECOND]
    assert found(phone_number="+44207946000*") == [DESK, SECOND]
    assert found(friendly_name=SECOND) == [SECOND]
    assert found(origin="hosted") == []
    assert found(page_size=1) == [DESK, SECOND]


def test_calls_are_announced_elsewhere_after_an_update(network, client, service, desk):
    service.answer("/new", "<Say>New</Say>")
    changed = client.incoming_phone_numbers(desk.sid).update(
        voice_url=f"{BASE}/new", voice_method="GET", friendly_name="The desk"
    )
    assert (changed.voice_url, changed.voice_method) == (f"{BASE}/new", "GET")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert network.calls[sid].words == "New"
    assert service.asked("/call/received") == []
    assert service.requests[0].method == "GET"
    assert client.incoming_phone_numbers(desk.sid).fetch().friendly_name == "The desk"
    assert service.asked("/call/status") != []


def test_the_fallback_and_the_notices_move_too(network, client, service, desk):
    client.incoming_phone_numbers(desk.sid).update(
        voice_url=f"{BASE}/gone",
        voice_fallback_url=f"{BASE}/second",
        voice_fallback_method="GET",
        status_callback=f"{BASE}/told",
        status_callback_method="GET",
    )
    service.answer("/gone", DeliveryError("ct", "nobody listens"))
    service.answer("/second", "<Say>Sorry</Say>")
    sid = network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert network.calls[sid].words == "Sorry"
    assert [request.method for request in service.requests][-2:] == ["GET", "GET"]
    assert service.asked("/told")[0]["CallStatus"] == "completed"


def test_texts_are_announced_elsewhere_after_an_update(network, client, service, desk):
    client.incoming_phone_numbers(desk.sid).update(sms_url=f"{BASE}/texts", sms_method="GET")
    network.text(ALICE, DESK, "Hello")

    assert service.asked("/texts")[0]["Body"] == "Hello"
    assert service.requests[0].method == "GET"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"voice_url": "not a url"}, 21402),
        ({"sms_method": "DELETE"}, 21403),
        ({"voice_application_sid": "AP" + "0" * 32}, 22108),
        ({"friendly_name": "x" * 65}, 20001),
    ],
)
def test_refused_changes(client, desk, change, code):
    number = client.incoming_phone_numbers(desk.sid)

    assert refusal(lambda: number.update(**change)) == (400, code)
    assert number.fetch().voice_url == f"{BASE}/call/received"


def test_what_a_number_cannot_be_told_is_named(network, client, desk):
    client.incoming_phone_numbers(desk.sid).update(voice_caller_id_lookup=True)

    assert [event.words for event in network.events] == [
        "the simulator does not heed VoiceCallerIdLookup of a number"
    ]


def test_a_number_that_is_given_again_keeps_its_sid_and_its_name(network, client, desk):
    client.incoming_phone_numbers(desk.sid).update(friendly_name="The desk")
    network.own(DESK, f"{BASE}/other")

    (again,) = client.incoming_phone_numbers.list()
    assert (again.sid, again.friendly_name) == (desk.sid, "The desk")
    assert again.voice_url == f"{BASE}/other"
