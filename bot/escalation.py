"""Who is told of a task, and when again: pure rules over `[tasks]` and a desk's alerts.

Telling a task has steps. Step 0 is when it is raised, to the desk. An urgent task is told again by
the clock, a normal one once it is due and after that by the desk's hours, to the desk and to its
manager, until somebody takes the task or does it. A low one is told once.
"""

from bot.alerts import Channel
from bot.desk import Desk
from bot.policy_rules import TaskTimes
from bot.tasks import Priority, Task

DESK = (Channel.WEBHOOK, Channel.EMAIL)
MANAGER = (Channel.MANAGER_WEBHOOK, Channel.MANAGER_EMAIL)
MINUTE = 60.0


def due_at(task: Task, times: TaskTimes, desk: Desk) -> float:
    """By when it is to be done, by its priority and the hours of its desk."""
    return desk.after_working(task.raised_at, times.minutes_for(task.priority))


def step_at(task: Task, desk: Desk, step: int) -> float | None:
    """When this step is due; None if there is none."""
    alerts = desk.alerts
    if alerts is None or task.priority not in alerts.tell:
        return None
    if step == 0:
        return task.raised_at
    if task.priority is Priority.URGENT:
        return task.raised_at + step * alerts.urgent_again_minutes * MINUTE
    if task.priority is Priority.NORMAL and task.due_at is not None:
        return desk.after_working(task.due_at, (step - 1) * alerts.normal_again_minutes)
    return None


def step_now(task: Task, desk: Desk, now: float, at_least: int = 0) -> int:
    """The newest step that is due: what a worker that was away has missed is told once."""
    alerts = desk.alerts
    if alerts is None:
        return at_least
    found = 0
    if task.priority is Priority.URGENT:
        found = int((now - task.raised_at) // (alerts.urgent_again_minutes * MINUTE))
    elif task.priority is Priority.NORMAL and task.overdue(now) and task.due_at is not None:
        worked = desk.minutes_worked(task.due_at, now)
        found = 1 + int(worked // alerts.normal_again_minutes)
    return max(found, at_least)


def still_wanted(task: Task, desk: Desk, step: int, now: float) -> bool:
    """Whether this step is to be told still: not once it is done, or taken, or told anew.

    The first telling is wanted even of a task that was taken: others may keep lists by it.
    """
    if task.done_at is not None or step_at(task, desk, step) is None:
        return False
    if step > 0 and task.taken_at is not None:
        return False
    return step_now(task, desk, now) <= step


def told_at(desk: Desk, step: int) -> list[Channel]:
    """Where this step is told: nobody twice at one address."""
    channels = DESK if step == 0 else DESK + MANAGER
    found: dict[str, Channel] = {}
    for channel in channels:
        address = address_of(desk, channel)
        if address:
            found.setdefault(address, channel)
    return list(found.values())


def address_of(desk: Desk, channel: Channel) -> str:
    """The desk's address there, or nothing."""
    return str(getattr(desk.alerts, channel.value)) if desk.alerts else ""


def tells_anybody(desk: Desk) -> bool:
    """Whether anybody is told of this desk's tasks."""
    return bool(desk.alerts and desk.alerts.tell and told_at(desk, 1))
