"""`ringback wording`: texts under approval: who wrote them, who approved them, what may be said."""

import click
from rich.text import Text as Line

from bot.commands.showing import console, table
from bot.commands.terminal import Terminal, pass_terminal
from bot.commands.wording_deciding import approve, submit, withdraw
from bot.commands.wording_desk import LANGUAGE, WordingsHere, chosen, wordings_here
from bot.commands.wording_say import say
from bot.commands.wording_telling import STYLES, differences, history, seconds, what_follows
from bot.submissions import Standing, State

COLUMNS = ("item", "language", "audience", "version", "state", "by", "when", "seconds")
STATES = [state.name.lower() for state in State]


@click.group()
def wording() -> None:
    """Texts under approval, and who decided on them.

    An item is a prompt, `desk:NAME` (what a desk says of itself inside prompts) or `questions` (the
    set of questions with its marks). One person submits it, another approves it, either of them
    withdraws it. In production nothing is spoken until every item is approved, exactly as it is
    configured.
    """


@wording.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only items that stand so.")
@LANGUAGE
@pass_terminal
def list_(terminal: Terminal, state: str | None, language: str | None) -> None:
    """How every item stands, by whom, and its seconds.

    The seconds are estimated, for the desk where it takes longest.
    """
    here = wordings_here(terminal)
    standings = here.release.standings()
    rows = [
        (_row(here, one), STYLES[one.state])
        for one in standings
        if state in (None, one.state.name.lower()) and language in (None, one.text.language)
    ]
    one_language = len({one.text.language for one in standings} - {""}) == 1
    wanted = [
        name
        for name in COLUMNS
        if any(row[name] for row, _ in rows) and not (name == "language" and one_language)
    ]
    shown = table(*wanted, whole=("item",))
    for row, style in rows:
        shown.add_row(*(row[name] for name in wanted), style=style)
    said = console()
    if shown.row_count:
        said.print(shown)
    said.print(what_follows(here, standings), soft_wrap=True)


def _row(here: WordingsHere, one: Standing) -> dict[str, str]:
    """By column; nothing where there is nothing to say."""
    text, by = one.text, one.by
    row = dict.fromkeys(COLUMNS, "") | {
        "item": text.item,
        "language": text.language,
        "audience": text.audience,
        "state": "never" if one.state is State.NEVER else one.state.value,
        "seconds": seconds(here, text),
    }
    if by is not None:
        last, at = by.last
        row["by"] = f"{last}, for {by.author}" if by.state is State.APPROVED else last
        row["version"], row["when"] = str(by.version), here.moment(at)
    return row


@wording.command()
@click.argument("item")
@LANGUAGE
@pass_terminal
def show(terminal: Terminal, item: str, language: str | None) -> None:
    """One item whole, with its history."""
    here = wordings_here(terminal)
    book, said = here.release.submissions(), console()
    for text in chosen(here, (item,), language):
        said.print(f"{text.item} {text.language}".strip(), style="bold")
        said.print(text.words, soft_wrap=True)
        for name, value in here.facts_of(text):
            said.print(f"{name:<10}{value}", soft_wrap=True)
        said.print(history(here, text, book))


@wording.command()
@click.argument("item")
@LANGUAGE
@pass_terminal
def diff(terminal: Terminal, item: str, language: str | None) -> None:
    """What was altered since it was approved.

    Word by word: `[-taken out-]`, `{+put in+}`; in colours on a terminal.
    """
    here = wordings_here(terminal)
    book, said = here.release.submissions(), console()
    for text in chosen(here, (item,), language):
        said.print(f"{text.item} {text.language}".strip(), style="bold")
        told: Line = differences(text, book)
        said.print(told, soft_wrap=True)


for command in (submit, approve, withdraw, say):
    wording.add_command(command)
