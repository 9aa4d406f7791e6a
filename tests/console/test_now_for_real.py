"""Now over a real Redis that is killed and comes back."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.console import create_console
from bot.console.live import live_of
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from tests.console.served import serving
from tests.console.staff import OLIVE, Somebody
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB

PATIENCE_MS = 20_000


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_redis_is_killed_and_the_page_says_so_and_goes_on(
    build: Callable[..., HouseInMemory], tmp_path: Path, somebody: Somebody, page: Page
) -> None:
    somebody.be(OLIVE)
    server = EmbeddedServer.start(tmp_path)
    store = RedisStore.connect(server.url)
    house = build(store=store)
    console = create_console(house.runtime, somebody)
    live = live_of(console)
    with serving(console, live) as address:
        page.goto(f"{address}/now")
        page.evaluate("window.neverLoadedAgain = true")
        house.text(ALICE, "before")
        lines, panels = page.locator("#lines > li"), page.locator("#panels")
        expect(lines.filter(has_text="callback_owed")).to_have_count(1)

        os.kill(server.pid, signal.SIGKILL)
        expect(panels).to_contain_text("The store does not answer", timeout=PATIENCE_MS)
        server.stop()

        with EmbeddedServer.start(tmp_path):
            expect(panels).to_contain_text("Desk main", timeout=PATIENCE_MS)
            house.text(BOB, "after")
            expect(lines.filter(has_text="callback_owed")).to_have_count(2, timeout=PATIENCE_MS)
            expect(lines).to_have_count(len(house.log()))
            assert page.evaluate("window.neverLoadedAgain")
            page.close()
            live.hub.close()
            store.close()
