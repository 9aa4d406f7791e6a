"""What looks for planted secrets finds them: a watch that sees nothing would please everybody."""

from collections.abc import Iterator
from pathlib import Path

import flask
import pytest

from bot.storage.memory import MemoryStore
from bot.store import Change
from tests.people import ALICE, CUSTOMERS
from tests.planted import PLANTED, Watch, planted_in

BIRTH = "1980-02-01"
SAID = f"<Response><Say>{ALICE.full_name}: {ALICE.details[-1]}</Say></Response>"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A file that is gone before the whole suite's own search."""
    path = tmp_path / "left.bin"
    yield path
    path.unlink()


@pytest.mark.parametrize("text", [*planted_in(ALICE), "07700900123", "%2B447700900123", BIRTH])
def test_each_is_found_in_a_text_and_told_with_place_and_test(text: str) -> None:
    watch = Watch()
    watch.test = "a test"

    watch.text(f"somewhere {text} stands", "a log")

    (leak,) = watch.over()
    assert leak.startswith("a log, in a test: ") and "Alice's" in leak
    assert watch.over() == []


def test_everybody_has_something_that_nobody_else_has() -> None:
    for person in CUSTOMERS.values():
        own = {text for text in planted_in(person) if person.name in PLANTED[text]}
        assert {person.details[-1], person.full_name} <= own


def test_it_is_found_among_the_bytes_of_a_file(file: Path) -> None:
    file.write_bytes(b"\xff\x00" * 1000 + ALICE.full_name.encode() + b"\x00")
    watch = Watch()

    watch.folder(file.parent)

    assert watch.over() == [f"file left.bin, seen in {watch.test}: Al… of Alice's"]


@pytest.mark.parametrize(
    "change",
    [
        Change(reads={"a": 0}, writes={"a": {"in": [ALICE.full_name]}}),
        Change(reads={ALICE.phone: 0}, writes={ALICE.phone: {}}),
        Change(log=[{"detail": ALICE.details[-1]}]),
        Change(index=[("callbacks", ALICE.phone, 1.0)]),
    ],
    ids=["a value", "a key", "a line of the log", "an index"],
)
def test_it_is_found_in_a_store(change: Change) -> None:
    watch, store = Watch(), MemoryStore.__new__(MemoryStore)  # not shown to the suite's own watch
    plain = getattr(MemoryStore.__init__, "__wrapped__", MemoryStore.__init__)
    plain(store)
    store.commit("desk", change)
    watch.store(store)

    assert len(watch.over()) == 1


def test_what_is_spoken_may_be_said_and_an_address_may_not() -> None:
    watch = Watch()
    watch.answer("/call/received", flask.Response(SAID, mimetype="text/xml"))
    assert watch.over() == []

    for path, document in (
        (f"/call/received?From={ALICE.phone}", SAID),
        ("/call/received", f'<Response><Gather action="/{ALICE.phone}"/></Response>'),
    ):
        watch.answer(path, flask.Response(document, mimetype="text/xml"))
        assert len(watch.over()) == 1
