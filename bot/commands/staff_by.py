"""What the commands on staff share: who does it, and the staff book."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.commands.terminal import Terminal
from bot.runtime import Runtime
from bot.staff_book import StaffBook

by_option = click.option(
    "--by", metavar="NUMBER", help="The administrator who does it; before there is one, nobody."
)
must_option = click.option(
    "--by", metavar="NUMBER", required=True, help="Who does it: a manager, or an administrator."
)


@contextmanager
def the_book(terminal: Terminal) -> Iterator[tuple[Runtime, StaffBook]]:
    """The staff book of this installation."""
    with terminal.runtime() as runtime:
        yield runtime, StaffBook.of(runtime)
