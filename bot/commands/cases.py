"""`ringback cases`: files of cases and of missed calls go into the records, whole or not at all."""

import csv
from collections.abc import Mapping
from pathlib import Path

import click

from bot import records, start
from bot.answers import Question, kind_named
from bot.commands.progress import progress_bar
from bot.commands.showing import console, table
from bot.commands.terminal import Terminal, keyring_of, pass_terminal, records_of
from bot.dial_rules import RESTRICTIONS
from bot.lift import lift, lift_number
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.records import SAMPLE_CASES, SAMPLE_MISSED_CALLS
from bot.records.case_sheet import (
    ANSWER,
    CASE_OPTIONAL,
    MISSED_CALL_OPTIONAL,
    case_readers,
    missed_call_readers,
)
from bot.samples import known_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

# What each column means. Every column that the readers know is here (a test compares them).
CASE_COLUMNS: Mapping[str, str] = {
    "reference": "the handle on the letter: eight digits and their check digit",
    "customer": "any identifier, the same on all cases of one person",
    "full_name": "whom to ask for, as held, middle names included",
    "phone": "one or more numbers separated by `;`, the best first; with 18001 of a relay user",
    "desk": "a desk of policy.toml",
    "officer": "an officer of policy.toml",
    "nation": "england, wales, scotland or northern_ireland",
    "language": "en or cy; blank is en",
    "held": f"what stands against ringing, separated by `;`, or blank: {', '.join(RESTRICTIONS)}",
    "settled": "the date on which all was paid; blank is unpaid",
    "correspondence_at": "when something came that nobody has dealt with yet; blank once it is",
    "ring_hours": "when they want to be rung: mon-fri 17:00-20:00; blank is any hour of ours",
    "unit": "one with rules of its own, of verification.toml; blank is none",
    "visit_at": "when the officer means to be there, with its zone; blank is not planned",
    "last_contact": "the date on which somebody last spoke to them; blank is none recorded",
    "balance": "an amount with two decimals",
    "last_payment": "a date and an amount; blank is none",
    "next_action": "as it will be spoken",
    "as_at": "the date of the balance",
}
MISSED_CALL_COLUMNS: Mapping[str, str] = {
    "id": "of the missed call; a row with the same one replaces it",
    "phone": "the number that was rung",
    "reference": "the case, where it is known",
    "officer": "who rang",
    "at": "when, with its zone; blank is now",
}
NEVER_KEPT = "the answer, {kind}: {in_file}. Kept only as a keyed hash. Blank: not held"


@click.group()
def cases() -> None:
    """Import cases and missed calls from CSV files."""


@cases.command("import")
@click.argument("file", type=FILE)
@pass_terminal
def import_cases(terminal: Terminal, file: Path) -> None:
    """Import a file of cases. One bad row, and nothing is imported."""
    settings = terminal.settings
    questions = QuestionSet.load(settings.config_dir)
    with progress_bar(f"Importing {file.name}") as tell:
        done = records.import_cases(
            records_of(settings),
            keyring_of(settings),
            questions.questions,
            file,
            known=known_of(Policy.load(settings.config_dir), questions),
            now=start.the_clock(settings).now(),
            progress=tell,
        )
    console().print(f"{done} cases imported from {file}")


@cases.command("lift")
@click.argument("case", required=False)
@click.option("--number", help="A number: its own failures, also of one that is on no case.")
@click.option("--officer", required=True, help="Who decides it: an officer of policy.toml.")
@pass_terminal
def lift_case(terminal: Terminal, case: str | None, number: str | None, officer: str) -> None:
    """Forget failed checks, and a wish to be left alone.

    CASE takes failures at the case away, whoever rang, and those from its numbers. Only for
    whoever is sure, by other means, that it is the customer who asks.
    """
    if not (case or number):
        raise click.UsageError("give a CASE, a --number, or both")
    with terminal.runtime() as runtime:
        found = lift(runtime, case, officer) if case else []
        found += lift_number(runtime, number, officer) if number else []
    console().print("\n".join(f"lifted: {words}" for words in found) or "nothing stood against it")


@cases.command("import-missed-calls")
@click.argument("file", type=FILE)
@pass_terminal
def import_missed_calls(terminal: Terminal, file: Path) -> None:
    """Import missed calls: numbers rung, not reached."""
    settings = terminal.settings
    with progress_bar(f"Importing {file.name}") as tell:
        done = records.import_missed_calls(
            records_of(settings),
            keyring_of(settings),
            file,
            known=known_of(Policy.load(settings.config_dir)),
            now=start.the_clock(settings).now(),
            progress=tell,
        )
    console().print(f"{done} missed calls imported from {file}")


@cases.command()
@pass_terminal
def columns(terminal: Terminal) -> None:
    """Explain the columns of both files, with examples."""
    settings = terminal.settings
    question_set = QuestionSet.load(settings.config_dir)
    known = known_of(Policy.load(settings.config_dir), question_set)
    questions = question_set.questions
    said = console()
    for title, names, meanings, sample in (
        ("Cases", case_readers(questions, known, 0.0), CASE_COLUMNS, SAMPLE_CASES),
        ("Missed calls", missed_call_readers(known, 0.0), MISSED_CALL_COLUMNS, SAMPLE_MISSED_CALLS),
    ):
        example = _first_row(sample)
        shown = table("column", "what it holds", "for example")
        for name in names:
            meaning = meanings.get(name) or _of_answer(questions[name.removeprefix(ANSWER)])
            optional = CASE_OPTIONAL if meanings is CASE_COLUMNS else MISSED_CALL_OPTIONAL
            may_lack = " (may be absent)" if name in optional else ""
            shown.add_row(name, meaning + may_lack, example.get(name, ""))
        said.print(f"{title} (CSV in UTF-8, the first line names the columns)", style="bold")
        said.print(shown)


def _of_answer(question: Question) -> str:
    kind = question.kind.replace("_", " ")
    return NEVER_KEPT.format(kind=kind, in_file=kind_named(question.kind).in_file)


def _first_row(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file), {})
