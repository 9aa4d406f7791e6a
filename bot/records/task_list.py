"""What people must do, kept until it is done and after."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.actions import TaskReason
from bot.records.database import asking
from bot.records.tables import tasks
from bot.tasks import Priority, Task

_FAILED = (TaskReason.NOT_VERIFIED.value, TaskReason.CHECKS_USED_UP.value)
_URGENT_FIRST = case(
    {each.value: place for place, each in enumerate(Priority)}, value=tasks.c.priority
)


class SqlTasks:
    """The list of tasks. Every write may be repeated: the second time changes nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def file(self, task: Task) -> bool:
        """Put a task on the list; False if one with this id is there already, done or not."""
        try:
            with asking(self._engine) as connection:
                connection.execute(insert(tasks).values(asdict(task)))
        except IntegrityError:
            if self._by_id(task.id) is None:
                raise
            return False
        return True

    def ping(self) -> None:
        """Return if the records answer. Raises `StoreDown`."""
        with asking(self._engine) as connection:
            connection.execute(select(1))

    def open(self, desk: str | None = None, owner: str | None = None) -> list[Task]:
        """What is still to be done, the most urgent first, then the oldest."""
        query = select(tasks).where(tasks.c.done_at.is_(None))
        if desk is not None:
            query = query.where(tasks.c.desk == desk)
        if owner is not None:
            query = query.where(tasks.c.owner == owner)
        with asking(self._engine) as connection:
            found = connection.execute(query.order_by(_URGENT_FIRST, tasks.c.raised_at, tasks.c.id))
            return [_task(row) for row in found]

    def failed_checks(self, cases: Collection[str], since: float) -> dict[str, float]:
        """By case, when somebody last failed the checks there; done with or not."""
        query = (
            select(tasks.c.case, func.max(tasks.c.raised_at))
            .where(tasks.c.case.in_(cases), tasks.c.reason.in_(_FAILED))
            .where(tasks.c.raised_at >= since)
            .group_by(tasks.c.case)
        )
        with asking(self._engine) as connection:
            return {handle: at for handle, at in connection.execute(query)}

    def finish(self, id: str, at: float) -> bool:
        """Mark one task as done; False if no such task was open."""
        open_one = update(tasks).where(tasks.c.id == id).where(tasks.c.done_at.is_(None))
        with asking(self._engine) as connection:
            return connection.execute(open_one.values(done_at=at)).rowcount > 0

    def _by_id(self, id: str) -> Task | None:
        with asking(self._engine) as connection:
            row = connection.execute(select(tasks).where(tasks.c.id == id)).one_or_none()
        return None if row is None else _task(row)


def _task(row: Any) -> Task:
    fields = dict(row._mapping)
    reason, priority = TaskReason(fields.pop("reason")), Priority(fields.pop("priority"))
    return Task(reason=reason, priority=priority, **fields)
