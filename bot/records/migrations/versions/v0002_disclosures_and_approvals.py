"""What was disclosed to whom, and which wordings were approved by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    _disclosures()
    _wording_approvals()


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("wording_approvals")
    op.drop_table("disclosures")  # its trigger goes with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION disclosures_stay()")


def _disclosures() -> None:
    op.create_table(
        "disclosures",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("desk", sa.String, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("case", sa.String, nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("contact", sa.String, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("facts", sa.String, nullable=False),
        sa.Column("checks", sa.String, nullable=False),
        sa.Column("wordings", sa.String, nullable=False),
        sa.Column("release", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("authority", sa.String, nullable=False),
        sa.Column("restriction", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", "at", name="pk_disclosures"),
    )
    op.create_index("ix_disclosures_case_at", "disclosures", ["case", "at"])
    op.create_index("ix_disclosures_at", "disclosures", ["at"])
    _refuse_to_alter_disclosures()


def _refuse_to_alter_disclosures() -> None:
    """Append-only, whoever asks: a record goes when its time is over, and is never rewritten."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION disclosures_stay() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'a disclosure is not altered'; END $$"
        )
        does = "EXECUTE FUNCTION disclosures_stay()"
    else:
        does = "BEGIN SELECT RAISE(ABORT, 'a disclosure is not altered'); END"
    op.execute(f"CREATE TRIGGER disclosures_stay BEFORE UPDATE ON disclosures FOR EACH ROW {does}")


def _wording_approvals() -> None:
    op.create_table(
        "wording_approvals",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("audience", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("profile", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("submitted_at", sa.Double, nullable=False),
        sa.Column("approver", sa.String),
        sa.Column("approved_at", sa.Double),
        sa.Column("withdrawn_by", sa.String),
        sa.Column("withdrawn_at", sa.Double),
        sa.PrimaryKeyConstraint("number", name="pk_wording_approvals"),
        sa.CheckConstraint(
            "approver IS NULL OR lower(approver) <> lower(author)",
            name=op.f("ck_wording_approvals_another_person"),
        ),
        sa.CheckConstraint(
            "(approver IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_wording_approvals_approved_when"),
        ),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
            name=op.f("ck_wording_approvals_withdrawn_when"),
        ),
        sa.UniqueConstraint(
            "item", "language", "version", name="uq_wording_approvals_item_language_version"
        ),
    )
