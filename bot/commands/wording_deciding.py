"""Commands that decide on wordings: submit, approve, withdraw."""

from collections.abc import Iterable, Sequence

import click

from bot.commands.showing import console, words
from bot.commands.terminal import (
    Terminal,
    confirm,
    pass_terminal,
    refuse_without_terminal,
)
from bot.commands.wording_desk import LANGUAGE, NAME, WordingsHere, chosen, wordings_here
from bot.commands.wording_telling import RECEIVES_ONLY, differences, seconds, what_follows
from bot.release import Text
from bot.submissions import State, Submission, standing_of

ITEMS = click.argument("items", nargs=-1, metavar="[ITEM]...")
OPEN = (State.APPROVED, State.SUBMITTED)


@click.command()
@ITEMS
@click.option("--all", "every", is_flag=True, help="Whatever is not submitted or approved yet.")
@LANGUAGE
@NAME
@pass_terminal
def submit(
    terminal: Terminal, items: tuple[str, ...], every: bool, language: str | None, by: str
) -> None:
    """Put texts before the approvers, as they are configured here.

    --as takes one of the authors of `[wording_approval]` in policy.toml.
    """
    here = wordings_here(terminal)
    _refuse_nothing(items, every)
    if every:
        book = here.release.submissions()
        asked = [text for text in here.release.texts if language in (None, text.language)]
        texts = [text for text in asked if standing_of(text, book).state not in OPEN]
    else:
        texts = chosen(here, items, language)
    submitted = here.release.submit(texts, by)
    said = console()
    if not submitted:
        said.print("Nothing to submit: all of it is submitted or approved.")
        return
    for text, one in zip(texts, submitted, strict=True):
        _tell(here, text, f"version {one.version}")
    said.print(f"{len(submitted)} submitted by {by}. Somebody else approves them:", soft_wrap=True)
    said.print("  ringback wording approve --all --as NAME", soft_wrap=True)


@click.command()
@ITEMS
@click.option("--all", "every", is_flag=True, help="Whatever was submitted and is not decided on.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@LANGUAGE
@NAME
@pass_terminal
def approve(
    terminal: Terminal,
    items: tuple[str, ...],
    every: bool,
    yes: bool,
    language: str | None,
    by: str,
) -> None:
    """Approve what another person has submitted; shows it first.

    --as takes one of the approvers of `[wording_approval]` in policy.toml, and never the author.
    """
    _refuse_nothing(items, every)
    with terminal.runtime() as runtime:
        here = WordingsHere(runtime.house, runtime.wordings, runtime.settings.production)
        book = here.release.submissions()
        asked = _submitted(book, items, language)
        here.release.refuse_to_approve(asked, by)
        if asked:
            refuse_without_terminal(yes=yes)
        for one in asked:
            _show(here, one, book)
        if not asked:
            console().print("Nothing waits for approval.")
            return
        confirm(f"Approve {_these(asked)} as {by}?", yes=yes)
        here.release.approve(asked, by, runtime.store, runtime.desks)
        console().print(f"{len(asked)} approved by {by}.")
        console().print(what_follows(here, here.release.standings()), soft_wrap=True)


@click.command()
@click.argument("item")
@click.option("--version", type=click.IntRange(1), help="Only this one. [default: all that stand]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@LANGUAGE
@NAME
@pass_terminal
def withdraw(
    terminal: Terminal, item: str, version: int | None, yes: bool, language: str | None, by: str
) -> None:
    """Withdraw what was approved or submitted. It bites at once, in the middle of a call too.

    --as takes one of the authors or approvers of `[wording_approval]` in policy.toml.
    """
    with terminal.runtime() as runtime:
        here = WordingsHere(runtime.house, runtime.wordings, runtime.settings.production)
        asked = [
            one
            for one in here.release.submissions()
            if one.item == item
            and one.state in OPEN
            and language in (None, one.language)
            and version in (None, one.version)
        ]
        if not asked:
            raise click.BadParameter("nothing of it is approved or submitted", param_hint="ITEM")
        here.release.refuse_to_withdraw(by)
        confirm(f"Withdraw {_these(asked)} as {by}?", yes=yes)
        here.release.withdraw(asked, by, runtime.store, runtime.desks)
        console().print(f"{_these(asked)} withdrawn by {by}.", soft_wrap=True)
        console().print(_after_withdrawing(here), soft_wrap=True)


def _after_withdrawing(here: WordingsHere) -> str:
    """What happens now to callers and to those who are to be rung."""
    lacking = here.release.unapproved()
    withdrawn = sorted({one.text.item for one in lacking if one.state is State.WITHDRAWN})
    if not withdrawn:
        return "It is no text of this release, which goes on as it was."
    return (
        f"From now on the service receives only: {RECEIVES_ONLY}. That lasts until another text of "
        f"{', '.join(withdrawn)} is submitted and approved, or this one again."
    )


def _submitted(
    book: Iterable[Submission], items: Sequence[str], language: str | None
) -> list[Submission]:
    """The newest version of each that waits; of the items that were named, or of all."""
    waiting = {
        (one.item, one.language): one
        for one in book
        if one.state is State.SUBMITTED and language in (None, one.language)
    }
    if missing := [item for item in items if item not in {name for name, _ in waiting}]:
        reason = f"{', '.join(missing)}: nothing of it waits for approval"
        raise click.BadParameter(reason, param_hint="ITEM")
    return [one for one in waiting.values() if not items or one.item in items]


def _show(here: WordingsHere, one: Submission, book: Iterable[Submission]) -> None:
    """What is to be approved: the words as they were submitted, and what is new in them."""
    text = Text(one.item, one.language, one.audience, one.text, one.hash)
    _tell(here, text, f"version {one.version} by {one.author}, {here.moment(one.submitted_at)}")
    said = console()
    if text.key not in {configured.key for configured in here.release.texts}:
        said.print("  It is not what is configured here.", style="yellow")
    if any(
        (other.item, other.language) == (one.item, one.language) and other.state is State.APPROVED
        for other in book
    ):
        said.print(differences(text, book), soft_wrap=True)


def _tell(here: WordingsHere, text: Text, about: str) -> None:
    """The lint's word first, then the text for its ears."""
    said = console()
    said.print(f"{text.item} {text.language}".strip(), style="bold")
    about = " · ".join(filter(None, (text.audience, about, text.hash[:12])))
    said.print(f"  {about}", soft_wrap=True)
    if text.audience:
        said.print(f"  lint: {here.lint_of(text)}", style="dim", soft_wrap=True)
    if length := seconds(here, text):
        said.print(f"  about {length} s", style="dim")
    said.print("\n".join(f"  {line}" for line in text.words.splitlines()), soft_wrap=True)


def _these(asked: Sequence[Submission]) -> str:
    names = [words(f"{one.item} {one.language}".strip() + f" v{one.version}") for one in asked]
    return ", ".join(names) if len(names) <= 3 else f"these {len(names)}"


def _refuse_nothing(items: Sequence[str], every: bool) -> None:
    if bool(items) == every:
        raise click.UsageError("Name items, or say --all.")
