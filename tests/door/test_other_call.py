"""A webhook of one call about the conversation of another: it is told nothing, and moves nothing.

Mallory's call is a real one, so the carrier signs what it posts; but the id in its URLs is Alice's.
"""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.house_in_memory import Heard, HouseInMemory, LiveCall, call_sid
from tests.people import ALICE, MALLORY

MALLORYS = call_sid(666)


def rung_by_us(house: HouseInMemory) -> LiveCall:
    """Alice is called, and is at the menu of her case."""
    call = house.ring_by_officer(ALICE)
    call.answered()
    call.press("5")
    call.press("1")
    call.answer_all(ALICE)
    call.keep_number()
    return call


def rings_us(house: HouseInMemory) -> LiveCall:
    """Alice rings, and is at the menu of her case."""
    call = house.rings(ALICE)
    call.verify(ALICE)
    return call


def mallory_posts(house: HouseInMemory, path: str, **form: str) -> TestResponse:
    return house.post(path, CallSid=MALLORYS, From=MALLORY.phone, To=ALICE.phone, **form)


@pytest.mark.parametrize("begins", [rung_by_us, rings_us])
@pytest.mark.parametrize(
    ("route", "form"),
    [
        ("action", {"Digits": "1"}),
        ("action", {"SpeechResult": "one", "Confidence": "0.9"}),
        ("action", {}),
        ("again", {}),
        ("answered", {}),
        ("leg-ended", {"DialCallStatus": "completed"}),
    ],
)
def test_what_is_spoken_to_her_is_spoken_to_nobody_else(
    house: HouseInMemory,
    begins: Callable[[HouseInMemory], LiveCall],
    route: str,
    form: dict[str, str],
) -> None:
    alice = begins(house)
    assert alice.heard().asked == "case.menu"
    action = alice.heard().action
    paths = {
        "action": action,
        "again": f"/call/again/{alice.place}",
        "answered": f"/call/answered/{alice.place}",
        "leg-ended": action.replace("digits-pressed", "leg-ended"),
    }
    before = house.everything()

    answer = mallory_posts(house, paths[route], **form)

    heard = Heard.of(answer.get_data(as_text=True), house.wording)
    assert heard.apology
    assert ALICE.tells(heard.text) == []
    assert house.everything() == before
    alice.press("1")
    assert ALICE.tells(alice.heard().text)


@pytest.mark.parametrize("begins", [rung_by_us, rings_us])
@pytest.mark.parametrize(
    ("route", "form"),
    [
        ("status", {"CallStatus": "completed"}),
        ("status", {"CallStatus": "failed"}),
        ("machine-heard", {"AnsweredBy": "machine_start"}),
    ],
)
def test_her_call_is_not_ended_by_news_of_another(
    house: HouseInMemory,
    begins: Callable[[HouseInMemory], LiveCall],
    route: str,
    form: dict[str, str],
) -> None:
    alice = begins(house)
    before = house.everything()

    answer = mallory_posts(house, f"/call/{route}/{alice.place}", **form)

    assert answer.status_code == 200
    assert Heard.of(answer.get_data(as_text=True), house.wording).nothing
    assert house.everything() == before


def test_the_first_webhook_of_an_attempt_must_be_of_the_call_that_was_placed(
    house: HouseInMemory,
) -> None:
    alice = house.ring_by_officer(ALICE)
    before = house.everything()

    answer = mallory_posts(house, f"/call/answered/{alice.place}")

    assert Heard.of(answer.get_data(as_text=True), house.wording).apology
    assert house.everything() == before
    alice.answered()
    assert alice.heard().asked == "outbound_call.opening"


def test_it_is_said_in_the_log(house: HouseInMemory) -> None:
    alice = rings_us(house)

    with capture_logs() as application_log:
        mallory_posts(house, alice.heard().action, Digits="1")

    (line,) = [each for each in application_log if each["event"] == "webhook_of_another_call"]
    assert line["conversation"] == alice.id
    assert MALLORYS not in str(line)
