"""The real service behind the page, as `ringback demo` leaves it: Alice plays it all by hand."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from rich.console import Console

import webhooks
from bot import answers
from bot.demo import people
from bot.demo.main import ANY_PORTS, Demo
from bot.question_set import QuestionSet
from bot.settings import Settings
from tests.page.conftest import button, telephone

QUICK = 400  # characters of speech in a second


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data_dir: Path = tmp_path_factory.mktemp("demo")
    settings = Settings.from_env({"RINGBACK_DATA_DIR": str(data_dir)})
    with Demo(webhooks.connect, settings, Console(file=StringIO()), ports=ANY_PORTS) as running:
        running.hand_over()
        running.network.speak_at(QUICK)
        alice = people.in_hand()[0]
        running.network.change(people.ALICE, {**alice, "greeting_seconds": 0.5})
        yield running


@pytest.fixture
def demo_page(demo: Demo, open_page) -> Iterator[Page]:
    page = open_page(demo.settings.twilio_api_url + "/")
    yield page
    page.close()


def test_alice_texts_lets_the_voicemail_answer_and_rings_back(demo_page: Page) -> None:
    alice = telephone(demo_page, "Alice")
    alice.get_by_label("Text to the service").fill("Sorry I missed you")
    button(alice, "Send").click()
    button(alice, "Let the voicemail answer").click()
    expect(alice).to_contain_text("The call is over, after", timeout=60_000)
    expect(alice).to_contain_text("the carrier has forgotten its words")
    alice.get_by_text("Voicemail (1)").click()
    kept = alice.get_by_role("group").get_by_role("listitem")
    expect(kept).to_contain_text("This is a message for Alice Margaret Example.")

    button(alice, "Ring the service").click()
    log = alice.get_by_role("log")
    expect(log).to_contain_text("nine-digit reference")
    key_the_reference(alice)

    expect(log).to_contain_text("Please say each answer, or key it")
    carrier = demo_page.get_by_role("region", name="What the carrier sees")
    expect(carrier).to_contain_text("/call/digits-pressed")
    button(alice, "Hang up").click()
    expect(alice).to_contain_text("The call is over, after")


def test_alice_says_an_answer_and_asks_for_a_person(demo_page: Page) -> None:
    alice = telephone(demo_page, "Alice")
    log = alice.get_by_role("log")
    button(alice, "Ring the service").click()
    expect(log).to_contain_text("nine-digit reference")
    key_the_reference(alice)
    expect(log).to_contain_text(any_of(people.QUESTIONS))

    asked = next(phrase for phrase in people.QUESTIONS if phrase in log.inner_text())
    alice.get_by_label("Say", exact=True).fill(spoken(asked))
    button(alice, "Say it").click()
    expect(log).to_contain_text(any_of(set(people.QUESTIONS) - {asked}))

    alice.get_by_label("Say", exact=True).fill("A person, please.")
    button(alice, "Say it").click()
    expect(log).to_contain_text("I am putting you through.")
    expect(log).not_to_contain_text("I did not understand")
    button(alice, "Hang up").click()
    expect(alice).to_contain_text("The call is over, after")


def key_the_reference(alice: Locator) -> None:
    """Wherever the button is by then: what is said makes the page longer under a mouse."""
    named = f"Key {people.ALICE_CASE}#: Reference"
    found = alice.get_by_role("button", name=named, exact=True, include_hidden=True)
    found.dispatch_event("click")


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of these: which questions are drawn hangs on the demo's keys, which are made up."""
    return re.compile("|".join(map(re.escape, phrases)))


def spoken(asked: str) -> str:
    """The right answer of Alice to the question of this phrase, as she would say it."""
    rules = QuestionSet.load().questions.values()
    rule = dict(zip(people.QUESTIONS, rules, strict=True))[asked]
    return answers.as_said(rule, answers.keyed(rule, people.ALICE_KNOWS[asked][:-1]) or "")
