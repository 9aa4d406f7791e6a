"""Writes the pages that are made from the code, so that they cannot tell anything else.

`make docs` writes them; `make docs-check` (`--check`) fails if one is not up to date.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import callbacks_page
import flow_page
import signals_page
import texts_page
from flask import Flask

from bot.api import BLUEPRINTS, VERSION
from bot.api.document import document_of
from bot.powers import Powers
from bot.settings_known import SETTINGS, Setting
from bot.text_reading.words import LONGEST
from bot.wording import Wording
from flows import FLOWS, OPENS

ROOT = Path(__file__).resolve().parent.parent
NOTE = "Made from `config/` by `make docs`; a test fails when it is not up to date."
BEGIN, END = "<!-- made by `make docs`: settings -->", "<!-- end -->"


def flows() -> str:
    """docs/flows.md: every flow as a picture and a table."""
    return flow_page.page(FLOWS, OPENS)


def readme() -> str:
    """README.md, its table of settings made anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md has no place for its settings: {BEGIN} … {END}")
    return f"{before}{begin}\n{settings_table()}\n{end}{after}"


def settings_table() -> str:
    """Every setting, as the README lists it."""
    lines = ["| variable | meaning | default |", "| --- | --- | --- |"]
    lines += [f"| `{one.name}` | {one.meaning} | {_default(one)} |" for one in SETTINGS]
    return "\n".join(lines)


def _default(setting: Setting) -> str:
    default = setting.default or "—"
    notes = [
        "**needed in production**" if setting.needed_in_production else "",
        "or `_FILE`" if setting.secret else "",
    ]
    return "; ".join(part for part in (default, *notes) if part)


def texts() -> str:
    """docs/texts.md: what a text is read as."""
    return texts_page.page(NOTE, LONGEST)


def openapi() -> str:
    """docs/openapi.json: the document of the API."""
    app = Flask("document")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return json.dumps(document_of(app, VERSION), indent=1) + "\n"


def wording() -> str:
    """docs/wording.md: every prompt, who may hear it, and which flow says it."""
    words = Wording.load()
    sayers = {name: flow.name for flow in reversed(FLOWS) for name in flow.prompts}
    sayers |= dict.fromkeys(Powers.load().prompts, "officer_line")
    for flow in FLOWS:
        for name in flow.prompts:
            if sayers[name] != flow.name:
                sayers[name] = "every call"
    lines = [
        "# The words\n",
        f"{NOTE}\n",
        "A prompt is written for an audience, and the engine says it to nobody else. These texts are",
        "samples: production does not speak them. The text in braces is filled in when it is said.\n",
        "| audience | who may hear it |",
        "| --- | --- |",
        "| `any_ears` | whoever picks up or rings in, before anything is known; everybody later |",
        "| `machine` | an answering machine, and nobody else |",
        "| `unverified` | a person, who may be anybody |",
        "| `verified` | the customer, once the checks of this call are passed |",
        "| `officer` | an officer, once they have shown who they are |\n",
    ]
    for language in words.languages:
        lines.append(f"## {language}\n")
        lines += ["| prompt | audience | said by | text |", "| --- | --- | --- | --- |"]
        for prompt_id in sorted(words.ids(language)):
            prompt = words.prompt(prompt_id, language)
            sayer = "the checks" if prompt_id.startswith("question.") else sayers[prompt_id]
            lines.append(f"| `{prompt_id}` | `{prompt.audience}` | {sayer} | {prompt.text} |")
        lines.append("")
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/flows.md": flows,
    "docs/wording.md": wording,
    "docs/texts.md": texts,
    "docs/callbacks.md": callbacks_page.page,
    "docs/signals.md": signals_page.page,
    "docs/openapi.json": openapi,
}


def out_of_date() -> list[str]:
    """The pages that tell something else than the code."""
    return [
        name
        for name, make in PAGES.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` only say which are not up to date."""
    stale = out_of_date()
    for name in stale:
        if "--check" in arguments:
            print(f"{name} is not up to date: run `make docs`, and commit it", file=sys.stderr)
        else:
            (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
            print(f"wrote {name}")
    if not stale:
        print("The pages are up to date.")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
