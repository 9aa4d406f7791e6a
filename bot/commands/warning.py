"""Whoever handles a case is warned that somebody failed the checks there (CISR22110)."""

from collections.abc import Iterable

from bot.commands.showing import console, moment
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.records import SqlTasks

DAY = 86400.0


def warn(
    listed: SqlTasks,
    questions: QuestionSet,
    policy: Policy,
    cases: Iterable[str | None],
    now: float,
) -> None:
    """Say of which of these cases that is so, and when it last was."""
    handles = {case for case in cases if case}
    since = now - questions.budget.warn_days * DAY
    for case, at in sorted(listed.failed_checks(handles, since).items()):
        told = f"Failed verification at case {case} on {moment(policy, at)}: be on your guard."
        console().print(told, style="bold yellow")
