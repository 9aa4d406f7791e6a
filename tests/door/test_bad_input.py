"""Whatever is posted: a defined answer, one line in the log, nothing lost, no 500."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from tests.house_in_memory import BASE, DESK, TOKEN, HouseInMemory, call_sid, text_sid
from tests.people import ALICE, DAVE, NOBODYS_NUMBER, SERVICE

BODIES = {
    "empty": "",
    "controls": "\x00\x01\x07 hello \x1b[31m\x7f",
    "emoji": "Sorry 🙈👩‍👩‍👧 I missed you",
    "1,600 characters": "long " * 320,
    "halves of characters": "\ufffe\uffff",
    "markup": "<Response><Say>hi</Say></Response> & ]]>",
    "right to left": "\u202eמצטער",
    "a template": "{full_name} {balance} %s ${x}",
    "a key": "}main{:due",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_any_text_of_a_customer_is_owed_a_call(house: HouseInMemory, body: str) -> None:
    answer = house.text(ALICE, body)

    assert (answer.status_code, b"<Response/>" in answer.data) == (200, True)
    assert len(house.owed()) == 1
    assert [line["kind"] for line in house.log()] == ["step", "callback"]
    assert body.strip() == "" or body not in str(house.log())


def test_a_text_with_pictures_is_kept(house: HouseInMemory) -> None:
    answer = house.post(
        "/text/received",
        MessageSid=text_sid(1),
        From=ALICE.phone,
        To=SERVICE,
        Body="",
        NumMedia="2",
        MediaUrl0="https://example.org/a.jpg",
        MediaContentType0="image/jpeg",
    )

    assert answer.status_code == 200
    assert len(house.owed()) == 1
    assert "example.org" not in str(house.everything())


@pytest.mark.parametrize(
    "form",
    [
        {"From": ALICE.phone, "To": SERVICE, "Body": "Hello"},
        {"MessageSid": text_sid(1), "To": SERVICE, "Body": "Hello"},
        {"MessageSid": text_sid(1), "From": ALICE.phone, "To": SERVICE},
        {"MessageSid": text_sid(1), "From": ALICE.phone, "Body": "Hello"},
        {"MessageSid": text_sid(1), "From": "HMRC", "To": SERVICE, "Body": "Hello"},
        {"MessageSid": text_sid(1), "From": f"whatsapp:{ALICE.phone}", "To": f"whatsapp:{SERVICE}"},
        {"MessageSid": text_sid(1), "From": "", "To": "", "Body": ""},
        {"MessageSid": text_sid(1), "From": ALICE.phone, "To": NOBODYS_NUMBER, "Body": "Hello"},
        {"MessageSid": text_sid(1), "From": "+44" + "9" * 40, "To": SERVICE, "NumMedia": "many"},
    ],
    ids=[
        "no id",
        "no sender",
        "no body",
        "no service number",
        "a name as sender",
        "another channel",
        "empty",
        "a number that is nobody's",
        "a number that is none",
    ],
)
def test_a_text_that_lacks_something_is_kept_all_the_same(
    house: HouseInMemory, form: dict[str, str]
) -> None:
    answer = house.post("/text/received", **form)

    assert answer.status_code == 200
    assert len(house.owed()) == 1, "a call or a task is owed"
    kept = house.everything()
    house.post("/text/received", **form)
    assert house.everything() == kept


@pytest.mark.parametrize("id", ["", "x" * 200, "a/b", "}{", "SM 1", "ü"])
def test_a_text_with_an_id_that_cannot_be_one_is_acknowledged(
    house: HouseInMemory, id: str
) -> None:
    answer = house.post("/text/received", MessageSid=id, From=ALICE.phone, To=SERVICE, Body="Hello")

    assert (answer.status_code, b"<Response/>" in answer.data) == (200, True)


def test_doubled_parameters_are_read_once(house: HouseInMemory) -> None:
    form = MultiDict(
        [
            ("MessageSid", text_sid(1)),
            ("From", ALICE.phone),
            ("From", DAVE.phone),
            ("To", SERVICE),
            ("Body", "Hello"),
            ("Body", "again"),
        ]
    )
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE}/text/received", form)

    answer = house.client.post(
        "/text/received", data=form, headers={"X-Twilio-Signature": signature}
    )

    assert answer.status_code == 200
    assert len(house.owed()) == 1


VOICE_ROUTES = [
    ("/call/received", {}),
    ("/call/received", {"CallSid": "x" * 100}),
    (f"/call/answered/{DESK}/{call_sid(9)}", {"CallSid": call_sid(9)}),
    (f"/call/answered/{DESK}/{call_sid(9)}", {}),
    (f"/call/answered/nowhere/{call_sid(9)}", {"CallSid": call_sid(9)}),
    (f"/call/answered/{DESK}/a.b", {"CallSid": call_sid(9)}),
    (f"/call/answered/{DESK}/no-such-attempt-1", {"CallSid": call_sid(9)}),
    (f"/call/digits-pressed/{DESK}/{call_sid(9)}/1", {"CallSid": call_sid(9), "Digits": "1"}),
    (f"/call/digits-pressed/{DESK}/{call_sid(9)}/x", {}),
    (f"/call/leg-ended/{DESK}/{call_sid(9)}/1", {"DialCallStatus": "completed"}),
    (f"/call/leg-ended/{DESK}/{call_sid(9)}/1", {}),
    (f"/call/leg-ended/{DESK}/{call_sid(9)}/1", {"DialCallStatus": "eaten"}),
    (f"/call/again/{DESK}/{call_sid(9)}", {"CallSid": call_sid(9)}),
]
NOTICE_ROUTES = [
    ("/call/status", {}),
    ("/call/status", {"CallSid": call_sid(9), "CallStatus": "eaten"}),
    ("/call/status", {"CallSid": call_sid(9)}),
    (f"/call/status/nowhere/{call_sid(9)}", {"CallSid": call_sid(9), "CallStatus": "completed"}),
    (f"/call/machine-heard/{DESK}/{call_sid(9)}", {"CallSid": call_sid(9), "AnsweredBy": "robot"}),
    (f"/call/machine-heard/{DESK}/{call_sid(9)}", {}),
    ("/text/delivery", {}),
    ("/text/delivery", {"MessageSid": text_sid(9), "MessageStatus": "eaten"}),
    ("/text/delivery", {"MessageSid": text_sid(9), "MessageStatus": "sent"}),
]


@pytest.mark.parametrize(("path", "form"), VOICE_ROUTES)
def test_a_live_call_that_we_cannot_place_hears_the_apology(
    house: HouseInMemory, path: str, form: dict[str, str]
) -> None:
    answer = house.post(path, **form)

    assert answer.status_code == 200
    assert b"We are sorry" in answer.data and b"<Hangup/>" in answer.data
    assert house.owed() == []


@pytest.mark.parametrize(("path", "form"), NOTICE_ROUTES)
def test_a_notice_that_we_cannot_place_is_acknowledged(
    house: HouseInMemory, path: str, form: dict[str, str]
) -> None:
    answer = house.post(path, **form)

    assert (answer.status_code, b"<Response/>" in answer.data) == (200, True)
    assert house.owed() == []


KEYS = ["##", "1 2", "*0", "ABCD", "١٢٣", "9" * 500, "<Say/>", "\x00", "0#", "00", "-1", "1e3"]


@pytest.mark.parametrize("keys", KEYS)
def test_any_keys_get_an_answer(house: HouseInMemory, keys: str) -> None:
    call = house.rings(DAVE)

    assert call.press(keys).status_code == 200

    heard = call.heard()
    assert heard.action or heard.hangs_up
    assert not [line for line in house.log() if line["kind"] == "fault"]


def test_what_was_said_aloud_is_silence(house: HouseInMemory) -> None:
    call = house.rings(DAVE)

    call.post(call.heard().action, SpeechResult="<Say>Boo</Say> & so on", Confidence="0.9")

    assert house.log()[-1]["event"] == "silence"
    assert call.last is not None and b"Boo" not in call.last.data


def test_an_unknown_conversation_leaves_one_line(house: HouseInMemory) -> None:
    house.post(f"/call/digits-pressed/{DESK}/{call_sid(9)}/1", CallSid=call_sid(9), Digits="1")

    assert [(line["kind"], line["reason"]) for line in house.log()] == [
        ("note", "unknown_conversation")
    ]
