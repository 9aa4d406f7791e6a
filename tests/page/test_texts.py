"""The texts of a telephone, when there are many: they stay in their box, and readers where they
are."""

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, expect

from tests.page.conftest import button
from tests.page.scene import ALICE, LINE

LATEST = 50
BELOW_THE_LAST_PART = """
document.documentElement.scrollHeight - scrollY
  - document.querySelector("main").getBoundingClientRect().bottom
"""


@pytest.fixture
def texts(network, alice) -> Locator:
    """Alice's, after twenty."""
    for number in range(20):
        network.text(ALICE, LINE, f"Text {number}")
    texts = alice.get_by_role("list", name="Alice’s texts")
    expect(texts.get_by_role("listitem")).to_have_count(20)
    return texts


def test_the_page_ends_where_its_last_part_ends(page, texts):
    assert page.evaluate(BELOW_THE_LAST_PART) < 5


def test_the_last_text_is_seen_as_it_comes(network, texts):
    network.text(ALICE, LINE, "The last")

    expect(texts.get_by_text("The last")).to_be_in_viewport(ratio=0.9)


def test_who_reads_the_first_texts_stays_there(network, alice, texts):
    texts.evaluate("list => { list.scrollTop = 0; list.firstElementChild.mark = 'the same'; }")
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
    network.text(ALICE, LINE, "The last")
    expect(texts.get_by_role("listitem")).to_have_count(21)

    assert texts.evaluate("list => list.scrollTop") == 0
    assert texts.evaluate("list => list.firstElementChild.mark") == "the same"


def test_only_the_latest_are_shown_of_very_many(network, texts):
    for number in range(20, LATEST + 10):
        network.text(ALICE, LINE, f"Text {number}")

    expect(texts.get_by_role("listitem").last).to_contain_text(f"Text {LATEST + 9}")
    expect(texts.get_by_role("listitem")).to_have_count(LATEST)


def test_what_the_page_is_told_does_not_grow_with_what_it_knows(network, address):
    def told() -> int:
        for _ in range(LATEST + 10):
            network.text(ALICE, LINE, "Sorry I missed you")
        with urlopen(f"{address}/simulator/screen") as answer:
            seen = json.load(answer)["seen"]
        query = "&".join(f"{name}={number}" for name, number in seen.items())
        with urlopen(f"{address}/simulator/screen?{query}") as answer:
            return len(answer.read())

    assert told() == pytest.approx(told(), abs=100)


def test_what_webhooks_can_be_sorted_by_does_not_grow_without_end(network, page, texts):
    for number in range(100):
        network.text(ALICE, LINE, f"Text {number}")
    expect(page.locator("#webhooks > li")).to_have_count(120)

    expect(page.get_by_label("Show").locator("option")).to_have_count(101)
