"""`ringback records person`: all that is held on one person, for the person to have."""

import json
import os
from pathlib import Path

import click

from bot.commands.showing import console
from bot.commands.terminal import Terminal, pass_terminal
from bot.errors import BadNumber
from bot.person import as_text, held_on
from bot.phone import PhoneNumber


@click.command()
@click.option("--case", help="Whose case this is: its handle.")
@click.option("--number", help="Whose number this is, in full: +44 and so on.")
@click.option("--export", "file", type=click.Path(path_type=Path), required=True, help="New file.")
@pass_terminal
def person(terminal: Terminal, case: str | None, number: str | None, file: Path) -> None:
    """Write all that is held on one person to FILE (JSON), and beside it to be read (.txt).

    Only its owner may read them (0600). What is withheld is named with the reason; the flow log
    tells that it was exported.
    """
    if (case is None) == (number is None):
        raise click.UsageError("Say either --case or --number.")
    try:
        e164 = PhoneNumber(number).e164 if number else None
    except BadNumber:
        raise click.BadParameter("not a number in full", param_hint="--number") from None
    with terminal.runtime() as runtime:
        held = held_on(runtime, case=case, number=e164)
    _write(file, json.dumps(held, indent=2, ensure_ascii=False))
    _write(file.with_suffix(".txt"), "\n".join(as_text(held)))
    counts = sum(len(rows) for rows in held["records"].values()), len(held["redis"])
    told = f"{file}: {counts[0]} rows of records, {counts[1]} records of Redis."
    console().print(told, soft_wrap=True)


def _write(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
