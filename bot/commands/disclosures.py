"""`ringback disclosures`: what was disclosed to whom, on what checks; never the fact itself."""

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import click
from click.core import ParameterSource

from bot import start
from bot.commands.showing import console, table, words
from bot.commands.terminal import Terminal, pass_terminal, records_of
from bot.disclosure_record import DisclosureRecord
from bot.policy import Policy
from bot.records import SqlDisclosures
from bot.retention_days import cleared_before, kept_until

LAST = 50  # records that a list shows unless it is asked for more

# What an export holds: no number, and no hash of one either.
COLUMNS = (
    "id",
    "told_at",
    "desk",
    "conversation",
    "case",
    "recipient",
    "contact",
    "facts",
    "checks",
    "wordings",
    "release",
    "purpose",
    "authority",
    "restriction",
    "kept_until",
)

case_option = click.option("--case", help="Only about this case.")
since_option = click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Only from this day on.",
)

last_option = click.option(
    "--last",
    type=click.IntRange(min=1),
    default=LAST,
    show_default=True,
    help="How many, the newest ones.",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The log of disclosures, with the rules for reading it."""

    log: SqlDisclosures
    policy: Policy
    now: float

    @property
    def years(self) -> int:
        """How long records are kept."""
        return self.policy.retention.disclosures_years

    def local(self, at: float) -> datetime:
        """An instant as people here read it off the wall."""
        return self.policy.calling_hours.week.local(at)

    def begin_of(self, day: datetime | None) -> float | None:
        """The first instant of a day here."""
        zone = self.policy.calling_hours.week.zone
        return None if day is None else day.replace(tzinfo=zone).timestamp()


@contextmanager
def kept(terminal: Terminal) -> Iterator[Kept]:
    """The log of disclosures, without Redis."""
    settings = terminal.settings
    engine = records_of(settings)
    try:
        policy = Policy.load(settings.config_dir)
        yield Kept(SqlDisclosures(engine), policy, start.the_clock(settings).now())
    finally:
        engine.dispose()


@click.group(invoke_without_command=True)
@case_option
@since_option
@last_option
@click.pass_context
def disclosures(
    context: click.Context, case: str | None, since: datetime | None, last: int
) -> None:
    """What was disclosed to whom; never the fact itself.

    `disclosures export` writes all of it as CSV, `disclosures due` shows what the next clearing
    takes away.
    """
    if context.invoked_subcommand is not None:
        refuse_options_before(context, context.invoked_subcommand)
        return
    with kept(context.obj) as found:
        told = found.log.newest(last + 1, case=case, since=found.begin_of(since))
        shown = told[-last:]
        if not shown:
            console().print("Nothing was disclosed.")
            return
        show(shown, found)
        if len(told) > last:
            console().print(f"The last {last}; `ringback disclosures export` has all.", style="dim")


def refuse_options_before(context: click.Context, subcommand: str) -> None:
    """Options of the list narrow nothing that a subcommand does: it would tell of everybody.

    Raises `click.UsageError` for any that was given.
    """
    for option in context.params:
        if context.get_parameter_source(option) is not ParameterSource.DEFAULT:
            reason = f"--{option} belongs to the list: put it after `{subcommand}`, if it takes it"
            raise click.UsageError(reason, context)


@disclosures.command()
@case_option
@since_option
@pass_terminal
def export(terminal: Terminal, case: str | None, since: datetime | None) -> None:
    """Write the records as CSV.

    For a review, or a customer who asks what is held.
    """
    with kept(terminal) as found:
        written = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        written.writeheader()
        for record in found.log.told(case=case, since=found.begin_of(since)):
            written.writerow(as_columns(record, found))


@disclosures.command()
@last_option
@pass_terminal
def due(terminal: Terminal, last: int) -> None:
    """Show what is past its time: the next clearing takes it away."""
    with kept(terminal) as found:
        oldest = found.log.oldest()
        before = cleared_before(found.now, found.years)
        said = console()
        if oldest is None:
            said.print("Nothing was disclosed.")
        elif oldest >= before:
            until = found.local(kept_until(oldest, found.years))
            said.print(
                f"Nothing is past its time. The oldest record is kept until {until:%d %b %Y}."
            )
        else:
            show_due(found, before, last)


def show_due(found: Kept, before: float, last: int) -> None:
    """How many are past their time, by which rule, and the newest of them."""
    count = found.log.count(before=before)
    rule = found.policy.retention
    day = datetime.fromtimestamp(before, UTC) - timedelta(days=1)
    console().print(
        f"Past their time: {count}, from {day:%d %b %Y} or before; kept for"
        f" {rule.disclosures_years} years ({rule.source}). A worker clears them away within a day."
    )
    show(found.log.newest(last, before=before), found)


def show(records: Iterable[DisclosureRecord], found: Kept) -> None:
    """The records as a table; in which words, an export says."""
    shown = table("when", "case", "to", "told", "on", whole=("when", "case"))
    for record in records:
        shown.add_row(
            f"{found.local(record.at):%d %b %Y %H:%M}",
            record.case,
            words(record.recipient),
            ", ".join(words(fact) for fact in record.facts) or "not told after all",
            f"{len(record.checks)} checks, {words(record.contact)}",
        )
    console().print(shown)


def as_columns(record: DisclosureRecord, found: Kept) -> dict[str, str]:
    """One line of an export. Times carry their zone."""
    row = {name: value for name, value in record.to_json().items() if name in COLUMNS}
    for name in ("facts", "checks", "wordings"):
        row[name] = " ".join(row[name])
    return row | {
        "conversation": record.call,
        "told_at": found.local(record.at).isoformat(timespec="seconds"),
        "kept_until": found.local(kept_until(record.at, found.years)).isoformat(),
    }
