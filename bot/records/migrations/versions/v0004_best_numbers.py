"""In which call a customer gave the best number last, when, and whether it was new."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "best_numbers",
        sa.Column("handle", sa.String, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("changed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_best_numbers"),
        sa.ForeignKeyConstraint(
            ["handle"],
            ["cases.handle"],
            name="fk_best_numbers_handle",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("best_numbers")
