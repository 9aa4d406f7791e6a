"""Who may see what: deny by default, and exactly as `config/roles.toml` says."""

import re

import pytest
from flask import Blueprint, Flask

from bot.console.guarded import Gate, GuardedFlask, GuardedRule
from bot.console.words import MAY_DO, ROLES
from bot.staff import Person, Right, Role
from tests.console.routes import address, pages, rules
from tests.console.staff import EVERYBODY, LEON, MARY, OMAR, Browser, Somebody

pytestmark = pytest.mark.usefixtures("lived_in")

FORM = re.compile(r'<form method="(\w+)" action="([^"?]+)')
ANYBODY = {"assets", "health", "session", "identity"}


def test_every_route_names_who_may_use_it(console: Flask) -> None:
    for rule in rules(console):
        assert isinstance(rule.right, Gate) or rule.rights, rule
        assert all(isinstance(right, Right) for right in rule.rights), rule
        if rule.right is Gate.PUBLIC:
            assert rule.endpoint.partition(".")[0] in ANYBODY, f"{rule} is open to anybody"


@pytest.mark.parametrize(
    "right", [None, "see_flow", (), ("see_flow",), (Right.SEE_FLOW, None), True]
)
def test_a_route_without_a_right_is_not_registered(right: object) -> None:
    page = Blueprint("secrets", __name__)
    page.get("/secrets", right=right)(lambda: "everything")

    with pytest.raises(TypeError, match="the route /secrets names no right"):
        GuardedFlask("console", static_folder=None).register_blueprint(page)


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_what_its_rights_say_and_nothing_else(
    role: Role, console: Flask, browser: Browser
) -> None:
    (who,) = (each for each in EVERYBODY if each.roles == {role})
    browser.signed_in(who)
    for rule in rules(console):
        allowed = isinstance(rule.right, Gate) or not who.rights.isdisjoint(rule.rights)
        for method in (rule.methods or set()) - {"HEAD"}:
            answer = call(browser, method, address(console, rule))
            refused = answer.status_code == 403
            assert refused is not allowed, f"{method} {rule} as {role}: {answer.status}"
            assert answer.status_code < 500, f"{method} {rule} as {role}: {answer.status}"


@pytest.mark.parametrize("role", Role)
def test_no_page_offers_a_form_to_whoever_may_not_send_it(
    role: Role, console: Flask, browser: Browser
) -> None:
    (who,) = (each for each in EVERYBODY if each.roles == {role})
    browser.signed_in(who)
    routes = console.url_map.bind("localhost")
    for path, rule in pages(console).items():
        shown = browser.get(path).text if rule.lets_in(who) else ""
        for method, action in FORM.findall(shown):
            asked, _ = routes.match(action, method=method.upper(), return_rule=True)
            assert isinstance(asked, GuardedRule)
            assert asked.lets_in(who), f"{path} shows {role} a form for {action}"


def call(browser: Browser, method: str, path: str):  # type: ignore[no-untyped-def]
    return browser.get(path) if method == "GET" else browser.post(path)


@pytest.mark.parametrize("who", [None, LEON], ids=["a stranger", "who has left"])
def test_who_is_not_of_the_staff_sees_nothing(
    who: Person | None, console: Flask, browser: Browser
) -> None:
    browser.signed_in(who)
    for path, rule in pages(console).items():
        if rule.right is not Gate.PUBLIC:
            answer = browser.get(path)
            assert answer.status_code in (302, 401, 403), path
            assert "Dialling" not in answer.text


def test_a_refusal_says_which_right_is_missing_and_who_can_give_it(browser: Browser) -> None:
    told = browser.signed_in(OMAR).get("/doctor").text

    assert "You may not see the doctor’s findings" in told
    assert "see_doctor" in told
    assert "administrator or auditor or manager or operations" in told
    assert "An administrator of the staff list can give you a role" in told


def test_the_menu_has_only_what_one_may_see(browser: Browser) -> None:
    assert "/doctor" in browser.signed_in(MARY).get("/").text
    assert "/doctor" not in browser.signed_in(OMAR).get("/").text


def test_every_right_and_every_role_has_its_words() -> None:
    assert set(MAY_DO) == set(Right)
    assert set(ROLES) == set(Role)


def test_nobody_gets_past_a_console_without_signing_in(house) -> None:  # type: ignore[no-untyped-def]
    from bot.console import create_console

    client = create_console(house.runtime).test_client()

    assert client.get("/").location == "/sign-in?next=/"
    assert client.get("/doctor").location == "/sign-in?next=/doctor"
    assert Somebody().who is None
