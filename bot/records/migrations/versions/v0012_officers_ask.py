"""What officers ask about by telephone: planned visits; and disclosures to them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns: no visit is planned, and all that was told was told to customers."""
    op.add_column("cases", sa.Column("visit_at", sa.Double))
    op.add_column("disclosures", sa.Column("officer", sa.String, nullable=False, server_default=""))
    with op.batch_alter_table("cases") as cases:
        cases.create_index("ix_cases_officer", ["officer"])


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("cases") as cases:
        cases.drop_index("ix_cases_officer")
    op.drop_column("disclosures", "officer")
    op.drop_column("cases", "visit_at")
