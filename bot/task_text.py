"""The words of a text that became a task: opened for an officer, and the log says for whom."""

from bot.errors import RingbackError
from bot.flow_log import FlowLogLine, LineKind
from bot.opening import TEXT
from bot.phone import LONG_DIGITS
from bot.runtime import Runtime
from bot.tasks import Task
from bot.unit_of_work import UnitOfWork


class CannotRead(RingbackError):
    """These words are not shown; the text says why."""


def read_text(runtime: Runtime, task: Task, officer: str) -> str:
    """What the text said, for an officer of policy.toml.

    Raises `CannotRead` for a task without a text and for an officer that there is not; `BadSeal`
    if its key is held no longer.
    """
    if officer not in runtime.house.policy.desk[task.desk].officers:
        raise CannotRead(f"{officer} is no officer of the desk {task.desk}; see policy.toml")
    line = FlowLogLine(
        at=runtime.clock.now(),
        kind=LineKind.NOTE,
        desk=task.desk,
        conversation=task.conversation,
        event="text_read",
        detail=f"by {officer}",
    )
    return words_of(runtime, task, line)


def words_of(runtime: Runtime, task: Task, line: FlowLogLine) -> str:
    """What the text said, longer numbers masked, once this line says who reads it.

    It is a lead: a text verifies nobody (DMBM512150). Raises `CannotRead` for a task without a
    text, `BadSeal` if its key is held no longer.
    """
    if task.text_sealed is None:
        raise CannotRead("there is no text to this task")
    said = runtime.keyring.open(task.text_sealed, bound_to=TEXT)
    unit = UnitOfWork(runtime.store, task.desk)
    unit.log(line)
    unit.commit()
    return LONG_DIGITS.sub(lambda found: f"…{found.group()[-2:]}", said)
