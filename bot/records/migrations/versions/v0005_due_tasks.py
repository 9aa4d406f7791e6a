"""By when a task is to be done, who has taken it, and who has done it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_COLUMNS = {"due_at": sa.Double, "taken_by": sa.String, "taken_at": sa.Double, "done_by": sa.String}


def upgrade() -> None:
    """Add the columns; of older tasks they stay empty."""
    for name, kind in _COLUMNS.items():
        op.add_column("tasks", sa.Column(name, kind))


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("tasks") as table:
        for name in _COLUMNS:
            table.drop_column(name)
