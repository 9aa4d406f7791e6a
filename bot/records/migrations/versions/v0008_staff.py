"""The department's staff, and how each of them signs in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    _staff()
    _handsets()
    _ways_in()


def downgrade() -> None:
    """Drop them again."""
    for name in ("staff_invitations", "recovery_codes", "staff_credentials", "staff_handsets"):
        op.drop_table(name)
    op.drop_table("staff")


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("number", sa.String, nullable=False),
        sa.Column("name_sealed", sa.String, nullable=False),
        sa.Column("roles", sa.String, nullable=False),
        sa.Column("desk", sa.String, nullable=False),
        sa.Column("manager", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("leave_from", sa.Double),
        sa.Column("leave_until", sa.Double),
        sa.Column("left_at", sa.Double),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_staff"),
    )


def _handsets() -> None:
    op.create_table(
        "staff_handsets",
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("number_sealed", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("staff", "place", name="pk_staff_handsets"),
        sa.UniqueConstraint("number_hash", name="uq_staff_handsets_number_hash"),
        _of_staff("staff_handsets"),
    )


def _ways_in() -> None:
    op.create_table(
        "staff_credentials",
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("password_sealed", sa.String, nullable=False),
        sa.Column("secret_sealed", sa.String, nullable=False),
        sa.Column("enrolled_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("staff", name="pk_staff_credentials"),
        _of_staff("staff_credentials"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_recovery_codes"),
        _of_staff("recovery_codes"),
    )
    op.create_index("ix_recovery_codes_staff", "recovery_codes", ["staff"])
    op.create_table(
        "staff_invitations",
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("secret_sealed", sa.String, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("staff", name="pk_staff_invitations"),
        sa.UniqueConstraint("hash", name="uq_staff_invitations_hash"),
        _of_staff("staff_invitations"),
    )


def _of_staff(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["staff"], ["staff.number"], name=f"fk_{table}_staff", ondelete="CASCADE"
    )
