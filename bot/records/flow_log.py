"""Puts lines of the flow log into the archive: each once, in order, numbered and sealed.

One transaction does it all: the lines, the wordings that they say, their block of the chain. Of two
who append at once, one finds the next number taken and is refused, whoever holds the lease.
"""

import os
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.chain import SALT_BYTES, Block, Line, seal
from bot.errors import Conflict
from bot.records.database import asking, not_taken
from bot.records.flow_log_rows import Fields, block_of, block_row, clean, line_of, row_of, said_rows
from bot.records.flow_log_tables import flow_log_blocks, flow_log_lines, flow_log_said

Entry = tuple[str, Fields]  # the id of a line in Redis, and its fields
Sign = Callable[[Block], Block]

ANOTHER = "~"  # a second line under one id stands under `id~2`
_AFTER_IT = chr(ord(ANOTHER) + 1)


class SqlFlowLog:
    """The archive of the flow log."""

    def __init__(
        self, engine: Engine, *, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._engine = engine
        self._random_bytes = random_bytes

    def append(
        self, desk: str, entries: Sequence[Entry], now: float, sign: Sign = lambda block: block
    ) -> int:
        """Archive these lines of a desk, their block signed; how many were not there yet.

        A line is known by its id and what it says: after a failover Redis may give an id out again,
        and both lines are kept. Raises `StoreDown` where nothing could be written, for whatever
        reason, and `Conflict` if another appender was first.
        """
        try:
            with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
                fresh = self._fresh(connection, desk, entries, now)
                if fresh:
                    self._write(connection, desk, fresh, now, sign)
                return len(fresh)
        except IntegrityError:
            raise Conflict(f"archive of {desk}: another appender was first") from None
        except DBAPIError as error:  # a standby that only reads, a table that is not there
            raise not_taken(error, "the archive took nothing") from error

    def _fresh(
        self, connection: Connection, desk: str, entries: Sequence[Entry], now: float
    ) -> list[tuple[str, dict[str, str]]]:
        there = _lines_at(connection, desk, [id for id, _ in entries])
        fresh = []
        for id, fields in entries:
            cleaned = clean(fields, now)
            held = there.get(id)
            if held is None:
                fresh.append((id, cleaned))
            elif not _same(held, fields, cleaned):
                again = _others_at(connection, desk, id)
                if not any(_same(line, fields, cleaned) for line in again):
                    fresh.append((f"{id}{ANOTHER}{len(again) + 2}", cleaned))
        return fresh

    def _write(
        self,
        connection: Connection,
        desk: str,
        fresh: Sequence[tuple[str, dict[str, str]]],
        now: float,
        sign: Sign,
    ) -> None:
        after = _last_block(connection, desk)
        first = after.last + 1 if after else 1
        lines = [
            Line.salted(desk, number, id, fields, self._random_bytes(SALT_BYTES))
            for number, (id, fields) in enumerate(fresh, first)
        ]
        connection.execute(insert(flow_log_lines), [row_of(line) for line in lines])
        if said := [row for line in lines for row in said_rows(line)]:
            connection.execute(insert(flow_log_said), said)
        block = sign(seal(lines, desk=desk, after=after, at=now))
        connection.execute(insert(flow_log_blocks).values(block_row(block)))


def _last_block(connection: Connection, desk: str) -> Block | None:
    blocks = flow_log_blocks
    last = select(blocks).where(blocks.c.desk == desk).order_by(blocks.c.number.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return block_of(row) if row else None


def _lines_at(connection: Connection, desk: str, ids: Sequence[str]) -> Mapping[str, Line]:
    lines = flow_log_lines
    found = connection.execute(select(lines).where(lines.c.desk == desk, lines.c.id.in_(ids)))
    return {row.id: line_of(row) for row in found}


def _others_at(connection: Connection, desk: str, id: str) -> list[Line]:
    ids = flow_log_lines.c.id
    others = (ids > f"{id}{ANOTHER}", ids < f"{id}{_AFTER_IT}")
    found = connection.execute(select(flow_log_lines).where(flow_log_lines.c.desk == desk, *others))
    return [line_of(row) for row in found]


def _same(line: Line, fields: Fields, cleaned: Fields) -> bool:
    """Whether it is this line, by all that retention has left of it."""
    timeless = {"at"} if line.fields.get("at_as_written") or "at" not in fields else set()
    gone = timeless | line.erased.keys()
    mine = {name: text for name, text in cleaned.items() if name not in gone}
    return mine == {name: text for name, text in line.fields.items() if name not in timeless}
