"""Erases fields of archived lines: value and salt go, the hash stays, and the chain still holds.

Nothing here decides what may go (`bot.retention`), and nothing gives it back.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, delete, select, update

from bot.records.database import asking
from bot.records.flow_log_rows import line_of, row_of
from bot.records.flow_log_tables import flow_log_lines, flow_log_said

KEPT = ("desk", "number", "id", "at")  # without these a line has no place in the archive


class SqlErasing:
    """The way to erase. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def erase(self, desk: str, numbers: Iterable[int], fields: Iterable[str]) -> int:
        """Erase these fields of these lines, all or none; how many lines had any of them.

        `fields` are names of `FlowLogLine`. Twice is the same as once. Raises `ValueError` for the
        time of a line, and for a line that was tampered with: nothing is to cover that up.
        """
        names = tuple(fields)
        if "at" in names or "desk" in names:
            raise ValueError("the time and the desk of a line are not erased: it is found by them")
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            return sum(_erase(connection, desk, number, names) for number in numbers)


def _erase(connection: Connection, desk: str, number: int, names: tuple[str, ...]) -> bool:
    table, said = flow_log_lines, flow_log_said
    this = (table.c.desk == desk, table.c.number == number)
    row = connection.execute(select(table).where(*this).with_for_update()).one_or_none()
    if row is None:
        return False
    line = line_of(row)
    left = line.without(*names)
    if left == line:
        return False
    if left.leaf() != line.leaf():
        raise ValueError(f"line {number} of {desk} would not verify any more")
    written = {name: value for name, value in row_of(left).items() if name not in KEPT}
    connection.execute(update(table).where(*this).values(written))
    if "said" in names:  # and so is what it is found by
        gone = delete(said).where(said.c.desk == desk, said.c.number == number, said.c.at == row.at)
        connection.execute(gone)
    return True
