"""What officers key on their line, their number as it is keyed, and whose telephone is lost."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables, and note for everybody on the list what they would key."""
    op.create_table(
        "phone_codes",
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("pin_sealed", sa.String, nullable=False),
        sa.Column("duress_sealed", sa.String, nullable=False),
        sa.Column("issued_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("staff", name="pk_phone_codes"),
        sa.ForeignKeyConstraint(
            ["staff"], ["staff.number"], name="fk_phone_codes_staff", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "printed_codes",
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("code_sealed", sa.String, nullable=False),
        sa.Column("used_by", sa.String),
        sa.PrimaryKeyConstraint("staff", "place", name="pk_printed_codes"),
        sa.ForeignKeyConstraint(
            ["staff"], ["staff.number"], name="fk_printed_codes_staff", ondelete="CASCADE"
        ),
    )
    op.add_column("staff", sa.Column("keyed", sa.String, nullable=False, server_default=""))
    op.add_column("staff", sa.Column("lost_at", sa.Double))
    op.create_index("ix_staff_keyed", "staff", ["keyed"])
    staff = sa.table("staff", sa.column("number", sa.String), sa.column("keyed", sa.String))
    connection = op.get_bind()
    for (number,) in list(connection.execute(sa.select(staff.c.number))):
        keyed = re.sub("[^0-9]", "", number)
        connection.execute(staff.update().where(staff.c.number == number).values(keyed=keyed))


def downgrade() -> None:
    """Drop them again."""
    op.drop_index("ix_staff_keyed", "staff")
    op.drop_column("staff", "lost_at")
    op.drop_column("staff", "keyed")
    op.drop_table("printed_codes")
    op.drop_table("phone_codes")
