"""The officer's own page: handles and times, made for a telephone in one hand."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from bot.archivist import Archivist
from bot.console import create_console
from bot.console.live import live_of
from bot.staff import Role
from tests.console.conftest import chromium
from tests.console.served import serving
from tests.console.staff import Browser, Somebody, person
from tests.house_in_memory import DESK
from tests.officers.conftest import OfficerWorld
from tests.page.chromium import follow
from tests.people import ALICE, BOB, CUSTOMERS
from tests.sign_in_world import NEXT_CODE
from tests.sign_in_world import Browser as SignedIn

__all__ = ["chromium"]

OMAR = person("s1001", "Omar Example", Role.OFFICER)
CARLA = person("s1008", "Carla Example", Role.COLLECTOR)
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def somebody() -> Somebody:
    return Somebody(OMAR)


@pytest.fixture
def console(world: OfficerWorld, somebody: Somebody) -> Flask:
    return create_console(world.house.runtime, somebody)


@pytest.fixture
def omar(console: Flask, somebody: Somebody) -> Browser:
    return Browser(console.test_client(), somebody)


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)))  # type: ignore[attr-defined]


def test_his_cases_are_shown_by_handle_and_time_and_nothing_about_anybody(omar: Browser) -> None:
    answer = omar.get("/on-call")
    told = text_of(answer)

    assert ALICE.reference in told and BOB.reference in told
    for customer in CUSTOMERS.values():
        assert not customer.tells(told)
        assert customer.full_name not in told
        assert customer.phone[-4:] not in told.replace(customer.reference, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.findall(rf'(?:href|action)="[^"]*{ALICE.reference}', answer.text)


def test_a_customer_is_rung_for_him_once(world: OfficerWorld, omar: Browser) -> None:
    for _ in range(2):
        assert omar.post("/on-call/ring", case=ALICE.reference).status_code == 302
    assert world.house.dial() == "placed"
    assert "Being rung now." in text_of(omar.get("/on-call"))


def test_how_calls_ended_is_shown(world: OfficerWorld, omar: Browser) -> None:
    omar.post("/on-call/ring", case=ALICE.reference)
    world.house.place().status("busy")
    archivist = Archivist(world.house.runtime)
    while archivist.take_one(DESK):
        pass
    assert f"{ALICE.reference}: busy" in text_of(omar.get("/on-call"))


def test_an_outcome_is_a_draft_for_somebody_else(world: OfficerWorld, omar: Browser) -> None:
    assert omar.post("/on-call/outcome", case=ALICE.reference, outcome="").status_code == 400
    assert omar.post("/on-call/outcome", case=ALICE.reference, outcome="flew").status_code == 400

    omar.post("/on-call/outcome", case=ALICE.reference, outcome="nobody_there")

    assert world.house.tasks() == ["note_to_approve"]
    assert "outcome s1001 nobody_there" in world.told()


@pytest.mark.parametrize("path", ["/on-call/ring", "/on-call/outcome"])
def test_somebody_elses_case_and_one_that_is_none_are_alike(
    world: OfficerWorld, omar: Browser, somebody: Somebody, path: str
) -> None:
    somebody.be(CARLA)
    answers = [
        omar.post(path, case=case, outcome="nobody_there")
        for case in (ALICE.reference, "100000090", "")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "0 cases" in text_of(omar.get("/on-call")) or "No cases" in text_of(omar.get("/on-call"))


def test_a_lost_telephone_ends_everything_and_only_if_he_means_it(
    world: OfficerWorld, omar: Browser
) -> None:
    omar.post("/on-call/lost")
    assert world.book.staff.here("s1001").lost_at is None
    omar.post("/on-call/lost", sure="yes")
    assert world.book.staff.here("s1001").shut_out


def test_a_telephone_that_is_left_lying_is_signed_out_sooner(world: OfficerWorld) -> None:
    for number in ("s1001", "s1002"):
        world.enrol(number)
        world.clock.move(NEXT_CODE)
    omar, mary = world.enter("s1001", SignedIn()), world.enter("s1002", SignedIn())
    world.clock.move(9 * 60.0)
    assert world.who(omar) and world.who(mary)
    world.clock.move(10 * 60.0)
    assert world.who(omar) is None
    assert world.who(mary) is not None


@pytest.fixture
def page(chromium: Chromium, console: Flask) -> Iterator[Page]:
    with serving(console, live_of(console)) as address:
        context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
        page = context.new_page()
        page.goto(f"{address}/on-call")
        yield page
        context.close()


def test_by_a_thumb_in_a_real_browser(world: OfficerWorld, page: Page) -> None:
    ring = page.get_by_role("button", name=f"Have them rung about {ALICE.reference}")
    box = ring.bounding_box()
    assert box is not None and box["height"] >= 44 and box["width"] > 250
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    follow(page, ring)
    expect(page.get_by_text("They will be rung")).to_be_visible()
    expect(page.locator(".rb-card").filter(has_text=ALICE.reference)).to_contain_text("To be rung")
    assert world.house.dial() == "placed"
