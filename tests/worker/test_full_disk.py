"""The disk of the records is full: the log and the page say so, and no line is lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from sqlalchemy import Engine, event
from structlog.testing import capture_logs

from bot.archivist import Archivist, lag
from bot.console import create_console
from tests.console.staff import ADAM, Browser, Somebody
from tests.house_in_memory import DESK, HouseInMemory
from tests.worker.test_archivist import archived, write

NO_MORE = "PRAGMA max_page_count = 1"  # SQLite takes it for: no larger than it is


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """A real SQLite whose file may not grow: what it says when the disk is full (SQLITE_FULL)."""

    def no_room(connection, _) -> None:
        connection.execute(NO_MORE)

    engine.dispose()
    event.listen(engine, "connect", no_room)
    yield
    event.remove(engine, "connect", no_room)
    engine.dispose()


def test_lines_wait_while_the_disk_is_full_and_the_log_says_why(house: HouseInMemory) -> None:
    archivist = Archivist(house.runtime)
    many = [f"{n:04d} {'x' * 500}" for n in range(100)]
    with capture_logs() as told, full(house.runtime.records.flow_log._engine):
        write(house, *many)
        for _ in range(10):
            archivist.take_one(DESK)
            house.clock.move(10)
        waiting = lag(house.store, DESK, house.clock.now()).lines
        assert 0 < waiting <= len(many)
        assert len(archived(house)) + waiting == len(many)

    assert "disk of the records is full" in told[0]["error"]
    while archivist.take_one(DESK) is not None:
        pass
    assert archived(house) == many


def test_a_page_whose_work_finds_no_room_says_so_and_nothing_is_done(house: HouseInMemory) -> None:
    somebody = Somebody()
    browser = Browser(create_console(house.runtime, somebody).test_client(), somebody)
    people = "".join(f"n{n:04d},Nora Newcomer {n:04d},officer,main\n" for n in range(300))
    file = BytesIO(f"number,name,roles,desk\n{people}".encode())
    seen = browser.signed_in(ADAM).post("/staff/import", file=(file, "staff.csv")).text
    sealed = re.findall(r'name="sealed" value="([^"]+)"', seen)[0]

    with full(house.records):
        answer = browser.post("/staff/import/done", sealed=sealed)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "The disk of the records is full" in answer.text
        assert house.runtime.records.staff.all() == []

    assert browser.post("/staff/import/done", sealed=sealed).status_code == 303
    assert len(house.runtime.records.staff.all()) == 300
