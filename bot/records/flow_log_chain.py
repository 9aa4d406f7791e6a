"""The sealed archive as a chain: read block by block to be verified or exported; what is published.

Whoever tampered with the tables may have written anything: what cannot be read becomes a line or a
block that does not verify, never an error.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, func, select, update

from bot.chain import NO_HEAD, Block, Line, moment
from bot.chain_check import LinesOf
from bot.records.database import asking
from bot.records.flow_log_rows import block_of, line_of
from bot.records.flow_log_tables import flow_log_blocks, flow_log_lines

_BLOCKS, _ROWS = 50, 500  # fetched at a time


class SqlChain:
    """The chain of each desk. Every method raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def desks(self) -> list[str]:
        """The desks of which anything is kept."""
        kept = select(flow_log_lines.c.desk).union(select(flow_log_blocks.c.desk))
        with asking(self._engine) as connection:
            return sorted(connection.execute(kept).scalars())

    def last_line(self, desk: str) -> int:
        """The number of the last line that is in a block, for who wants to know how far it is."""
        last = select(func.max(flow_log_blocks.c.last)).where(flow_log_blocks.c.desk == desk)
        with asking(self._engine) as connection:
            return int(connection.execute(last).scalar() or 0)

    def blocks(self, desk: str) -> Iterator[Block]:
        """The blocks of a desk, in order; those too that are appended meanwhile."""
        table, after = flow_log_blocks, None
        while True:
            query = select(table).where(table.c.desk == desk).order_by(table.c.number)
            if after is not None:
                query = query.where(table.c.number > after)
            with asking(self._engine) as connection:
                rows = connection.execute(query.limit(_BLOCKS)).all()
            yield from map(_block, rows)
            if len(rows) < _BLOCKS:
                return
            after = rows[-1].number

    def lines_of(self, desk: str) -> LinesOf:
        """What gives the lines of its blocks one after the other, as `bot.chain_check` asks."""
        through: int | None = None

        def lines(block: Block | None) -> Iterator[Line]:
            nonlocal through
            wanted = [] if through is None else [flow_log_lines.c.number > through]
            if block is None:
                wanted.append(flow_log_lines.c.number > _last_sealed(desk))
            else:
                wanted.append(flow_log_lines.c.number <= block.last)
                through = block.last
            return self._lines(desk, wanted)

        return lines

    def newest(self, desk: str) -> tuple[Block, float | None] | None:
        """The last block, and when it was published; None where there is none."""
        table = flow_log_blocks
        last = select(table).where(table.c.desk == desk).order_by(table.c.number.desc()).limit(1)
        with asking(self._engine) as connection:
            row = connection.execute(last).one_or_none()
            return (_block(row), row.published_at) if row else None

    def last_published_at(self, desk: str) -> float | None:
        """When a head of this desk was published last."""
        at = select(func.max(flow_log_blocks.c.published_at)).where(flow_log_blocks.c.desk == desk)
        with asking(self._engine) as connection:
            found: float | None = connection.execute(at).scalar()
            return found

    def mark_published(self, block: Block, now: float) -> None:
        """Its head is out, and with it all before: each names the one before it."""
        table = flow_log_blocks
        through = (table.c.desk == block.desk, table.c.number <= block.number)
        marked = update(table).where(*through, table.c.published_at.is_(None))
        with asking(self._engine) as connection:
            connection.execute(marked.values(published_at=now))

    def _lines(self, desk: str, wanted: list[ColumnElement[bool]]) -> Iterator[Line]:
        table = flow_log_lines
        query = select(table).where(table.c.desk == desk, *wanted).order_by(table.c.number)
        with asking(self._engine) as connection:
            streamed = connection.execution_options(yield_per=_ROWS)
            with streamed.execute(query) as rows:  # closed too if nobody wants the rest
                yield from map(_line, rows)


def _last_sealed(desk: str) -> Any:
    """Within the statement that asks for more: lines and their block come in one transaction."""
    last = select(func.coalesce(func.max(flow_log_blocks.c.last), -1))
    return last.where(flow_log_blocks.c.desk == desk).scalar_subquery()


def _line(row: Row[Any]) -> Line:
    """The line of a row; of one that cannot be read, a line that has no hash."""
    try:
        line = line_of(row)
        told = (line.fields, line.salts, line.erased)
        texts = [text for one in told for pair in one.items() for text in pair]
        if all(isinstance(text, str) for text in (line.id, *texts)):
            return line
    except (ValueError, TypeError, AttributeError):
        pass
    number = row.number if isinstance(row.number, int) else 0
    return Line(desk=row.desk, number=number, id="", fields={}, salts={"unreadable": ""})


def _block(row: Row[Any]) -> Block:
    """The block of a row; of one that cannot be read, a block without lines."""
    try:
        block = block_of(row)
        counts, texts = (block.number, block.first, block.last), (block.previous, block.root)
        told = (*texts, block.head, block.signature, block.key_id, moment(block.at))
        if all(type(n) is int for n in counts) and all(isinstance(text, str) for text in told):
            return block
    except (ValueError, TypeError, AttributeError):
        pass
    none = {"first": 0, "last": 0, "at": 0.0, "previous": NO_HEAD, "root": "", "head": ""}
    number = row.number if isinstance(row.number, int) else 0
    return Block(desk=row.desk, number=number, leaves=(), **none)  # type: ignore[arg-type]
