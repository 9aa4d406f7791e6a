"""What the commands are given: the way to the runtime, and to those parts that need less."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

import click

from bot import records, start
from bot.clock import Clock
from bot.keys import Keyring
from bot.play import CreateApp
from bot.records import SqlTasks
from bot.runtime import Flows, Runtime
from bot.settings import Profile, Settings, config_dir_given, profile_given
from bot.settings_refused import Problem, SettingsRefused
from bot.storage.embedded import EmbeddedServer

Connect = Callable[[Settings], Runtime]


@dataclass(frozen=True, slots=True)
class Terminal:
    """Hands each command what it needs. Its three parts come from `webhooks.py`."""

    connect: Connect
    flows: Flows
    create_app: CreateApp

    @property
    def settings(self) -> Settings:
        """What the environment says. Raises `SettingsRefused`."""
        return Settings.from_env()

    @property
    def settings_of_a_demo(self) -> Settings:
        """For what rings invented phones. Raises `SettingsRefused` in production."""
        if profile_given() == Profile.PRODUCTION:  # before all that production would lack
            reason = "the simulator rings invented phones, and production never loads it"
            raise SettingsRefused([Problem("RINGBACK_PROFILE", reason, "Use the demo profile")])
        return self.settings

    @property
    def config_dir(self) -> Path | None:
        """Where rules and words are, for what needs no other setting. Raises `SettingsRefused`."""
        return config_dir_given()

    @contextmanager
    def runtime(self) -> Iterator[Runtime]:
        """Everything, connected; given up afterwards."""
        with redis_of(self.settings) as settings:
            runtime = self.connect(settings)
            try:
                yield runtime
            finally:
                runtime.store.close()

    @contextmanager
    def tasks(self) -> Iterator[tuple[SqlTasks, Clock]]:
        """The list of tasks, without Redis."""
        settings = self.settings
        yield SqlTasks(records_of(settings)), start.the_clock(settings)


@contextmanager
def redis_of(settings: Settings) -> Iterator[Settings]:
    """The settings with an address of Redis.

    The demo's server belongs to whoever started it first: that command ends it, any other
    command only uses it.
    """
    if settings.production or settings.redis_url:
        yield settings
        return
    with EmbeddedServer.start(settings.data_dir / "redis") as server:
        yield replace(settings, redis_url=server.url)


def records_of(settings: Settings) -> Any:
    """The engine of the records, with their tables up to date (its type is SQLAlchemy's own)."""
    if not settings.production:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = records.connect(settings.database_url)
    records.upgrade(engine)
    return engine


def keyring_of(settings: Settings) -> Keyring:
    """The department's keys; in the demo its own."""
    if settings.keys is None:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Keyring.parse(settings.keys or start.demo_secrets(settings.data_dir)["keys"])


@contextmanager
def until_signalled() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set: a loop then ends what it has begun."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def refuse_without_terminal(*, yes: bool) -> None:
    """Raise `click.UsageError` where a question will be asked and nobody can answer it."""
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here: add --yes.")


def confirm(question: str, *, yes: bool) -> None:
    """Ask on a terminal; anywhere else `--yes` must have been said."""
    refuse_without_terminal(yes=yes)
    if not yes:
        click.confirm(question, abort=True)


def known_desk(runtime: Runtime, desk: str | None) -> list[str]:
    """This desk, or all of them."""
    if desk is None:
        return list(runtime.desks)
    if desk not in runtime.desks:
        known = ", ".join(runtime.desks)
        raise click.BadParameter(f"no such desk; there is {known}", param_hint="--desk")
    return [desk]


pass_terminal = click.make_pass_decorator(Terminal)
