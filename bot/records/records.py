"""The records as one: everything that is kept in SQL, on one engine."""

from dataclasses import dataclass

from sqlalchemy import Engine

from bot.cases import CaseDirectory
from bot.keys import Keyring
from bot.records.directory import SqlCaseDirectory
from bot.records.disclosures import SqlDisclosures
from bot.records.task_list import SqlTasks
from bot.records.wording_approvals import SqlApprovals


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Cases, tasks, disclosures and approvals."""

    directory: CaseDirectory
    tasks: SqlTasks
    disclosures: SqlDisclosures
    approvals: SqlApprovals

    @classmethod
    def on(cls, engine: Engine, keyring: Keyring) -> "Records":
        """All of them on this engine."""
        return cls(
            directory=SqlCaseDirectory(engine, keyring),
            tasks=SqlTasks(engine),
            disclosures=SqlDisclosures(engine),
            approvals=SqlApprovals(engine),
        )
