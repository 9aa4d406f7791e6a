"""Nothing that a type forbids gets out: what is planted in the sample people is looked for.

Details of their cases, their names, telephones and the longer of their answers may be spoken to
them, and stand sealed or hashed in the records. They may be in no log, trace, URL, stored reply,
Redis key or value, and no SQL column. After every test of the suite it is looked into what was
logged, answered and kept in memory; what a test left in files is searched before it is cleared
away, and at the end.

Exempt, each by name: the words of the TwiML that speaks them (an address in it is not), and the
files of `EXEMPT`.
"""

import functools
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import flask
import pytest
import structlog

from bot.storage.memory import MemoryStore
from tests.people import CUSTOMERS, Person

EXEMPT = {
    "*.csv": "an import file, which a test wrote itself",
    "people*.json": "whom the phone network plays: it has to know what they answer",
    "scen*.json": "the same, for a load",
    "happenings*.jsonl": "the phone network's own journal: it dials these numbers",
}
ATTRIBUTE = re.compile(r'="([^"]*)"')
LONGEST = 200  # characters of what surrounds a find


def planted_in(person: Person) -> Iterator[str]:
    """What of this person occurs nowhere else."""
    yield person.phone[-10:]  # however its country is written
    yield person.full_name
    yield person.details[-1]  # what will be done next
    birth = person.answers["birth_date"]
    yield birth
    yield f"{birth[4:]}-{birth[2:4]}-{birth[:2]}"
    yield from (piece for piece in person.details[:-1] if len(piece) > 7)  # `1,234 pounds`


PLANTED = {
    text: f"{text[:2]}… of {person.name}'s"
    for person in CUSTOMERS.values()
    for text in planted_in(person)
}
ANYWHERE = re.compile("|".join(map(re.escape, PLANTED)))
IN_BYTES = re.compile(ANYWHERE.pattern.encode())


class Watch:
    """Looks into everything that comes out of a test; `leaks` is what it found."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.test = "before the first test"
        self._stores: list[MemoryStore] = []

    def text(self, text: str, place: str) -> None:
        """Search this text, from there."""
        for found in ANYWHERE.finditer(text):
            around = text[max(found.start() - LONGEST // 2, 0) : found.end() + LONGEST // 2]
            self.leaks.append(f"{place}, in {self.test}: {PLANTED[found.group()]}: {around!r}")
            return

    def file(self, path: Path, below: Path) -> None:
        """Search this file, unless it is exempt."""
        if any(fnmatch(path.name, name) for name in EXEMPT):
            return
        found = IN_BYTES.search(path.read_bytes())
        if found:
            what = PLANTED[found.group().decode()]
            place = path.relative_to(below)
            self.leaks.append(f"file {place}, seen in {self.test}: {what}")

    def folder(self, folder: Path) -> None:
        """Search every file in this folder."""
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                self.file(path, folder)

    def store(self, store: MemoryStore) -> None:
        """This store was made: it is searched when the test is over."""
        self._stores.append(store)

    def answer(self, path: str, response: flask.Response) -> None:
        """Search an answer of the door: all but the words that it speaks."""
        self.text(path, "the address of a request")
        self.text(str(response.headers), "the headers of an answer")
        if response.mimetype == "text/xml":
            document = response.get_data(as_text=True)
            self.text(" ".join(ATTRIBUTE.findall(document)), "an attribute in TwiML")

    def over(self) -> list[str]:
        """The test is over: what was found since this was asked last."""
        for store in self._stores:
            for name, room in store._partitions.items():
                self.text(f"{name} {room!r}", "the store in memory")
        self._stores = []
        found, self.leaks = self.leaks, []
        return found


class _Handler(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(level=logging.NOTSET)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        said = logging.Formatter("%(name)s %(message)s").format(record)
        self._watch.text(f"{said} {record.args!r}", "a log record")


@contextmanager
def watching() -> Iterator[Watch]:
    """Look at everything from here on."""
    watch = Watch()
    changed = pytest.MonkeyPatch()
    _after(changed, MemoryStore, "__init__", lambda made, store, *_: watch.store(store))
    _after(
        changed,
        structlog.processors.JSONRenderer,
        "__call__",
        lambda line, *_: watch.text(str(line), "the application log"),
    )
    _after(
        changed,
        flask.Flask,
        "process_response",
        lambda response, app, *_: (
            watch.answer(flask.request.full_path, response)
            if "ringback" in app.extensions
            else None
        ),
    )
    plain = shutil.rmtree

    def rmtree(path: Any, *given: Any, **named: Any) -> None:
        watch.folder(Path(path))
        plain(path, *given, **named)

    changed.setattr(shutil, "rmtree", rmtree)
    handler = _Handler(watch)
    logging.getLogger().addHandler(handler)
    try:
        yield watch
    finally:
        logging.getLogger().removeHandler(handler)
        changed.undo()


def _after(changed: pytest.MonkeyPatch, kind: type, name: str, look: Callable[..., object]) -> None:
    """Have a method shown what it gave, and what it was given, whenever it is called."""
    plain = getattr(kind, name)

    @functools.wraps(plain)
    def looked_at(*given: Any, **named: Any) -> Any:
        result = plain(*given, **named)
        look(result, *given)
        return result

    changed.setattr(kind, name, looked_at)
