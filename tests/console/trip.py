"""Alice at her telephone, and staff at theirs: what they do in a browser, one verb each."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from bot import one_time_codes
from bot.demo import people
from bot.demo.main import Demo
from bot.demo.staff import PASSWORD
from tests.page.chromium import follow
from tests.page.conftest import VOICE, button, telephone

PATIENCE_MS = 60_000  # on a busy machine; a passing test waits for no such time
SAYS_WHEN = "document.addEventListener('submit', () => { window.sentAt = Date.now(); }, true)"
SEES_WHEN = """
text => new MutationObserver((_, observer) => {
  if (!document.getElementById("lines").textContent.includes(text)) return;
  window.seenAt = Date.now();
  observer.disconnect();
}).observe(document.getElementById("lines"), {childList: true})
"""


class Alice:
    """Alice, at the phone page of the simulator, in a browser of her own."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(VOICE)
        context.add_init_script(SAYS_WHEN)
        self.page = context.new_page()
        self.page.goto(f"{demo.settings.twilio_api_url}/")
        self.telephone = telephone(self.page, "Alice")
        self.hears = self.telephone.get_by_role("log")

    def texts(self, words: str) -> None:
        """Find her telephone, type, Send."""
        self.telephone.get_by_label("Text to the service").fill(words)
        button(self.telephone, "Send").click()

    def answers(self) -> None:
        """Her telephone rings, and she takes the call."""
        button(self.telephone, "Answer").click()

    def keys(self, digits: str, *, when: str) -> None:
        """Press keys, once she has heard this."""
        expect(self.hears).to_contain_text(when, timeout=PATIENCE_MS)
        for digit in digits.replace("#", "h"):
            self._press("hash" if digit == "h" else digit)

    def passes_the_checks(self, *, asked: int) -> None:
        """Answer so many questions, whichever they are, by what she knows."""
        to_come = set(people.QUESTIONS)
        for _ in range(asked):
            any_of_them = re.compile("|".join(map(re.escape, to_come)))
            expect(self.hears).to_contain_text(any_of_them, timeout=PATIENCE_MS)
            found = any_of_them.search(self.hears.inner_text())
            assert found
            to_come.remove(found.group())
            self.keys(people.ALICE_KNOWS[found.group()], when=found.group())

    def hangs_up(self) -> None:
        button(self.telephone, "Hang up").click()
        expect(self.telephone).to_contain_text("The call is over, after", timeout=PATIENCE_MS)

    def _press(self, key: str) -> None:
        """Wherever the key is by then: what is said makes the page longer under a mouse."""
        keypad = self.telephone.get_by_role("group", name="Alice’s keypad", include_hidden=True)
        button = keypad.get_by_role("button", name=key, exact=True, include_hidden=True)
        button.dispatch_event("click")


class Member:
    """One of the staff, signed in on the console in a browser of their own."""

    def __init__(self, demo: Demo, browser: Browser, number: str) -> None:
        self.demo, self.number = demo, number
        context = browser.new_context(
            viewport={"width": 940, "height": 1130}, base_url=demo.settings.console_url
        )
        context.set_default_timeout(PATIENCE_MS)
        self.page = context.new_page()
        self._signs_in()
        self.lines, self.panels = self.page.locator("#lines"), self.page.locator("#panels")

    def looks_for_alice(self) -> Locator:
        """Search by her number, typed in full; the links to the conversations that are found."""
        self.page.goto("/search")
        self.page.get_by_label("Telephone number").fill("07700 900123")
        follow(self.page, self.page.get_by_role("button", name="Search", exact=True))
        expect(self.page.get_by_role("heading", name="What was found")).to_be_visible()
        return self.page.get_by_role("table").get_by_role("link")

    def exports(self, kept_as: Path) -> str:
        """Export what is found, told before how much it is; what the file says."""
        follow(self.page, self.page.get_by_role("link", name="Export as CSV"))
        expect(self.page.get_by_role("main")).to_contain_text("lines, as a CSV file")
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="Download the file").click()
        download.value.save_as(kept_as)
        return kept_as.read_text(encoding="utf-8")

    def forges(self, path: str, **form: str) -> int:
        """Post what no page of theirs offers, with the token of a form that one has; the status."""
        token = self.page.locator("input[name=csrf_token]").first.get_attribute("value")
        asked = """async ([path, form]) =>
            (await fetch(path, {method: "POST", body: new URLSearchParams(form)})).status"""
        answer: int = self.page.evaluate(asked, [path, {"csrf_token": token, **form}])
        return answer

    def _signs_in(self) -> None:
        self.page.goto("/now")
        credential = self.demo.runtime.records.credentials.get(self.number)
        assert credential is not None
        code = one_time_codes.code_now(credential.secret, self.demo.runtime.clock)
        self.page.get_by_label("Staff number").fill(self.number)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("Code").fill(code)
        follow(self.page, self.page.get_by_role("button", name="Sign in"))
        expect(self.page.get_by_role("heading", name="Now", level=1)).to_be_visible()
