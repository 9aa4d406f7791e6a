"""Tasks, Callbacks and texts on the console: Olive operates, Mary manages, Audrey only reads."""

import re

import pytest

from bot.store import DUE
from tests.console.staff import AUDREY, MARY, OLIVE, Browser, person
from tests.house_in_memory import DESK, HOUR, HouseInMemory, text_sid
from tests.on_the_list import put_on_the_list
from tests.people import ALICE, BOB, PEOPLE

MAX = person("100014", "Max Manager", *MARY.roles)
TEXT, OTHER = text_sid(1), text_sid(2)
FRANK = PEOPLE["Frank"]
BOBS = f"/callbacks/{DESK}/{TEXT}"


@pytest.fixture
def owed(house: HouseInMemory) -> HouseInMemory:
    house.text(BOB, "Hello", sid=TEXT)
    house.work()
    return house


@pytest.fixture
def raised(house: HouseInMemory) -> HouseInMemory:
    """Frank's text: he shares a telephone, so a person decides."""
    house.text(FRANK, "You rang? My other number is 07700900123", sid=TEXT)
    house.work()
    return house


def due(house: HouseInMemory) -> list[str]:
    return [line.id for line in house.store.waiting(DESK, DUE)]


def staff_lines(house: HouseInMemory) -> list[tuple[str, str]]:
    return [(line["event"], line["staff"]) for line in house.log() if line["kind"] == "staff"]


def address(house: HouseInMemory) -> str:
    (task,) = house.runtime.tasks.open()
    return f"/tasks/{task.public_id}"


# Tasks


def test_olive_takes_a_task_and_finishes_it(raised: HouseInMemory, browser: Browser) -> None:
    path = address(raised)
    listed = browser.signed_in(OLIVE).get("/tasks").text
    assert path in listed
    assert "Several people" in listed
    assert "/help/several_people" in browser.get(path).text

    browser.post(f"{path}/take", taken_by="")
    assert raised.runtime.tasks.open()[0].taken_by == OLIVE.number

    browser.post(f"{path}/finish")
    assert raised.runtime.tasks.open() == []
    assert OLIVE.number in browser.get("/tasks/done").text
    assert staff_lines(raised) == [("task_take", "100001"), ("task_finish", "100001")]


def test_nobody_takes_a_task_out_of_hands_that_they_have_not_seen(
    raised: HouseInMemory, browser: Browser
) -> None:
    path = address(raised)
    browser.signed_in(OLIVE).post(f"{path}/take", taken_by="")

    assert browser.signed_in(MARY).post(f"{path}/take", taken_by="").status_code == 409
    assert staff_lines(raised) == [("task_take", "100001")]
    assert "Take it over from 100001" in browser.get(path).text
    browser.post(f"{path}/take", taken_by="100001")
    assert raised.runtime.tasks.open()[0].taken_by == MARY.number


def test_what_is_done_is_not_done_twice(raised: HouseInMemory, browser: Browser) -> None:
    path = address(raised)
    browser.signed_in(OLIVE).post(f"{path}/finish")

    assert browser.post(f"{path}/finish").status_code == 404


def test_mary_reads_a_text_and_the_log_says_so(raised: HouseInMemory, browser: Browser) -> None:
    path = address(raised)
    assert "You rang?" not in browser.signed_in(MARY).get(path).text

    read = browser.post(f"{path}/text").text

    assert "You rang?" in read
    assert "07700900123" not in read
    assert staff_lines(raised) == [("text_read", "100004")]


def test_whoever_may_not_read_texts_reads_none(raised: HouseInMemory, browser: Browser) -> None:
    path = address(raised)
    assert "a manager may" in browser.signed_in(OLIVE).get(path).text
    assert browser.post(f"{path}/text").status_code == 403
    assert staff_lines(raised) == []


def test_audrey_reads_the_tasks_and_touches_nothing(
    raised: HouseInMemory, browser: Browser
) -> None:
    path = address(raised)
    shown = browser.signed_in(AUDREY).get(path).text
    assert "It is done" not in shown
    assert "Take it" not in shown
    for what in ("take", "finish", "text"):
        assert browser.post(f"{path}/{what}").status_code == 403
    assert len(raised.runtime.tasks.open()) == 1


def test_no_page_shows_a_number_or_the_words(raised: HouseInMemory, browser: Browser) -> None:
    for path in ("/tasks", address(raised), "/callbacks"):
        shown = browser.signed_in(MARY).get(path).text
        assert "You rang?" not in shown
        assert FRANK.phone not in shown
        assert FRANK.phone.removeprefix("+44") not in shown


# Callbacks


def test_olive_sees_what_is_owed_and_why_it_waits(owed: HouseInMemory, browser: Browser) -> None:
    owed.later(12 * HOUR)
    owed.dial()  # it is night

    listed = browser.signed_in(OLIVE).get("/callbacks").text
    assert "1 call is owed" in listed
    assert BOBS in listed
    assert "outside calling hours" in listed
    shown = browser.get(BOBS).text
    assert "It may be rung from 16 September 2026" in shown
    assert BOB.phone not in shown


def test_olive_holds_it_and_releases_it(owed: HouseInMemory, browser: Browser) -> None:
    browser.signed_in(OLIVE).post(BOBS, order="hold", until="2026-09-16T14:30", reason="a visit")
    assert "Held until" in browser.get(BOBS).text
    assert "16 September 2026, 14:30:00" in browser.get(BOBS).text
    assert owed.dial() == "refused"

    browser.post(BOBS, order="release", reason="the visit is over")
    assert owed.dial() == "placed"
    assert staff_lines(owed) == [("callback_hold", "100001"), ("callback_release", "100001")]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"order": "hold", "until": "", "reason": "a visit"}, "Give a day and a time"),
        ({"order": "hold", "until": "2020-01-01T10:00", "reason": "a visit"}, "to come"),
        ({"order": "ring", "reason": "a visit"}, "Choose what is to be done"),
        ({"order": "cancel", "reason": ""}, "Say why"),
        ({"order": "cancel", "reason": "rang 07700900123"}, "No telephone number"),
    ],
)
def test_what_cannot_be_done_is_said_above_the_form(
    owed: HouseInMemory, browser: Browser, form: dict[str, str], told: str
) -> None:
    answer = browser.signed_in(OLIVE).post(BOBS, **form)

    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert told in answer.text
    assert len(due(owed)) == 1


def test_olive_hands_it_over_and_it_is_a_task(owed: HouseInMemory, browser: Browser) -> None:
    browser.signed_in(OLIVE).post(BOBS, order="hand_over", reason="he knows Omar")
    owed.work()

    assert "Handed over" in browser.get("/tasks").text
    assert "needs person" in browser.get(BOBS).text
    assert due(owed) == []


def test_audrey_reads_the_callbacks_and_touches_nothing(
    owed: HouseInMemory, browser: Browser
) -> None:
    shown = browser.signed_in(AUDREY).get(BOBS).text
    assert "Change it" not in shown
    assert browser.post(BOBS, order="cancel", reason="a visit").status_code == 403
    assert browser.post("/callbacks/many", callback=f"{DESK}/{TEXT}").status_code == 403
    assert len(due(owed)) == 1


def test_why_many_were_not_done_is_told_in_few_words(owed: HouseInMemory, browser: Browser) -> None:
    put_on_the_list(owed, MARY, MAX)
    gone = [f"{DESK}/{text_sid(n)}" for n in range(100, 180)]
    chosen = [f"{DESK}/{TEXT}", *gone]
    browser.signed_in(MARY).post(
        "/callbacks/many", callback=chosen, order="cancel", reason="the office is closed"
    )
    (confirm,) = re.findall(r'action="([^"]*)/withdraw"', browser.get("/callbacks").text)

    browser.signed_in(MAX).post(f"{confirm}/confirm")

    told = browser.get("/callbacks").text
    assert "Done for 1 of 81 callbacks." in told
    assert "80 not done: there is no such callback any more." in told
    assert told.count("not done") == 1


def test_it_takes_two_managers_for_many(owed: HouseInMemory, browser: Browser) -> None:
    put_on_the_list(owed, MARY, MAX)
    owed.text(ALICE, "Hello", sid=OTHER)
    chosen = [f"{DESK}/{TEXT}", f"{DESK}/{OTHER}"]
    assert browser.signed_in(OLIVE).post("/callbacks/many", callback=chosen).status_code == 403

    browser.signed_in(MARY).post(
        "/callbacks/many", callback=chosen, order="cancel", reason="the office is closed"
    )
    page = browser.get("/callbacks").text
    assert "Waits for a second person" in page
    assert "Confirm it" not in page
    (confirm,) = re.findall(r'action="([^"]*)/withdraw"', page)
    assert browser.post(f"{confirm}/confirm").status_code == 400
    assert len(due(owed)) == 2

    browser.signed_in(MAX)
    assert "Confirm it" in browser.get("/callbacks").text
    browser.post(f"{confirm}/confirm")

    assert due(owed) == []
    assert "Done for 2 of 2 callbacks." in browser.get("/callbacks").text


def test_mary_withdraws_what_she_asked_for(owed: HouseInMemory, browser: Browser) -> None:
    browser.signed_in(MARY).post(
        "/callbacks/many", callback=f"{DESK}/{TEXT}", order="cancel", reason="a mistake"
    )
    (bulk,) = re.findall(r'action="([^"]*)/withdraw"', browser.get("/callbacks").text)

    browser.post(f"{bulk}/withdraw")

    assert "Waits for a second person" not in browser.get("/callbacks").text
    assert len(due(owed)) == 1


@pytest.mark.parametrize(
    "path", ["/callbacks/nowhere/SM1", f"/callbacks/{DESK}/SM1", "/tasks/0123456789abcdef"]
)
def test_what_there_is_not_is_not_found(browser: Browser, path: str) -> None:
    assert browser.signed_in(MARY).get(path).status_code == 404
