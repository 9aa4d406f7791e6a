"""Sheets: CSV files read a row at a time, every cell by the reader of its column.

A reason never repeats what stands in a cell: a shifted column would carry a name into a log.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, Protocol


class Openable(Protocol):
    """A file on disk (`pathlib.Path`), or one that was sent."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Its bytes from the beginning, for who closes them."""


Reader = Callable[[str], Any]  # from the stripped cell; raises ValueError with the reason

_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_.]{0,40}")


@dataclass(slots=True)
class Row:
    """One row: the values of its columns, or the reasons why it cannot be taken.

    `line` is where it begins (the header is line 1), `end` how far into the file, in bytes.
    """

    line: int
    end: int = 0
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A CSV file in UTF-8, and what its columns must be.

    `readers` are all columns it may have; those in `optional` may be absent, and then read as
    blank. `unique` names the column in which a value (unless None) may stand only once.
    """

    path: Openable
    readers: Mapping[str, Reader]
    unique: str
    optional: frozenset[str] = frozenset()

    def rows(self) -> Iterator[Row]:
        """Every row, good or bad, from a file that is open only meanwhile.

        Where the header or the quoting is wrong, the row that says so is the last.
        """
        with self.path.open("rb") as file:
            lines = _Lines(file)
            table = csv.reader(lines, strict=True)
            row, header = _next(table, lines)
            header = [name.strip() for name in header]
            row.reasons += self._header_reasons(header) if not row.reasons else []
            if row.reasons:
                yield row
                return
            yield from self._body(table, lines, header)

    def _body(self, table: Any, lines: "_Lines", header: list[str]) -> Iterator[Row]:
        first_seen: dict[Any, int] = {}
        while True:
            row, cells = _next(table, lines)
            if not cells and not row.reasons:
                if lines.ended:
                    return
                continue  # an empty line
            if cells:
                self._read(row, header, cells)
                self._note_repeat(row, first_seen)
            yield row
            if not cells:
                return

    def _read(self, row: Row, header: list[str], cells: list[str]) -> None:
        if len(cells) != len(header):
            row.reasons.append(f"{len(cells)} columns where the header has {len(header)}")
            return
        given = dict(zip(header, cells, strict=True))
        for column, read in self.readers.items():
            try:
                row.values[column] = read(given.get(column, "").strip())
            except ValueError as refused:
                row.reasons.append(f"{column}: {refused}")

    def _note_repeat(self, row: Row, first_seen: dict[Any, int]) -> None:
        value = row.values.get(self.unique)
        if value is not None and first_seen.setdefault(value, row.line) != row.line:
            row.reasons.append(f"{self.unique}: already on line {first_seen[value]}")

    def _header_reasons(self, header: list[str]) -> list[str]:
        if not any(header):
            return ["no header: the first line names the columns"]
        required = [name for name in self.readers if name not in self.optional]
        missing = [f"missing column {name}" for name in required if name not in header]
        unknown = [
            f"unknown column {place}{_shown(name)}"
            for place, name in enumerate(header, 1)
            if name not in self.readers
        ]
        twice = {name for name in header if name in self.readers and header.count(name) > 1}
        return missing + unknown + [f"column {name} stands twice" for name in sorted(twice)]


class _Lines:
    """The lines of a file as text, remembering how far we are and what was not UTF-8."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.number = 0
        self.position = 0
        self.not_utf8 = False
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self._file.readline(csv.field_size_limit())
        if not raw:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.position += len(raw)
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError:
            self.not_utf8 = True
            return raw.decode("utf-8", errors="replace")


def _next(table: Any, lines: _Lines) -> tuple[Row, list[str]]:
    """The next row and its cells; no cells at the end, and after what cannot be read as CSV."""
    row = Row(lines.number + 1)
    cells: list[str] = []
    lines.not_utf8 = False
    try:
        cells = next(table, [])
    except csv.Error:
        row.reasons.append("not CSV from here on: look for a quotation mark that is not closed")
    if lines.not_utf8:
        row.reasons.append("not UTF-8 text")
    row.end = lines.position
    return row, cells


def _shown(name: str) -> str:
    """A column's name, if it looks like one: a file without a header starts with a person."""
    return f" ({name})" if _PLAIN_NAME.fullmatch(name) else ""
