"""What is installed is whole, and ours alone: from a checkout and from the wheel."""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from importlib.resources import files

import pytest

import bot
from bot.console.runbook import pages

OUR_NAMES = ("bot", "flows", "config", "webhooks")


@pytest.mark.parametrize("name", OUR_NAMES)
def test_no_other_distribution_installs_a_package_of_our_name(name: str) -> None:
    """Two would mix in one folder, and the last `__init__.py` would win without a word."""
    assert set(packages_distributions().get(name, ["ringback"])) == {"ringback"}


def test_the_suite_runs_against_the_wheel_where_that_is_asked_for() -> None:
    if os.environ.get("TESTS_NEED_WHEEL"):
        assert "site-packages" in bot.__file__


@pytest.mark.parametrize(
    ("package", "ending", "at_least"),
    [("bot.storage", ".lua", 4), ("config", ".toml", 3), ("bot.records", ".csv", 2)],
)
def test_the_files_that_are_not_python_came_along(package: str, ending: str, at_least: int) -> None:
    found = [entry.name for entry in files(package).iterdir() if entry.name.endswith(ending)]
    assert len(found) >= at_least


def test_the_pages_of_the_console_came_along() -> None:
    """Templates, styles, scripts; and the runbook, which a checkout has in docs/."""
    for folder, name in (
        ("templates", "base.html"),
        ("static", "console.css"),
        ("static/vendored", "govuk-frontend.css"),
        ("static/vendored", "govuk-frontend.LICENSE.txt"),
    ):
        assert (files("bot.console") / folder / name).is_file(), name
    assert "dialling_stopped" in pages()


def test_the_migrations_came_along() -> None:
    assert any(
        entry.name.startswith("v0001")
        for entry in files("bot.records.migrations.versions").iterdir()
    )


def test_importing_the_door_connects_to_nothing_and_loads_neither_client_nor_simulator() -> None:
    """Production refuses to start beside the simulator; only the worker needs the REST client."""
    told = """
import socket, sys
socket.socket.connect = None
import webhooks
loaded = [name for name in sys.modules if name.startswith(("twilio.rest", "bot.simulator"))]
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""
    ran = subprocess.run(  # the interpreter that runs these tests, on a text of ours
        [sys.executable, "-W", "ignore", "-c", told], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
