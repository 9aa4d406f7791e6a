"""Sessions, used codes and tries on a real server, also after it has died and come back."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.records.staff import unnoted
from bot.sign_in import Entered
from bot.staff_book import StaffBook
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from tests.house_in_memory import HouseInMemory
from tests.sign_in_world import MARY, NEXT_CODE, Browser, RealTime, StaffWorld


class Machine:
    """A server on this machine, and the staff whose sessions it keeps."""

    def __init__(self, folder: Path, build: Callable[..., HouseInMemory]) -> None:
        self.folder = folder
        self.start()
        self.staff = StaffWorld(build(clock=RealTime(), store=self.store))

    def start(self) -> None:
        self.server = EmbeddedServer.start(self.folder)
        self.store = RedisStore.connect(self.server.url, timeout=5.0)

    def stop(self) -> None:
        self.store.close()
        self.server.stop()

    def restart(self) -> None:
        """The server dies and comes back, and so does the process that used it."""
        self.stop()
        self.start()
        runtime = replace(self.staff.house.runtime, store=self.store)
        self.staff.book = StaffBook.of(runtime, self.staff.book.sign_in.passwords)


@pytest.fixture
def machine(build: Callable[..., HouseInMemory]) -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="rb-"))  # a short name: it holds a socket
    machine = Machine(folder / "data", build)
    yield machine
    machine.stop()
    shutil.rmtree(folder)


def enter(machine: Machine, browser: Browser | None = None, **how: str) -> Entered | None:
    return machine.staff.enter(MARY, browser or Browser(), **how)


def test_mary_is_still_signed_in_when_the_server_is_back(machine: Machine) -> None:
    machine.staff.enrol(MARY)
    entered = enter(machine)
    assert machine.staff.who(entered)

    machine.restart()

    assert machine.staff.who(entered)
    machine.staff.clock.move(31 * 60.0)
    assert machine.staff.who(entered) is None


def test_a_session_that_was_ended_does_not_come_back(machine: Machine) -> None:
    machine.staff.enrol(MARY)
    entered = enter(machine)
    (session,) = machine.staff.book.sessions.of(MARY)
    assert machine.staff.book.sessions.end(MARY, session.id, unnoted)

    machine.restart()

    assert machine.staff.who(entered) is None
    assert machine.staff.book.sessions.of(MARY) == []


def test_a_code_that_was_used_stays_used(machine: Machine) -> None:
    machine.staff.enrol(MARY)
    code = machine.staff.app_code(MARY)
    assert enter(machine, code=code)
    assert enter(machine, code=code) is None

    machine.restart()

    assert enter(machine, code=code) is None
    machine.staff.clock.move(NEXT_CODE)
    assert enter(machine)


def test_tries_that_were_spent_stay_spent_for_strangers_and_not_for_her(machine: Machine) -> None:
    machine.staff.enrol(MARY)
    hers = Browser()
    assert enter(machine, hers)
    for place in range(60):
        mallory = Browser(f"203.0.113.{place}")
        assert enter(machine, mallory, password=f"guess number {place}", code="123456") is None
        machine.staff.clock.move(1.0)

    machine.restart()

    assert enter(machine, Browser("203.0.113.251")) is None
    assert enter(machine, hers)
