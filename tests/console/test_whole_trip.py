"""The whole trip over real processes and in real browsers: Alice texts and is rung, Olga watches,
finds and reads it, and Adam the auditor takes it away and changes nothing.

With TESTS_TAKE_PICTURES=1 (`make pictures`) it leaves the pictures of docs/pictures.
"""

import csv
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from rich.console import Console

import webhooks
from bot.archivist import lag
from bot.demo import people
from bot.demo.main import ANY_PORTS, Demo
from bot.settings import Settings
from tests.commands.test_processes import soon
from tests.console.test_console_in_a_browser import violations
from tests.console.trip import PATIENCE_MS, SEES_WHEN, Alice, Member
from tests.page.chromium import follow, launch

OLGA, ADAM = "s1003", "s1006"  # operations, and an auditor, of the sample staff
QUICK = 400  # characters of speech in a second
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
DESK: ViewportSize = {"width": 940, "height": 1130}
PHONE: ViewportSize = {"width": 390, "height": 844}
LOOKS_ONLY = {"/now", "/search", "/staff", "/figures"}
# No short one: four digits stand in a time, or in an id, by chance.
ANSWERS = [keyed for keyed in (each[:-1] for each in people.ALICE_KNOWS.values()) if len(keyed) > 4]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    settings = Settings.from_env({"RINGBACK_DATA_DIR": str(tmp_path / "demo")})
    with Demo(webhooks.connect, settings, Console(file=StringIO()), ports=ANY_PORTS) as demo:
        demo.hand_over()
        demo.network.speak_at(QUICK)
        yield demo


@pytest.fixture
def chromium(demo: Demo) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def test_alice_texts_and_is_rung_olga_follows_it_and_adam_only_reads(
    demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    olga, alice = Member(demo, chromium, OLGA), Alice(demo, chromium)
    olga.page.evaluate("window.neverLoadedAgain = true")
    the_text_is_seen(olga, alice)
    the_call_is_followed(olga, alice)
    assert olga.page.evaluate("window.neverLoadedAgain")
    nothing_tells_of_alice(olga.page)
    olga_finds_the_call(olga)

    adam = Member(demo, chromium, ADAM)
    conversation = olga.page.url.rpartition("/")[2]
    adam_takes_it_away(adam, conversation, tmp_path / "flow-log.csv")
    adam_reads_and_changes_nothing(adam, olga.page.url)


def the_text_is_seen(olga: Member, alice: Alice) -> None:
    """It is on Now without loading the page; how soon is told (-s) and never judged."""
    olga.page.evaluate(SEES_WHEN, "received → callback_owed")
    alice.texts("Sorry I missed you")
    expect(olga.lines).to_contain_text("received → callback_owed")
    took = olga.page.evaluate("window.seenAt") - alice.page.evaluate("window.sentAt")
    print(f"the text was on Now after {took} ms")  # noqa: T201


def the_call_is_followed(olga: Member, alice: Alice) -> None:
    """Her telephone rings, she answers, and Now says how the call stands until it is over."""
    expect(olga.panels).to_contain_text("Calls in progress: 1")
    alice.answers()
    alice.keys("5", when="please press any key")
    alice.keys("1", when="safe and private")
    expect(olga.panels).to_contain_text("outbound call: checking")
    for name, size in (("now-phone", PHONE), ("now", DESK)):
        picture(olga.page, name, size)
    alice.passes_the_checks(asked=5)
    alice.keys("1", when="best one to reach you")
    alice.keys("1", when="To hear how your case stands")
    expect(alice.hears).to_contain_text("To hear that again")
    alice.hangs_up()
    expect(olga.panels).to_contain_text("Calls in progress: 0")
    expect(olga.lines).to_contain_text("heard_case → ended")


def nothing_tells_of_alice(page: Page) -> None:
    """No full number, no name, none of her answers and nothing of her case, wherever staff look."""
    told = page.content()
    for secret in (people.ALICE[3:], "Alice", "£", "1,234", *ANSWERS):
        assert secret not in told, page.url


def olga_finds_the_call(olga: Member) -> None:
    """By Alice's number, once it is archived; its page has the way that it took."""
    runtime, page = olga.demo.runtime, olga.page
    soon(lambda: not lag(runtime.store, "main", runtime.clock.now()).lines, "it is not archived")
    found = olga.looks_for_alice()
    nothing_tells_of_alice(page)
    follow(page, found.first)
    expect(page.get_by_role("heading", name="The way through outbound call")).to_be_visible()
    expect(page.get_by_role("region").locator("svg")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Checks: 5 asked; passed")
    nothing_tells_of_alice(page)
    assert violations(page) == []
    picture(page, "conversation", DESK)


def adam_takes_it_away(adam: Member, conversation: str, file: Path) -> None:
    """The file has the whole conversation, and no more of Alice than the pages."""
    adam.looks_for_alice()
    rows = list(csv.DictReader(StringIO(adam.exports(file))))
    mine = [row for row in rows if row["conversation"] == conversation]
    assert {"call_answered", "key_pressed", "call_ended"} <= {row["event"] for row in mine}
    assert mine[0]["disposition"] == "details_read"
    told = file.read_text(encoding="utf-8")
    for secret in (people.ALICE[3:], "Alice", *ANSWERS):
        assert secret not in told


def adam_reads_and_changes_nothing(adam: Member, conversation: str) -> None:
    """Each page of his menu has no form but those that look something up; what he forges is
    refused, and nobody stops ringing."""
    page = adam.page
    page.goto("/")
    menu = page.get_by_role("navigation", name="Console").get_by_role("link")
    paths = [link.get_attribute("href") for link in menu.all()]
    assert {"/now", "/callbacks", "/tasks", "/staff", "/wording"} <= set(paths)
    for path in (*paths, conversation):
        page.goto(path)
        forms = page.locator("main form").all()
        assert {form.get_attribute("action") for form in forms} <= LOOKS_ONLY, path
    page.goto("/now")
    assert adam.forges("/now/dialling", desk="main", order="pause", reason="a forgery") == 403
    assert adam.forges("/staff/of/s1003/left", sure="yes") == 403
    page.reload()
    expect(adam.panels).to_contain_text("On 0 of at most 20")


def picture(page: Page, name: str, size: ViewportSize) -> None:
    """Keep what a screen of this size shows, where somebody wants pictures."""
    if os.environ.get("TESTS_TAKE_PICTURES"):
        page.set_viewport_size(size)
        page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
