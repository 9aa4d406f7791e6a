"""Submitted wordings and who approved or withdrew them: append-only, nothing is forgotten."""

from sqlalchemy import Engine


class SqlApprovals:
    """The book of approvals."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
