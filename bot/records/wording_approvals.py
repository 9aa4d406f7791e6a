"""Submitted wordings and who approved or withdrew them: append-only, nothing is forgotten.

A row is written once; approving and withdrawing fill what was empty, each once.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, Update, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import ApprovalRefused
from bot.records.database import asking
from bot.records.tables import wording_approvals as rows
from bot.release import Text
from bot.submissions import Submission

_MEANWHILE = "somebody has decided on it meanwhile; look again"


class SqlApprovals:
    """The book of approvals. Several texts are decided on together or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, profile: str) -> list[Submission]:
        """Every submission under this profile, item by item, the oldest version first."""
        query = select(rows).where(rows.c.profile == profile)
        ordered = query.order_by(rows.c.item, rows.c.language, rows.c.version)
        with asking(self._engine) as connection:
            return [_submission(row) for row in connection.execute(ordered)]

    def submit(
        self, texts: Sequence[Text], *, profile: str, author: str, at: float
    ) -> list[Submission]:
        """Write a new version of each. Raises `ApprovalRefused` if another did so just now."""
        try:
            with asking(self._engine) as connection:
                return [_write(connection, text, profile, author, at) for text in texts]
        except IntegrityError:
            raise ApprovalRefused(f"nothing was submitted: {_MEANWHILE}") from None

    def approve(self, chosen: Sequence[Submission], *, by: str, at: float) -> None:
        """Approve all of these. Raises `ApprovalRefused` if one is not open, or is their own."""
        still_open = rows.c.approver.is_(None), rows.c.withdrawn_by.is_(None)
        decided = update(rows).where(*still_open, func.lower(rows.c.author) != by.lower())
        self._decide(decided.values(approver=by, approved_at=at), chosen)

    def withdraw(self, chosen: Sequence[Submission], *, by: str, at: float) -> None:
        """Withdraw all of these; one that was withdrawn before keeps the first name."""
        standing = update(rows).where(rows.c.withdrawn_by.is_(None))
        numbers = [one.number for one in chosen]
        with asking(self._engine) as connection:
            connection.execute(
                standing.where(rows.c.number.in_(numbers)).values(withdrawn_by=by, withdrawn_at=at)
            )

    def _decide(self, decided: Update, chosen: Sequence[Submission]) -> None:
        with asking(self._engine) as connection:
            for one in chosen:
                if connection.execute(decided.where(rows.c.number == one.number)).rowcount != 1:
                    raise ApprovalRefused(f"nothing was approved: {one.item}: {_MEANWHILE}")


def _write(connection: Connection, text: Text, profile: str, author: str, at: float) -> Submission:
    same = rows.c.item == text.item, rows.c.language == text.language
    before = connection.execute(select(func.max(rows.c.version)).where(*same)).scalar()
    submission = Submission(
        number=0,
        item=text.item,
        language=text.language,
        audience=text.audience,
        text=text.words,
        hash=text.hash,
        version=(before or 0) + 1,
        profile=profile,
        author=author,
        submitted_at=at,
    )
    values = {name: value for name, value in asdict(submission).items() if name != "number"}
    number = connection.execute(insert(rows).values(values)).inserted_primary_key
    return Submission(**(asdict(submission) | {"number": number[0] if number else 0}))


def _submission(row: Any) -> Submission:
    return Submission(**row._mapping)
