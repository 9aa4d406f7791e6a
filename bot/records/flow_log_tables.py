"""The tables of the archived flow log: lines, the wordings that were said in them, sealed blocks.

A line holds what `bot.flow_log.FlowLogLine` holds, and like it no case detail, answer or full
number. Only retention empties a field: its hash then stands in `erased`, and the chain still holds.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.records.tables import metadata

# Compared by bytes on PostgreSQL too, as SQLite does: quicker, one order everywhere, and a prefix
# is a range.
_BYTES = String().with_variant(String(collation="C"), "postgresql")

_INDEXED = ("case", "number_hash", "conversation", "disposition", "after", "flow", "staff")

flow_log_lines = Table(
    "flow_log_lines",
    metadata,
    Column("desk", _BYTES, nullable=False),
    Column("number", BigInteger, nullable=False, autoincrement=False),  # 1, 2 … without a gap
    Column("id", _BYTES, nullable=False),  # where it stood in Redis
    Column("at", Double, nullable=False),
    Column("kind", _BYTES),
    Column("conversation", _BYTES),
    Column("flow", _BYTES),
    Column("event", _BYTES),
    Column("before", _BYTES),
    Column("after", _BYTES),
    Column("turn", _BYTES),
    Column("listener", _BYTES),
    Column("said", Text),
    Column("disposition", _BYTES),
    Column("reason", Text),
    Column("case", _BYTES),
    Column("number_masked", _BYTES),  # the line's `number`
    Column("number_hash", _BYTES),
    Column("callback", _BYTES),
    Column("staff", _BYTES),
    Column("detail", Text),
    Column("more", Text),  # JSON: fields that a newer version wrote, as they stood
    Column("salts", Text),  # JSON: field -> salt, in hex
    Column("erased", Text),  # JSON: field that retention emptied -> its salted hash, in hex
    PrimaryKeyConstraint("desk", "number"),
    UniqueConstraint("desk", "id"),
    # In the order of a search, the newest first: a page is read from one of these and no more.
    Index("ix_flow_log_lines_at", "at", "desk", "number"),
    Index("ix_flow_log_lines_desk", "desk", "at", "number"),
    Index("ix_flow_log_lines_kind", "kind", "at", "desk", "number"),
)

for _name in _INDEXED:
    _there = flow_log_lines.c[_name].is_not(None)
    Index(
        f"ix_flow_log_lines_{_name}",
        *(flow_log_lines.c[each] for each in (_name, "at", "desk", "number")),
        sqlite_where=_there,
        postgresql_where=_there,
    )

# Which wordings a line says, one row each: what `said` holds, to be searched.
flow_log_said = Table(
    "flow_log_said",
    metadata,
    Column("prompt", _BYTES, nullable=False),
    Column("at", Double, nullable=False),
    Column("desk", _BYTES, nullable=False),
    Column("number", BigInteger, nullable=False, autoincrement=False),
    Column("hash", _BYTES, nullable=False),  # the beginning of its template's; "" if none was told
    PrimaryKeyConstraint("prompt", "at", "desk", "number"),
)

# A run of lines sealed together; each names the head of the one before it (`bot.chain`).
flow_log_blocks = Table(
    "flow_log_blocks",
    metadata,
    Column("desk", _BYTES, nullable=False),
    Column("number", BigInteger, nullable=False, autoincrement=False),  # 1, 2 … without a gap
    Column("first", BigInteger, nullable=False),  # the numbers of its lines
    Column("last", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("previous", String, nullable=False),
    Column("leaves", Text, nullable=False),  # the hashes of its lines, separated by spaces
    Column("root", String, nullable=False),
    Column("head", String, nullable=False),
    Column("signature", String),
    Column("key_id", String),
    Column("published_at", Double),
    PrimaryKeyConstraint("desk", "number"),
    UniqueConstraint("desk", "first"),
)
