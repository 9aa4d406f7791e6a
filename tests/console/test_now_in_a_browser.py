"""Now in a real browser: lines come by themselves, wait while it is paused, and flood nobody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from bot.console.live import live_of
from tests.console.served import serving
from tests.console.staff import MARY, OLIVE, Somebody
from tests.console.test_console_in_a_browser import DESKTOP, PHONE, violations
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB


@pytest.fixture
def now(chromium: Browser, console: Flask, somebody: Somebody) -> Iterator[Page]:
    """The page, open before Olive."""
    somebody.be(OLIVE)
    live = live_of(console)
    with serving(console, live) as address:
        context = chromium.new_context(viewport=DESKTOP)
        page = context.new_page()
        with page.expect_response(lambda answer: "/live?" in answer.url):
            page.goto(f"{address}/now")
        page.evaluate("window.neverLoadedAgain = true")
        yield page
        context.close()
        live.hub.close()


def test_alice_texts_and_her_line_appears_without_loading_the_page(
    house: HouseInMemory, now: Page
) -> None:
    expect(now.get_by_text("No line yet.")).to_be_visible()
    house.text(ALICE, "Sorry I missed you")

    line = now.locator("#lines > li").filter(has_text="received → callback_owed")
    expect(line).to_have_count(1)
    expect(now.get_by_text("No line yet.")).to_be_hidden()
    expect(now.locator("#panels")).to_contain_text("1 due now")
    assert now.evaluate("window.neverLoadedAgain")

    house.text(BOB, "hello")
    first = now.locator("#lines > li").first
    expect(first).to_contain_text(f"due for +44…{BOB.phone[-2:]}")


def test_what_comes_while_it_is_paused_is_counted_and_shown_then(
    house: HouseInMemory, now: Page
) -> None:
    now.get_by_role("button", name="Pause", exact=True).click()
    for person in (ALICE, BOB):
        house.text(person, "hello")
    came = len(house.log())

    button = now.get_by_role("button", name=f"Go on: {came} new")
    expect(button).to_be_visible()
    expect(now.locator("#lines > li")).to_have_count(0)

    button.click()
    expect(now.locator("#lines > li")).to_have_count(came)
    expect(now.get_by_role("status")).to_have_text(f"{came} lines came meanwhile.")
    house.text(ALICE, "once more")
    expect(now.locator("#lines > li").first).to_contain_text("asked again")
    expect(now.locator("#lines > li")).to_have_count(len(house.log()))


def test_a_screen_reader_is_told_how_many_and_not_each_line(now: Page) -> None:
    assert now.locator("#lines").get_attribute("aria-live") is None
    assert now.locator("#lines").evaluate("list => list.closest('[aria-live], [role=log]')") is None
    expect(now.get_by_role("status")).to_have_count(1)


def test_it_is_as_good_when_it_is_full_and_on_a_phone(house: HouseInMemory, now: Page) -> None:
    for _ in range(5):
        house.text(ALICE, "hello")
        house.rings(BOB)
    expect(now.locator("#lines > li")).to_have_count(len(house.log()))
    assert violations(now) == []
    now.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert violations(now) == []
    assert now.evaluate("document.documentElement.scrollWidth") <= 320


def test_mary_pauses_the_dialling_on_the_page(
    house: HouseInMemory, somebody: Somebody, now: Page
) -> None:
    somebody.be(MARY)
    now.reload()
    now.get_by_text("Pause the dialling, or let it go on").click()
    now.get_by_label("Why").fill("a strike")
    now.get_by_role("button", name="Pause the dialling").click()

    expect(now.get_by_role("heading", name="Done")).to_be_visible()
    expect(now.locator("#panels")).to_contain_text(f"paused by {MARY.number}: a strike")
