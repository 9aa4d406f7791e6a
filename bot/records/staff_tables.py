"""The tables of staff: who they are, and how they sign in. Names and handsets are sealed.

A staff number is an id of the department's own; it stands in clear here and in every log. What
signs somebody in is of no use to whoever reads the tables: the password's hash and the secret of
the codes are sealed, invitations and recovery codes are hashes of what nobody can guess.
"""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, String, Table

from bot.records.tables import metadata

staff = Table(
    "staff",
    metadata,
    Column("number", String, primary_key=True),
    Column("name_sealed", String, nullable=False),  # blank of a leaver whose name is gone
    Column("roles", String, nullable=False),  # in order, separated by commas
    Column("desk", String, nullable=False),
    Column("manager", String, nullable=False),  # a staff number, or blank
    Column("language", String, nullable=False),
    Column("leave_from", Double),
    Column("leave_until", Double),
    Column("left_at", Double),
    Column("version", Integer, nullable=False),
    Column("changed_at", Double, nullable=False),
)

staff_handsets = Table(
    "staff_handsets",
    metadata,
    Column("staff", ForeignKey("staff.number", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("number_hash", String, nullable=False, unique=True),  # a handset is one person's
    Column("number_sealed", String, nullable=False),
)

staff_credentials = Table(
    "staff_credentials",
    metadata,
    Column("staff", ForeignKey("staff.number", ondelete="CASCADE"), primary_key=True),
    Column("password_sealed", String, nullable=False),  # the Argon2id hash
    Column("secret_sealed", String, nullable=False),  # of the one-time codes
    Column("enrolled_at", Double, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("hash", String, primary_key=True),
    Column("staff", ForeignKey("staff.number", ondelete="CASCADE"), nullable=False),
    Index(None, "staff"),
)

staff_invitations = Table(
    "staff_invitations",
    metadata,
    Column("staff", ForeignKey("staff.number", ondelete="CASCADE"), primary_key=True),
    Column("hash", String, nullable=False, unique=True),
    Column("secret_sealed", String, nullable=False),  # of the codes that it will enrol
    Column("made_by", String, nullable=False),
    Column("expires_at", Double, nullable=False),
)
