"""Mary enrols, signs in and out on the pages themselves; Mallory gets nowhere."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.console import create_console
from bot.console.session import StaffSessions
from tests.house_in_memory import HouseInMemory
from tests.sign_in_world import MARY, NEXT_CODE, PASSWORD, RealTime, StaffWorld


@pytest.fixture
def staff(build: Callable[..., HouseInMemory]) -> StaffWorld:
    return StaffWorld(build(clock=RealTime()))


class Page:
    """A browser on the console of this world; it posts forms with the token that it was shown."""

    def __init__(self, staff: StaffWorld, *, https: bool = False) -> None:
        runtime = staff.house.runtime
        if https:
            settings = replace(runtime.settings, console_url="https://localhost")
            runtime = replace(runtime, settings=settings)
        self.https = https
        self.client: FlaskClient = create_console(runtime, StaffSessions(staff.book)).test_client()
        self.shown = ""

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(path, base_url=self.base)
        self.shown = answer.text
        return answer

    def post(self, path: str, **fields: str) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.shown)
        data = {"csrf_token": token.group(1) if token else "", **fields}
        answer = self.client.post(path, data=data, base_url=self.base)
        self.shown = answer.text or self.shown
        return answer

    @property
    def base(self) -> str:
        return "https://localhost" if self.https else "http://localhost"


def sign_in(page: Page, staff: StaffWorld, **different: str) -> TestResponse:
    page.get("/sign-in")
    fields = {"number": MARY, "password": PASSWORD, "code": staff.app_code(MARY)} | different
    return page.post("/sign-in", **fields)


def test_mary_enrols_with_her_invitation_and_signs_in(staff: StaffWorld) -> None:
    page, code = Page(staff), staff.book.enrolment.invite(MARY, None)
    page.get("/enrol")
    choose = page.post("/enrol", invitation=code.lower())
    assert "<svg" in choose.text
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', choose.text)
    assert secret
    staff.secrets[MARY] = secret.group(1).replace(" ", "")

    weak = page.post("/enrol", invitation=code, password="mary", code="000000")
    assert weak.status_code == 422
    assert "at least 12 characters" in weak.text

    done = page.post("/enrol", invitation=code, password=PASSWORD, code=staff.app_code(MARY))
    assert len(re.findall(r"<code>[A-Z2-7-]{29}</code>", done.text)) == 10
    staff.clock.move(NEXT_CODE)

    assert sign_in(page, staff).location == "/"
    home = page.get("/")
    assert "Mary Example" in home.text
    assert page.post("/sign-out").location == "/sign-in"
    assert page.get("/").location == "/sign-in?next=/"
    assert [line.split()[0] for line in staff.told()] == [
        "staff_invited",
        "enrolled",
        "signed_in",
        "signed_out",
    ]


@pytest.mark.parametrize(
    "wrong", [{"number": "s9"}, {"password": "a guess"}, {"code": "000000"}, {"number": ""}]
)
def test_the_page_says_one_and_the_same_whatever_is_wrong(staff: StaffWorld, wrong) -> None:
    staff.enrol(MARY)
    page = Page(staff)
    refused = sign_in(page, staff, **wrong)
    assert refused.status_code == 422
    plain = re.sub(r'value="[^"]*"', "", refused.text)
    other = sign_in(page, staff, password="another guess")
    assert plain == re.sub(r'value="[^"]*"', "", other.text)
    assert "session" not in str(refused.headers.getlist("Set-Cookie"))


def test_she_is_sent_where_she_was_going_and_never_elsewhere(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    for given, then in (
        ("/doctor", "/doctor"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        assert sign_in(Page(staff), staff, next=given).location == then
        staff.clock.move(NEXT_CODE)


def test_by_https_the_cookies_are_this_hosts_alone_and_no_script_reads_them(
    staff: StaffWorld,
) -> None:
    staff.enrol(MARY)
    cookies = sign_in(Page(staff, https=True), staff).headers.getlist("Set-Cookie")
    ours = [each for each in cookies if "session=" in each or "device=" in each]
    assert len(ours) == 2
    for each in ours:
        assert each.startswith("__Host-ringback-")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in each
        assert "Domain" not in each


def test_a_session_that_was_signed_out_is_over_for_whoever_kept_its_cookie(
    staff: StaffWorld,
) -> None:
    staff.enrol(MARY)
    page = Page(staff)
    sign_in(page, staff)
    cookie = page.client.get_cookie("ringback-session")
    assert cookie is not None
    page.get("/")
    page.post("/sign-out")
    page.client.set_cookie("ringback-session", cookie.value)
    assert page.get("/").location == "/sign-in?next=/"


def test_a_token_that_mallory_planted_before_is_not_the_one_mary_gets(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    page = Page(staff)
    page.client.set_cookie("ringback-session", "planted")
    sign_in(page, staff)
    cookie = page.client.get_cookie("ringback-session")
    assert cookie is not None
    assert cookie.value != "planted"
    assert page.get("/").status_code == 200


def test_she_signs_another_browser_out(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    here, there = Page(staff), Page(staff)
    sign_in(there, staff)
    staff.clock.move(NEXT_CODE)
    sign_in(here, staff)
    listed = here.get("/sessions").text
    assert "This browser" in listed
    other = re.search(r'name="session" value="([^"]+)"', listed)
    assert other
    assert here.post("/sessions/end", session=other.group(1)).status_code == 303
    assert there.get("/").location == "/sign-in?next=/"
    assert here.get("/").status_code == 200


def test_a_form_without_its_token_signs_nobody_in(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    page = Page(staff)
    answer = page.post("/sign-in", number=MARY, password=PASSWORD, code=staff.app_code(MARY))
    assert answer.status_code == 403
    assert "form was too old" in answer.text


def test_who_leaves_is_out_with_the_next_click(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    page = Page(staff)
    sign_in(page, staff)
    staff.book.leave(MARY, None)
    assert page.get("/").location == "/sign-in?next=/"


def test_the_console_that_staff_are_served_knows_these_sessions(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    app = create_console(staff.house.runtime)
    assert isinstance(app.extensions["ringback"].sessions, StaffSessions)


def test_watching_alone_is_no_use_of_a_session(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    page = Page(staff)
    sign_in(page, staff)
    (before,) = staff.book.sessions.of(MARY)
    staff.house.later(10 * 60.0)

    assert page.get("/live").status_code == 200
    assert staff.book.sessions.of(MARY) == [before]
    page.get("/now")
    assert staff.book.sessions.of(MARY) != [before]
