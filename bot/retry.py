"""What follows the ending of an attempt, by the rules of `config/policy.toml`."""

from bot.actions import Disposition, TaskReason
from bot.policy import Policy

SECONDS = 60.0


def retry_rule(policy: Policy, disposition: Disposition, tries: int) -> float | TaskReason | None:
    """Seconds from the beginning of this attempt to the next, a task for a person, or None: done.

    `tries` counts the attempts so far, this one included (DMBM565080: up to two per case).
    """
    rule = policy.retry[disposition]
    if rule.task:
        return TaskReason.COULD_NOT_BE_HELPED
    if rule.minutes is None:
        return None
    if tries >= min(policy.attempts.per_case, policy.attempts.hard_cap):
        return TaskReason.ATTEMPTS_USED_UP
    return rule.minutes * SECONDS
