"""The unit of a case whose own rules hold for it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column; a case that is there is of no such unit until it is imported again."""
    op.add_column("cases", sa.Column("unit", sa.String))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("cases", "unit")
