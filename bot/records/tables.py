"""The tables of what stays. Nothing about a person stands in them in clear.

Names, numbers and details are sealed (`Keyring.seal`, bound to their row and column); numbers and
customers are searched by keyed hash; answers are kept as keyed hashes only (design section 5).
Times are seconds since 1970, UTC.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

cases = Table(
    "cases",
    metadata,
    Column("handle", String, primary_key=True),
    Column("customer", String, nullable=False),  # keyed hash: departments file tax references here
    Column("customer_sealed", String),  # to be hashed anew when keys are rotated
    Column("desk", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("nation", String, nullable=False),
    Column("language", String, nullable=False),
    Column("held", String, nullable=False),  # restrictions, separated by commas
    Column("settled_on", String),  # a date: nothing is unpaid any more
    Column("correspondence_at", Double),  # something came that nobody has dealt with yet
    Column("ring_hours", String),  # their own wish, as in bot.written_hours
    Column("unit", String),  # whose own rules hold for it ([unit] in verification.toml)
    Column("visit_at", Double),  # when their officer means to be there
    Column("full_name", String, nullable=False),  # sealed
    Column("details", String, nullable=False),  # sealed
    Column("imported_at", Double, nullable=False),
    CheckConstraint("length(handle) = 9", name="handle_length"),
    Index(None, "customer"),
    Index(None, "officer"),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("handle", ForeignKey("cases.handle", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),  # 0 is the number to ring
    Column("number_hash", String, nullable=False),
    Column("number_sealed", String, nullable=False),
    Index(None, "number_hash"),
)

# Which number was given as the best one last: in which call, when, and whether it was new.
best_numbers = Table(
    "best_numbers",
    metadata,
    Column("handle", ForeignKey("cases.handle", ondelete="CASCADE"), primary_key=True),
    Column("conversation", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("changed", Boolean, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("handle", ForeignKey("cases.handle", ondelete="CASCADE"), primary_key=True),
    Column("question", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("normaliser_version", Integer, nullable=False),
    Column("key_id", String, nullable=False),
    Column("mac", String, nullable=False),
)

missed_calls = Table(
    "missed_calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("number_hash", String, nullable=False),
    Column("number_sealed", String, nullable=False),
    Column("case", String),
    Column("officer", String, nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "number_hash", "at"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String, primary_key=True),
    Column("desk", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("priority", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("raised_at", Double, nullable=False),
    Column("conversation", String, nullable=False),
    Column("case", String),
    Column("number", String, nullable=False),  # masked
    Column("number_sealed", String),
    Column("text_sealed", String),
    Column("wish", String),
    Column("done_at", Double),
    Column("due_at", Double),
    Column("taken_by", String),
    Column("taken_at", Double),
    Column("done_by", String),
    Index(None, "done_at", "desk"),
    Index(None, "conversation"),
)

# To whom which kinds of fact were told, on what grounds; never the fact (IDG40210).
disclosures = Table(
    "disclosures",
    metadata,
    Column("id", String, primary_key=True),  # conversation and turn: a repeat is the same record
    Column("at", Double, primary_key=True),  # a turn that a failover took back is told again
    Column("desk", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("case", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("contact", String, nullable=False),  # blank: no customer was spoken to
    Column("number_hash", String, nullable=False),
    Column("facts", String, nullable=False),  # separated by spaces, as the next two
    Column("checks", String, nullable=False),
    Column("wordings", String, nullable=False),  # prompt@hash
    Column("release", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("restriction", String, nullable=False),
    Column("officer", String, nullable=False, server_default=""),  # to whom, if to one
    Index(None, "case", "at"),
    Index(None, "at"),
)

# A submitted text; approved by another person, and perhaps withdrawn. Nothing is ever deleted.
wording_approvals = Table(
    "wording_approvals",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("item", String, nullable=False),  # a prompt's id, `desk:` and one, or `questions`
    Column("language", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("hash", String, nullable=False),
    Column("version", Integer, nullable=False),  # counts from 1 for each item and language
    Column("profile", String, nullable=False),  # what a demo approves stays a demo's
    Column("author", String, nullable=False),
    Column("submitted_at", Double, nullable=False),
    Column("approver", String),
    Column("approved_at", Double),
    Column("withdrawn_by", String),
    Column("withdrawn_at", Double),
    CheckConstraint("approver IS NULL OR lower(approver) <> lower(author)", name="another_person"),
    CheckConstraint("(approver IS NULL) = (approved_at IS NULL)", name="approved_when"),
    CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_when"),
    UniqueConstraint("item", "language", "version"),
)

# Of other systems of the department's: the hash of each token, and what it may be used for.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("hash", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("scopes", String, nullable=False),  # separated by spaces
    Column("made_by", String, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("used_at", Double),
    Column("revoked_at", Double),
    Index(None, "name"),
)

# What may not go, whatever its time: about a case, or of a desk and a time. Nothing is deleted.
legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", String),
    Column("desk", String),
    Column("since", Double),
    Column("until", Double),
    Column("reason", String, nullable=False),
    Column("placed_by", String, nullable=False),
    Column("placed_at", Double, nullable=False),
    Column("lifted_by", String),
    Column("lifted_at", Double),
    Column("lifted_why", String),
)

# That the records of a person were erased: found again by keyed hashes, never by a number. Kept for
# good: what a backup brings back is erased again (`bot.erasing`).
erasures = Table(
    "erasures",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Double, nullable=False),  # what is older was to go
    Column("handles", String, nullable=False),  # of cases, separated by spaces, as the next
    Column("hashes", String, nullable=False),  # of numbers
    Column("ordered_by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("went", String, nullable=False),  # JSON: kind -> how many
    Column("kept", String, nullable=False),  # JSON: rule -> how many, when it was looked last
    Column("since", Double, nullable=False),  # known here since: a restore brings it in anew
    Column("settled", Boolean, nullable=False),  # nothing more of theirs will be free to go
)

# One row (id 1): the key that makes the names (hashes) in all records, here and in Redis;
# `next_key_id` while they are changed. `first_key_id` leads RINGBACK_KEYS since `first_since`.
naming = Table(
    "naming",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key_id", String, nullable=False),
    Column("next_key_id", String),
    Column("first_key_id", String, nullable=False),
    Column("first_since", Double, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)


def sealed_in(table: str, row: str, column: str) -> str:
    """What a sealed value is bound to: moved to another row or column, it does not open."""
    return f"{table}:{row}:{column}"
