"""The page on kinds of answer tells what the code does: each of its rows is tried."""

import re
from pathlib import Path

import pytest

from bot.answers import KINDS, keyed, said, written
from tests.answers.tables import AGAIN, OF_KIND

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
OVERVIEW = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|.*?\| (\d+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_example_of_the_page_is_understood_as_it_says(kind):
    rows = re.findall(r'^\| "(.+)" \| (.+) \|$', SECTIONS[kind], re.MULTILINE)
    heard = {words: said(OF_KIND[kind], words) or AGAIN for words, _ in rows}

    assert heard == dict(rows)
    assert AGAIN in heard.values()


def test_the_overview_has_every_kind_with_its_version():
    assert {kind: int(version) for kind, _, _, version in OVERVIEW} == {
        name: kind.version for name, kind in KINDS.items()
    }


@pytest.mark.parametrize(("kind", "canonical", "keys"), [row[:3] for row in OVERVIEW])
def test_the_forms_of_the_overview_are_the_real_ones(kind, canonical, keys):
    kept = re.findall(r"`([^`]+)`", canonical)
    given = re.findall(r"`([^`]+)`", keys)

    assert all(written(OF_KIND[kind], form) == form for form in kept)
    assert all(keyed(OF_KIND[kind], form) is not None for form in given)
    assert bool(given) or KINDS[kind].only_said or KINDS[kind].takes_choices
