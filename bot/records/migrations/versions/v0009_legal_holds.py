"""Legal holds: what may not go, whatever its time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table; nothing is held."""
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case", sa.String),
        sa.Column("desk", sa.String),
        sa.Column("since", sa.Double),
        sa.Column("until", sa.Double),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("placed_by", sa.String, nullable=False),
        sa.Column("placed_at", sa.Double, nullable=False),
        sa.Column("lifted_by", sa.String),
        sa.Column("lifted_at", sa.Double),
        sa.Column("lifted_why", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("legal_holds")
