"""Search, export and Conversation: Olive looks for Bob's call, Audrey exports."""

import csv
import re
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import text as sql

from bot.console import export
from bot.console.asgi import THREADS
from bot.console.csv_file import harmless
from bot.console.search import LINES
from bot.staff import Role
from tests.console.archiving import archive
from tests.console.routes import address, rules
from tests.console.staff import AUDREY, MARY, OLIVE, OMAR, Browser, person
from tests.house_in_memory import DESK, HOUR, HouseInMemory, text_sid
from tests.people import ALICE, BOB

TEXT = text_sid(1)


@pytest.fixture
def archived(house: HouseInMemory) -> HouseInMemory:
    """Bob has texted, was rung, and nobody answered; Alice has rung and heard her case."""
    house.text(BOB, "Hello", sid=TEXT)
    house.place().status("no-answer")
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    call.hang_up()
    house.work()
    archive(house)
    return house


def find(browser: Browser, **asked: str) -> str:
    answer = browser.post("/search", **asked)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_olive_finds_bobs_call_by_his_number_and_no_page_shows_it(
    archived: HouseInMemory, browser: Browser
) -> None:
    path = find(browser.signed_in(OLIVE), number=BOB.phone)

    shown = browser.get(path).text

    assert f"/conversations/{DESK}/{TEXT}" in shown
    assert "no answer" in shown
    for hidden in (BOB.phone, BOB.phone.removeprefix("+44"), *ALICE.details):
        assert hidden not in shown + path
    assert BOB.phone not in repr(archived.everything())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "matches every line"),
        ({"desk": "main"}, "give the time from when"),
        ({"since": "2016-01-01T00:00", "until": "2026-01-01T00:00"}, "longer than 400 days"),
        ({"since": "2026-09-16T00:00", "until": "2026-09-15T00:00"}, "ends before it begins"),
        ({"since": "yesterday"}, "Give a day and a time"),
        ({"number": "12"}, "whole telephone number"),
    ],
)
def test_what_cannot_be_searched_is_said_above_the_form(
    browser: Browser, asked: dict[str, str], told: str
) -> None:
    answer = browser.signed_in(OLIVE).post("/search", **asked)

    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert told.lower() in answer.text.lower()


@pytest.mark.parametrize("wild", ["%", "_________", "*", "' OR 1=1 --", "<script>"])
@pytest.mark.parametrize("field", ["case", "staff", "conversation", "wording", "flow", "kind"])
def test_wild_characters_are_refused_with_what_to_give(
    browser: Browser, field: str, wild: str
) -> None:
    answer = browser.signed_in(OLIVE).post("/search", **{field: wild})
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("field", ["case", "staff", "conversation", "state", "wording", "since"])
def test_a_telephone_number_in_the_wrong_field_is_neither_kept_nor_shown(
    house: HouseInMemory, browser: Browser, field: str
) -> None:
    for written in (BOB.phone, BOB.phone.replace("+44", "0"), BOB.phone.removeprefix("+")):
        answer = browser.signed_in(OLIVE).post("/search", **{field: written})
        assert answer.status_code == 400
        assert written not in answer.text


def test_nobody_looks_for_who_was_asked_what(browser: Browser) -> None:
    answer = browser.signed_in(OLIVE).post(
        "/search", wording="question.birth_date", case=ALICE.reference
    )
    assert answer.status_code == 400
    assert "which checks were asked is not told" in answer.text


def test_a_search_is_its_makers_alone_and_is_forgotten(
    archived: HouseInMemory, browser: Browser
) -> None:
    path = find(browser.signed_in(OLIVE), case=BOB.reference)
    assert BOB.reference not in path

    assert browser.signed_in(MARY).get(path).status_code == 404
    assert browser.signed_in(OLIVE).get(path).status_code == 200
    archived.later(13 * HOUR)
    assert browser.get(path).status_code == 404


def test_pages_follow_each_other_without_a_gap(archived: HouseInMemory, browser: Browser) -> None:
    for number in range(10, 70):
        archived.text(BOB, "Still there?", sid=text_sid(number))
    archive(archived)
    path = find(browser.signed_in(OLIVE), since="2026-09-15T00:00", until="2026-09-16T00:00")
    seen, pages = 0, 0
    while path:
        shown = browser.get(path).text
        seen += shown.count('<th scope="row"')
        pages += 1
        _, older, rest = shown.partition("after=")
        path = f"{path.partition('?')[0]}?after={rest.partition(chr(34))[0]}" if older else ""
    assert seen == archived.runtime.records.flow_log_search.count()[DESK]
    assert pages == -(-seen // LINES) > 1


def test_audrey_exports_and_the_log_says_so(archived: HouseInMemory, browser: Browser) -> None:
    path = find(browser.signed_in(AUDREY), number=BOB.phone, since="2026-09-15T00:00")
    assert f'href="{path}/export"' in browser.get(path).text
    before = browser.get(f"{path}/export").text

    answer = browser.post(f"{path}/export")

    lines = list(csv.DictReader(StringIO(answer.text)))
    assert f"{len(lines)} lines, as a CSV file" in before
    assert answer.headers["Ringback-Lines"] == str(len(lines))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="flow-log.csv"'
    assert {line["conversation"].partition("-")[0] for line in lines} == {TEXT}
    assert "number_hash" not in lines[0]
    assert BOB.phone not in answer.text
    (told,) = [line for line in archived.log() if line.get("event") == "exported"]
    assert told["staff"] == AUDREY.number
    assert told["detail"] == f"{len(lines)} lines: since=2026-09-15T00:00+01:00 number"


def test_a_file_has_what_pages_have_in_many_readings(
    archived: HouseInMemory, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = find(browser.signed_in(AUDREY), since="2026-09-15T00:00", until="2026-09-16T00:00")
    whole = browser.post(f"{path}/export").text
    monkeypatch.setattr(export, "LONGEST_PAGE", 3)
    monkeypatch.setattr(export, "AT_ONCE", 2)
    lines = archived.runtime.records.flow_log_search.count()[DESK]
    assert lines > 2 * 3
    assert browser.post(f"{path}/export").text == whole
    assert whole.count("\n") == 1 + lines


def test_browsers_that_read_slowly_leave_the_other_pages_their_threads(
    archived: HouseInMemory, browser: Browser
) -> None:
    path = find(browser.signed_in(AUDREY), case=BOB.reference)
    slow = [browser.post(f"{path}/export") for _ in range(export.MOST_FILES)]

    refused = browser.post(f"{path}/export")
    assert refused.status_code == 503
    assert "Try again in a minute" in refused.text
    exported = [line for line in archived.log() if line.get("event") == "exported"]
    assert len(exported) == export.MOST_FILES < THREADS

    slow.pop().close()
    assert browser.post(f"{path}/export").status_code == 200
    for each in slow:
        each.close()


def test_more_than_a_file_may_hold_is_refused_before_anything_goes_out(
    archived: HouseInMemory, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 3)
    path = find(browser.signed_in(AUDREY), since="2026-09-15T00:00", until="2026-09-16T00:00")

    answer = browser.post(f"{path}/export")

    assert answer.status_code == 400
    for told in (answer.text, browser.get(f"{path}/export").text):
        assert "more than 3 lines" in told and "shorter time" in told
        assert "Download" not in told
    assert not [line for line in archived.log() if line.get("event") == "exported"]


def test_whoever_may_not_export_does_not(archived: HouseInMemory, browser: Browser) -> None:
    path = find(browser.signed_in(OLIVE), case=BOB.reference)
    assert "Export as CSV" not in browser.get(path).text
    assert browser.get(f"{path}/export").status_code == 403
    assert browser.post(f"{path}/export").status_code == 403
    assert not [line for line in archived.log() if line.get("event") == "exported"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\tx", "\r=1", " =1", "＝1", "＠x"]
)
def test_a_cell_runs_nothing(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a visit;{cell}") == f"a visit;'{cell}"  # where a cell ends with a semicolon
    assert harmless("left_message; a-b = c") == "left_message; a-b = c"


def test_a_conversation_is_told_whether_it_is_archived_or_not(
    archived: HouseInMemory, browser: Browser
) -> None:
    archived.text(BOB, "Still there?", sid=text_sid(9))
    page = f"/conversations/{DESK}/{TEXT}"
    archived_part = browser.signed_in(OLIVE).get(page).text
    assert "received → callback_owed" in archived_part
    assert f"/callbacks/{DESK}/{TEXT}" in archived_part
    assert f"/conversations/{DESK}/{TEXT}-1" in archived_part

    waiting = browser.get(f"/conversations/{DESK}/{text_sid(9)}").text
    archive(archived)
    assert browser.get(f"/conversations/{DESK}/{text_sid(9)}").text == waiting


def test_a_conversation_shows_no_detail_answer_or_number(
    archived: HouseInMemory, browser: Browser
) -> None:
    (id,) = {line["conversation"] for line in archived.log() if line.get("flow") == "inbound_call"}
    shown = browser.signed_in(OLIVE).get(f"/conversations/{DESK}/{id}").text
    assert "case.details" in shown
    assert "told balance" in shown
    answers = [
        each for each in ALICE.answers.values() if len(each) > 4
    ]  # shorter ones are anywhere
    for hidden in (*ALICE.details, *answers, ALICE.phone):
        assert hidden not in shown


def inbound(house: HouseInMemory) -> str:
    (id,) = {line["conversation"] for line in house.log() if line.get("flow") == "inbound_call"}
    return f"/conversations/{DESK}/{id}"


def test_how_many_checks_there_were_is_told_and_never_which(
    archived: HouseInMemory, browser: Browser
) -> None:
    path = find(browser.signed_in(AUDREY), case=ALICE.reference)
    pages = [browser.get(inbound(archived)).text, browser.get(path).text]
    exported = browser.post(f"{path}/export").text
    now = browser.get("/now").text

    assert "Checks: 6 asked; passed" in pages[0]
    assert "told balance last_payment next_action on 6 checks" in pages[0]
    for question in archived.runtime.house.questions.questions:
        for shown in (*pages, exported, now):
            assert question not in shown, question


def test_the_way_is_drawn_and_told(archived: HouseInMemory, browser: Browser) -> None:
    page = browser.signed_in(OLIVE).get(f"/conversations/{DESK}/{TEXT}").text

    assert "text received: received → reading → finding sender → callback owed" in page
    (picture,) = re.findall(r"<svg class=.rb-flow.*?</svg>", page, re.DOTALL)
    assert picture.count("rb-flow__line--walked") == 3
    for state in ("✓ received", "✓ callback owed", ">holding<"):
        assert state in picture
    assert "style" not in picture and "script" not in picture


def test_who_approved_the_words_is_told(archived: HouseInMemory, browser: Browser) -> None:
    page = inbound(archived)
    assert "no approval is known" in browser.signed_in(OLIVE).get(page).text
    wordings = archived.runtime.wordings
    authors, approvers = wordings.rule.authors, wordings.rule.approvers
    (text,) = [one for one in wordings.texts if (one.item, one.language) == ("case.menu", "en")]
    submitted = wordings.submit([text], authors[0])
    by = next(name for name in approvers if name != authors[0])
    wordings.approve(submitted, by, archived.store, archived.runtime.desks)

    shown = browser.get(page).text
    assert f"version 1 of {authors[0]}, approved by {by} on 15 September 2026" in shown
    assert f"case.menu@{text.hash[:12]}</code>, for verified" in shown


def test_without_the_archive_the_newest_is_still_told(
    archived: HouseInMemory, browser: Browser
) -> None:
    path = find(browser.signed_in(AUDREY), case=BOB.reference)
    with archived.records.begin() as connection:
        connection.execute(sql("ALTER TABLE flow_log_lines RENAME TO elsewhere"))

    file = f"{path}/export"
    for answer in (browser.get(path), browser.get(file), browser.post(file)):
        assert answer.status_code == 503
        assert "The archive does not answer" in answer.text
        assert "Now, Callbacks and the newest conversations work" in answer.text
    page = browser.get(f"/conversations/{DESK}/{TEXT}").text
    assert "received → callback_owed" in page
    assert "This is what Redis has of it" in page


def test_a_search_says_how_many_lines_wait(archived: HouseInMemory, browser: Browser) -> None:
    path = find(browser.signed_in(OLIVE), case=BOB.reference)
    assert "to be archived" not in browser.get(path).text
    archived.text(BOB, "Still there?", sid=text_sid(9))
    assert "lines wait to be archived" in browser.get(path).text


def test_an_auditor_reads_and_cannot_touch(
    archived: HouseInMemory, browser: Browser, console: Flask
) -> None:
    browser.signed_in(AUDREY)
    for path in ("/search", "/figures", "/now", "/tasks", "/callbacks", inbound(archived)):
        assert browser.get(path).status_code == 200, path
    # her own affairs, and a filter that is posted so that no name stands in an address
    hers = ("search.", "export.", "session.", "identity.", "now.filtered", "now.here", "staff.find")
    for rule in rules(console):
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith(hers):
            assert browser.post(address(console, rule)).status_code == 403, rule


@pytest.mark.parametrize("path", [f"/conversations/{DESK}/CAnone", "/conversations/nowhere/CA1"])
def test_a_conversation_that_there_is_not(browser: Browser, path: str) -> None:
    assert browser.signed_in(OLIVE).get(path).status_code == 404


def test_an_officer_searches_nothing(browser: Browser) -> None:
    assert browser.signed_in(OMAR).get("/search").status_code == 403
    assert (
        browser.signed_in(person("1", "Wes", Role.WORDING_AUTHOR)).get("/search").status_code == 403
    )
