"""Every pair of where a callback stands and what may happen then, played through real webhooks.

`table.txt` says what becomes of each; a pair that it lacks, a word that nobody explains, or one
that no code here plays or looks for, fails.
"""

import callbacks_table
import pytest

from tests.callbacks.outcomes import OUTCOMES
from tests.callbacks.scenes import HAPPENS, STATES, Scene
from tests.house_in_memory import HouseInMemory

TABLE = callbacks_table.read()


def test_the_table_and_what_is_played_are_the_same() -> None:
    assert list(TABLE.states) == list(STATES)
    assert [*TABLE.asks, *TABLE.calls] == list(HAPPENS)
    assert list(TABLE.outcomes) == list(OUTCOMES)


def test_every_pair_is_in_the_table_once() -> None:
    pairs = [(cell.state, cell.happens) for cell in TABLE.cells]

    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(state, happens) for state in STATES for happens in HAPPENS}


@pytest.mark.parametrize(
    "cell", TABLE.cells, ids=lambda cell: f"{cell.state} - {cell.happens} - {cell.outcome}"
)
def test_what_becomes_of_it(house: HouseInMemory, cell: callbacks_table.Cell) -> None:
    scene = Scene(house)
    STATES[cell.state](scene)

    scene.play(HAPPENS[cell.happens])

    OUTCOMES[cell.outcome](scene)
    attempts = [order.attempt for order in scene.carrier.placed]
    assert len(attempts) == len(set(attempts)), "one carrier call for one attempt"


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (lambda text: text.replace("| kept | moved", "| moved", 1), "cells of"),
        (lambda text: text.replace("| kept there |", "| kept nowhere |", 1), "nobody explains"),
        (lambda text: text.replace("missed             |", "lost               |", 1), "columns"),
        (lambda text: text.replace("\nunclear            | after", "\n# | after", 1), "rows"),
        (lambda text: text.replace("nothing is owed, and", "nothing | and", 1), "its meaning"),
        (lambda text: text.replace("| refused\n", "| the last\n", 1), "no cell has"),
    ],
    ids=["a cell", "an outcome", "a column", "a row", "a meaning", "a word"],
)
def test_a_table_that_lacks_something_is_refused(spoilt, told: str) -> None:
    text = callbacks_table.TABLE.read_text(encoding="utf-8")
    assert spoilt(text) != text

    with pytest.raises(callbacks_table.BadTable, match=told):
        callbacks_table.read(spoilt(text))
