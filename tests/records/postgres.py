"""A real PostgreSQL for the tests: a server of their own, and a database for each test.

`python -m tests.records.postgres` says where the server's programs are; .ci/get-postgres asks.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bot.records import connect, upgrade

UNPRIVILEGED = "nobody"  # the server refuses to run as root
USER, ADMIN, TEMPLATE = "ringback", "postgres", "migrated"
WITHIN_SECONDS = 60.0
WHY_NONE = "no PostgreSQL on this machine (on Debian: apt install postgresql)"
# What is written is thrown away: nothing waits for a disk. Bytes decide the order, as everywhere.
SERVER = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
INITDB = "--auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`: the newest of Debian's, else what is on the PATH."""
    places = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(places, key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    found = newest[0] if newest else Path(on_path) if on_path else None
    return found.parent if found else None


class Postgres:
    """A running server; `fresh` gives a database in it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._made = 0
        self._clean: list[str] = []  # databases with all tables and nothing in them
        self._make(TEMPLATE)
        upgraded = connect(self._url(TEMPLATE))
        upgrade(upgraded)
        upgraded.dispose()
        self._tables = self._looks(TEMPLATE)

    @contextmanager
    def fresh(self, *, migrated: bool) -> Iterator[str]:
        """The URL of a database that is nobody else's: empty, or with all tables."""
        name = self._clean.pop() if migrated and self._clean else self._new(migrated=migrated)
        yield self._url(name)
        if migrated and self._looks(name) == self._tables:
            self._empty(name)
            self._clean.append(name)
        else:
            self._ask(ADMIN, f"DROP DATABASE {name} WITH (FORCE)")

    def _new(self, *, migrated: bool) -> str:
        self._made += 1
        self._make(name := f"test{self._made}", TEMPLATE if migrated else "template0")
        return name

    def _make(self, name: str, template: str = "template0") -> None:
        self._ask(ADMIN, f"CREATE DATABASE {name} TEMPLATE {template}")

    def _empty(self, name: str) -> None:
        tables = sorted({table for table, *_ in self._tables} - {"alembic_version"})
        looks = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
        if filled := self._ask(name, " UNION ALL ".join(looks)):
            self._ask(
                name, f"TRUNCATE {', '.join(each for (each,) in filled)} RESTART IDENTITY CASCADE"
            )

    def _looks(self, name: str) -> list[tuple[str, ...]]:
        """Every column of every table, and which migration was the last."""
        columns = "SELECT table_name, column_name FROM information_schema.columns"
        return sorted(
            self._ask(name, f"{columns} WHERE table_schema = 'public'")
            + self._ask(name, "SELECT 'alembic_version', version_num FROM alembic_version")
        )

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self._place}"

    def _ask(self, name: str, words: str) -> list[tuple[str, ...]]:
        with psycopg.connect(
            host=str(self._place), user=USER, dbname=name, autocommit=True
        ) as connection:
            answer = connection.execute(words)  # type: ignore[call-overload]
            return answer.fetchall() if answer.description else []


@contextmanager
def running() -> Iterator[Postgres]:
    """A server in a folder of its own; both are gone afterwards."""
    found = programs()
    assert found is not None, WHY_NONE
    place = Path(tempfile.mkdtemp(prefix="rb-pg-"))  # short: a socket stands in it
    as_whom: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(place, UNPRIVILEGED)
        as_whom = ["setpriv", f"--reuid={UNPRIVILEGED}", "--clear-groups"]
    data, log = place / "data", place / "log"
    with log.open("wb") as told:
        quiet = {"stdout": told, "stderr": told, "cwd": place}
        made = [*as_whom, found / "initdb", "-D", data, "-U", USER, *INITDB.split()]
        subprocess.run(made, check=True, **quiet)  # type: ignore[call-overload]
        command = [*as_whom, found / "postgres", "-D", data, "-k", place, *SERVER.split()]
        server = subprocess.Popen(command, **quiet)  # type: ignore[call-overload]
    try:
        _until_it_answers(place, server, log)
        yield Postgres(place)
    finally:
        server.send_signal(signal.SIGINT)  # a fast end: it waits for nobody
        server.wait(WITHIN_SECONDS)
        shutil.rmtree(place)


def _until_it_answers(place: Path, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(host=str(place), user=USER, dbname=ADMIN).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up_at:
                raise AssertionError(log.read_text()) from None
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    sys.stdout.write(f"{programs() or WHY_NONE}\n")
    sys.exit(programs() is None)
