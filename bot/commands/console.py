"""`ringback console`: the pages for staff, in a process of their own."""

from dataclasses import replace
from urllib.parse import urlsplit

import click

from bot import application_log, start
from bot.commands.serving import HERE, refuse_taken
from bot.commands.showing import console as terminal_console
from bot.commands.terminal import Terminal, pass_terminal
from bot.runtime import Runtime

PORT = 8472


@click.command()
@click.option("--host", default=HERE[0], show_default=True, help="Listen there.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Default: the demo's, else {PORT}.")
@pass_terminal
def console(terminal: Terminal, host: str, port: int | None) -> None:
    """Serve the pages for staff.

    For the department's own network, never for the internet. In production it stands behind a
    proxy that speaks https, at RINGBACK_CONSOLE_URL.
    """
    from bot.console import create_console
    from bot.console.asgi import console_asgi, serve
    from bot.console.live import live_of

    application_log.configure("console")
    with terminal.runtime() as runtime:
        start.refuse_unready(runtime.settings, runtime.store.ping())
        at = (host, port or _own_port(runtime))
        refuse_taken(*at)
        runtime = _reached_at(runtime, *at)
        pages = create_console(runtime)
        app = console_asgi(pages, live_of(pages))
        told = f"The console {runtime.settings.console_url} is at http://{at[0]}:{at[1]}"
        terminal_console().print(told)
        serve(app, *at, runtime.settings.console_proxies)


def _own_port(runtime: Runtime) -> int:
    """Of the demo's own address; in production the port is behind the proxy's."""
    if runtime.settings.production:
        return PORT
    return urlsplit(runtime.settings.console_url).port or PORT


def _reached_at(runtime: Runtime, host: str, port: int) -> Runtime:
    """In the demo the address is wherever it listens."""
    if runtime.settings.production or host not in HERE:
        return runtime
    settings = replace(runtime.settings, console_url=f"http://{host}:{port}")
    return replace(runtime, settings=settings)
