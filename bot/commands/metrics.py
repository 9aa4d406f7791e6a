"""The command that answers Prometheus."""

import click

from bot import application_log
from bot.commands.showing import console
from bot.commands.terminal import Terminal, pass_terminal, until_signalled
from bot.errors import ConfigError


@click.command()
@pass_terminal
def metrics(terminal: Terminal) -> None:
    """Answer Prometheus: how the service stands.

    Listens at RINGBACK_METRICS_ADDRESS, for whoever shows RINGBACK_METRICS_TOKEN if there is one.
    One process is enough: it reads the stores at each scrape, and what the others of its machine
    counted in RINGBACK_METRICS_DIR.
    """
    from bot.signals.exporter import Exporter
    from bot.signals.server import answering

    application_log.configure("metrics")
    with until_signalled() as stop, terminal.runtime() as runtime:
        settings = runtime.settings
        if settings.metrics_address is None:
            reason = "nothing says where to listen; 127.0.0.1:9470 is a good place"
            raise ConfigError("environment", "RINGBACK_METRICS_ADDRESS", reason)
        flows = tuple(flow.name for flow in terminal.flows.all)
        exporter = Exporter(runtime, flows, settings.metrics_dir)
        with answering(settings.metrics_address, exporter, settings.metrics_token) as url:
            console().print(f"Answering Prometheus at {url}. Ctrl-C ends it.")
            stop.wait()
