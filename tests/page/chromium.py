"""The browser in which the page is tested: one that is on this machine, or Playwright's own.

`python -m tests.page.chromium` says by its exit code whether there is one that starts.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=SpareRendererForSitePerProcess",  # each test opens one page
    "--in-process-gpu",
]


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=path_of(playwright),
        chromium_sandbox=False,  # it opens our own page only, and root may have none
        args=ARGUMENTS,
    )


def follow(page: Page, leads_on: Locator) -> None:
    """Click what leads to another page, and be there: a click alone waits for nothing."""
    with page.expect_navigation():
        leads_on.click()


def path_of(playwright: Playwright) -> str:
    found = [path for name in NAMES if (path := shutil.which(name))]
    own = playwright.chromium.executable_path
    found += [own] if Path(own).exists() else []
    assert found, "the phone page is tested in Chromium, and there is none: run .ci/get-browser"
    return found[0]


def starts() -> bool:
    with sync_playwright() as playwright:
        try:
            launch(playwright).close()
        except (AssertionError, Error):
            return False
    return True


if __name__ == "__main__":
    sys.exit(not starts())
