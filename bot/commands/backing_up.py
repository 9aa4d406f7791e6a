"""`ringback backup` and `ringback restore`: both stores in one file, and back (docs/backup.md)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from bot.erasing import Erasing
from bot.erasure_orders import file_of, known_orders, replay
from bot.errors import BadBackup
from bot.keys import Keyring
from bot.policy import Policy
from bot.records import Records
from bot.records.copying import SqlCopy
from bot.records.erasures import Erasure, SqlErasures
from bot.restoring import Restoring
from bot.settings import Settings
from bot.storage.copying import RedisCopy
from bot.storage.redis_store import RedisStore

ERASURES = click.Path(exists=True, dir_okay=False, path_type=Path)
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
    engine: Any  # its type is SQLAlchemy's own
    records: SqlCopy
    orders: SqlErasures
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
@click.option("--erasures", type=ERASURES, help="[default: `erasures_file` of [retention]]")
@click.option("--yes", is_flag=True, help="Do not ask: the old installation is stopped for good.")
@pass_terminal
def restore(
    terminal: Terminal, file: Path, replace: bool, check: bool, erasures: Path | None, yes: bool
) -> None:
    """Put both stores back from FILE; stop everything first.

    Whoever was erased since the backup is erased again: --erasures names the file that says so.

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
        policy = Policy.load(stores.settings.config_dir)
        path = erasures or file_of(stores.settings, policy.retention)
        again = _Again(stores, policy, known_orders(path, stores.keyring, stores.orders))
        with ExitStack() as bars:
            owed = restoring.restore(
                list(policy.desk), _telling(bars), lambda: again.carry_out(found.manifest)
            )
        found.close()
    said = console()
    _tell_of_erasures(path, again.count)
    said.print(f"Restored; {owed} calls are owed. Now start everything: web, then workers.")
    said.print(
        "Nobody is rung before the carrier was asked what happened meanwhile; what it cannot say"
        " becomes a task (docs/backup.md).",
        soft_wrap=True,
    )


@dataclass(slots=True)
class _Again:
    """The erasures that are carried out again, and how many were."""

    stores: _Stores
    policy: Policy
    orders: list[Erasure]
    count: int = 0

    def carry_out(self, manifest: Manifest) -> None:
        """In what was restored."""
        stores, policy = self.stores, self.policy
        erasing = Erasing(
            store=stores.store,
            records=Records.on(stores.engine, stores.keyring.named_by(manifest.names)),
            keyring=stores.keyring,
            rule=policy.retention,
            desks=list(policy.desk),
        )
        desk = policy.default_desk
        self.count = replay(erasing, self.orders, manifest.begun_at, stores.now, desk)


def _tell_of_erasures(path: Path, count: int) -> None:
    if count:
        console().print(f"{count} erasures that the backup did not know were carried out again.")
    elif not path.is_file():
        told = f"There is no file of erasures {path}. If anybody was erased since the backup,"
        told += " restore again with --erasures and that file (docs/backup.md)."
        console(stderr=True).print(told, style="yellow", soft_wrap=True)


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
                engine=engine,
                records=SqlCopy(engine),
                orders=SqlErasures(engine),
                keyring=keyring_of(settings),
                now=start.the_clock(settings).now(),
            )
        finally:
            store.close()
            engine.dispose()
