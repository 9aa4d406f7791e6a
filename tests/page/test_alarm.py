"""The announcement of the telephones that ring: it leads to them, and hides nothing that has the
focus (WCAG 2.2, 2.4.11)."""

import pytest
from playwright.sync_api import Page, expect

from bot.simulator import Held
from tests.page.conftest import button, telephone
from tests.page.scene import ALICE, BOB, DESK, MALLORY, OMAR

SMALL = {"width": 360, "height": 640}
FIVE = {"Alice": ALICE, "Bob": BOB, "The desk": DESK, "Mallory": MALLORY, "Omar": OMAR}
# What has the focus is not covered at its upper or its lower edge.
FOCUS_IS_SEEN = """() => {
  const held = document.activeElement;
  const { left, right, top, bottom } = held.getBoundingClientRect();
  return [top + 3, bottom - 3].every((y) => {
    const there = document.elementFromPoint((left + right) / 2, y);
    return Boolean(there) && (held.contains(there) || there.contains(held));
  });
}"""


@pytest.fixture
def five_ring(service, address, network, open_page) -> Page:
    """A small screen, while the telephones of five people ring."""
    network.settings.calls_per_second = 100
    network.add(Held("Mallory", MALLORY), Held("Omar", OMAR))
    page = open_page(address, viewport=SMALL)
    for number in FIVE.values():
        service.ring(address, to=number)
    for name in FIVE:
        expect(button(page, f"Go to {name}")).to_be_visible()
    return page


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_from_the_announcement_straight_to_the_telephone(service, address, page, alice):
    service.ring(address)
    button(page, "Go to Alice").click()

    expect(button(alice, "Answer")).to_be_focused()
    expect(page).to_have_title("☎ Alice – Telephones")


def test_another_telephone_that_rings_takes_the_focus_from_nobody(
    service, address, network, page, alice
):
    network.settings.calls_per_second = 100
    service.ring(address)
    button(page, "Go to Alice").focus()
    service.ring(address, to=BOB)
    expect(button(page, "Go to Bob")).to_be_visible()
    expect(button(page, "Go to Alice")).to_be_focused()

    network.divert(ALICE)

    expect(alice.get_by_role("heading", name="Alice")).to_be_focused()


def test_where_it_leads_is_not_hidden(five_ring):
    for name in [*FIVE, *reversed(FIVE)]:  # down the page, and up
        button(five_ring, f"Go to {name}").click()
        expect(button(telephone(five_ring, name), "Answer")).to_be_focused()
        assert five_ring.evaluate(FOCUS_IS_SEEN), name


def test_what_the_keyboard_reaches_is_not_hidden(five_ring):
    five_ring.get_by_label("Sound").focus()
    reached = set()
    five_ring.keyboard.press("Tab")
    while not five_ring.evaluate("document.activeElement === document.body"):  # behind the last
        reached.add(focused(five_ring))
        assert five_ring.evaluate(FOCUS_IS_SEEN), focused(five_ring)
        five_ring.keyboard.press("Tab")

    assert {"Alice", "Answer", "Decline", "Send"} <= reached


def test_what_has_the_focus_comes_out_from_under_it(service, address, open_page):
    page = open_page(address, viewport=SMALL)
    field = telephone(page, "Alice").get_by_label("Text to the service")
    field.focus()
    field.evaluate("field => scrollBy(0, field.getBoundingClientRect().top - 5)")
    assert page.evaluate(FOCUS_IS_SEEN)

    service.ring(address, to=BOB)
    expect(button(page, "Go to Bob")).to_be_visible()

    page.wait_for_function(FOCUS_IS_SEEN)
    expect(field).to_be_focused()
