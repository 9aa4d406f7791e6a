"""`ringback staff codes | no-codes | lost | found | unlock`: officers' telephones."""

import click

from bot.commands.showing import console, table, words
from bot.commands.staff_by import by_option, must_option, the_book
from bot.commands.terminal import Terminal, pass_terminal
from bot.lost_phone import find_phone, lose_phone
from bot.powers import LEVY, NATIONS, Powers
from bot.staff import Right, Role, keyed


@click.command()
@click.argument("number")
@by_option
@pass_terminal
def codes(terminal: Terminal, number: str, by: str | None) -> None:
    """Print a fresh PIN, a PIN for duress and a list of codes for NUMBER. Shown now, never again.

    With them NUMBER gets in on the officers' line (docs/officers.md). Those of before are void.
    """
    with the_book(terminal) as (_, book):
        person = book.with_right(by, Right.GIVE_PHONE_CODES) if by else book.manager_of_staff(None)
        issued = book.phone_codes.give(number, person)
    said = console()
    said.print(f"Staff number on the telephone: {keyed(number)}")
    said.print(f"PIN: {issued.pin}")
    said.print(f"PIN for duress: {issued.duress}")
    said.print("Codes, each once, the first first:")
    for start in range(0, len(issued.printed), 5):
        said.print("  " + "  ".join(issued.printed[start : start + 5]))
    told = f"Print it for {number} alone, to be kept away from the telephone. It is not kept here."
    console(stderr=True).print(told, style="dim")


@click.command("no-codes")
@click.argument("number")
@must_option
@pass_terminal
def no_codes(terminal: Terminal, number: str, by: str) -> None:
    """NUMBER's PINs and codes open nothing on the officers' line any more."""
    with the_book(terminal) as (_, book):
        book.phone_codes.revoke(number, book.with_right(by, Right.GIVE_PHONE_CODES))
    console().print(f"{number} has no codes for the officers' line.")


@click.command()
@pass_terminal
def powers(terminal: Terminal) -> None:
    """What each role may do about a case, by nation, and where that is written."""
    held = Powers.load(terminal.config_dir)
    shown = table("role", "nation of the case", "may", "source")
    for role, rule in ((Role.OFFICER, held.officer), (Role.COLLECTOR, held.collector)):
        for nation in NATIONS:
            may = ", ".join(words(power) for power in held.of([role], nation))
            source = f"{rule.source}; {held.levy.source}" if LEVY in rule.powers else rule.source
            shown.add_row(role.value, words(nation), may, source)
    console().print(shown)


@click.command()
@click.argument("number")
@must_option
@pass_terminal
def lost(terminal: Terminal, number: str, by: str) -> None:
    """NUMBER's telephone is lost: sessions, PINs, codes and handsets open nothing, from now on."""
    with the_book(terminal) as (runtime, book):
        shut = lose_phone(runtime, number, book.with_right(by, Right.SHUT_OUT))
    news = "is shut" if shut.news else "was shut before"
    console().print(f"Everything of {number} {news}; calls that are being ended: {shut.calls}.")


@click.command()
@click.argument("number")
@must_option
@pass_terminal
def found(terminal: Terminal, number: str, by: str) -> None:
    """NUMBER's telephone is found: it opens again what it opened. Not by NUMBER themselves."""
    with the_book(terminal) as (runtime, book):
        find_phone(runtime, number, book.with_right(by, Right.SHUT_OUT))
    console().print(f"{number} may sign in again.")


@click.command()
@click.argument("number")
@must_option
@pass_terminal
def unlock(terminal: Terminal, number: str, by: str) -> None:
    """NUMBER's wrong tries on the officers' line are forgotten: they may try anew."""
    with the_book(terminal) as (_, book):
        counted = book.unlock(number, book.with_right(by, Right.SHUT_OUT))
    news = "may try anew" if counted else "was not locked"
    console().print(f"{number} {news}.")
