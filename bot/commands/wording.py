"""`ringback wording`: texts under approval: who wrote them, who approved them, what may be said."""

import click
from rich.text import Text as Line

from bot.commands.showing import console, table
from bot.commands.terminal import Terminal, pass_terminal
from bot.commands.wording_deciding import approve, submit, withdraw
from bot.commands.wording_desk import LANGUAGE, Desk, chosen, the_desk
from bot.commands.wording_say import say
from bot.commands.wording_telling import STYLES, differences, history, seconds, what_follows
from bot.submissions import Standing, State

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
    desk = the_desk(terminal)
    standings = desk.release.standings()
    shown = table("item", "language", "audience", "version", "state", "by", "when", "seconds")
    for one in standings:
        if state in (None, one.state.name.lower()) and language in (None, one.text.language):
            shown.add_row(*_row(desk, one), style=STYLES[one.state])
    said = console()
    if shown.row_count:
        said.print(shown)
    said.print(what_follows(desk, standings), soft_wrap=True)


def _row(desk: Desk, one: Standing) -> list[str]:
    text, by = one.text, one.by
    if by is None:
        version, who, when = "", "", ""
    else:
        last, at = by.last
        who = f"{last}, for {by.author}" if by.state is State.APPROVED else last
        version, when = str(by.version), desk.moment(at)
    return [
        text.item,
        text.language,
        text.audience,
        version,
        one.state.value,
        who,
        when,
        seconds(desk, text),
    ]


@wording.command()
@click.argument("item")
@LANGUAGE
@pass_terminal
def show(terminal: Terminal, item: str, language: str | None) -> None:
    """One item whole, with its history."""
    desk = the_desk(terminal)
    book, said = desk.release.submissions(), console()
    for text in chosen(desk, (item,), language):
        said.print(f"{text.item} {text.language}".strip(), style="bold")
        said.print(text.words, soft_wrap=True)
        for name, value in desk.facts_of(text):
            said.print(f"{name:<10}{value}", soft_wrap=True)
        said.print(history(desk, text, book))


@wording.command()
@click.argument("item")
@LANGUAGE
@pass_terminal
def diff(terminal: Terminal, item: str, language: str | None) -> None:
    """What was altered since it was approved.

    Word by word: `[-taken out-]`, `{+put in+}`; in colours on a terminal.
    """
    desk = the_desk(terminal)
    book, said = desk.release.submissions(), console()
    for text in chosen(desk, (item,), language):
        said.print(f"{text.item} {text.language}".strip(), style="bold")
        told: Line = differences(text, book)
        said.print(told, soft_wrap=True)


for command in (submit, approve, withdraw, say):
    wording.add_command(command)
