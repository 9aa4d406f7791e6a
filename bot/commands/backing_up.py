"""`ringback backup` and `ringback restore`: both stores in one file, and back (docs/backup.md)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bot import start
from bot.backup import RECORDS, REDIS, BackupFile, Manifest, Tell, write_backup
from bot.commands.progress import progress_bar
from bot.commands.showing import console, span
from bot.commands.terminal import (
    Terminal,
    confirm,
    keyring_of,
    pass_terminal,
    records_of,
    redis_of,
)
from bot.errors import BadBackup
from bot.keys import Keyring
from bot.policy import Policy
from bot.records.copying import SqlCopy
from bot.restoring import Restoring
from bot.settings import Settings
from bot.storage.copying import RedisCopy
from bot.storage.redis_store import RedisStore

PATIENCE = 5.0  # seconds for one answer: nobody is on the line
STOPPED = (
    "Is the installation that the backup is from stopped for good? Two of them would ring people"
    " twice. Everything here is replaced, and running processes must be restarted. Go on?"
)


@dataclass(frozen=True, slots=True)
class _Stores:
    settings: Settings
    store: RedisStore
    redis: RedisCopy
    records: SqlCopy
    keyring: Keyring
    now: float


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_terminal
def backup(terminal: Terminal, file: Path) -> None:
    """Write both stores into one new FILE, beside running processes.

    Nobody but its owner may read it (0600). It holds no key: keep RINGBACK_KEYS elsewhere, or
    nobody can read it.
    """
    with _stores(terminal) as stores, ExitStack() as bars:
        named = _named(stores)
        manifest = write_backup(
            file, stores.redis, stores.records, named, stores.now, _telling(bars)
        )
    said = console()
    said.print(f"{file}: {_counts(manifest)}.")
    said.print("It opens only with RINGBACK_KEYS as they are now: keep those elsewhere.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Remove what is there.")
@click.option("--check", is_flag=True, help="Only check the file: is it whole, can it be restored?")
@click.option("--yes", is_flag=True, help="Do not ask: the old installation is stopped for good.")
@pass_terminal
def restore(terminal: Terminal, file: Path, replace: bool, check: bool, yes: bool) -> None:
    """Put both stores back from FILE; stop everything first.

    Afterwards nobody is rung until the carrier was asked what happened since the backup. If it is
    stopped half-way, run it again with --replace: nothing starts before it has ended.
    """
    with _stores(terminal) as stores:
        found = BackupFile(file, stores.keyring)
        age = span(stores.now - found.manifest.begun_at)
        console().print(f"{file} is whole: {_counts(found.manifest)}, from {age} ago.")
        restoring = Restoring(found, stores.redis, stores.records, stores.store, stores.now)
        restoring.refuse(replace=replace or check)
        if check:
            return
        confirm(STOPPED, yes=yes)
        desks = list(Policy.load(stores.settings.config_dir).desk)
        with ExitStack() as bars:
            owed = restoring.restore(desks, _telling(bars))
        found.close()
    said = console()
    said.print(f"Restored; {owed} calls are owed. Now start everything: web, then workers.")
    said.print(
        "Nobody is rung before the carrier was asked what happened meanwhile; what it cannot say"
        " becomes a task (docs/backup.md).",
        soft_wrap=True,
    )


def _named(stores: _Stores) -> Keyring:
    """The keys, naming as the records do. Raises `BadBackup` while names are being changed."""
    naming = stores.records.naming()
    if naming is None:
        return stores.keyring
    if naming.next is not None:
        raise BadBackup("the names of records are being changed: `ringback keys rename` first")
    return stores.keyring.named_by(naming.key)


def _telling(bars: ExitStack) -> Callable[[str], Tell]:
    """One bar after the other."""

    def tell(part: str) -> Tell:
        bars.close()
        return bars.enter_context(progress_bar(part))

    return tell


def _counts(manifest: Manifest) -> str:
    rows, entries = (manifest.parts[part]["lines"] for part in (RECORDS, REDIS))
    return f"{rows} rows of records, {entries} entries of Redis"


@contextmanager
def _stores(terminal: Terminal) -> Iterator[_Stores]:
    """Both stores, without a fence and without the house."""
    with redis_of(terminal.settings) as settings:
        store = RedisStore.connect(settings.redis_url or "", timeout=PATIENCE)
        engine = records_of(settings)
        try:
            yield _Stores(
                settings=settings,
                store=store,
                redis=RedisCopy(store),
                records=SqlCopy(engine),
                keyring=keyring_of(settings),
                now=start.the_clock(settings).now(),
            )
        finally:
            store.close()
            engine.dispose()
