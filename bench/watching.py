"""What browsers that watch *Now* cost the webhooks: the same texts with and without them.

The real processes, `serve` and `console`. Texts come at a fixed rate, whether those before were
answered or not, and a latency counts from when a text was to be sent. Rounds with and without
watchers take turns; what counts is the ratio, since the machine is one for all of it.

    python -m bench.watching [--watchers 500] [--per-second 100] [--seconds 20] [--rounds 3]

`--apart` (Linux) keeps the console and the browsers to the last processor, and all else to the
others: in production the console stands on another machine, and browsers always do.
"""

import argparse
import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

import webhooks
from bench import callers, watchers
from bench.watchers import HOST, Seen
from bot.demo.demo_time import set_the_clock
from bot.demo.processes import Child, Processes, free_port, ringback
from bot.runtime import Runtime
from bot.settings import Settings
from bot.sign_in_limits import PARTITION
from bot.staff_book import StaffBook
from bot.start import demo_secrets
from bot.tokens import new_token
from bot.unit_of_work import UnitOfWork

CONNECTIONS = 16
PAGES_OF_ONE = 8  # of one person; the console allows ten
STAFF = "number,name,roles,desk,manager,language,handsets,leave_from,leave_until\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is measured."""

    watchers: int = 500
    per_second: float = 100.0
    seconds: float = 20.0
    rounds: int = 3
    apart: bool = False


@dataclass
class Round:
    """Latencies of texts in seconds, what was refused, and what the watchers saw."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    seen: Seen = field(default_factory=Seen)

    def percentile(self, which: int) -> float:
        """In milliseconds."""
        return quantiles(self.latencies, n=100)[which - 1] * 1000


@dataclass(frozen=True, slots=True)
class Service:
    """The processes under load."""

    web: int
    console: int
    token: str
    runtime: Runtime


def measure(asked: Asked, directory: Path) -> list[tuple[Round, Round]]:
    """Rounds without and with watchers, in turns."""
    ours, theirs = _processors(apart=asked.apart)
    if ours:
        os.sched_setaffinity(0, ours)  # and whatever is started here, but what is sent elsewhere
    with running(directory, theirs) as service:
        cookies = _signed_in(service, directory, asked.watchers)
        _send(service, replace(asked, seconds=2.0), "warm")
        found = []
        for number in range(asked.rounds):
            alone = _send(service, asked, f"{number}a")
            with _watching(service, cookies, theirs) as seen:
                watched = _send(service, asked, f"{number}b")
            watched.seen = seen[-1]
            found.append((alone, watched))
        return found


def _processors(*, apart: bool) -> tuple[set[int], set[int]]:
    """Those of the webhooks and of whoever sends them; those of the console and the browsers.

    Empty: wherever the system puts them.
    """
    there = os.sched_getaffinity(0) if apart else set()
    return (there - {max(there)}, {max(there)}) if len(there) > 1 else (set(), set())


def _on(processors: set[int], command: list[str]) -> list[str]:
    """This command, kept to these processors."""
    if not processors:
        return command
    keep = f"import os, sys; os.sched_setaffinity(0, {processors}); "
    keep += "os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", keep, *command]


@contextmanager
def running(directory: Path, of_pages: set[int]) -> Iterator[Service]:
    """`serve` and `console` over a Redis and records of their own."""
    set_the_clock(directory, time.time())
    web, console = free_port(0), free_port(0)
    processes = Processes(directory, lambda told: print("!", told))
    environment = {
        "RINGBACK_DATA_DIR": str(directory),
        "RINGBACK_REDIS_URL": processes.server.url,
        "RINGBACK_PUBLIC_URL": f"http://{HOST}:{web}",
        "RINGBACK_CONSOLE_URL": f"http://{HOST}:{console}",
        "RINGBACK_TWILIO_AUTH_TOKEN": demo_secrets(directory)["twilio_auth_token"],
    }
    try:
        runtime = webhooks.connect(Settings.from_env(environment))
        serve = ringback("serve", "--host", HOST, "--port", str(web))
        pages = _on(of_pages, ringback("console", "--host", HOST, "--port", str(console)))
        processes.start(
            [
                Child("web server", serve, directory / "web.log", f"http://{HOST}:{web}/healthz"),
                Child("console", pages, directory / "c.log", f"http://{HOST}:{console}/healthz"),
            ],
            environment,
        )
        token = environment["RINGBACK_TWILIO_AUTH_TOKEN"]
        yield Service(web, console, token, runtime)
        runtime.store.close()
    finally:
        processes.end()


def _signed_in(service: Service, directory: Path, pages: int) -> list[str]:
    """A session's cookie for each page, of as many people as that takes."""
    people = [f"w{n:04d}" for n in range(-(-pages // PAGES_OF_ONE))]
    sheet = directory / "staff.csv"
    rows = (f"{number},Olga {number},operations,main,,en,,,\n" for number in people)
    sheet.write_text(STAFF + "".join(rows), encoding="utf-8")
    environment = {**os.environ, "RINGBACK_DATA_DIR": str(directory)}
    environment["RINGBACK_REDIS_URL"] = service.runtime.settings.redis_url or ""
    subprocess.run(ringback("staff", "import", str(sheet)), env=environment, check=True)
    book, cookies = StaffBook.of(service.runtime), []
    for number in people:
        unit, person = UnitOfWork(service.runtime.store, PARTITION), book.staff.get(number)
        if person is None:
            raise LookupError(number)
        cookies.append(new_token())
        book.sessions.begin(unit, person, cookies[-1])
        unit.commit()
    return [cookies[page // PAGES_OF_ONE] for page in range(pages)]


@contextmanager
def _watching(service: Service, cookies: list[str], processors: set[int]) -> Iterator[list[Seen]]:
    """The watchers, from when all are open until this is left; what they saw is in the list."""
    ours, theirs = multiprocessing.Pipe()
    after = f"main:{service.runtime.store.newest_log_id('main')}"
    context = multiprocessing.get_context("spawn")
    process = context.Process(
        target=watchers.watch, args=(service.console, cookies, after, theirs), daemon=True
    )
    process.start()
    if processors:
        os.sched_setaffinity(process.pid or 0, processors)
    seen = [ours.recv()]
    yield seen
    time.sleep(1.0)  # the last batch
    ours.send("stop")
    seen.append(ours.recv())
    process.join()
    ours.close()
    theirs.close()


def _send(service: Service, asked: Asked, name: str) -> Round:
    count = int(asked.per_second * asked.seconds)
    texts = [_text(service, f"{name}{n}") for n in range(count)]
    return asyncio.run(_sent(service.web, texts, asked.per_second))


def _text(service: Service, name: str) -> bytes:
    """A text from a number of Ofcom's for drama, signed."""
    number = abs(hash(name)) % 1000
    form = {
        "MessageSid": f"SM{name.encode().hex():0>32}",
        "From": f"+447700900{number:03d}",
        "To": callers.SERVICE,
        "Body": "Sorry I missed you",
        "NumMedia": "0",
    }
    url = f"http://{HOST}:{service.web}/text/received"
    signature = RequestValidator(service.token).compute_signature(url, form)
    body = urlencode(form)
    return (
        f"POST /text/received HTTP/1.1\r\nHost: {HOST}:{service.web}\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    ).encode()


async def _sent(port: int, texts: list[bytes], per_second: float) -> Round:
    made, queue = Round(), asyncio.Queue[tuple[float, bytes]]()
    clock = asyncio.get_running_loop().time

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        with closing(writer):
            while True:
                due, wire = await queue.get()
                writer.write(wire)
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length))
                made.latencies.append(clock() - due)
                made.refused += not head.startswith(b"HTTP/1.1 200")
                queue.task_done()

    workers = [asyncio.ensure_future(connection()) for _ in range(CONNECTIONS)]
    begun = clock()
    for number, text in enumerate(texts):
        due = begun + number / per_second
        await asyncio.sleep(max(0.0, due - clock()))
        queue.put_nowait((due, text))
    await queue.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return made


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="bench.watching")
    for name, default in (("watchers", 500), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in (("per-second", 100), ("seconds", 20)):
        parser.add_argument(f"--{name}", type=float, default=float(default))
    parser.add_argument("--apart", action="store_true")
    asked = Asked(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="watching-") as directory:
        found = measure(asked, Path(directory))
    for alone, watched in found:
        print(
            f"p50 {alone.percentile(50):.1f} -> {watched.percentile(50):.1f} ms, "
            f"p99 {alone.percentile(99):.1f} -> {watched.percentile(99):.1f} ms; "
            f"{watched.seen.opened} pages were told {watched.seen.lines} lines, "
            f"{watched.seen.ended} ended early, {alone.refused + watched.refused} refused"
        )
    alone, watched = (_all(rounds) for rounds in zip(*found, strict=True))
    ratio = watched.percentile(99) / alone.percentile(99)
    print(
        f"over all rounds: p99 {alone.percentile(99):.1f} -> {watched.percentile(99):.1f} ms; "
        f"with {asked.watchers} pages that watch {ratio:.2f} times as long"
    )
    return bool(alone.refused or watched.refused)


def _all(rounds: Iterable[Round]) -> Round:
    """Several rounds as one: a p99 of one round hangs on a few texts."""
    found = Round()
    for each in rounds:
        found.latencies += each.latencies
        found.refused += each.refused
    return found


if __name__ == "__main__":
    sys.exit(main())
