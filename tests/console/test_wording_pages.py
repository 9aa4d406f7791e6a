"""Wording on a page: Ada writes, Grace approves, Beth may do both but not to one text.

In production with an operator's own words; what is decided here is what is spoken.
"""

from collections.abc import Callable

import pytest

from bot.console import create_console
from bot.submissions import State
from tests.console.staff import ADA, AUDREY, BETH, GRACE, OLIVE, Browser, Somebody
from tests.house_in_memory import HouseInMemory

ITEM = "/wording/text/common.goodbye/en"
WITHDRAW = "/wording/withdraw/common.goodbye/en"


@pytest.fixture
def house(build: Callable[..., HouseInMemory], own_words: dict[str, str]) -> HouseInMemory:
    own = {"RINGBACK_CONSOLE_URL": "https://localhost"}
    return build(profile="production", environment={**own_words, **own})


@pytest.fixture
def browser(house: HouseInMemory, somebody: Somebody) -> Browser:
    return Browser(create_console(house.runtime, somebody).test_client(), somebody)


def keys(house: HouseInMemory) -> list[str]:
    return [text.key for text in house.runtime.wordings.texts]


def numbers(house: HouseInMemory) -> list[str]:
    return [str(one.number) for one in house.runtime.wordings.submissions()]


def staff_lines(house: HouseInMemory, what: str) -> list[dict[str, str]]:
    return [line for line in house.log() if line["kind"] == "staff" and line["event"] == what]


def test_what_one_writes_and_another_approves_is_spoken(
    house: HouseInMemory, browser: Browser
) -> None:
    submitted = browser.signed_in(ADA).post("/wording/submit", text=keys(house))
    assert submitted.status_code == 302
    assert not house.runtime.may_speak("main")
    waiting = browser.signed_in(GRACE).get("/wording/waiting").text
    assert "Thank you for ringing. Goodbye." in waiting
    assert "written by 100005" in waiting

    browser.post("/wording/approve", submission=numbers(house))

    assert house.runtime.may_speak("main")
    assert {one.approver for one in house.runtime.wordings.submissions()} == {GRACE.number}
    assert len(staff_lines(house, "wording_submitted")) == len(keys(house))
    assert {line["staff"] for line in staff_lines(house, "wording_approved")} == {GRACE.number}


def test_nobody_approves_what_they_wrote(house: HouseInMemory, browser: Browser) -> None:
    browser.signed_in(BETH).post("/wording/submit", text=keys(house)[:1])

    assert "You wrote it: somebody else must approve it." in browser.get("/wording/waiting").text
    answer = browser.post("/wording/approve", submission=numbers(house))

    assert answer.status_code == 409
    assert "100009 wrote it; somebody else must approve it" in answer.text
    assert staff_lines(house, "wording_approved") == []


def test_each_may_do_what_their_right_says(house: HouseInMemory, browser: Browser) -> None:
    key = keys(house)[:1]
    assert browser.signed_in(GRACE).post("/wording/submit", text=key).status_code == 403
    assert browser.signed_in(AUDREY).post("/wording/submit", text=key).status_code == 403
    assert browser.signed_in(OLIVE).get("/wording").status_code == 403
    browser.signed_in(ADA).post("/wording/submit", text=key)
    assert browser.post("/wording/approve", submission=numbers(house)).status_code == 403
    assert browser.signed_in(AUDREY).post(WITHDRAW, reason="x").status_code == 403
    seen = browser.get("/wording").text
    assert "checkbox" not in seen and "Submit" not in seen


def test_a_withdrawal_bites_at_once_and_needs_a_reason(
    house: HouseInMemory, browser: Browser
) -> None:
    browser.signed_in(ADA).post("/wording/submit", text=keys(house))
    browser.signed_in(GRACE).post("/wording/approve", submission=numbers(house))

    for reason in ("  ", "07700 900123 complained", "x" * 121):
        refused = browser.post(WITHDRAW, reason=reason)
        assert refused.status_code == 400
        assert "There is a problem" in refused.text
        assert house.runtime.may_speak("main")

    browser.post(WITHDRAW, reason="It names the wrong office")

    assert not house.runtime.may_speak("main")
    (line,) = staff_lines(house, "wording_withdrawn")
    assert line["reason"] == "It names the wrong office"
    assert line["detail"] == "common.goodbye version 1 en"
    (text,) = [
        one for one in house.runtime.wordings.standings() if one.text.item == "common.goodbye"
    ]
    assert text.state is State.WITHDRAWN


def test_what_is_new_is_marked_against_what_was_approved(
    build: Callable[..., HouseInMemory], house: HouseInMemory, browser: Browser
) -> None:
    book = house.runtime.records.approvals
    (text,) = [one for one in house.runtime.wordings.texts if one.item == "common.goodbye"]
    older = [
        type(text)(text.item, text.language, text.audience, "Thank you for calling. Goodbye.", "0")
    ]
    made = book.submit(older, profile="production", author="100005", at=house.clock.now())
    book.approve(made, by="100006", at=house.clock.now())

    told = browser.signed_in(AUDREY).get(ITEM).text

    assert "<del>calling</del><ins>ringing</ins>" in told
    assert "altered" in told


def test_nothing_ticked_is_said_to_be_nothing(house: HouseInMemory, browser: Browser) -> None:
    answer = browser.signed_in(ADA).post("/wording/submit")

    assert answer.status_code == 409
    assert "Tick the texts that you submit" in answer.text
    assert browser.post("/wording/submit", text=["no@such@text"]).status_code == 409
    assert browser.get("/wording/text/no.such/en").status_code == 404


def test_samples_are_not_submitted_in_production(
    build: Callable[..., HouseInMemory], somebody: Somebody
) -> None:
    house = build(profile="production", environment={"RINGBACK_CONSOLE_URL": "https://localhost"})
    browser = Browser(create_console(house.runtime, somebody).test_client(), somebody)

    answer = browser.signed_in(ADA).post("/wording/submit", text=keys(house))

    assert answer.status_code == 409
    assert "samples are never approved for production" in answer.text
