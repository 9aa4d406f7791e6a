"""Whole conversations, as text files that anybody can review: one test a file.

`pytest tests/test_transcripts.py --update` rewrites what is expected; read the difference before
it is committed. What may stand in a file is told in `tests/transcript.py`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house_in_memory import HouseInMemory
from tests.people import CUSTOMERS
from tests.transcript import play
from tests.worker.world import World

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    return World(build)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(path: Path, world: World, request: pytest.FixtureRequest) -> None:
    written = path.read_text(encoding="utf-8")

    played = play(written, world)

    if request.config.getoption("--update"):
        path.write_text(played, encoding="utf-8")
    assert played == written or request.config.getoption("--update")


def test_no_transcript_tells_a_detail_of_a_case() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in FILES)

    for person in CUSTOMERS.values():
        assert not [piece for piece in (*person.details, person.reference) if piece in told]


def test_something_that_cannot_happen_is_named(world: World) -> None:
    with pytest.raises(ValueError, match="Alice sings"):
        play("> Alice sings\n", world)
