"""The simulator's own process: the REST API and the control pages on one local port."""

import json
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator.arguments import parse
from bot.simulator.carrier import Settings
from bot.simulator.control.pages import add_control, add_number
from bot.simulator.handsets.kinds import handset_from_json
from bot.simulator.journal_file import JournalFile
from bot.simulator.load.running import run_load
from bot.simulator.network import PhoneNetwork
from bot.simulator.page import add_page
from bot.simulator.rest.app import add_rest
from bot.simulator.timing.clock import WallClock

POLL_SECONDS = 0.05  # how soon the serving loop notices that it is to end
HOST = "127.0.0.1"  # never further: whoever reaches it may ring everybody in it


class QuietHandler(WSGIRequestHandler):
    """Keeps requests out of the terminal: the journal tells what matters."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def simulator_app(network: PhoneNetwork) -> Flask:
    """REST and control pages together."""
    app = Flask("bot.simulator")
    add_rest(app, network)
    add_control(app, network)
    add_page(app, network)
    return app


def serve(network: PhoneNetwork, port: int = 0) -> BaseWSGIServer:
    """A server for them, not running yet; port 0 takes a free one (`server.port`)."""
    app = simulator_app(network)
    return make_server(HOST, port, app, threaded=True, request_handler=QuietHandler)


class BadScenario(ValueError):
    """A scenario file that makes no sense, with the reason."""


def set_scene(network: PhoneNetwork, scenario: Path | None) -> None:
    """The numbers and handsets of a scenario file, if there is one. Raises `BadScenario`."""
    try:
        scene = json.loads(scenario.read_text(encoding="utf-8")) if scenario else {}
        if not isinstance(scene, dict):
            raise BadScenario("not an object with numbers and handsets")
        for number in scene.get("numbers", []):
            add_number(network, number)
        network.add(*(handset_from_json(handset) for handset in scene.get("handsets", [])))
    except KeyError as missing:
        raise BadScenario(f"missing: {missing}") from None
    except (OSError, TypeError, ValueError) as wrong:
        raise BadScenario(str(wrong)) from None


def main(argv: Sequence[str] | None = None, prog: str = "python -m bot.simulator") -> int:
    """Serve until Ctrl-C or SIGTERM, or until the load that is asked for is over."""
    asked, load = parse(argv, prog)
    # Not the same identifiers again after a restart: the service would take calls for old ones.
    seed = asked.seed if asked.seed is not None else secrets.randbits(64)
    clock = WallClock(timedelta(seconds=asked.clock_offset_seconds))
    network = PhoneNetwork(
        asked.account_sid,
        asked.auth_token,
        clock,
        seed=seed,
        settings=Settings(
            characters_per_second=asked.characters_per_second,
            calls_per_second=asked.calls_per_second,
        ),
    )
    with JournalFile(network.carrier.journal, asked.journal) if asked.journal else nullcontext():
        try:
            set_scene(network, asked.scenario)
        except BadScenario as wrong:
            sys.stderr.write(f"{prog}: --scenario {asked.scenario}: {wrong}\n")
            return 2
        server = serve(network, asked.port)
        sys.stdout.write(f"The phone network is at http://{HOST}:{server.port}\n")
        sys.stdout.flush()
        if load is not None:
            return run_load(network, server, load)
        run(server, network)
    return 0


def run(server: BaseWSGIServer, network: PhoneNetwork) -> None:
    """Serve in the foreground; a signal ends it cleanly."""

    def stop(number: int, frame: object) -> None:
        # shutdown() waits for the serving loop, which this very thread is running
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        server.serve_forever(POLL_SECONDS)
    finally:
        network.close()
        server.server_close()
