"""Erasures: whose records went, by keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table; nobody was erased."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("handles", sa.String, nullable=False),
        sa.Column("hashes", sa.String, nullable=False),
        sa.Column("ordered_by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("went", sa.String, nullable=False),
        sa.Column("kept", sa.String, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("erasures")
