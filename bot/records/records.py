"""The records as one: everything that is kept in SQL, on one engine."""

from dataclasses import dataclass

from sqlalchemy import Engine

from bot.cases import CaseDirectory
from bot.keys import Keyring
from bot.records.api_tokens import SqlApiTokens
from bot.records.best_numbers import SqlBestNumbers
from bot.records.case_files import SqlCaseFiles
from bot.records.case_notes import SqlCaseNotes
from bot.records.credentials import SqlCredentials
from bot.records.directory import SqlCaseDirectory
from bot.records.disclosures import SqlDisclosures
from bot.records.erasures import SqlErasures
from bot.records.expiring import SqlExpiring
from bot.records.flow_log import SqlFlowLog
from bot.records.flow_log_chain import SqlChain
from bot.records.flow_log_erasing import SqlErasing
from bot.records.flow_log_figures import SqlFigures
from bot.records.flow_log_search import SqlFlowLogSearch
from bot.records.holds import SqlHolds
from bot.records.person import SqlPerson
from bot.records.person_erasing import SqlPersonErasing
from bot.records.phone_codes import SqlPhoneCodes
from bot.records.staff import SqlStaff
from bot.records.staff_files import SqlStaffFiles
from bot.records.task_list import SqlTasks
from bot.records.wording_approvals import SqlApprovals


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Cases, their best numbers, tasks, disclosures, approvals, staff and how they sign in."""

    """Cases, their best numbers, tasks, disclosures, approvals, the archived flow log."""

    directory: CaseDirectory
    case_files: SqlCaseFiles
    case_notes: SqlCaseNotes
    best_numbers: SqlBestNumbers
    tasks: SqlTasks
    disclosures: SqlDisclosures
    approvals: SqlApprovals
    staff: SqlStaff
    staff_files: SqlStaffFiles
    credentials: SqlCredentials
    phone_codes: SqlPhoneCodes
    api_tokens: SqlApiTokens
    flow_log: SqlFlowLog
    flow_log_search: SqlFlowLogSearch
    figures: SqlFigures
    chain: SqlChain
    erasing: SqlErasing
    holds: SqlHolds
    expiring: SqlExpiring
    person: SqlPerson
    person_erasing: SqlPersonErasing
    erasures: SqlErasures

    @classmethod
    def on(cls, engine: Engine, keyring: Keyring, *, slow: Engine | None = None) -> "Records":
        """All of them on this engine; `slow` may take longer: no call waits for the archive."""
        return cls(
            directory=SqlCaseDirectory(engine, keyring),
            case_files=SqlCaseFiles(slow or engine, keyring),
            case_notes=SqlCaseNotes(engine),
            best_numbers=SqlBestNumbers(engine, keyring),
            tasks=SqlTasks(engine),
            disclosures=SqlDisclosures(engine),
            approvals=SqlApprovals(engine),
            staff=SqlStaff(engine, keyring),
            staff_files=SqlStaffFiles(slow or engine, keyring),
            credentials=SqlCredentials(engine, keyring),
            api_tokens=SqlApiTokens(engine),
            phone_codes=SqlPhoneCodes(engine, keyring),
            flow_log=SqlFlowLog(slow or engine),
            flow_log_search=SqlFlowLogSearch(slow or engine),
            figures=SqlFigures(slow or engine),
            chain=SqlChain(slow or engine),
            erasing=SqlErasing(slow or engine),
            holds=SqlHolds(engine),
            expiring=SqlExpiring(slow or engine),
            person=SqlPerson(slow or engine),
            person_erasing=SqlPersonErasing(slow or engine),
            erasures=SqlErasures(engine),
        )
