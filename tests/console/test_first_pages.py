"""Home, Doctor and Help: what they tell whom."""

import pytest

from bot.console.runbook import pages, rendered_page
from bot.dialling_gate import pause
from bot.unit_of_work import UnitOfWork
from tests.console.staff import ADA, AUDREY, MARY, OLIVE, Browser
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE


def test_home_has_nothing_for_whoever_may_see_nothing(browser: Browser) -> None:
    assert "Nothing that you can see from here." in browser.signed_in(ADA).get("/").text


def test_home_says_that_the_dialling_was_paused(house: HouseInMemory, browser: Browser) -> None:
    unit = UnitOfWork(house.store, "main")
    pause(unit, "s1001", "a strike", house.clock.now())
    unit.commit()

    told = browser.signed_in(OLIVE).get("/").text

    assert "rings nobody, or one at a time" in told
    assert "/help/dialling_stopped" in told


def test_doctor_says_what_it_finds_the_worst_first(browser: Browser) -> None:
    told = browser.signed_in(AUDREY).get("/doctor").text

    assert "a sample; in production texts are kept" in told
    assert told.index("govuk-tag--yellow") < told.index("govuk-tag--green")


def test_help_shows_the_runbook(browser: Browser) -> None:
    browser.signed_in(MARY)
    index = browser.get("/help").text

    for name, page in pages().items():
        assert f"/help/{name}" in index
        assert page.title in browser.get(f"/help/{name}").text


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("# A\n<script>alert(1)</script>", "<script"),
        ('# A\n<img src=x onerror="alert(1)">', "<img"),
        ("# A\n[x](javascript:alert(1))", "<a"),
        ("# A\n[x](data:text/html,hello)", "<a"),
        ("# A\n[x](//evil.example)", "evil.example"),
        ("# A\n[x](../../etc/passwd)", "passwd"),
    ],
)
def test_what_is_no_plain_text_of_a_runbook_does_nothing(text: str, never: str) -> None:
    assert never not in str(rendered_page("a", text, {"a"}).html)


def test_a_link_to_another_page_of_the_runbook_leads_there() -> None:
    page = rendered_page("a", "# A\nSee [b](b.md#then) and [c](https://c.example/).", {"a", "b"})

    assert 'href="/help/b#then"' in str(page.html)
    assert 'href="https://c.example/"' in str(page.html)
    assert ALICE.name not in str(page.html)
