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
    Column("lost_at", Double),  # their telephone is lost: nothing of theirs opens anything
    Column("version", Integer, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("keyed", String, nullable=False, server_default=""),  # the digits of their number
    Index(None, "keyed"),
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

# On the officers' line: two PINs, and a list of codes, each usable once.
phone_codes = Table(
    "phone_codes",
    metadata,
    Column("staff", ForeignKey("staff.number", ondelete="CASCADE"), primary_key=True),
    Column("pin_sealed", String, nullable=False),  # the Argon2id hash
    Column("duress_sealed", String, nullable=False),  # the same, for when somebody stands over them
    Column("issued_at", Double, nullable=False),
)

printed_codes = Table(
    "printed_codes",
    metadata,
    Column("staff", ForeignKey("staff.number", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("code_sealed", String, nullable=False),
    Column("used_by", String),  # the event that used it up
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
