"""One voice for all telephones: each is spoken in its turn, and silenced for itself alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.conftest import button, telephone

# A voice that speaks until it is told that it has finished.
SLOW_VOICE = """
speechSynthesis.speak = (utterance) => {
  window.spoken.push(utterance.text);
  window.finish = () => utterance.dispatchEvent(new Event("end"));
};
Object.defineProperty(speechSynthesis, "speaking", { value: true });
"""
DONE = "[spoken.length, hushed]"


@pytest.fixture
def page(open_page, address) -> Page:
    return open_page(address, SLOW_VOICE)


@pytest.fixture
def bob(page, alice) -> Locator:
    """Bob is in a call, and then Alice: the words of his are being spoken."""
    bob = telephone(page, "Bob")
    for ringing in (bob, alice):
        button(ringing, "Ring the service").click()
        expect(ringing.get_by_role("log")).to_contain_text("Your number, please.")
    return bob


def test_one_after_the_other(page, bob):
    assert page.evaluate(DONE) == [1, 0]

    page.evaluate("finish()")

    assert page.evaluate(DONE) == [2, 0]


def test_who_hangs_up_silences_nobody_else(page, alice, bob):
    button(alice, "Hang up").click()
    expect(alice).to_contain_text("The call is over")
    page.evaluate("finish()")

    assert page.evaluate(DONE) == [1, 0]


def test_who_is_silenced_lets_others_speak(page, alice, bob):
    button(bob, "Hang up").click()
    expect(bob).to_contain_text("The call is over")

    assert page.evaluate(DONE) == [2, 1]


def test_who_switches_the_sound_off_silences_everybody(page, bob):
    page.get_by_label("Sound").uncheck()
    page.evaluate("finish()")

    assert page.evaluate(DONE) == [1, 1]
