"""Export in a real browser: Eve sees how far it is, and has the whole file or none."""

import csv
import threading
from collections.abc import Iterable, Iterator
from io import StringIO

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from bot.console import export
from bot.console.csv_file import rows
from bot.console.kept_searches import KeptSearches
from bot.records.flow_log_search import Wanted
from tests.console.served import serving
from tests.console.staff import EVERYTHING, Somebody
from tests.console.test_console_in_a_browser import PHONE, violations
from tests.house_in_memory import HOUR, HouseInMemory

pytestmark = pytest.mark.usefixtures("lived_in")

ALL_OF_IT = "all-of-it"
PATH = f"/search/{ALL_OF_IT}/export"


@pytest.fixture
def address(house: HouseInMemory, console: Flask, somebody: Somebody) -> Iterator[str]:
    """The console, where Eve, who may do everything, has searched for all lines of today."""
    somebody.be(EVERYTHING)
    now = house.clock.now()
    wanted = Wanted(since=now - HOUR, until=now + HOUR)
    KeptSearches(house.store, house.clock).keep(EVERYTHING.number, ALL_OF_IT, wanted)
    with serving(console) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, viewport=PHONE)
    page = context.new_page()
    page.goto(PATH)
    yield page
    context.close()


class Held:
    """The lines of a file: the heading and three of them, and the rest when they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, breaks_off: bool = False) -> None:
        self.may_go_on, self.breaks_off = threading.Event(), breaks_off
        monkeypatch.setattr(export, "AT_ONCE", 4)
        monkeypatch.setattr(export, "rows", self.rows)

    def rows(self, found: Iterable[object], zone: object) -> Iterator[str]:
        for number, row in enumerate(rows(found, zone)):  # type: ignore[arg-type]
            if number == 4:
                assert self.may_go_on.wait(30)
                assert not self.breaks_off, "the archive is gone"
            yield row


def offered(page: Page) -> int:
    """How many lines the page says that there are."""
    return int(page.get_by_role("main").get_by_text("as a CSV file").inner_text().split()[0])


def test_it_shows_how_far_it_is_and_hands_over_the_whole(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, lines = Held(monkeypatch), offered(page)
    assert lines > 3
    bar, told = page.get_by_role("progressbar", name="Lines that have come"), page.locator("#told")
    expect(bar).to_be_hidden()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").focus()
        page.keyboard.press("Enter")
        expect(bar).to_have_js_property("value", 3)
        expect(bar).to_have_js_property("max", lines)
        expect(told).to_have_text(f"3 of {lines} lines")
        assert violations(page) == []
        held.may_go_on.set()

    assert download.value.suggested_filename == "flow-log.csv"
    whole = csv.DictReader(StringIO(download.value.path().read_text(encoding="utf-8")))
    assert len(list(whole)) == lines
    expect(told).to_have_text(f"Done: {lines} lines.")
    expect(page.get_by_role("status")).to_have_count(1)
    assert page.url.endswith(PATH)


def test_of_a_file_that_breaks_off_nothing_is_kept_and_she_may_try_again(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, files = Held(monkeypatch, breaks_off=True), []
    page.on("download", lambda file: files.append(file))
    button = page.get_by_role("button", name="Download the file")
    button.click()
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 3)
    held.may_go_on.set()

    expect(page.locator("#told")).to_contain_text("broke off, and nothing is kept")
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert files == []

    held.breaks_off = False
    for _ in range(export.MOST_FILES):  # of what broke off nothing is held
        with page.expect_download():
            button.click()


def test_whoever_may_not_any_more_is_told_so(page: Page, somebody: Somebody) -> None:
    somebody.be(None)
    page.get_by_role("button", name="Download the file").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Export")


def test_without_scripts_the_browser_saves_it(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(PATH)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    whole = csv.DictReader(StringIO(download.value.path().read_text(encoding="utf-8")))
    assert len(list(whole)) == offered(page)
    context.close()
