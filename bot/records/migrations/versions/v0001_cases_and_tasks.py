"""Cases with their numbers and answers, missed calls, tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first five tables."""
    _cases()
    _case_numbers()
    _answers()
    _missed_calls()
    _tasks()


def downgrade() -> None:
    """Drop them again, those that refer to others first."""
    for table in ("tasks", "missed_calls", "answers", "case_numbers", "cases"):
        op.drop_table(table)


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("handle", sa.String, nullable=False),
        sa.Column("customer", sa.String, nullable=False),
        sa.Column("desk", sa.String, nullable=False),
        sa.Column("officer", sa.String, nullable=False),
        sa.Column("nation", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("held", sa.String, nullable=False),
        sa.Column("full_name", sa.String, nullable=False),
        sa.Column("details", sa.String, nullable=False),
        sa.Column("imported_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_cases"),
        sa.CheckConstraint("length(handle) = 9", name=op.f("ck_cases_handle_length")),
    )
    op.create_index("ix_cases_customer", "cases", ["customer"])


def _case_numbers() -> None:
    op.create_table(
        "case_numbers",
        sa.Column("handle", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("number_sealed", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("handle", "place", name="pk_case_numbers"),
        sa.ForeignKeyConstraint(
            ["handle"], ["cases.handle"], name="fk_case_numbers_handle", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_case_numbers_number_hash", "case_numbers", ["number_hash"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("handle", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("normaliser_version", sa.Integer, nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("mac", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("handle", "question", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["handle"], ["cases.handle"], name="fk_answers_handle", ondelete="CASCADE"
        ),
    )


def _missed_calls() -> None:
    op.create_table(
        "missed_calls",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("number_sealed", sa.String, nullable=False),
        sa.Column("case", sa.String),
        sa.Column("officer", sa.String, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_missed_calls"),
    )
    op.create_index("ix_missed_calls_number_hash_at", "missed_calls", ["number_hash", "at"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("desk", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("priority", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("raised_at", sa.Double, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("case", sa.String),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("number_sealed", sa.String),
        sa.Column("text_sealed", sa.String),
        sa.Column("wish", sa.String),
        sa.Column("done_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_done_at_desk", "tasks", ["done_at", "desk"])
    op.create_index("ix_tasks_conversation", "tasks", ["conversation"])
