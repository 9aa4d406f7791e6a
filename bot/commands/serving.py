"""Commands that stay: the demo, the web server, the worker, the simulator."""

import importlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from bot import application_log, start
from bot.carrier import Carrier
from bot.commands.showing import console
from bot.commands.terminal import Terminal, pass_terminal, until_signalled
from bot.doctor import RECEIVES_ONLY
from bot.errors import ConfigError
from bot.policy import Policy
from bot.runtime import Runtime
from bot.settings import Settings
from bot.signals.counting import forget_the_dead
from bot.strength import NEXT_STEP, weaknesses

APP = "webhooks:create_app"
PORT = 8470
HERE = ("127.0.0.1", "localhost", "::1")
FILE = click.Path(exists=True, dir_okay=False)
SAMPLE_PEOPLE = Path(__file__).with_name("sample_people.json")  # for a load
BLOCKING_THREADS = 4  # measured: two leave the core idle while the disk syncs (performance.md)


@click.command()
@click.option("--story/--no-story", default=True, help="Play it, or go straight to the phone page.")
@pass_terminal
def demo(terminal: Terminal, story: bool) -> None:
    """Start everything, and play a story.

    Invented people and phones; nothing else is needed. Stays up until Ctrl-C, with a page on which
    you answer their telephones yourself.
    """
    settings = terminal.settings_of_a_demo
    from bot.demo.main import main

    raise click.exceptions.Exit(main(terminal.connect, settings, story=story))


@click.command()
@click.option("--host", help="Listen there. Default: the demo's own address, else 0.0.0.0.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Default: the demo's, else {PORT}.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@pass_terminal
def serve(terminal: Terminal, host: str | None, port: int | None, workers: int) -> None:
    """Answer Twilio's webhooks."""
    with terminal.runtime() as runtime:
        start.refuse_unready(runtime.settings, runtime.store.ping())
        forget_the_dead(runtime.settings.metrics_dir)
        runtime.store.close()  # only the workers need connections, each its own
        at = address(runtime.settings, host, port)
        refuse_taken(*at)
        console().print(f"Serving {runtime.settings.public_url} at http://{at[0]}:{at[1]}")
        _tell_weakness(runtime)
        _serve(*at, workers)


def address(settings: Settings, host: str | None, port: int | None) -> tuple[str, int]:
    """Where to listen: as asked, else where the demo's public address is, else everywhere."""
    public = urlsplit(settings.public_url)
    if not settings.production and public.hostname in HERE:
        return host or public.hostname or HERE[0], port or public.port or PORT
    everywhere = "0.0.0.0" if settings.production else HERE[0]  # noqa: S104 - behind its proxy
    return host or everywhere, port or PORT


def refuse_taken(host: str, port: int) -> None:
    """Say at once that the port cannot be had, instead of starting workers that fail."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except OSError as error:
        reason = f"cannot listen there: {error.strerror or error}"
        raise ConfigError("command line", f"{host}:{port}", f"{reason}; try --port") from None


def _serve(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        APP,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=the_app, wrap_loader=False)


def the_app() -> Any:
    """The WSGI app of a worker process. Unlike granian's own loader, it looks only where Python
    looks: a `webhooks.py` in the current directory must not stand in for ours."""
    module, _, factory = APP.partition(":")
    return getattr(importlib.import_module(module), factory)()


@click.command()
@pass_terminal
def work(terminal: Terminal) -> None:
    """Ring who is owed a call, and do all else that is owed."""
    from bot.signals.counting import begin
    from bot.worker import Worker

    with until_signalled() as stop, terminal.runtime() as runtime:
        settings = runtime.settings
        application_log.configure("worker", begin(settings.metrics_dir, "worker"))
        start.refuse_unready(settings, runtime.store.ping())
        carrier = the_carrier(settings, runtime.house.policy)
        console().print(_works_for(runtime))
        _tell_weakness(runtime)
        Worker(runtime, carrier).run(stop)


def _tell_weakness(runtime: Runtime) -> None:
    """Say why production only receives, where the checks are weaker than the rules allow."""
    for weak in weaknesses(runtime.house.questions)[:1]:
        told = f"{weak}. {RECEIVES_ONLY.capitalize()}. {NEXT_STEP}."
        console(stderr=True).print(told, style="yellow", soft_wrap=True)


def the_carrier(settings: Settings, policy: Policy) -> Carrier:
    """Twilio; in the demo, what stands in for it."""
    from bot.twilio.client import TwilioCarrier
    from bot.twilio.urls import Urls

    return TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token or "",
        urls=Urls(settings.public_url),
        api_url=settings.twilio_api_url,
        timeout_seconds=policy.dialling.http_timeout_seconds,
    )


def _works_for(runtime: Runtime) -> str:
    at = runtime.settings.twilio_api_url or "Twilio"
    return f"Working for {', '.join(runtime.desks)}; calls are placed at {at}. Ctrl-C ends it."


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8181, help="0: any. [default: 8181]")
@click.option("--scenario", type=FILE, help="Numbers and phones, as JSON.")
@click.option("--journal", type=click.Path(file_okay=False), help="Keep happenings.jsonl there.")
@click.option("--characters-per-second", type=float, default=15.0, help="Of speech. [default: 15]")
@click.option(
    "--calls-per-second", type=float, default=1.0, help="The account may place. [default: 1]"
)
@click.option("--clock-offset-seconds", type=float, help="Ahead of the wall. [default: the demo's]")
@click.option("--calls", type=click.IntRange(1), metavar="N", help="Have so many people come.")
@click.option("--per-second", type=float, metavar="R", help="On average, at random. [default: 1]")
@click.option("--people", type=FILE, help="Who they are, as JSON. [default: Alice and Bob]")
@click.option("--service", metavar="URL", help="Where it answers. [default: the public URL]")
@click.option("--drain-seconds", type=float, help="Wait so long after the last. [default: 300]")
@click.option("--report", type=click.Path(dir_okay=False), help="Write the report as JSON, too.")
@click.option("--seed", type=int, help="The same people at the same times again.")
@click.option("--keep", type=click.IntRange(1), help="Remember so many calls. [default: 10000]")
@pass_terminal
def simulate(terminal: Terminal, /, **asked: Any) -> None:
    """Run a phone network in place of Twilio.

    It has the demo's account, and rings invented phones. Production refuses to load it.

    With --calls N it also puts the service under load: N people text or ring, R per second, and
    are rung back. Then it reports what came of it and ends: with 0, or with 1 if the carrier noted
    errors, somebody heard an apology, or a call that was awaited never came. `ringback serve` and
    `ringback work` run beside it.
    """
    settings = terminal.settings_of_a_demo
    if asked["clock_offset_seconds"] is None:
        asked["clock_offset_seconds"] = start.the_clock(settings).offset_seconds
    asked["service"] = asked["service"] or settings.public_url
    asked["people"] = asked["people"] or SAMPLE_PEOPLE
    asked |= {"account_sid": settings.twilio_account_sid, "auth_token": token_of(settings)}
    simulator = _simulator()
    given = {f"--{name.replace('_', '-')}": value for name, value in asked.items()}
    argv = [f"{name}={value}" for name, value in given.items() if value is not None]
    code = simulator(argv, "ringback simulate")
    raise click.exceptions.Exit(code)


def token_of(settings: Settings) -> str:
    """The token that the demo's webhooks are signed with."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    made_up = start.demo_secrets(settings.data_dir)["twilio_auth_token"]
    return settings.twilio_auth_token or made_up


def _simulator() -> Callable[[list[str], str], int]:
    try:
        from bot.simulator.server import main
    except ImportError as error:
        reason = f"{error.name} is not installed; install ringback[simulator]"
        raise ConfigError("simulator", str(error.name), reason) from None
    return main
