"""The pages tell what the code does: those made from it are up to date, links lead somewhere."""

import re
from pathlib import Path

import flow_page
import make
import pytest

from bot.settings_known import SETTINGS
from flows import FLOWS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE_PATH = re.compile(r"`((?:bot|flows|config|tests|docs|bench)/[\w./-]*|webhooks\.py)`")


@pytest.mark.parametrize("name", make.PAGES)
def test_a_page_that_is_made_from_the_code_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == make.PAGES[name](), "run `make docs`"


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"| `{setting.name}` |" in readme


def test_the_readme_stays_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if not line.startswith("| `RINGBACK_")]) < 140


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_pictures_are_small() -> None:
    for picture in ROOT.glob("docs/**/*.png"):
        assert picture.stat().st_size < 150_000, f"{picture.name}: a smaller screen"


# The design is a plan, ahead of the code in places; it says so at its top.
OF_THE_CODE = [page for page in PAGES if page.name != "design.md"]


@pytest.mark.parametrize("page", OF_THE_CODE, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    for target in CODE_PATH.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / target).exists() or "<" in target, f"{page.name}: {target}"


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_row_of_a_table_is_on_the_page(flow: type) -> None:
    told = [row for row in flow_page.rows_of(flow) for _ in row.sources]
    assert len(told) == len(flow.moves)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_the_page_keeps_the_order_in_which_rows_are_tried(flow: type) -> None:
    def tried(rows: list[tuple[str, str, str | None]]) -> dict[tuple[str, str], list[str | None]]:
        order: dict[tuple[str, str], list[str | None]] = {}
        for trigger, source, guard in rows:
            order.setdefault((trigger, source), []).append(guard)
        return order

    table = [(row["trigger"], row["source"], row["conditions"]) for row in flow.moves]
    page = [
        (row.trigger, source, row.when) for row in flow_page.rows_of(flow) for source in row.sources
    ]
    assert tried(page) == tried(table)
