"""What every answer carries, which requests are meant, and what is told when something fails."""

import json

import pytest
from flask import Blueprint, Flask, flash, redirect, request
from werkzeug.wrappers import Response

from bot.console import create_console, csrf
from bot.console.door_check import HEADERS
from bot.console.guarded import Gate, GuardedFlask
from bot.errors import StoreDown
from bot.settings_refused import SettingsRefused
from bot.staff import Right
from tests.console.routes import address, rules
from tests.console.staff import MARY, OMAR, Browser, Somebody
from tests.house_in_memory import HouseInMemory

pytestmark = pytest.mark.usefixtures("lived_in")

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def trial(console: Flask) -> Flask:
    """The console with pages that go wrong, and a form."""
    page = Blueprint("trial", __name__)

    @page.post("/trial/form", right=Right.SEE_FLOW)
    def form() -> Response:
        flash(f"done: {SCRIPT}", "done")
        return redirect("/")

    @page.post("/trial/open", right=Gate.PUBLIC)
    def open_form() -> str:
        return "meant"

    @page.get("/trial/of/<name>", right=Right.SEE_FLOW)
    def of(name: str) -> str:
        return name

    @page.get("/trial/visit", right=Gate.PUBLIC)
    def visit() -> str:
        return csrf.token()

    @page.get("/trial/fault", right=Right.SEE_FLOW)
    def fault() -> str:
        raise ValueError("the secret of Alice Example")

    @page.get("/trial/down", right=Right.SEE_FLOW)
    def down() -> str:
        raise StoreDown("redis://:password@host did not answer")

    @page.post("/trial/echo", right=Right.SEE_FLOW)
    def echo() -> str:
        return request.form["words"]

    console.register_blueprint(page)
    return console


# Headers


def test_every_answer_carries_its_headers(console: Flask, browser: Browser) -> None:
    browser.signed_in(MARY)
    for path in [*(address(console, rule) for rule in rules(console)), "/nowhere"]:
        answer = browser.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (path, name)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy, path
        assert "unsafe" not in policy and "*" not in policy, path
        kept = answer.headers["Cache-Control"]
        assert kept == "no-store" or path.startswith(("/assets/", "/favicon")), path
        assert "Strict-Transport-Security" not in answer.headers  # by plain http it says nothing


def test_by_https_cookies_are_this_hosts_alone(over_https: Flask, somebody: Somebody) -> None:
    page = Blueprint("trial", __name__)

    @page.get("/trial/visit", right=Gate.PUBLIC)
    def visit() -> str:
        flash("hello")
        return csrf.token()

    over_https.register_blueprint(page)
    answer = over_https.test_client().get(
        "/trial/visit", base_url="https://ringback.department.example"
    )

    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-ringback-")
        for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_no_page_has_script_or_style_in_it(console: Flask, browser: Browser) -> None:
    for rule in rules(console):
        text = browser.signed_in(MARY).get(address(console, rule)).text
        for found in ("<style", " style=", " onclick=", "javascript:"):
            assert found not in text, (rule, found)
        assert text.count("<script") == text.count('<script src="/assets/') + text.count(
            '<script type="module" src="/assets/'
        )


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", "a/b"]
)
def test_another_host_is_refused(console: Flask, host: str) -> None:
    answer = console.test_client().get("/healthz", headers={"Host": host})

    assert answer.status_code == 400
    assert "This request cannot be read" in answer.text


def test_production_has_https_or_does_not_start(build, own_words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsRefused, match="RINGBACK_CONSOLE_URL: production needs https"):
        create_console(build(profile="production", environment=own_words).runtime)


# Forms


def test_a_form_with_its_token_is_taken_and_what_is_said_is_text(
    trial: Flask, browser: Browser
) -> None:
    answer = browser.signed_in(MARY).post("/trial/form")

    assert answer.status_code == 302
    home = browser.get("/").text
    assert "done: &lt;script&gt;" in home
    assert SCRIPT not in home


def test_a_form_without_token_or_with_anothers_is_not(trial: Flask, browser: Browser) -> None:
    of_omar = browser.signed_in(OMAR).token()
    of_mary_before = browser.signed_in(MARY).token()
    browser.signed_in(MARY)  # a session of its own
    for token in ("", "x.y", of_omar, of_mary_before, browser.token() + "x"):
        answer = browser.client.post("/trial/form", data={"csrf_token": token})
        assert answer.status_code == 403
        assert "This was not done" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 302),  # by our no-referrer
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://localhost"}, 302),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
    ],
)
def test_a_form_of_another_site_is_not_taken_even_with_a_token(
    trial: Flask, browser: Browser, headers: dict[str, str], status: int
) -> None:
    token = browser.signed_in(MARY).token()

    answer = browser.client.post("/trial/form", data={"csrf_token": token}, headers=headers)

    assert answer.status_code == status


def test_a_visit_that_is_not_signed_in_has_a_token_of_its_own(
    trial: Flask, browser: Browser
) -> None:
    browser.signed_in(None)
    mine = browser.get("/trial/visit").text
    mallorys = trial.test_client().get("/trial/visit").text

    assert browser.client.post("/trial/open", data={"csrf_token": mine}).status_code == 200
    assert browser.client.post("/trial/open", data={"csrf_token": mallorys}).status_code == 403
    assert trial.test_client().post("/trial/open", data={"csrf_token": mine}).status_code == 403


def test_a_body_that_is_too_large_is_refused(trial: Flask, browser: Browser) -> None:
    token = browser.signed_in(MARY).token()

    answer = browser.client.post(
        "/trial/echo", data={"words": "x" * 200_000}, headers={"X-CSRF-Token": token}
    )

    assert answer.status_code == 413
    assert "too much at once" in answer.text


# Refusals


def test_a_fault_is_told_to_nobody_and_written_down_without_details(
    trial: Flask, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot import application_log

    application_log.configure("console")
    answer = browser.signed_in(MARY).get("/trial/fault?words=secret")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Alice" not in answer.text and "ValueError" not in answer.text
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["error"] == "ValueError"
    assert "secret" not in line


def test_a_store_that_does_not_answer_is_said_to_be_down(trial: Flask, browser: Browser) -> None:
    answer = browser.signed_in(MARY).get("/trial/down")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "does not answer" in answer.text
    assert "password" not in answer.text


def test_even_who_it_is_cannot_be_asked_while_the_store_is_down(
    house: HouseInMemory,
) -> None:
    class Down(Somebody):
        def person(self, request: object) -> None:
            raise StoreDown("no answer")

        def binding(self, request: object) -> str:
            raise StoreDown("no answer")

    console = create_console(house.runtime, Down())
    page = Blueprint("trial", __name__)
    page.get("/trial/live", right=Right.SEE_FLOW, live=True)(lambda: "moves")
    console.register_blueprint(page)

    for path in ("/doctor", "/trial/live"):
        answer = console.test_client().get(path)
        assert answer.status_code == 503
        assert "does not answer" in answer.text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/help/nothing", "/help/..%2f..%2fpyproject", "/assets/x/y"]
)
def test_what_is_not_there_is_said_to_be_missing(browser: Browser, path: str) -> None:
    answer = browser.signed_in(MARY).get(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("name", ["%00", "SM1%00", "a%0Ab", "a%E2%80%AEb", "%C2%85"])
def test_what_nobody_types_in_an_address_comes_to_no_page_and_no_database(
    trial: Flask, browser: Browser, name: str
) -> None:
    assert browser.signed_in(MARY).get(f"/trial/of/{name}").status_code == 404
    assert browser.get("/trial/of/SM1").text == "SM1"


def test_a_page_is_reached_as_it_is_declared(browser: Browser) -> None:
    answer = browser.signed_in(MARY).post("/doctor")

    assert answer.status_code == 405
    assert answer.headers["Allow"]


def test_a_route_of_a_guarded_app_has_no_automatic_options(console: Flask) -> None:
    assert isinstance(console, GuardedFlask)
    assert console.test_client().options("/doctor").status_code == 405
