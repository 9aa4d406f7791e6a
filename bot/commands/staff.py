"""`ringback staff`: the staff list, who may sign in, and what is changed about a person."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot import one_time_codes
from bot.commands.showing import console, moment, table, words
from bot.commands.staff_by import by_option, the_book
from bot.commands.staff_phones import codes, found, lost, no_codes, powers, unlock
from bot.commands.terminal import Terminal, confirm, pass_terminal
from bot.errors import ConfigError
from bot.policy import Policy
from bot.records import SAMPLE_STAFF
from bot.records.staff_import import StaffChanges
from bot.runtime import Runtime
from bot.staff import Person

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def staff() -> None:
    """The department's staff: who they are, and how they get in."""


@staff.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--complete", is_flag=True, help="Whoever is not in the file has left.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@click.option("--yes", is_flag=True, help="Do not ask before anybody leaves.")
@by_option
@pass_terminal
def import_file(
    terminal: Terminal, file: Path, complete: bool, dry_run: bool, yes: bool, by: str | None
) -> None:
    """Make the staff list what a CSV file says. One bad row, and nothing is imported.

    Columns: docs/staff.md.
    """
    if terminal.settings.production and file.read_bytes() == SAMPLE_STAFF.read_bytes():
        raise ConfigError(file.name, "staff", "these are the demo's samples: nobody works here")
    with the_book(terminal) as (_, book):
        person = book.manager_of_staff(by)
        changes = book.would_change(file, complete=complete)
        _tell(changes)
        if dry_run:
            console().print("Nothing was written.")
            return
        if changes.leave:
            confirm(f"{len(changes.leave)} will have left. Go on?", yes=yes)
        book.take(file, person, changes, complete=complete)


@staff.command("list")
@click.option("--left", is_flag=True, help="Those who have left.")
@pass_terminal
def list_staff(terminal: Terminal, left: bool) -> None:
    """Who works here; the names are not shown: `staff show NUMBER` has them."""
    with the_book(terminal) as (runtime, book):
        enrolled = book.enrolment.credentials.enrolled()
        shown = table("number", "roles", "desk", "manager", "handsets", "signs in", "away")
        for person in book.staff.all(left=left):
            shown.add_row(
                person.number,
                _roles(person),
                person.desk,
                person.manager,
                str(len(person.handsets)),
                "yes" if person.number in enrolled else "not enrolled",
                _leave(person, runtime),
            )
    console().print(shown)


@staff.command()
@click.argument("number")
@pass_terminal
def show(terminal: Terminal, number: str) -> None:
    """One person, with their name; handsets are masked."""
    with the_book(terminal) as (runtime, book):
        person = book.staff.get(number) or book.staff.here(number)
        since = book.enrolment.credentials.enrolled().get(number)
        policy = runtime.house.policy
        shown = table("what", "")
        for what, value in (
            ("number", person.number),
            ("name", person.name),
            ("roles", _roles(person)),
            ("desk", person.desk),
            ("manager", person.manager),
            ("language", person.language),
            ("handsets", ", ".join(person.handsets)),
            ("leave", _leave(person, runtime)),
            ("left", moment(policy, person.left_at) if person.left_at else ""),
            ("enrolled", moment(policy, since) if since else "not yet: `ringback staff invite`"),
            ("signed in", f"{len(book.sessions.of(number))} browsers"),
        ):
            shown.add_row(what, value)
    console().print(shown)


@staff.command()
@click.argument("number")
@by_option
@pass_terminal
def invite(terminal: Terminal, number: str, by: str | None) -> None:
    """Print a code with which NUMBER enrols, once. It is shown now and never again.

    Also for whoever has lost their telephone: enrolling anew ends all their sessions.
    """
    with the_book(terminal) as (runtime, book):
        code = book.enrolment.invite(number, book.manager_of_staff(by))
        hours = runtime.house.policy.sign_in.invitation_hours
    console().print(code)
    told = f"Give it to {number} alone. It is good once, for {hours} hours, on the console: /enrol"
    console(stderr=True).print(told, style="dim")


@staff.command()
@click.argument("number")
@by_option
@pass_terminal
def leave(terminal: Terminal, number: str, by: str | None) -> None:
    """NUMBER works here no longer: signed out everywhere, at once."""
    with the_book(terminal) as (_, book):
        book.leave(number, book.manager_of_staff(by))
    console().print(f"{number} has left, and is signed out.")


@staff.command("return")
@click.argument("number")
@by_option
@pass_terminal
def come_back(terminal: Terminal, number: str, by: str | None) -> None:
    """NUMBER, who had left, works here again: invite them, and import their handsets."""
    with the_book(terminal) as (_, book):
        book.come_back(number, book.manager_of_staff(by))
    console().print(f"{number} is back. `ringback staff invite {number}` lets them in.")


@staff.command("leave-of-absence")
@click.argument("number")
@click.option("--from", "begins", type=DAY, metavar="YYYY-MM-DD", help="The first day of it.")
@click.option("--until", "ends", type=DAY, metavar="YYYY-MM-DD", help="The day they are back.")
@by_option
@pass_terminal
def leave_of_absence(
    terminal: Terminal,
    number: str,
    begins: datetime | None,
    ends: datetime | None,
    by: str | None,
) -> None:
    """NUMBER is away for some days; without dates, is not."""
    if (begins is None) != (ends is None) or (begins and ends and begins >= ends):
        raise click.UsageError("give --from and a later --until, or neither")
    span = None
    if begins and ends:
        span = (begins.replace(tzinfo=UTC).timestamp(), ends.replace(tzinfo=UTC).timestamp())
    with the_book(terminal) as (_, book):
        book.absent(number, span, book.manager_of_staff(by))
    console().print(f"{number} is away then." if span else f"{number} is not on leave.")


@staff.command()
@click.argument("number")
@click.option("--desk", help="A desk of policy.toml.")
@click.option("--manager", metavar="NUMBER", help="Whom they report to.")
@by_option
@pass_terminal
def reassign(
    terminal: Terminal, number: str, desk: str | None, manager: str | None, by: str | None
) -> None:
    """NUMBER goes to another desk, or has another manager; they sign in anew."""
    if desk is None and manager is None:
        raise click.UsageError("give --desk, --manager, or both")
    if desk is not None and desk not in Policy.load(terminal.settings.config_dir).desk:
        raise click.BadParameter("no desk of policy.toml", param_hint="--desk")
    with the_book(terminal) as (_, book):
        person = book.manager_of_staff(by)
        values = {"desk": desk} if desk else {}
        if manager is not None:
            values["manager"] = manager
        book.reassign(number, person, **values)
    console().print(f"{number} is reassigned, and signs in anew.")


@staff.command()
@click.argument("number")
@pass_terminal
def code(terminal: Terminal, number: str) -> None:
    """In the demo: the code that NUMBER's telephone would show now."""
    if terminal.settings.production:
        raise ConfigError("environment", "RINGBACK_PROFILE", "codes are on people's telephones")
    with the_book(terminal) as (runtime, book):
        credential = book.enrolment.credentials.get(book.staff.here(number).number)
        if credential is None:
            raise click.ClickException(f"{number} has not enrolled: `ringback staff invite`")
        console().print(one_time_codes.code_now(credential.secret, runtime.clock))


def _tell(changes: StaffChanges) -> None:
    said = console()
    for number in changes.joined:
        said.print(f"joins    {number}")
    for number, columns in changes.changed.items():
        said.print(f"changes  {number}: {', '.join(columns)}")
    for number in changes.leave:
        said.print(f"leaves   {number}")
    joined, changed = len(changes.joined), len(changes.changed)
    left, same = len(changes.leave), changes.unchanged
    said.print(f"{joined} join, {changed} change, {left} leave, {same} stay as they are.")


def _roles(person: Person) -> str:
    return ", ".join(sorted(words(role) for role in person.roles))


def _leave(person: Person, runtime: Runtime) -> str:
    if person.leave is None or person.leave[1] <= runtime.clock.now():
        return ""
    return " to ".join(moment(runtime.house.policy, at) for at in person.leave)


for command in (codes, no_codes, lost, found, unlock, powers):
    staff.add_command(command)
