"""`ringback records person`: all that is held on one person, to be given to them, or erased."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from bot.commands.keeping import WHO, refuse_unknown
from bot.commands.showing import console, table, words
from bot.commands.terminal import Terminal, confirm, pass_terminal
from bot.erasing import Erasing
from bot.erasure_orders import draft, erase_person, file_of
from bot.errors import BadNumber
from bot.person import as_text, held_on, known_by
from bot.phone import PhoneNumber
from bot.records.person_erasing import Found
from bot.runtime import Runtime
from bot.staff_log import reason_given

# By which rule something stays, and until when.
RULES = {
    "legal_hold": "a legal hold stands: `ringback records holds`",
    "disclosures": "what was told to whom: [retention] disclosures_years (IDG40210)",
    "open_task": "a person has it to do: goes once it is done",
    "open_callback": "a call is owed to them: goes once it is settled",
    "left_alone": "they wish to be left alone, and without this would be rung",
    "failed_checks": "failed checks: keep others from trying on; go by themselves",
    "dial_rules": "when they were rung, by keyed hash: keeps them from being rung too often",
    "under_way": "something that goes on now: give the order again afterwards",
    "rights": "that they were given their records, or erased: shows that it was done",
    "case_sheet": "the department's own: leave the case out of its next import",
}


@click.command()
@click.option("--case", help="Whose case this is: its handle.")
@click.option("--number", help="Whose number this is, in full: +44 and so on.")
@click.option("--export", "file", type=click.Path(path_type=Path), help="New file.")
@click.option("--erase", is_flag=True, help="Let go of all that no rule keeps.")
@click.option("--dry-run", is_flag=True, help="With --erase: only show what would go.")
@click.option("--by", help=f"With --erase. {WHO}")
@click.option("--reason", help="With --erase. Why: for the flow log, without a number.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_terminal
def person(
    terminal: Terminal,
    case: str | None,
    number: str | None,
    file: Path | None,
    erase: bool,
    dry_run: bool,
    by: str | None,
    reason: str | None,
    yes: bool,
) -> None:
    """Write all that is held on one person to a file, or erase it.

    --export: as JSON, and beside it to be read (.txt); for its owner's eyes only (0600). What is
    withheld is named with the reason.

    --erase: what must stay stays, and is named with its rule. Numbers, words of texts and missed
    calls go; the flow log forgets who it was about, and still verifies. It is written down by keyed
    hash, and carried out again after a restore (docs/retention.md).
    """
    if (case is None) == (number is None):
        raise click.UsageError("Say either --case or --number.")
    if (file is None) != erase:
        raise click.UsageError("Say either --export FILE or --erase.")
    try:
        e164 = PhoneNumber(number).e164 if number else None
    except BadNumber:
        raise click.BadParameter("not a number in full", param_hint="--number") from None
    with terminal.runtime() as runtime:
        if file is not None:
            _export(runtime, case, e164, file)
        elif by is None or reason is None:
            raise click.UsageError("--erase needs --by and --reason.")
        else:
            refuse_unknown(runtime, None, None, by)
            why = reason_given(reason)
            _erase(runtime, case, e164, by=by, reason=why, dry_run=dry_run, yes=yes)


def _export(runtime: Runtime, case: str | None, number: str | None, file: Path) -> None:
    held = held_on(runtime, case=case, number=number)
    _write(file, json.dumps(held, indent=2, ensure_ascii=False))
    _write(file.with_suffix(".txt"), "\n".join(as_text(held)))
    counts = sum(len(rows) for rows in held["records"].values()), len(held["redis"])
    told = f"{file}: {counts[0]} rows of records, {counts[1]} records of Redis."
    console().print(told, soft_wrap=True)


def _erase(
    runtime: Runtime,
    case: str | None,
    number: str | None,
    *,
    by: str,
    reason: str,
    dry_run: bool,
    yes: bool,
) -> None:
    whose = known_by(runtime, case=case, number=number)
    planned = draft(runtime, whose, number=number, by=by, reason=reason)
    found = Erasing.of(runtime).look(planned, runtime.clock.now())
    _show("would go" if dry_run else "goes", found)
    if dry_run:
        return
    count = found.goes.total()
    confirm(f"Erase {count} records of this person for good?", yes=yes)
    went = erase_person(runtime, whose, number=number, by=by, reason=reason)
    said = console()
    said.print(f"{went.goes.total()} records were erased; the flow log tells of it.")
    path = file_of(runtime.settings, runtime.house.policy.retention)
    said.print(
        f"Keep {path} with the backups: a restore carries out again what it names.", soft_wrap=True
    )


def _show(heading: str, found: Found) -> None:
    said = console()
    _show_counts(heading, {words(kind): count for kind, count in found.goes.items()}, {})
    if found.kept:
        _show_counts("stays", found.kept, RULES)
    if not found.goes.total():
        said.print("Nothing of theirs may go.")


def _show_counts(heading: str, counts: Mapping[str, int], why: Mapping[str, str]) -> None:
    shown = table(heading, "how many", *(["because"] if why else []))
    for name, count in counts.items():
        if count:
            shown.add_row(name, str(count), *([why.get(name, "")] if why else []))
    console().print(shown)


def _write(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
