"""The console over the house in memory, and somebody before it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright import sync_api

from bot.console import create_console
from tests.console.lived_in import live_in
from tests.console.staff import EVERYTHING, Browser, Somebody
from tests.house_in_memory import HouseInMemory
from tests.page.chromium import launch


@pytest.fixture
def somebody() -> Somebody:
    return Somebody()


@pytest.fixture
def lived_in(house: HouseInMemory) -> None:
    """Something has happened here: see `tests/console/lived_in.py`."""
    live_in(house, EVERYTHING.number)


@pytest.fixture
def console(house: HouseInMemory, somebody: Somebody) -> Flask:
    return create_console(house.runtime, somebody)


@pytest.fixture
def over_https(house: HouseInMemory, somebody: Somebody) -> Flask:
    """The same, as staff reach it in production."""
    settings = replace(house.runtime.settings, console_url="https://ringback.department.example")
    return create_console(replace(house.runtime, settings=settings), somebody)


@pytest.fixture
def browser(console: Flask, somebody: Somebody) -> Browser:
    return Browser(console.test_client(), somebody)


@pytest.fixture(scope="module")  # Playwright keeps an event loop running, which others may not meet
def chromium() -> Iterator[sync_api.Browser]:
    """A real browser."""
    with sync_api.sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()
