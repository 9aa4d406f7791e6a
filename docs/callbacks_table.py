"""Reads tests/callbacks/table.txt: what becomes of a call that is owed, cell by cell."""

from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "tests" / "callbacks" / "table.txt"
WORDS = ("states", "asks", "calls", "outcomes")
GRIDS = ("asks", "calls")


class BadTable(ValueError):
    """The table lacks a cell, or names what it does not explain; the text says where."""


@dataclass(frozen=True)
class Cell:
    """One pair: where the callback stands, what happens then, and what becomes of it."""

    state: str
    happens: str
    outcome: str


@dataclass(frozen=True)
class Table:
    """The words of the table with what they mean, and its two grids."""

    states: dict[str, str]
    asks: dict[str, str]
    calls: dict[str, str]
    outcomes: dict[str, str]
    cells: tuple[Cell, ...]


def read(text: str | None = None) -> Table:
    """The table, whole. Raises `BadTable` for a pair that is missing or a word that is not known."""
    parts = _parts(text if text is not None else TABLE.read_text(encoding="utf-8"))
    words = {name: _explained(parts.get(name, [])) for name in WORDS}
    cells = [
        cell for name in GRIDS for cell in _cells(name, parts.get(f"table of {name}", []), words)
    ]
    unused = words["outcomes"].keys() - {cell.outcome for cell in cells}
    if unused:
        raise BadTable(f"no cell has the outcome {sorted(unused)}")
    return Table(**words, cells=tuple(cells))


def _parts(text: str) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("== "):
            rows = found.setdefault(line.removeprefix("== "), [])
        elif line.strip() and not line.startswith("#"):
            rows.append([piece.strip() for piece in line.split("|")])
    return found


def _explained(rows: list[list[str]]) -> dict[str, str]:
    words = {row[0]: row[1] for row in rows if len(row) == 2}
    if len(words) != len(rows):
        raise BadTable(f"not one word and its meaning, or twice: {rows}")
    return words


def _cells(name: str, rows: list[list[str]], words: dict[str, dict[str, str]]) -> list[Cell]:
    """The grid as cells: a row for every state, a column for everything that may happen."""
    happens, states = (rows[0][1:] if rows else []), [row[0] for row in rows[1:]]
    if happens != list(words[name]) or states != list(words["states"]):
        raise BadTable(f"table of {name}: its rows and columns are not the words above it")
    cells = []
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            raise BadTable(f"table of {name}, {row[0]}: {len(row) - 1} cells of {len(happens)}")
        cells += [
            Cell(row[0], what, outcome) for what, outcome in zip(happens, row[1:], strict=True)
        ]
    for cell in cells:
        if cell.outcome not in words["outcomes"]:
            raise BadTable(f"{cell.state}, {cell.happens}: nobody explains {cell.outcome!r}")
    return cells
