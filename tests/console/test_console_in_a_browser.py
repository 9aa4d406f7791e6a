"""Every page in a real browser: by everybody's eyes, hands and screens, and by its own policy.

Which pages there are, the url map says: later ones come by themselves.
"""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Error, Page

from bot.console.guarded import Gate
from bot.console.live import live_of
from tests.console.routes import pages
from tests.console.served import serving
from tests.console.staff import EVERYTHING, OMAR, Somebody

pytestmark = pytest.mark.usefixtures("lived_in")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
Open = Callable[..., Page]


@pytest.fixture
def address(console: Flask, somebody: Somebody) -> Iterator[str]:
    somebody.be(EVERYTHING)
    with serving(console, live_of(console)) as address:
        yield address


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Open]:
    """Open a path; at the end nothing may have been complained of, a policy that was broken
    least of all."""
    complaints: list[str] = []
    opened: dict[str, Page] = {}  # by what kind of browser it is

    def open_page(path: str, **context: object) -> Page:
        kind = str(context)
        if kind not in opened:
            opened[kind] = chromium.new_context(**({"viewport": DESKTOP} | context)).new_page()
            opened[kind].on(
                "console", lambda said: said.type in ("error", "warning") and complain(said.text)
            )
            opened[kind].on("pageerror", lambda error: complain(str(error)))
        opened[kind].goto(address + path)
        return opened[kind]

    def complain(text: str) -> None:
        complaints.append(text)

    yield open_page
    for page in opened.values():
        page.context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES})
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found.response["violations"]]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_every_page_is_for_everybodys_eyes_and_hands_and_no_wider_than_the_screen(
    console: Flask, open_page: Open, viewport: dict[str, int]
) -> None:
    for path in pages(console):
        page = open_page(path, viewport=viewport)
        assert violations(page) == [], path
        assert page.title().endswith("– Ringback"), path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path


def test_every_page_is_read_without_scripts(console: Flask, open_page: Open) -> None:
    for path, rule in pages(console).items():
        page = open_page(path, java_script_enabled=False)
        assert page.locator("h1").inner_text(), path
        if rule.right is not Gate.PUBLIC:
            assert page.get_by_role("navigation", name="Console").is_visible(), path


def test_the_keyboard_comes_to_the_content_first_and_then_to_all_that_there_is(
    open_page: Open,
) -> None:
    page = open_page("/doctor")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_a_refusal_is_a_page_as_good_as_any(
    somebody: Somebody, chromium: Browser, address: str
) -> None:
    somebody.be(OMAR)
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    for path, status in (("/doctor", 403), ("/nowhere", 404)):
        answer = page.goto(address + path)
        assert answer is not None and answer.status == status
        assert violations(page) == [], path
    context.close()


def test_a_script_that_gets_into_a_page_does_not_run(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    for bad in (
        'document.body.append(Object.assign(document.createElement("script"), {text: "ran = 1"}))',
        """document.querySelector("main").innerHTML = '<img src="x" onerror="ran = 1">'""",
        """document.body.insertAdjacentHTML("beforeend", "<p onclick='ran = 1'>")""",
        "setTimeout('ran = 1')",
    ):
        with pytest.raises(Error, match="Trusted"):  # before the rest of the policy is even asked
            page.evaluate(f"() => {{ {bad} }}")
    assert page.evaluate("typeof ran") == "undefined"
    context.close()
