"""What people must do, kept until it is done and after."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, func, insert, select, true, update
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
                connection.execute(insert(tasks).values(task.to_json()))
        except IntegrityError:
            if self.get(task.id) is None:
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

    def counts(self, now: float) -> dict[tuple[str, Priority], tuple[int, int]]:
        """By desk and priority: how many are to be done, and how many should have been by now."""
        overdue = func.count(case((tasks.c.due_at <= now, 1)))
        query = (
            select(tasks.c.desk, tasks.c.priority, func.count(), overdue)
            .where(tasks.c.done_at.is_(None))
            .group_by(tasks.c.desk, tasks.c.priority)
        )
        with asking(self._engine) as connection:
            rows = connection.execute(query)
            return {(desk, Priority(p)): (waiting, late) for desk, p, waiting, late in rows}

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

    def done(self, desk: str | None = None, limit: int = 50) -> list[Task]:
        """What was done, the latest first."""
        query = select(tasks).where(tasks.c.done_at.is_not(None))
        if desk is not None:
            query = query.where(tasks.c.desk == desk)
        with asking(self._engine) as connection:
            latest = query.order_by(tasks.c.done_at.desc(), tasks.c.id).limit(limit)
            return [_task(row) for row in connection.execute(latest)]

    def take(self, id: str, by: str, at: float, *, instead_of: str | None = None) -> bool:
        """Note who is on it; False if it is not open, or in other hands than `instead_of`'s.

        Of two who take it at once, one does.
        """
        held = tasks.c.taken_by.is_(None) if instead_of is None else tasks.c.taken_by == instead_of
        return self._change(id, held, taken_by=by, taken_at=at)

    def finish(self, id: str, by: str, at: float) -> bool:
        """Mark one task as done, by whom and when; False if no such task was open."""
        return self._change(id, true(), done_by=by, done_at=at)

    def get(self, id: str) -> Task | None:
        """The task with this id, done or not."""
        with asking(self._engine) as connection:
            row = connection.execute(select(tasks).where(tasks.c.id == id)).one_or_none()
        return None if row is None else _task(row)

    def _change(self, id: str, held: ColumnElement[bool], **values: object) -> bool:
        open_one = update(tasks).where(tasks.c.id == id, tasks.c.done_at.is_(None), held)
        with asking(self._engine) as connection:
            return connection.execute(open_one.values(values)).rowcount > 0


def _task(row: Any) -> Task:
    fields = dict(row._mapping)
    reason, priority = TaskReason(fields.pop("reason")), Priority(fields.pop("priority"))
    return Task(reason=reason, priority=priority, **fields)
