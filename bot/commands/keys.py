"""`ringback keys`: the keys that seal and hash: what hangs on which, and how they are rotated."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot import start
from bot.commands.progress import progress_bar
from bot.commands.showing import console, table
from bot.commands.terminal import (
    Terminal,
    confirm,
    keyring_of,
    pass_terminal,
    records_of,
    redis_of,
)
from bot.errors import ConfigError
from bot.keys import fresh_key
from bot.policy import Policy
from bot.records.rekeying import SqlRekeying
from bot.rekeyed_store import StoreRekeying
from bot.rekeying import CannotRename, Hanging, Lost, Rekeying
from bot.settings import keys_given
from bot.storage.redis_store import RedisStore

MOST_SHOWN = 50
FIRST_KEY = "Set RINGBACK_KEYS to this line, or write it to the file of RINGBACK_KEYS_FILE."
ONE_MORE_KEY = (
    "Put it last in RINGBACK_KEYS, after a comma or on a line of its own, and restart everything:"
    " docs/keys.md"
)
AT_ONCE = 8  # commits under way: they share one sync of Redis's disk


@click.group()
def keys() -> None:
    """The keys that seal and hash: status, rotation."""


@keys.command()
@click.argument("id")
def new(id: str) -> None:
    """Print a fresh key, as RINGBACK_KEYS takes it.

    It is kept nowhere. ID is its name: letters and digits, and none that is there already.
    """
    held = keys_given()
    if held is not None and held.holds(id):
        raise click.BadParameter(f"RINGBACK_KEYS has a key {id} already", param_hint="ID")
    try:
        line = fresh_key(id)
    except ConfigError:
        reason = "letters and digits only, as in spring2027"
        raise click.BadParameter(reason, param_hint="ID") from None
    console().print(line, soft_wrap=True)
    console(stderr=True).print(FIRST_KEY if held is None else ONE_MORE_KEY, style="dim")


@keys.command()
@pass_terminal
def status(terminal: Terminal) -> None:
    """Show what hangs on which key, and which may be dropped."""
    with _rekeying(terminal) as rekeying:
        hanging = rekeying.status()
        now = start.the_clock(terminal.settings).now()
    live = hanging.keyring.live
    shown = table("what", *live, "no key held")
    for where in sorted({where for where, _ in hanging.sealed}):
        counts = [hanging.sealed[where, key] for key in (*live, "")]
        shown.add_row(f"sealed: {where}", *map(str, counts))
    gone = sum(count for key, count in hanging.answers.items() if key not in live)
    shown.add_row(
        "answers (hashes)", *(str(hanging.answers.get(key, 0)) for key in live), str(gone)
    )
    named = sum(hanging.named.values())
    names = [f"all, and {named} in Redis" if hanging.makes_names(key) else "" for key in live]
    shown.add_row("names (hashes of numbers and customers)", *names, "")
    said = console()
    said.print(shown)
    for key in live:
        said.print(hanging.verdict(key, now), soft_wrap=True)


@keys.command()
@pass_terminal
def rotate(terminal: Terminal) -> None:
    """Seal everything with the first key, beside the rest.

    Processes may run meanwhile. May be stopped at any time, and run again.
    """
    with _rekeying(terminal) as rekeying:
        before = rekeying.status().to_seal_anew()
        with progress_bar("Sealing anew") as tell:
            bad = rekeying.rotate(tell)
        hanging = rekeying.status()
    _show_lost(bad)
    _show_rotated(hanging, before - hanging.to_seal_anew())
    if bad:
        raise click.exceptions.Exit(1)


@keys.command()
@click.option("--leave", is_flag=True, help="Even if records would be lost under their old name.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_terminal
def rename(terminal: Terminal, leave: bool, yes: bool) -> None:
    """Make all names (keyed hashes) with the first key.

    Under them numbers and customers are filed: docs/keys.md. From the moment it begins, running
    processes can write nothing: callers hear the apology, texts come back. Restart everything when
    it has ended. If it is stopped, run it again.
    """
    with _rekeying(terminal) as rekeying:
        target = rekeying.names_to()
        if target is None:
            console().print("Nothing to rename: the first key makes all names already.")
            return
        confirm("Running processes will refuse everything until restarted. Go on?", yes=yes)
        try:
            with progress_bar("Renaming") as tell:
                lost = rekeying.rename(tell, leave=leave)
        except CannotRename as refusal:
            _show_lost(refusal.lost)
            raise
    _show_lost(lost)
    told = f"{target} makes all names. Now restart everything; then `ringback keys status`."
    console().print(told, soft_wrap=True)


def _show_rotated(hanging: Hanging, done: int) -> None:
    """What was done, and what is next where anything is."""
    newest, said = hanging.keyring.newest, console()
    if done > 0:
        said.print(f"{done} values sealed anew with {newest}.")
    elif not hanging.to_seal_anew():
        said.print(f"Nothing to seal anew: all that is sealed is sealed with {newest}.")
    if hanging.naming and not hanging.makes_names(newest):
        said.print("Next: `ringback keys status`, then `ringback keys rename`.")


def _show_lost(lost: list[Lost]) -> None:
    said = console(stderr=True)
    for where, what in lost[:MOST_SHOWN]:
        said.print(f"does not open, left as it is: {where} {what}", soft_wrap=True)
    if len(lost) > MOST_SHOWN:
        said.print(f"and {len(lost) - MOST_SHOWN} more")


@contextmanager
def _rekeying(terminal: Terminal) -> Iterator[Rekeying]:
    """On stores without a fence, and on records that may be half renamed."""
    with redis_of(terminal.settings) as settings:
        store = RedisStore.connect(settings.redis_url or "")
        try:
            yield Rekeying(
                SqlRekeying(records_of(settings)),
                StoreRekeying(
                    store,
                    Policy.load(settings.config_dir).desk,
                    start.the_clock(settings).now(),
                    at_once=AT_ONCE,
                ),
                keyring_of(settings),
            )
        finally:
            store.close()
