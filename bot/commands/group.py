"""How the command line lists itself, and how it tells what went wrong."""

from typing import Any, TextIO

import click

from bot.commands.showing import console
from bot.errors import (
    BadImport,
    ConfigError,
    RingbackError,
    StorageRefused,
    StoreDown,
    WordingOffends,
)
from bot.settings_refused import SettingsRefused

DOCTOR = "`ringback doctor` says what is wrong."
MOST_ROWS = 50  # bad rows shown one by one


class Trouble(click.ClickException):
    """A refusal of ours, as it is shown."""

    def __init__(self, error: RingbackError) -> None:
        super().__init__(str(error))
        self._error = error

    def show(self, file: TextIO | Any | None = None) -> None:
        """The reason in red, and under it what to do."""
        said = console(stderr=True)
        headline, details = told(self._error)
        said.print(f"ringback: {headline}", style="bold red", soft_wrap=True)
        for detail in details:
            said.print(f"  {detail}", soft_wrap=True)


class Misconfigured(Trouble):
    """A refusal that a setting or a file of `config/` causes."""

    exit_code = 2


def told(error: RingbackError) -> tuple[str, list[str]]:
    """What went wrong, and the lines under it: the reasons one by one, then the next step."""
    if isinstance(error, SettingsRefused):
        return "the settings cannot be used", [str(problem) for problem in error.problems]
    if isinstance(error, WordingOffends):
        texts = [f"{prompt}: not for {ears}: {words}" for prompt, ears, words in error.offences]
        return f"{error.where}: {len(texts)} not fit for their ears", [*texts, f"Mend it. {DOCTOR}"]
    if isinstance(error, ConfigError):
        return f"{error.where}: {error.key}", [error.reason, f"Mend it there. {DOCTOR}"]
    if isinstance(error, BadImport):
        rows = [f"line {line}: {reason}" for line, reason in error.rows[:MOST_ROWS]]
        more = [f"and {len(error.rows) - MOST_ROWS} more"] if len(error.rows) > MOST_ROWS else []
        step = "Mend these rows and import the file again; `ringback cases columns` explains them."
        return "nothing was imported", [*rows, *more, step]
    if isinstance(error, (StoreDown, StorageRefused)):
        return str(error), [f"Is it running, and is its address right? {DOCTOR}"]
    return str(error), []


class Ringback(click.Group):
    """The commands in the order in which they are met, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal of ours is shown, not traced."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise Misconfigured(error) from None
        except RingbackError as error:
            raise Trouble(error) from None
