"""A load from its beginning to its report, beside the REST API that the service uses meanwhile."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from werkzeug.serving import BaseWSGIServer

from bot.simulator.load.bar import telling
from bot.simulator.load.driver import Load
from bot.simulator.load.people import People
from bot.simulator.load.report import Report, Stopwatch, report_on
from bot.simulator.load.tally import Tally
from bot.simulator.network import PhoneNetwork

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOK_EVERY_SECONDS = 0.2
LAST_REQUESTS_SECONDS = 0.5  # what the service still asks of REST when the last call is over
API = "/2010-04-01/"


@dataclass(frozen=True)
class Asked:
    """What the command line says about a load."""

    calls: int
    per_second: float
    service: str
    people: People
    drain_seconds: float = 300.0
    report: Path | None = None
    seed: int = 0
    keep: int = 10_000


class TimedApi:
    """A WSGI app that lets a tally know how long each request to the API took."""

    def __init__(self, app: "WSGIApplication", tally: Tally) -> None:
        """Pass every request on to that app."""
        self._app, self._tally = app, tally

    def __call__(self, environ: "WSGIEnvironment", answer: "StartResponse") -> Iterable[bytes]:
        """Only what is under the API's path is timed."""
        parts = environ["PATH_INFO"].split("/")
        if not environ["PATH_INFO"].startswith(API) or len(parts) < 5:
            return self._app(environ, answer)
        status: list[str] = []

        def noted(line: str, *rest: object) -> Callable[[bytes], object]:
            status.append(line)
            return answer(line, *rest)  # type: ignore[arg-type]

        begun = time.monotonic()
        body = self._app(environ, noted)
        what = f"{environ['REQUEST_METHOD']} {parts[4].removesuffix('.json')}"
        one = "/{sid}" if len(parts) > 5 else ""
        self._tally.requested(what + one, int(status[0].split()[0]), time.monotonic() - begun)
        return body


def connect(network: PhoneNetwork, people: People, service: str) -> None:
    """Announce the calls and texts of the service's number at the service's address."""
    paths = (people.voice_url, people.sms_url, people.status_callback)
    fallbacks = (people.voice_fallback_url, people.sms_fallback_url)
    network.own(people.number, *(path and urljoin(service, path) for path in paths + fallbacks))


def run_load(network: PhoneNetwork, server: BaseWSGIServer, asked: Asked) -> int:
    """Drive the service, print the report; 0 if it passed, else 1, or 128 and the signal."""
    connect(network, asked.people, asked.service)
    load = Load(network, asked.people, asked.calls, asked.per_second, asked.seed, asked.keep)
    server.app = TimedApi(server.app, load.tally)
    serving = threading.Thread(target=server.serve_forever, args=(LOOK_EVERY_SECONDS,), daemon=True)
    serving.start()
    watch = Stopwatch.start(network.clock.now())
    signalled = _until_over(network, load, asked)
    report = report_on(load, watch, network.clock.now())
    server.shutdown()
    serving.join()
    server.server_close()
    network.close()
    _tell(report, asked.report)
    return 128 + signalled if signalled else int(not report.passed)


def _until_over(network: PhoneNetwork, load: Load, asked: Asked) -> int:
    """Wait until it is over; the number of the signal that ended it before, or 0."""
    told: list[int] = []
    stop = threading.Event()

    def heed(number: int, frame: object) -> None:
        told.append(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heed)
    load.begin()
    with telling(load, asked.calls) as tell:
        while not stop.wait(LOOK_EVERY_SECONDS) and not load.over and not _drained(load, asked):
            tell()
    if not told:
        time.sleep(LAST_REQUESTS_SECONDS)
    return told[0] if told else 0


def _drained(load: Load, asked: Asked) -> bool:
    """Did everybody come, and was then waited for long enough?"""
    if load.begun < asked.calls or load.last_begun is None:
        return False
    return load.now() - load.last_begun > timedelta(seconds=asked.drain_seconds)


def _tell(report: Report, path: Path | None) -> None:
    sys.stdout.write("\n".join(report.lines()) + "\n")
    sys.stdout.flush()
    if path is not None:
        report.write(path)
