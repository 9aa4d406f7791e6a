"""The whole house in real processes: the store's server, the phone network, door and workers."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import webhooks
from bot.demo.demo_time import move_the_clock, set_the_clock
from bot.demo.people import SERVICE
from bot.demo.processes import Child, free_port, ringback
from bot.errors import StoreDown
from bot.records import connect, import_cases
from bot.runtime import Runtime
from bot.samples import known_of
from bot.settings import Settings
from bot.simulator import Control
from bot.start import demo_secrets, prepared
from bot.storage.embedded import EmbeddedServer
from bot.twilio.urls import Urls
from tests.chaos.dying import Fate
from tests.chaos.lives import Lives, Nursery
from tests.chaos.people import Customer, handset, write_cases

CONFIG = Path(__file__).with_name("config")
SPEECH = 5000  # characters a second
CARRIER_CALLS = 100  # a second


class House:
    """Starts it all, kills any part, sets the clock forward. Leaving the context ends it all."""

    def __init__(self, folder: Path, workers: int, next_fate: Callable[[], Fate | None]) -> None:
        self.folder = folder
        web, network = _two_ports()
        self.settings = replace(
            Settings.from_env({"RINGBACK_DATA_DIR": str(folder)}),
            public_url=f"http://127.0.0.1:{web}",
            twilio_api_url=f"http://127.0.0.1:{network}",
            config_dir=CONFIG,
        )
        self._server = EmbeddedServer.start(folder / "redis")
        self._ports = (web, network)
        self._network = Child("phone network", [], folder / "network.log")
        serve = ringback("serve", "--host", "127.0.0.1", "--port", str(web))
        alive = f"{self.settings.public_url}/healthz"
        self._door = Child("door", serve, folder / "door.log", alive)
        self.notes = folder / "notes.jsonl"
        self._nursery = Nursery(workers, next_fate, self.notes, folder / "workers.log")
        self.network = Control(f"http://127.0.0.1:{network}")

    def __enter__(self) -> "House":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._nursery.end()
        for child in (self._door, self._network):
            with suppress(ProcessLookupError):
                if child.process is not None:
                    os.killpg(child.process.pid, signal.SIGKILL)
                    child.process.wait()
        self.thaw_store()
        self._server.stop(even_if_reused=True)

    # before the storm

    def _start(self) -> None:
        offset = set_the_clock(self.folder, time.time())
        self._environment = {**os.environ, **self._told()}
        self._network.command = ringback(
            "simulate",
            *("--port", str(self._ports[1])),
            *("--clock-offset-seconds", str(offset)),
            *("--characters-per-second", str(SPEECH)),
            *("--calls-per-second", str(CARRIER_CALLS)),
        )
        self._network.alive_url = f"{self.settings.twilio_api_url}/simulator/clock"
        self.runtime = self._connect()
        for child in (self._network, self._door):
            child.start(self._environment)
        self._nursery.start(self._environment)

    def furnish(self, people: list[Customer]) -> None:
        """Import their cases, put up their telephones, and wait until everything answers."""
        file = self.folder / "cases.csv"
        write_cases(people, file)
        records = connect(self.settings.database_url)
        house, now = self.runtime.house, self.runtime.clock.now()
        known, questions = known_of(house.policy), house.questions.questions
        import_cases(records, self.runtime.keyring, questions, file, known=known, now=now)
        self._network.await_answer()
        urls = Urls(self.settings.public_url)
        self.network.own(
            SERVICE,
            urls.call_received(),
            urls.text_received(),
            status_callback=urls.call_status(),
        )
        for person in people:
            self.network.add(handset(person))
        self._door.await_answer()

    def _connect(self) -> Runtime:
        return webhooks.connect(prepared(replace(self.settings, redis_url=self._server.url)))

    def _told(self) -> dict[str, str]:
        settings = self.settings
        return {
            "RINGBACK_PROFILE": settings.profile.value,
            "RINGBACK_DATA_DIR": str(settings.data_dir.absolute()),
            "RINGBACK_CONFIG_DIR": str(CONFIG),
            "RINGBACK_DATABASE_URL": settings.database_url,
            "RINGBACK_REDIS_URL": self._server.url,
            "RINGBACK_PUBLIC_URL": settings.public_url,
            "RINGBACK_TWILIO_API_URL": settings.twilio_api_url or "",
            "RINGBACK_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
            "RINGBACK_TWILIO_AUTH_TOKEN": demo_secrets(settings.data_dir)["twilio_auth_token"],
        }

    @property
    def workers(self) -> list[Lives]:
        """The workers, dead or alive."""
        return self._nursery.workers

    # what is done to it

    def kill_door(self) -> None:
        """`kill -9` on the web server and all of its processes, which is started again at once."""
        self.shut_door()
        self.open_door()

    def shut_door(self) -> None:
        """The same, and nobody starts it again."""
        assert self._door.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._door.process.pid, signal.SIGKILL)
        self._door.process.wait()

    def open_door(self) -> None:
        """Start it; whoever must have it open waits with `await_door`."""
        self._door.start(self._environment)

    def revive_door(self) -> None:
        """Start it again if it has ended by itself, as whoever runs it would: it may have been
        started while the store was down."""
        if self._door.process is not None and self._door.process.poll() is not None:
            self.open_door()

    def await_door(self) -> None:
        """Return when it answers. Raises `DidNotStart`."""
        self._door.await_answer()

    def kill_store(self) -> None:
        """`kill -9` on the server of the store, which is started again on its data."""
        os.kill(self._server.pid, signal.SIGKILL)
        if self._server.process is not None:
            self._server.process.wait()
        deadline = time.monotonic() + 30.0
        while True:
            try:
                self._server = EmbeddedServer.start(self.folder / "redis")
            except StoreDown:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def freeze_store(self) -> None:
        """It runs no more, and says nothing."""
        os.kill(self._server.pid, signal.SIGSTOP)

    def thaw_store(self) -> None:
        """It goes on as if nothing had been."""
        with suppress(ProcessLookupError):
            os.kill(self._server.pid, signal.SIGCONT)

    # time

    @property
    def now(self) -> float:
        """What time it is in the house."""
        return self.runtime.clock.now()

    def sleep_until(self, moment: float) -> None:
        """Everything dies, and is found dead in the morning; only the carrier lives on."""
        for worker in self.workers:
            worker.rest()
        self.shut_door()
        self.kill_store()
        move_the_clock(self.folder, moment - self.now)
        self.runtime.store.close()
        self.runtime = self._connect()
        self.open_door()
        self.await_door()
        carrier = datetime.fromisoformat(self.network.now()).timestamp()
        self.network.advance(max(self.now - carrier, 0.0))

    def work(self) -> None:
        """The workers begin, or begin again."""
        for worker in self.workers:
            worker.work()


def _two_ports() -> tuple[int, int]:
    """Any two: another run may begin at the same time."""
    first, second = free_port(0), free_port(0)
    return (first, second) if first != second else _two_ports()
