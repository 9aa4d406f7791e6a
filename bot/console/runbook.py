"""The runbook: what to do about each alert, written in Markdown, read by people as pages.

`docs/runbook/*.md` in a checkout, `bot/console/runbook/` in the wheel. A page is named by the
reason of a task (`dialling_stopped`). HTML in it is shown and not run; links lead to other pages of
the runbook, or away by https.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

CHECKOUT = Path(__file__).parent.parent.parent / "docs" / "runbook"
ENDING = ".md"
CLASSES = {
    "h1": "govuk-heading-l",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "table": "govuk-table",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
    "blockquote": "govuk-inset-text",
}


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: its name, its first heading, and its text as HTML of ours."""

    name: str
    title: str
    html: Markup


@cache
def pages() -> dict[str, HelpPage]:
    """Every page by name, in the order of their titles."""
    packaged = resources.files("bot.console") / "runbook"
    folder = packaged if packaged.is_dir() else CHECKOUT
    texts = {
        entry.name.removesuffix(ENDING): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(ENDING)
    }
    rendered = (rendered_page(name, text, texts.keys()) for name, text in texts.items())
    return {page.name: page for page in sorted(rendered, key=lambda page: page.title)}


def has_help(name: str) -> bool:
    """Whether there is a page about this."""
    return name in pages()


def rendered_page(name: str, text: str, known: Collection[str]) -> HelpPage:
    """The Markdown as a page; `known` are the pages that it may lead to."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    _dress(tokens, known)
    heading = next((tokens[at + 1] for at, each in enumerate(tokens) if each.tag == "h1"), None)
    html = parser.renderer.render(tokens, parser.options, {})
    return HelpPage(name, heading.content if heading else name, Markup(html))  # noqa: S704 - html=False


def _dress(tokens: Sequence[Token], known: Collection[str]) -> None:
    """Give every element its class of GOV.UK, and every link its place."""
    for token in tokens:
        if token.nesting == 1 and token.tag in CLASSES:
            token.attrSet("class", CLASSES[token.tag])
        if token.type in ("fence", "code_block"):
            token.attrSet("tabindex", "0")  # it scrolls: the keyboard must reach it
        if token.type == "link_open":
            token.attrSet("href", _place(str(token.attrGet("href")), known))
        _dress(token.children or (), known)


def _place(href: str, known: Collection[str]) -> str:
    """Where a link of the runbook leads in the console; nowhere, if it is no page of it."""
    name, ending, anchor = href.partition(ENDING)
    if href.startswith(("https://", "#")):
        return href
    if ending and name in known:
        return f"/help/{name}{anchor}"
    return "/help"
