"""Adam the administrator keeps the staff list on its pages; Audrey only looks."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from bot.console import create_console
from bot.console.staff_file import MOST_BYTES, MOST_SENT
from bot.records import SAMPLE_STAFF
from tests.console.staff import ADAM, AUDREY, EVERYTHING, MARY, OMAR, Browser, Somebody
from tests.house_in_memory import HouseInMemory

pytestmark = pytest.mark.usefixtures("lived_in")

OMAR_ON_THE_LIST, ADA = "/staff/of/s1001", "/staff/of/s1007"
NINA = "s1009,Nina Newcomer,officer,main"
HEADER = "number,name,roles,desk"


@pytest.fixture
def adam(browser: Browser) -> Browser:
    return browser.signed_in(ADAM)


def told(house: HouseInMemory) -> list[str]:
    """What staff did, who, and to whom."""
    lines = [line for line in house.log() if line["kind"] == "staff"]
    return [" ".join((line["event"], line["staff"], line["detail"])) for line in lines]


def send(browser: Browser, text: str | bytes, **fields: str):  # type: ignore[no-untyped-def]
    content = text.encode() if isinstance(text, str) else text
    return browser.post("/staff/import", file=(BytesIO(content), "staff.csv"), **fields)


def sealed(page: str) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def of(house: HouseInMemory, number: str):  # type: ignore[no-untyped-def]
    return house.runtime.records.staff.get(number)


# The list


def test_an_auditor_sees_everybody_and_can_change_nobody(browser: Browser) -> None:
    page = browser.signed_in(AUDREY).get("/staff").text
    for part in ("s1001", "Omar Example", "officer", "s1002", "not enrolled", "8 people"):
        assert part in page
    assert "7700900201" not in page
    assert "Import a file" not in page
    one = browser.get(OMAR_ON_THE_LIST).text
    assert "Omar Example" in one
    assert "<form" not in one.partition("<main")[2]
    for change in ("invite", "reassign", "leave-of-absence", "left", "back"):
        assert browser.post(f"{OMAR_ON_THE_LIST}/{change}", sure="yes").status_code == 403, change
    for path in ("/staff/import", "/staff/import/done"):
        assert browser.post(path).status_code == 403, path
    assert browser.get("/staff/import").status_code == 403
    assert browser.signed_in(OMAR).get("/staff").status_code == 403


@pytest.mark.parametrize(
    ("fields", "numbers"),
    [
        ({"text": "s1001"}, {"s1001"}),
        ({"text": "S1002"}, {"s1002"}),
        ({"role": "administrator"}, {"s1007"}),
        ({"state": "left"}, {"s1008"}),
        ({"state": "away"}, {"s1003"}),
        ({"desk": "north"}, set()),
        ({"state": "no such", "role": "no such"}, set()),
    ],
)
def test_a_manager_finds_whom_she_looks_for(
    house: HouseInMemory, browser: Browser, fields: dict[str, str], numbers: set[str]
) -> None:
    now = house.clock.now()
    house.runtime.records.staff.leave("s1008", now)
    house.runtime.records.staff.absent("s1003", (now, now + 86400.0), now)
    page = browser.signed_in(MARY).post("/staff", **fields).text
    assert set(re.findall(r'href="/staff/of/(\w+)"', page)) == numbers


def test_a_long_list_is_read_page_by_page_and_nobody_is_left_out(browser: Browser) -> None:
    many = "\n".join(f"t{n:04},Tina {n:03},officer,main" for n in range(230))
    adam = browser.signed_in(ADAM)
    adam.post("/staff/import/done", sealed=sealed(send(adam, f"{HEADER}\n{many}\n").text))

    browser.signed_in(MARY)
    numbers, after, pages = [], "", 0
    while pages < 3:
        page = browser.post("/staff", text="TINA", after=after).text
        numbers += re.findall(r'href="/staff/of/(\w+)"', page)
        pages += 1
        assert "230 people" in page
        hidden = re.search(r'name="text" value="tina">.*name="after" value="(t\d+)"', page, re.S)
        assert bool(hidden) is (pages < 3)
        after = hidden.group(1) if hidden else ""
    assert numbers == [f"t{n:04}" for n in range(230)]
    assert "these are number 201 to 230" in page
    assert "Nobody comes after those" in browser.post("/staff", after="zzz").text


def test_whom_nobody_knows_has_no_page(adam: Browser) -> None:
    for number in ("s9999", "%2e%2e", "S1001'--"):
        assert adam.get(f"/staff/of/{number}").status_code == 404
        assert adam.post(f"/staff/of/{number}/invite").status_code == 404


# One person


def test_an_invitation_is_shown_once_and_lets_enrol(house: HouseInMemory, adam: Browser) -> None:
    page = adam.post(f"{ADA}/invite").text
    code = re.search(r'id="invitation">([A-Z2-7-]+)<', page)
    assert code
    assert code.group(1) not in adam.get(ADA).text
    assert told(house) == [f"staff_invited {ADAM.number} s1007"]
    assert code.group(1) not in str(house.log())


def test_omar_goes_to_another_manager_and_signs_in_anew(
    house: HouseInMemory, adam: Browser
) -> None:
    before = of(house, "s1001")
    page = adam.post(f"{OMAR_ON_THE_LIST}/reassign", desk="main", manager="S1007")
    assert page.status_code == 303
    assert of(house, "s1001").manager == "s1007"
    assert of(house, "s1001").version == before.version + 1
    assert told(house) == [f"staff_reassigned {ADAM.number} s1001 manager"]
    adam.post(f"{OMAR_ON_THE_LIST}/reassign", desk="main", manager="s1007")
    assert len(told(house)) == 1


@pytest.mark.parametrize(
    ("path", "fields", "why"),
    [
        ("reassign", {"manager": "s1001"}, "their own manager"),
        ("reassign", {"manager": "s9999"}, "Nobody has the staff number s9999"),
        ("reassign", {"desk": "moon"}, "Choose a desk"),
        ("leave-of-absence", {"leave_from": "2026-10-02"}, "Give a first day"),
        (
            "leave-of-absence",
            {"leave_from": "2026-10-02", "leave_until": "2026-10-02"},
            "first day",
        ),
        ("leave-of-absence", {"leave_from": "soon", "leave_until": "later"}, "first day"),
        ("left", {}, "Tick that they work here no longer"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    house: HouseInMemory, adam: Browser, path: str, fields: dict[str, str], why: str
) -> None:
    before = of(house, "s1001")
    page = adam.post(f"{OMAR_ON_THE_LIST}/{path}", **fields)
    assert page.status_code == 400
    assert "There is a problem" in page.text
    assert why in page.text
    assert of(house, "s1001") == before
    assert told(house) == []


def test_olga_is_away_and_is_not(house: HouseInMemory, adam: Browser) -> None:
    away = {"leave_from": "2026-09-15", "leave_until": "2026-09-17"}
    page = "/staff/of/s1003/leave-of-absence"
    assert adam.post(page, **away).status_code == 303
    assert of(house, "s1003").away(house.clock.now())
    assert "2026-09-15 until 2026-09-17" in adam.get("/staff/of/s1003").text
    adam.post(page, leave_from="", leave_until="")
    assert of(house, "s1003").leave is None
    assert told(house) == [
        f"staff_leave {ADAM.number} s1003",
        f"staff_leave_over {ADAM.number} s1003",
    ]


def test_omar_leaves_and_comes_back(house: HouseInMemory, adam: Browser) -> None:
    assert adam.post(f"{OMAR_ON_THE_LIST}/left", sure="yes").status_code == 303
    assert of(house, "s1001").left_at is not None
    assert of(house, "s1001").handsets == ()
    assert adam.post(f"{OMAR_ON_THE_LIST}/left", sure="yes").status_code == 400
    assert adam.post(f"{OMAR_ON_THE_LIST}/invite").status_code == 400
    assert adam.post(f"{OMAR_ON_THE_LIST}/back").status_code == 303
    assert of(house, "s1001").left_at is None
    assert told(house) == [
        f"staff_left {ADAM.number} s1001",
        f"staff_returned {ADAM.number} s1001",
    ]


# A file


def test_a_file_is_shown_before_anything_is_written(house: HouseInMemory, adam: Browser) -> None:
    file = f"{HEADER},manager\n{NINA},\ns1003,Olga Renamed,operations,main,s1002\n"
    page = send(adam, file).text
    assert "1 join, 1 change, 0 leave, 0 stay as they are." in page
    assert "s1003: name" in page
    assert "Nina" not in page
    assert of(house, "s1009") is None
    assert told(house) == []

    assert adam.post("/staff/import/done", sealed=sealed(page)).status_code == 303
    assert of(house, "s1009").name == "Nina Newcomer"
    assert told(house) == [
        f"staff_joined {ADAM.number} s1009",
        f"staff_changed {ADAM.number} s1003 name",
    ]


def test_whoever_a_complete_file_forgets_is_shown_to_leave(
    house: HouseInMemory, adam: Browser
) -> None:
    page = send(adam, f"{HEADER}\n{NINA}\n", complete="yes").text
    assert "1 join, 0 change, 8 leave" in page
    adam.post("/staff/import/done", sealed=sealed(page))
    assert [one.number for one in house.runtime.records.staff.all()] == ["s1009"]


def test_a_formula_is_refused_and_every_error_has_its_line(
    house: HouseInMemory, adam: Browser
) -> None:
    rows = ['s1009,"=HYPERLINK(""https://evil.example"")",officer,main', "s1010,Ned,king,main"]
    page = send(adam, "\n".join([HEADER, *rows]))
    assert page.status_code == 400
    assert "Line 2: name: begins as a formula does" in page.text
    assert "Line 3: roles: not a role" in page.text
    assert "evil" not in page.text
    assert of(house, "s1009") is None


def test_of_very_many_errors_the_first_are_told(adam: Browser) -> None:
    page = send(adam, "\n".join([HEADER, *(f"s{n},,officer,main" for n in range(2000, 2080))]))
    assert page.text.count("name: missing") == 50 + 1  # and the field's own
    assert "And 30 more" in page.text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Choose a CSV file"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "Line 1: "),
        (b"number,name\n", "missing column roles"),
        (f"{HEADER}\n{NINA}".encode("utf-16"), "not UTF-8 text"),
        (b"x" * (MOST_BYTES + 1), "larger than 256 KB"),
    ],
)
def test_what_is_no_such_file_says_so(adam: Browser, content: bytes, why: str) -> None:
    page = send(adam, content)
    assert page.status_code == 400
    assert why in page.text


def test_a_file_out_of_all_proportion_is_not_even_read(adam: Browser) -> None:
    assert adam.post("/staff/import", words="x" * (MOST_SENT + 1)).status_code == 413


def test_the_largest_file_comes_through_both_pages(house: HouseInMemory, adam: Browser) -> None:
    rows, size = [HEADER], 0
    while size < MOST_BYTES - 1_000:
        rows.append(f"n{len(rows) + 5000},Nina {'Newcomer ' * 8},officer,main")
        size += len(rows[-1]) + 1
    page = send(adam, "\n".join(rows)).text
    assert adam.post("/staff/import/done", sealed=sealed(page)).status_code == 303
    assert len(house.runtime.records.staff.all()) == 8 + len(rows) - 1
    assert len(told(house)) == len(rows) - 1


def test_only_what_was_shown_to_the_same_person_is_imported(
    house: HouseInMemory, browser: Browser
) -> None:
    page = send(browser.signed_in(ADAM), f"{HEADER}\n{NINA}\n").text
    seen = sealed(page)
    assert browser.signed_in(EVERYTHING).post("/staff/import/done", sealed=seen).status_code == 400
    browser.signed_in(ADAM)
    for other in ("", "nonsense", seen[:-8] + "AAAAAAA="):
        assert browser.post("/staff/import/done", sealed=other).status_code == 400
    assert of(house, "s1009") is None


def test_if_the_list_moves_on_meanwhile_it_is_shown_again(
    house: HouseInMemory, adam: Browser
) -> None:
    seen = sealed(send(adam, f"{HEADER}\n{NINA}\n").text)
    adam.post("/staff/import/done", sealed=seen)
    again = adam.post("/staff/import/done", sealed=seen)
    assert again.status_code == 409
    assert "has been changed meanwhile" in again.text
    assert len(told(house)) == 1


def test_in_production_the_samples_are_refused(
    build: Callable[..., HouseInMemory], somebody: Somebody, own_words: dict[str, str]
) -> None:
    own = {"RINGBACK_CONSOLE_URL": "https://localhost"}
    house = build(profile="production", environment={**own_words, **own})
    browser = Browser(create_console(house.runtime, somebody).test_client(), somebody)
    page = send(browser.signed_in(ADAM), SAMPLE_STAFF.read_bytes())
    assert page.status_code == 400
    assert "nobody works here" in page.text


def test_whoever_is_signed_in_finds_where(console: Flask, adam: Browser) -> None:
    assert 'href="/sessions">Where you are signed in' in adam.get("/").text
