"""The archive of the flow log: its lines, the wordings said in them, and their sealed blocks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BYTES = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the three tables."""
    _lines()
    _indexes()
    _said()
    _blocks()


def downgrade() -> None:
    """Drop them again."""
    for table in ("flow_log_blocks", "flow_log_said", "flow_log_lines"):
        op.drop_table(table)


def _lines() -> None:
    op.create_table(
        "flow_log_lines",
        sa.Column("desk", _BYTES, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("id", _BYTES, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        *(sa.Column(name, _BYTES) for name in ("kind", "conversation", "flow", "event", "before")),
        *(sa.Column(name, _BYTES) for name in ("after", "turn", "listener")),
        sa.Column("said", sa.Text),
        sa.Column("disposition", _BYTES),
        sa.Column("reason", sa.Text),
        *(sa.Column(name, _BYTES) for name in ("case", "number_masked", "number_hash", "callback")),
        sa.Column("staff", _BYTES),
        *(sa.Column(name, sa.Text) for name in ("detail", "more", "salts", "erased")),
        sa.PrimaryKeyConstraint("desk", "number", name="pk_flow_log_lines"),
        sa.UniqueConstraint("desk", "id", name="uq_flow_log_lines_desk_id"),
    )


def _indexes() -> None:
    table = "flow_log_lines"
    op.create_index("ix_flow_log_lines_at", table, ["at", "desk", "number"])
    op.create_index("ix_flow_log_lines_desk", table, ["desk", "at", "number"])
    op.create_index("ix_flow_log_lines_kind", table, ["kind", "at", "desk", "number"])
    indexed = ("case", "number_hash", "conversation", "disposition", "after", "flow", "staff")
    for name in indexed:
        there = sa.column(name).is_not(None)
        op.create_index(
            f"ix_flow_log_lines_{name}",
            table,
            [name, "at", "desk", "number"],
            sqlite_where=there,
            postgresql_where=there,
        )


def _said() -> None:
    op.create_table(
        "flow_log_said",
        sa.Column("prompt", _BYTES, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("desk", _BYTES, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("hash", _BYTES, nullable=False),
        sa.PrimaryKeyConstraint("prompt", "at", "desk", "number", name="pk_flow_log_said"),
    )


def _blocks() -> None:
    op.create_table(
        "flow_log_blocks",
        sa.Column("desk", _BYTES, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("first", "last")),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("previous", sa.String, nullable=False),
        sa.Column("leaves", sa.Text, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("root", "head")),
        sa.Column("signature", sa.String),
        sa.Column("key_id", sa.String),
        sa.Column("published_at", sa.Double),
        sa.PrimaryKeyConstraint("desk", "number", name="pk_flow_log_blocks"),
        sa.UniqueConstraint("desk", "first", name="uq_flow_log_blocks_desk_first"),
    )
