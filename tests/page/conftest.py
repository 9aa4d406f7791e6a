from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.simulator import PhoneNetwork
from tests.page import scene
from tests.page.chromium import launch

PATIENCE_MS = 15_000  # on a busy machine; a passing test waits for no such time

# No voice in a test: what would be spoken aloud is kept.
VOICE = """
window.spoken = [];
window.hushed = 0;
speechSynthesis.speak = (utterance) => window.spoken.push(utterance.text);
speechSynthesis.cancel = () => { window.hushed += 1; };
"""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def service() -> Iterator[scene.Service]:
    with scene.service() as service:
        yield service


@pytest.fixture
def served(service: scene.Service) -> Iterator[tuple[PhoneNetwork, str]]:
    with scene.phone_network(service) as served:
        yield served


@pytest.fixture
def network(served: tuple[PhoneNetwork, str]) -> PhoneNetwork:
    return served[0]


@pytest.fixture
def address(served: tuple[PhoneNetwork, str]) -> str:
    return served[1]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said; there must be nothing at the end of a test."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, complaints: list[str], served: tuple[PhoneNetwork, str]
) -> Iterator[Callable[..., Page]]:
    """Open the page at an address, as in a browser of its own, which is closed before the network
    ends: it would complain."""
    contexts = []

    def open_page(address: str, *scripts: str, **context: object) -> Page:
        given = {"viewport": {"width": 1280, "height": 900}} | context
        contexts.append(browser.new_context(**given))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        for script in (VOICE, *scripts):
            contexts[-1].add_init_script(script)
        page = contexts[-1].new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Callable[..., Page], address: str) -> Page:
    page = open_page(address)
    expect(telephone(page, "Alice")).to_be_visible()
    return page


@pytest.fixture
def alice(page: Page) -> Locator:
    return telephone(page, "Alice")


def telephone(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=f"{name}’s telephone")


def button(where: Locator | Page, name: str) -> Locator:
    return where.get_by_role("button", name=name, exact=True)
