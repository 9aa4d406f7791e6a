"""Calls by hand: the telephone rings, is answered, keys are pressed, words are heard and said."""

import json
import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.page.conftest import button, telephone
from tests.page.scene import ALICE, BOB, LINE

INTRODUCTION = "This is a call for Alice Example. Press any key."
TIMER = re.compile(r"^\d+:\d\d$")
LASTED = re.compile(r"The call is over, after \d+:\d\d")


@pytest.fixture
def rung(service, address, alice) -> Locator:
    """Alice's telephone, while the service rings it."""
    service.ring(address)
    expect(button(alice, "Answer")).to_be_visible()
    return alice


@pytest.fixture
def talking(rung) -> Locator:
    button(rung, "Answer").click()
    expect(rung.get_by_role("log")).to_contain_text(INTRODUCTION)
    return rung


def to_nobody(route: Route) -> None:
    """Send what the page asks for, but to a number that the service has no more."""
    asked = {**route.request.post_data_json, "to": "+442079460999"}
    route.continue_(post_data=json.dumps(asked))


def webhooks(network, path) -> list[dict[str, str]]:
    return [
        dict(each.request.params) for each in network.webhooks if each.request.url.endswith(path)
    ]


def test_alice_texts_is_rung_answers_presses_a_key_and_hears_words(
    service, address, network, alice
):
    alice.get_by_label("Text to the service").fill("Sorry I missed you")
    button(alice, "Send").click()
    expect(alice.get_by_role("listitem").filter(has_text="Sorry I missed you")).to_contain_text(
        "no reply"
    )
    expect(alice.get_by_label("Text to the service")).to_have_value("")

    service.ring(address)
    expect(alice).to_contain_text("Call from +44 30 6999 0100")
    button(alice, "Answer").click()
    expect(alice.get_by_role("log")).to_contain_text(INTRODUCTION)
    button(alice, "star").click()
    expect(alice.get_by_role("log")).to_contain_text("Keys *")
    expect(alice.get_by_role("log")).to_contain_text("Thank you.")
    expect(alice.get_by_role("timer")).to_have_text(TIMER)
    button(alice, "Hang up").click()

    expect(alice).to_contain_text(LASTED)
    assert webhooks(network, "/menu")[0]["Digits"] == "*"
    expect(button(alice, "Ring the service")).to_be_visible()


def test_words_are_there_as_soon_as_they_begin_and_only_the_part_that_was_heard_stays(
    network, rung
):
    network.settings.characters_per_second = 0.5
    button(rung, "Answer").click()
    expect(rung.get_by_role("log")).to_contain_text(INTRODUCTION)
    (call,) = network.calls.values()
    assert call.heard == []

    button(rung, "1").click()

    expect(rung.get_by_role("log")).not_to_contain_text("This is a call")


def test_bob_declines(service, address, page):
    bob = telephone(page, "Bob")
    service.ring(address, to=BOB)
    button(bob, "Decline").click()

    expect(bob).to_contain_text("The call is over: busy")
    expect(button(bob, "Decline")).to_be_hidden()


def test_the_voicemail_answers_and_is_listened_to_afterwards(service, address, page, alice):
    service.ring(address, "/message")
    button(alice, "Let the voicemail answer").click()
    expect(alice).to_contain_text(LASTED)

    alice.get_by_text("Voicemail (1)").click()
    kept = alice.get_by_role("group").get_by_role("listitem")
    expect(kept).to_contain_text("This is a message for Alice Example.")
    assert page.evaluate("spoken") == []
    alice.get_by_role("button", name="Listen to").click()

    assert page.evaluate("spoken") == ["This is a message for Alice Example."]


def test_whoever_can_decline_has_no_voicemail_that_would_answer(service, address, page, rung):
    service.ring(address, to=BOB)
    bob = telephone(page, "Bob")
    expect(button(bob, "Decline")).to_be_visible()

    expect(button(bob, "Let the voicemail answer")).to_be_hidden()
    expect(button(rung, "Decline")).to_be_hidden()


def test_a_double_click_rings_the_service_once(network, alice):
    button(alice, "Ring the service").dblclick()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")

    assert len(network.calls) == 1
    expect(alice.locator(".problem")).to_be_empty()
    button(alice, "Hang up").click()
    button(alice, "Ring the service").click()
    expect(button(alice, "Hang up")).to_be_visible()
    assert len(network.calls) == 2


def test_a_telephone_in_a_call_cannot_ring_the_service(address, talking):
    told = talking.page.request.post(
        f"{address}/simulator/calls", data={"from": ALICE, "to": LINE}, fail_on_status_code=False
    )

    assert (told.status, told.json()) == (409, {"error": f"{ALICE} is in a call already"})


def test_keys_from_alices_own_notes(network, alice):
    alice.get_by_text("What Alice knows").click()
    expect(alice).to_contain_text("It asks for 12 pounds.")
    expect(button(alice, "Key 1234: Reference")).to_be_disabled()
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")

    button(alice, "Key 1234: Reference").click()

    expect(alice.get_by_role("log")).to_contain_text("Keys 1 2 3 4")
    expect(alice.get_by_role("log")).to_contain_text("Thank you.")
    assert webhooks(network, "/menu")[0]["Digits"] == "1234"


def test_a_withheld_number(network, alice):
    alice.get_by_label("number withheld").check()
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")

    asked = webhooks(network, "/call/received")[0]
    assert asked["To"] == LINE
    assert asked["From"] != ALICE


def test_what_alice_types_is_said(network, talking):
    talking.get_by_label("Say", exact=True).fill("Who is this?")
    button(talking, "Say it").click()

    expect(talking.get_by_role("log")).to_contain_text("Says Who is this?")
    (call,) = network.calls.values()
    assert [spoken.words for spoken in call.spoken] == ["Who is this?"]


def test_two_people_are_through_to_each_other(service, page):
    service.pages["/call/received"] = service.pages["/transfer"]
    bob, desk = telephone(page, "Bob"), telephone(page, "The desk")
    button(bob, "Ring the service").click()
    button(desk, "Answer").click()
    expect(bob).to_contain_text("Through to The desk")
    expect(desk).to_contain_text("Through to Bob")

    desk.get_by_label("Say", exact=True).fill("Hello, this is Omar.")
    desk.get_by_label("Say", exact=True).press("Enter")

    said = bob.get_by_role("log").get_by_role("listitem").filter(has_text="Hello, this is Omar.")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("The desk Hello, this is Omar.")
    button(bob, "Hang up").click()
    expect(desk).to_contain_text("The call is over")


def test_a_second_tab_sees_the_same(open_page, address, talking):
    other = telephone(open_page(address), "Alice")

    expect(other.get_by_role("log")).to_contain_text(INTRODUCTION)
    button(other, "Hang up").click()

    expect(talking).to_contain_text("The call is over")


def test_what_cannot_be_done_is_told_and_the_words_stay(page, alice, complaints):
    page.route("**/simulator/texts", to_nobody)
    alice.get_by_label("Text to the service").fill("Hello?")
    button(alice, "Send").click()

    expect(alice.get_by_role("status")).to_contain_text("is not a number of the service")
    expect(alice.get_by_label("Text to the service")).to_have_value("Hello?")
    assert "404" in complaints.pop()


def test_alices_telephone_keeps_the_words_that_the_carrier_forgets(network, alice):
    alice.get_by_label("Text to the service").fill("Sorry I missed you")
    button(alice, "Send").click()
    text = alice.get_by_role("list", name="Alice’s texts").get_by_role("listitem")
    expect(text).to_contain_text("no reply")
    (kept,) = network.texts
    kept.body = ""
    alice.get_by_label("Text to the service").fill("Ring me")
    button(alice, "Send").click()

    expect(text.first).to_contain_text("the carrier has forgotten its words")
    expect(text.first).to_contain_text("Sorry I missed you")
