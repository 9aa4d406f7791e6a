"""Where a worker dies: the places it comes to, and the draws by seed."""

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import pytest

from tests.chaos.dying import AFTER, BEFORE, Fate, Place
from tests.chaos.fates import Fates
from tests.chaos.people import FIRST_FEW, TELEPHONES, draw, handset
from tests.chaos.weather import Blow, gusts

# A worker in a few lines, which says what it has really asked.
LIFE = """
import json, sys
from pathlib import Path
from bot.clock import Clock
from bot.storage.memory import MemoryStore
from bot.store import DUE, Change, Line
from tests.chaos.dying import STORE, Fate, Witness

class Store(MemoryStore):
    def done(self, partition, claim):
        print("asked", flush=True)
        return super().done(partition, claim)

real = Store()
real.commit("main", Change(lines=[Line(DUE, "SMa-1", "place_call", 0.0, {})]))
given = json.loads(sys.argv[2])
witness = Witness(Fate.from_json(given) if given else None, Path(sys.argv[1]), Clock())
store = witness.wrap(real, "store", STORE)
claim = store.claim("main", DUE, 1.0, 45.0)
store.read("main", ["call:SMa"])
store.done("main", claim)
store.claim("main", DUE, 1.0, 45.0)
print("lived", flush=True)
"""
DONE = Place("place_call", 2, "store.done")


def live(notes: Path, fate: Fate | None) -> tuple[int, str]:
    given = json.dumps(fate.to_json() if fate else None)
    ran = subprocess.run(
        [sys.executable, "-c", LIFE, str(notes), given], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def test_the_places_between_claim_and_end(tmp_path: Path) -> None:
    fates = Fates(seed=7, notes=tmp_path / "notes")

    assert live(fates.notes, None) == (0, "asked\nlived\n")

    fates.refresh()
    claim, read = Place("place_call", 0, "store.claim"), Place("place_call", 1, "store.read")
    assert fates.places == [claim, read, DONE]
    assert fates.deaths == []


@pytest.mark.parametrize(("side", "asked"), [(BEFORE, ""), (AFTER, "asked\n")])
def test_a_worker_dies_before_or_after_its_question(tmp_path: Path, side: str, asked: str) -> None:
    fates = Fates(seed=7, notes=tmp_path / "notes")

    assert live(fates.notes, Fate(frozenset({(DONE, side)}), 0.0)) == (-signal.SIGKILL, asked)

    fates.refresh()
    (death,) = fates.deaths
    assert (death.place, death.side, death.calls) == (DONE, side, ("SMa-1",))
    assert fates.hit == {(DONE, side)}


def test_a_worker_lives_at_first(tmp_path: Path) -> None:
    assert live(tmp_path / "notes", Fate(frozenset({(DONE, BEFORE)}), 3600.0))[0] == 0


def noted(path: Path, *places: Place) -> Path:
    path.write_text("".join(json.dumps({"pid": 1, "seen": asdict(one)}) + "\n" for one in places))
    return path


def test_fates_are_drawn_by_seed_and_only_while_it_storms(tmp_path: Path) -> None:
    notes = noted(tmp_path / "notes", DONE, Place("task", 1, "store.read"))

    def drawn(seed: int) -> list[Fate | None]:
        fates = Fates(seed, notes, striking=True)
        return [fates.draw() for _ in range(5)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert Fates(7, notes).draw() is None


def test_where_nobody_has_died_yet_somebody_does(tmp_path: Path) -> None:
    fates = Fates(7, noted(tmp_path / "notes", DONE), striking=True)
    fate = fates.draw()

    assert fate is not None
    assert fate.places == {(DONE, BEFORE), (DONE, AFTER)}


def test_blows_and_people_are_drawn_by_seed() -> None:
    first = list(islice(gusts(7, 1, 8.0), 10))

    assert first == list(islice(gusts(7, 1, 8.0), 10))
    assert first != list(islice(gusts(8, 1, 8.0), 10))
    assert {gust.blow for gust in first[:5]} == set(Blow)
    assert draw(100, 7, patient=True) == draw(100, 7, patient=True)
    assert draw(100, 7, patient=True) != draw(100, 8, patient=True)


def test_everybody_has_a_number_and_a_case_of_their_own() -> None:
    people = draw(1000, 7, patient=True)

    assert sum(one.known for one in people) == 1000
    assert len({one.number for one in people}) == len({one.reference for one in people}) == 1030
    assert {one.telephone for one in people} == set(TELEPHONES)
    assert [one.telephone for one in people[: len(FIRST_FEW)]] == FIRST_FEW
    assert any(one.again for one in people) and any(one.undecidable for one in people)
    assert handset(people[0])["number"] == people[0].number
