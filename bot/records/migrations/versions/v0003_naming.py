"""Which key makes the names of records, and what a customer's name is made from, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The first start writes the row; the next import of a case seals its customer."""
    op.add_column("cases", sa.Column("customer_sealed", sa.String))
    op.create_table(
        "naming",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("next_key_id", sa.String),
        sa.Column("first_key_id", sa.String, nullable=False),
        sa.Column("first_since", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_naming"),
        sa.CheckConstraint("id = 1", name=op.f("ck_naming_one_row")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("naming")
    op.drop_column("cases", "customer_sealed")
