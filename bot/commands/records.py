"""`ringback records`: whether the archive is as it was sealed; exports of it, and its keys."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from bot import records_heads, start
from bot.chain_check import Breach, Fault, Published, verify
from bot.chain_text import BadHeads, export_of, read_heads
from bot.commands.progress import Tell, progress_bar
from bot.commands.showing import console
from bot.commands.terminal import Terminal, pass_terminal, records_of
from bot.errors import ConfigError, StoreDown
from bot.policy import Policy
from bot.records import SqlChain
from bot.settings import Settings
from bot.signing import NAME, PublicKeys, Signer, fresh_seed

WORDS = {
    Fault.CHANGED: "was changed",
    Fault.REMOVED: "was removed",
    Fault.INSERTED: "was inserted",
    Fault.REORDERED: "is not in its place",
    Fault.BLOCK_CHANGED: "may be changed: their block was",
    Fault.BLOCK_REMOVED: "were removed with their block",
    Fault.FOREIGN_KEY: "may be anybody's: their block is signed with no key that is trusted",
    Fault.NOT_AS_PUBLISHED: "may be changed: their block is another than was published",
    Fault.CUT_OFF: "were cut off: a head of theirs was published",
}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
desk_option = click.option("--desk", help="Only of this desk.")


@click.group()
def records() -> None:
    """The archive of the flow log: verify it, export it, its keys."""


@records.command("verify")
@desk_option
@click.option("--heads", type=FILE, help="What was published, as JSON lines.")
@click.option("--key", type=FILE, help="Public keys in PEM. [default: those of the settings]")
@pass_terminal
def verify_records(
    terminal: Terminal, desk: str | None, heads: Path | None, key: Path | None
) -> None:
    """Say whether anything was changed since it was sealed.

    Names the first line of each desk that was changed, removed, inserted or moved. Without
    --heads nobody can see a tail that was cut off, nor what somebody did who has the key. Ends
    with 0 if all is sound, 1 if not, 2 if it could not be looked at.
    """
    with _archive(terminal) as archive:
        keys = _keys_of(key) if key else archive.trusted()
        published = _published(heads or archive.own_heads(), keys)
        desks = sorted({*archive.chain.desks(), *published}) if desk is None else [desk]
        with progress_bar("Verifying") as tell:
            results = [*_verified(archive.chain, desks, keys, published, tell)]
    for result in results:
        console().print(str(result), style="" if result.breach is None else "bold red")
    if not published:
        told = "No published heads were compared: a tail that was cut off would not be seen."
        console(stderr=True).print(told, style="yellow", soft_wrap=True)
    if any(result.breach for result in results):
        raise click.exceptions.Exit(1)
    if not results:
        console().print("Nothing is archived.")


@records.command()
@desk_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="[default: stdout]")
@pass_terminal
def export(terminal: Terminal, desk: str | None, out: Path | None) -> None:
    """Write the archive as JSON lines, for a verifier of its own.

    docs/verify_records.py verifies it with nothing else but the public key.
    """
    with _archive(terminal) as archive:
        chain = archive.chain
        desks = chain.desks() if desk is None else [desk]
        lines = (f"{line}\n" for line in export_of(desks, chain.blocks, chain.lines_of))
        if out is None:
            sys.stdout.writelines(lines)
            return
        draft = out.with_name(f"{out.name}.part")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(lines)
        draft.replace(out)  # whole or not at all
    told = f"{out} is written. Who verifies it needs docs/verify_records.py and the public key."
    console(stderr=True).print(told, soft_wrap=True)


@records.command("key")
@pass_terminal
def public_key(terminal: Terminal) -> None:
    """Print the public key, as PEM: for whoever verifies.

    Its middle line is what `former_keys` of [records] takes, once another key signs.
    """
    text = _with_key(terminal.settings).records_key
    if text is None:
        raise ConfigError("environment", NAME, "no key given")
    signer = Signer.parse(text)
    console().print(signer.keys.pem.strip(), soft_wrap=True)
    console(stderr=True).print(f"The id of this key is {signer.key_id}.", style="dim")


@records.command("new-key")
def new_key() -> None:
    """Print a fresh private key, as RINGBACK_RECORDS_KEY takes it. It is kept nowhere."""
    console().print(fresh_seed(), soft_wrap=True)
    told = "Give it to the workers as RINGBACK_RECORDS_KEY or a file; docs/records.md."
    console(stderr=True).print(told, style="dim")


class _CannotLook(click.ClickException):
    """Nothing is proven, neither way."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class _Archive:
    chain: SqlChain
    settings: Settings
    policy: Policy

    def trusted(self) -> PublicKeys:
        """Raises `ConfigError` where there is none: it would call everything foreign."""
        keys = records_heads.trusted(self.settings, self.policy.records)
        if not keys.ids:
            raise ConfigError("environment", NAME, "no key given; or name a file with --key")
        return keys

    def own_heads(self) -> Path | None:
        """The file to which heads are published here, if there is one."""
        path = Path(self.policy.records.file)
        return path if self.policy.records.file and path.is_file() else None


@dataclass(frozen=True, slots=True)
class _Result:
    desk: str
    blocks: int
    lines: int
    breach: Breach | None

    def __str__(self) -> str:
        if self.breach is None:
            return f"{self.desk}: sound, {self.lines} lines in {self.blocks} blocks"
        one, last = self.breach.line, self.breach.last
        lines = f"line {one}" if one == last else f"lines {one}-{last}"
        words, sound = WORDS[self.breach.fault], one - 1
        if one == last:
            words = words.replace("were ", "was ", 1)
        before = f"; all {sound} before are sound" if sound else ""
        return f"{self.desk}: {lines} {words} (block {self.breach.block}){before}"


@contextmanager
def _archive(terminal: Terminal) -> Iterator[_Archive]:
    settings = _with_key(terminal.settings)
    try:
        engine = records_of(settings)
        yield _Archive(SqlChain(engine), settings, Policy.load(settings.config_dir))
        engine.dispose()
    except (StoreDown, BadHeads, OSError) as error:
        raise _CannotLook(str(error)) from None


def _verified(
    chain: SqlChain,
    desks: Sequence[str],
    keys: PublicKeys,
    published: Mapping[str, Published],
    tell: Tell,
) -> Iterator[_Result]:
    """The result of each desk."""
    lengths = [chain.last_line(desk) for desk in desks]
    for place, desk in enumerate(desks):
        blocks, lines, breach = 0, 0, None
        lines_of, heads = chain.lines_of(desk), published.get(desk, {})
        for found in verify(desk, chain.blocks(desk), lines_of, keys.signed, heads):
            if isinstance(found, Breach):
                breach = found
            else:
                blocks, lines = blocks + 1, found.last
                tell(sum(lengths[:place]) + lines, sum(lengths))
        yield _Result(desk, blocks, lines, breach)


def _published(heads: Path | None, keys: PublicKeys) -> Mapping[str, Published]:
    if heads is None:
        return {}
    with heads.open(encoding="utf-8") as file:
        return read_heads(file, keys)


def _keys_of(path: Path) -> PublicKeys:
    try:
        return PublicKeys.of_pem(path.read_bytes())
    except ValueError:
        reason = f"{path} has no Ed25519 public key in PEM"
        raise click.BadParameter(reason, param_hint="--key") from None


def _with_key(settings: Settings) -> Settings:
    """The demo has a key of its own."""
    if settings.records_key is not None or settings.production:
        return settings
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return replace(settings, records_key=start.demo_secrets(settings.data_dir)["records_key"])
