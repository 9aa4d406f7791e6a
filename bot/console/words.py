"""How the console says rights and roles in words."""

from bot.staff import Right, Role

MAY_DO: dict[Right, str] = {
    Right.SEE_FLOW: "see the flow log, callbacks and tasks",
    Right.SEE_FIGURES: "see the figures",
    Right.SEE_TEXTS: "read customers’ texts",
    Right.ACT_ON_TASKS: "take or finish tasks",
    Right.ACT_ON_CALLBACKS: "change callbacks",
    Right.ACT_IN_BULK: "change many callbacks at once",
    Right.STOP_DIALLING: "stop or resume the dialling",
    Right.SEE_WORDING: "see the wording and its approvals",
    Right.AUTHOR_WORDING: "submit wording",
    Right.APPROVE_WORDING: "approve wording",
    Right.SEE_STAFF: "see the staff list",
    Right.MANAGE_STAFF: "change the staff list",
    Right.SEE_DOCTOR: "see the doctor’s findings",
    Right.EXPORT: "export",
    Right.RING_CUSTOMERS: "have customers rung",
    Right.OPEN_ANY_CASE: "hear any case of the desk by telephone",
    Right.SHUT_OUT: "shut a lost telephone, and let its officer in again",
    Right.GIVE_PHONE_CODES: "give codes for the officers’ line",
    Right.MANAGE_API: "give other systems tokens",
}
ROLES: dict[Role, str] = {
    Role.OPERATIONS: "operations",
    Role.OFFICER: "officer",
    Role.COLLECTOR: "collector",
    Role.MANAGER: "manager",
    Role.WORDING_AUTHOR: "wording author",
    Role.WORDING_APPROVER: "wording approver",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}


def may_do(right: Right) -> str:
    """What somebody with this right may do, after “may” or “may not”."""
    return MAY_DO[right]
