"""The page for everybody: by keyboard alone, with a screen reader, on a small screen, with sound
or without."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.page.conftest import button, telephone
from tests.page.scene import BOB

NO_VOICE = "delete window.speechSynthesis; delete window.AudioContext;"
NO_STORAGE = """
Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } });
"""
EAR = """
window.SpeechRecognition = class {
  start() {
    setTimeout(() => {
      this.onresult({ results: [[{ transcript: "Alice Example" }]] });
      this.onend();
    });
  }
};
"""
NO_EAR = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"{name} is not reached with the Tab key")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found.response["violations"]]


# The keyboard


def test_the_keyboard_alone(service, address, network, page, alice):
    tab_to(page, "Ring the service")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Sorry 1 missed you")
    page.keyboard.press("Enter")
    expect(alice).to_contain_text("no reply")
    service.ring(address)
    expect(page.get_by_role("alert")).to_have_text("Ringing: Alice")
    assert page.evaluate("document.activeElement.name") == "body", "the focus stays where it was"

    page.locator("body").press("Shift+Tab")
    tab_to(page, "Answer")
    page.keyboard.press("Enter")
    expect(alice.get_by_role("group", name="Alice’s keypad")).to_be_focused()
    expect(alice.get_by_role("log")).to_contain_text("Press any key.")
    page.keyboard.press("7")
    expect(alice.get_by_role("log")).to_contain_text("Thank you.")
    tab_to(page, "Hang up")
    page.keyboard.press("Enter")

    expect(alice.get_by_role("heading", name="Alice")).to_be_focused()
    (call,) = network.calls.values()
    assert call.keys == "7"


def test_digits_that_are_typed_into_a_field_are_no_keys(network, page, alice):
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
    alice.get_by_label("Say", exact=True).press_sequentially("12")
    page.keyboard.press("Enter")
    expect(alice.get_by_role("log")).to_contain_text("Says 12")

    (call,) = network.calls.values()
    assert call.keys == ""


# The screen reader


def test_axe_finds_nothing(service, address, open_page):
    page = open_page(address, reduced_motion="reduce")
    alice, bob = telephone(page, "Alice"), telephone(page, "Bob")
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
    alice.get_by_text("What Alice knows").click()
    page.keyboard.type("1234")
    expect(alice.get_by_role("log")).to_contain_text("Thank you.")
    bob.get_by_label("Text to the service").fill("Hello")
    button(bob, "Send").click()
    expect(bob).to_contain_text("no reply")
    service.ring(address, to=BOB)
    expect(button(bob, "Answer")).to_be_visible()
    page.get_by_text("/menu").click()
    expect(page.locator("pre")).to_be_visible()

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


def test_words_are_announced_politely_and_each_once(alice):
    log = alice.get_by_role("log", name="Alice’s call", include_hidden=True)

    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")


def test_every_part_has_its_landmark_and_its_heading(page):
    for role in ("banner", "main"):
        expect(page.get_by_role(role)).to_have_count(1)
    for name in ("People", "What the carrier sees"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
        expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    for name in ("Alice", "Bob", "The desk"):
        expect(page.get_by_role("heading", level=3, name=name)).to_be_visible()
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to what the carrier sees"


# The screen


def test_at_phone_width_nothing_is_wider_than_the_screen(service, address, open_page):
    service.pages["/menu"] = f"<Say>{'Thankyou' * 30}</Say><Pause length='60'/>"
    page = open_page(address, viewport={"width": 360, "height": 740})
    alice = telephone(page, "Alice")
    alice.get_by_label("Text to the service").fill("Sorry" * 40)
    button(alice, "Send").click()
    button(alice, "Ring the service").click()
    alice.get_by_text("What Alice knows").click()
    button(alice, "Key 1234: Reference").click()
    expect(alice.get_by_role("log")).to_contain_text("ThankyouThankyou")
    service.ring(address, to=BOB)
    expect(page.get_by_role("alert")).to_contain_text("Bob")
    page.get_by_text("/menu").click()
    expect(page.locator("pre")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(
        "[...document.querySelectorAll('button')].every(fits)".replace(
            "fits", "each => each.getBoundingClientRect().right <= 360"
        )
    )


def test_nothing_moves_for_whoever_wants_no_motion(service, address, page, alice):
    service.ring(address)
    expect(button(alice, "Answer")).to_be_visible()

    expect(alice).to_have_css("animation-name", "rings")
    page.emulate_media(reduced_motion="reduce")
    expect(alice).to_have_css("animation-name", "none")


# Sound


def test_words_are_spoken_once_and_hushed_by_a_key(page, alice):
    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
    assert page.evaluate("[spoken, hushed]") == [["Your number, please."], 0]

    page.keyboard.press("1")
    expect(alice.get_by_role("log")).to_contain_text("Keys 1")

    assert page.evaluate("[spoken, hushed]") == [["Your number, please."], 1]


def test_sound_that_is_switched_off_stays_off(page, alice):
    sound = page.get_by_label("Sound")
    expect(sound).to_be_checked()
    sound.uncheck()
    page.reload()
    expect(sound).not_to_be_checked()

    button(alice, "Ring the service").click()
    expect(alice.get_by_role("log")).to_contain_text("Your number, please.")

    assert page.evaluate("spoken") == []


def test_a_browser_without_a_voice_or_an_ear_or_a_memory(service, address, open_page):
    page = open_page(address, NO_VOICE, NO_STORAGE, NO_EAR)
    alice = telephone(page, "Alice")
    service.ring(address)
    button(alice, "Answer").click()
    expect(alice.get_by_role("log")).to_contain_text("This is a call for Alice")

    expect(button(alice, "Microphone")).to_be_hidden()
    page.get_by_label("Sound").uncheck()


def test_a_browser_that_hears(network, address, open_page):
    page = open_page(address, EAR)
    alice = telephone(page, "Alice")
    button(alice, "Ring the service").click()
    button(alice, "Microphone").click()

    expect(alice.get_by_role("log")).to_contain_text("Says Alice Example")
    expect(button(alice, "Microphone")).to_have_attribute("aria-pressed", "false")
    (call,) = network.calls.values()
    assert [spoken.words for spoken in call.spoken] == ["Alice Example"]
