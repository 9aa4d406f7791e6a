"""What the carrier sees: the webhooks in order, what was in them, and the events."""

import pytest
from playwright.sync_api import expect

from tests.page.conftest import button, telephone


@pytest.fixture
def carrier(page):
    return page.get_by_role("region", name="What the carrier sees")


@pytest.fixture
def rows(carrier):
    return carrier.get_by_role("list").locator("> li").filter(visible=True)


@pytest.fixture
def menu(page, rows):
    """Alice has rung, and pressed four keys; the answer has a word that Twilio does not know."""
    alice = telephone(page, "Alice")
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
    page.keyboard.type("1234")
    expect(alice.get_by_role("log")).to_contain_text("Thank you.")
    return alice


def test_webhooks_and_events_in_order(rows, menu):
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("voice/call/received200")
    expect(rows.nth(1)).to_contain_text("action/menu200")
    expect(rows.nth(2)).to_contain_text("12200")


def test_a_webhook_opens_to_its_parameters_and_its_answer(rows, menu):
    rows.nth(1).get_by_text("/menu").click()

    expect(rows.nth(1).get_by_role("row", name="Digits 1234")).to_be_visible()
    expect(rows.nth(1).locator("pre")).to_have_text(
        '<Response>\n  <Say>Thank you.</Say>\n  <Wave hands="2" />\n  <Pause length="60" />\n'
        "</Response>"
    )
    expect(rows.nth(1)).to_contain_text("POST http://127.0.0.1:")
    expect(rows.nth(1).get_by_role("group", name="Answer")).to_be_visible()


def test_only_one_call_is_shown(page, rows, menu, carrier):
    bob = telephone(page, "Bob")
    bob.get_by_label("Text to the service").fill("Hello")
    bob.get_by_label("Text to the service").press("Enter")
    expect(rows).to_have_count(4)

    button(menu, "Its webhooks").click()
    expect(rows).to_have_count(3)
    carrier.get_by_label("Show").select_option(label="everything")

    expect(rows).to_have_count(4)


def test_an_answer_that_is_no_xml_is_shown_as_it_came(service, page, rows):
    service.pages["/text/received"] = "<Say>Good"
    alice = telephone(page, "Alice")
    alice.get_by_label("Text to the service").fill("Hello")
    alice.get_by_label("Text to the service").press("Enter")
    expect(rows).to_have_count(2)

    rows.nth(0).get_by_text("/text/received").click()

    expect(rows.nth(0).locator("pre")).to_have_text("<Response><Say>Good</Response>")
    expect(rows.nth(1)).to_contain_text("12100")


def test_a_webhook_that_nobody_answered(network, page, rows, service):
    network.own("+443069990100", "http://127.0.0.1:9/gone")
    button(telephone(page, "Bob"), "Ring the service").click()

    expect(rows.nth(0)).to_contain_text("/goneno answer")
    expect(rows.filter(has_text="11205")).to_be_visible()
