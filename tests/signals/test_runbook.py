"""Whoever is woken finds a page, and each command on it exists; no panel asks for what is not."""

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from bot.actions import TaskReason
from bot.alerts import runbook_page
from bot.commands import ringback
from bot.settings_known import KNOWN
from bot.signals import series

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(page for page in (DOCS / "runbook").glob("*.md") if page.name != "README.md")
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DOCS / "prometheus" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
BOARD = json.loads((DOCS / "prometheus" / "grafana.json").read_text())
PANELS = [(panel["title"], each["expr"]) for panel in BOARD["panels"] for each in panel["targets"]]

COMMAND = re.compile(r"(?:`|^    )ringback ([^`#\n]+)", re.MULTILINE)
SELECTED = re.compile(r"(ringback_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"by \(([^)]*)\)")
OF_A_HISTOGRAM = ("_bucket", "_count", "_sum")


@pytest.mark.parametrize("reason", TaskReason)
def test_every_reason_of_a_task_has_its_page(reason: TaskReason) -> None:
    assert (DOCS / "runbook" / f"{runbook_page(reason)}.md") in PAGES


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_alert_has_its_page_and_says_how_soon(rule: dict[str, Any]) -> None:
    assert DOCS.parent / rule["annotations"]["runbook"] in PAGES
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]


def test_no_page_is_for_nothing() -> None:
    wanted = {f"{runbook_page(reason)}.md" for reason in TaskReason}
    wanted |= {Path(rule["annotations"]["runbook"]).name for rule in ALERTS}
    assert {page.name for page in PAGES} == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_what_to_look_at_and_when_it_is_over(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    parts = ("**What it means.**", "**Who is affected.**", "## Look at", "## Do", "## Over when")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "Console: *" in text
    assert len(text.splitlines()) < 40


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_command_of_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = [line.split() for line in COMMAND.findall(text)]
    assert found, "nothing to type"
    for words in found:
        command, rest = command_of(words)
        known = {name for each in command.params for name in each.opts}
        assert {word for word in rest if word.startswith("--")} <= known, words
        assert CliRunner().invoke(command, ["--help"]).exit_code == 0
    for setting in re.findall(r"RINGBACK_\w+", text):
        assert setting in KNOWN


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words name, and what is left of them."""
    command: click.Command = ringback
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    assert command is not ringback, words
    return command, words


@pytest.mark.parametrize(("title", "query"), [*PANELS, *((r["alert"], r["expr"]) for r in ALERTS)])
def test_a_query_asks_for_series_and_labels_that_exist(title: str, query: str) -> None:
    known = {one.name: {*one.labels} for one in series.ALL}
    asked = SELECTED.findall(query)
    assert asked
    for name, selector in asked:
        bare = next((name.removesuffix(s) for s in OF_A_HISTOGRAM if name.endswith(s)), name)
        labels = known[bare] | ({"le"} if name.endswith("_bucket") else set())
        assert set(re.findall(r"(\w+)\s*[=!]", selector)) <= labels, title
        for group in GROUPED.findall(query):
            assert {label.strip() for label in group.split(",")} <= labels, title


def test_the_dashboard_shows_every_series() -> None:
    shown = " ".join(query for _, query in PANELS)
    missing = {one.name for one in series.ALL if one.name not in shown}
    assert missing - {"ringback_callback_steps_total"} == set()
