"""What may have ended the reason to ring since a case was imported, and when to ring at all."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A case of before is unpaid, has no letter waiting, and is rung at any hour of ours."""
    op.add_column("cases", sa.Column("settled_on", sa.String))
    op.add_column("cases", sa.Column("correspondence_at", sa.Double))
    op.add_column("cases", sa.Column("ring_hours", sa.String))


def downgrade() -> None:
    """Drop them again."""
    for name in ("ring_hours", "correspondence_at", "settled_on"):
        op.drop_column("cases", name)
