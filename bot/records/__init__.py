"""What stays, in SQL: cases, missed calls, tasks, disclosures, approvals of wordings."""

from bot.records.best_numbers import Noted
from bot.records.case_sheet import Known
from bot.records.database import connect, upgrade
from bot.records.directory import SqlCaseDirectory
from bot.records.disclosures import SqlDisclosures
from bot.records.flow_log import SqlFlowLog
from bot.records.flow_log_chain import SqlChain
from bot.records.flow_log_search import SqlFlowLogSearch, Wanted
from bot.records.importing import import_cases, import_missed_calls
from bot.records.records import Records
from bot.records.sample import SAMPLE_CASES, SAMPLE_MISSED_CALLS, SAMPLE_STAFF
from bot.records.staff import SqlStaff
from bot.records.staff_import import import_staff
from bot.records.task_list import SqlTasks
from bot.records.wording_approvals import SqlApprovals

__all__ = [
    "SAMPLE_CASES",
    "SAMPLE_MISSED_CALLS",
    "SAMPLE_STAFF",
    "Known",
    "Noted",
    "Records",
    "SqlApprovals",
    "SqlCaseDirectory",
    "SqlChain",
    "SqlDisclosures",
    "SqlStaff",
    "SqlFlowLog",
    "SqlFlowLogSearch",
    "SqlTasks",
    "Wanted",
    "connect",
    "import_cases",
    "import_missed_calls",
    "import_staff",
    "upgrade",
]
