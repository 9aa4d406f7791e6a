"""docs/api.md: every example is sent, and works; docs/openapi.json is the API's own document."""

import json
import re
import shlex
from pathlib import Path

import pytest

import bot
from tests.api.conftest import ApiWorld

DOCS = Path(bot.__file__).parent.parent / "docs"
if not DOCS.is_dir():
    pytest.skip("the pages are in the sources", allow_module_level=True)
PAGE = (DOCS / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(curl .*?)```", PAGE, re.DOTALL)


def test_every_example_works_in_the_order_of_the_page(world: ApiWorld) -> None:
    assert len(EXAMPLES) == 7
    id = ""
    for example in EXAMPLES:
        words = shlex.split(example.replace("\\\n", " "))
        headers = dict(re.split(r": ", words[at + 1], maxsplit=1) for at in _at(words, "-H"))
        path = next(word for word in words if word.startswith("http")).partition("8473")[2]
        path = path.replace("$ID", id)
        if "-d" in words:
            body = json.loads(words[words.index("-d") + 1])
            answer = world.post(path, body, key=headers["Idempotency-Key"])
        else:
            answer = world.get(path)
        assert answer.status_code in (200, 201), (example, answer.get_data(as_text=True))
        id = answer.get_json().get("id", id)


def _at(words: list[str], option: str) -> list[int]:
    return [place for place, word in enumerate(words) if word == option]


def test_the_scopes_of_the_page_are_those_there_are(world: ApiWorld) -> None:
    from bot.api_tokens import Scope

    assert set(re.findall(r"^\| `([a-z]+:[a-z]+)` \|", PAGE, re.MULTILINE)) == set(Scope)
