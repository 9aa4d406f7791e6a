"""Mary in a real browser: she enrols by what she reads, signs in, looks around and signs out."""

from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page

from bot.console import create_console
from bot.console.session import StaffSessions
from tests.console.served import serving
from tests.console.test_console_in_a_browser import DESKTOP, PHONE, violations
from tests.house_in_memory import HouseInMemory
from tests.page.chromium import follow
from tests.sign_in_world import MARY, NEXT_CODE, PASSWORD, RealTime, StaffWorld


@pytest.fixture
def staff(build: Callable[..., HouseInMemory]) -> StaffWorld:
    return StaffWorld(build(clock=RealTime()))


@pytest.fixture
def address(staff: StaffWorld) -> Iterator[str]:
    with serving(create_console(staff.house.runtime, StaffSessions(staff.book))) as address:
        yield address


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at this width; at the end nothing may have been complained of."""
    complaints: list[str] = []
    context = chromium.new_context(viewport=request.param, base_url=address)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            # the browser itself says of an answer 422 that it was one
            said.type in ("error", "warning")
            and "422" not in said.text
            and complaints.append(said.text)
        ),
    )
    yield page
    context.close()
    assert complaints == []


def is_well_made(page: Page) -> None:
    """For everybody's eyes and hands, and no wider than the screen."""
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size and width <= page.viewport_size["width"]


class AuthenticatorApp:
    """On Mary's telephone: she has typed the secret that the page shows."""

    def __init__(self, staff: StaffWorld, secret: str) -> None:
        self._staff, self._totp = staff, pyotp.TOTP(secret.replace(" ", ""))

    def shows(self) -> str:
        """The next code: she waits for it, since each is good once."""
        self._staff.clock.move(NEXT_CODE)
        return self._totp.at(int(self._staff.clock.at))


def enrol(page: Page, staff: StaffWorld) -> AuthenticatorApp:
    code = staff.book.enrolment.invite(MARY, None)
    page.goto("/enrol")
    is_well_made(page)
    page.get_by_label("Invitation").fill(code)
    follow(page, page.get_by_role("button", name="Continue"))
    is_well_made(page)
    app = AuthenticatorApp(staff, page.locator("#secret").inner_text())

    page.get_by_label("Choose a password").fill("mary")
    page.get_by_label("The six digits").fill("000000")
    follow(page, page.get_by_role("button", name="Enrol"))
    assert "There is a problem" in page.get_by_role("alert").inner_text()
    is_well_made(page)

    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The six digits").fill(app.shows())
    follow(page, page.get_by_role("button", name="Enrol"))
    assert page.locator("#recovery li").count() == 10
    is_well_made(page)
    return app


def sign_in(page: Page, app: AuthenticatorApp, **different: str) -> None:
    given = {"Staff number": MARY, "Password": PASSWORD, "Code": app.shows()} | different
    for label, text in given.items():
        page.get_by_label(label, exact=True).fill(text)
    follow(page, page.get_by_role("button", name="Sign in"))


def test_mary_enrols_signs_in_sees_her_pages_and_signs_out(page: Page, staff: StaffWorld) -> None:
    app = enrol(page, staff)
    follow(page, page.get_by_role("link", name="Sign in"))
    is_well_made(page)
    sign_in(page, app)

    assert "Mary Example" in page.get_by_role("banner").inner_text()
    menu = page.get_by_role("navigation", name="Console")
    assert "Callbacks" in menu.inner_text()
    assert "Wording" not in menu.inner_text()
    follow(page, menu.get_by_role("link", name="Staff"))
    assert "Omar Example" in page.get_by_role("main").inner_text()
    assert page.get_by_role("link", name="Import a file").count() == 0

    follow(page, page.get_by_role("link", name="Where you are signed in"))
    assert page.get_by_role("heading", name="This browser").is_visible()
    is_well_made(page)

    follow(page, page.get_by_role("button", name="Sign out"))
    assert page.get_by_role("heading", name="Sign in").is_visible()
    page.goto("/staff")
    assert page.get_by_role("heading", name="Sign in").is_visible()


def test_whatever_is_wrong_the_page_says_the_same(page: Page, staff: StaffWorld) -> None:
    app = enrol(page, staff)
    said = set()
    for wrong in (
        {"Staff number": "s9999"},
        {"Password": "Violet-Teacup-Grovel"},
        {"Code": "000000"},
    ):
        page.goto("/sign-in")
        sign_in(page, app, **wrong)
        said.add(page.get_by_role("main").inner_text())
        is_well_made(page)
    assert len(said) == 1
    assert "The staff number, password or code is not right" in said.pop()


def test_it_all_goes_by_the_keyboard(page: Page, staff: StaffWorld) -> None:
    app = enrol(page, staff)
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    for text in (MARY, PASSWORD, app.shows()):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Console").wait_for()

    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Sign out":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()


def test_of_a_wrong_field_the_summary_leads_there(page: Page, staff: StaffWorld) -> None:
    app = enrol(page, staff)
    page.goto("/sign-in")
    sign_in(page, app, Code="000000")
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "number"
