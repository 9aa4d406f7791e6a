"""The list of what people must do."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.actions import TaskReason
from bot.records import SqlTasks
from bot.tasks import Priority, Task

RING_ALICE = Task(
    id="task-1",
    desk="main",
    reason=TaskReason.NOT_VERIFIABLE,
    priority=Priority.NORMAL,
    owner="s1001",
    raised_at=100.0,
    conversation="main/CA1",
    case="100000017",
    number="+44…23",
    number_sealed="k1:sealed",
    text_sealed="k1:sealed too",
    wish="morning",
)
BOB_WANTS_A_PERSON = Task(
    id="task-2",
    desk="main",
    reason=TaskReason.WANTS_PERSON,
    priority=Priority.URGENT,
    owner="main",
    raised_at=200.0,
    conversation="main/CA2",
)
DAVE_WROTE = replace(
    BOB_WANTS_A_PERSON,
    id="task-3",
    desk="north",
    reason=TaskReason.UNKNOWN_SENDER,
    priority=Priority.LOW,
    raised_at=50.0,
)


@pytest.fixture
def tasks(engine):
    tasks = SqlTasks(engine)
    for task in (DAVE_WROTE, RING_ALICE, BOB_WANTS_A_PERSON):
        assert tasks.file(task)
    return tasks


def test_a_task_comes_back_as_it_was_filed_the_urgent_one_first(tasks):
    assert tasks.open() == [BOB_WANTS_A_PERSON, RING_ALICE, DAVE_WROTE]


def test_filing_a_task_twice_is_filing_it_once(tasks):
    assert not tasks.file(replace(RING_ALICE, owner="mallory"))

    assert tasks.open(owner="s1001") == [RING_ALICE]
    assert tasks.open(owner="mallory") == []


def test_a_task_that_is_done_is_not_filed_again(tasks):
    tasks.finish("task-1", "s1001", at=300.0)

    assert not tasks.file(RING_ALICE)
    assert RING_ALICE not in tasks.open()


def test_the_list_is_asked_for_by_desk_and_by_owner(tasks):
    assert tasks.open(desk="north") == [DAVE_WROTE]
    assert tasks.open(desk="main", owner="main") == [BOB_WANTS_A_PERSON]
    assert tasks.open(desk="south") == []


def test_a_task_is_finished_once(tasks):
    assert tasks.finish("task-1", "s1001", at=300.0)
    assert not tasks.finish("task-1", "s1001", at=400.0)
    assert not tasks.finish("task-9", "s1001", at=400.0)

    assert tasks.open(owner="s1001") == []


def test_a_task_that_cannot_be_kept_is_not_taken_for_one_that_is_there(tasks):
    with pytest.raises(IntegrityError):
        tasks.file(replace(RING_ALICE, id="task-4", owner=None))


# Who is on it, and who has done it


def test_of_two_who_take_a_task_one_does(tasks):
    assert tasks.take("task-1", "s1001", at=300.0)
    assert not tasks.take("task-1", "grace", at=301.0)

    taken = tasks.get("task-1")
    assert (taken.taken_by, taken.taken_at) == ("s1001", 300.0)
    assert taken in tasks.open(), "it is not done"


def test_a_task_is_taken_over_from_the_one_who_has_it(tasks):
    tasks.take("task-1", "s1001", at=300.0)

    assert not tasks.take("task-1", "dave", at=301.0, instead_of="grace")
    assert tasks.take("task-1", "grace", at=302.0, instead_of="s1001")
    assert tasks.get("task-1").taken_by == "grace"


def test_what_is_done_is_kept_with_who_did_it_and_when_the_latest_first(tasks):
    tasks.finish("task-1", "s1001", at=300.0)
    tasks.finish("task-3", "grace", at=400.0)

    assert [(task.id, task.done_by, task.done_at) for task in tasks.done()] == [
        ("task-3", "grace", 400.0),
        ("task-1", "s1001", 300.0),
    ]
    assert [task.id for task in tasks.done(desk="main")] == ["task-1"]
    assert len(tasks.done(limit=1)) == 1
    assert not tasks.take("task-1", "grace", at=500.0)


def test_a_task_that_is_not_there_is_none(tasks):
    assert tasks.get("task-9") is None
    assert not tasks.take("task-9", "s1001", at=300.0)


def test_by_when_it_is_to_be_done_is_kept(tasks):
    due = replace(RING_ALICE, id="task-5", due_at=900.5)
    tasks.file(due)

    assert tasks.get("task-5") == due
    assert not due.overdue(900.0)
    assert due.overdue(900.5)
    assert not replace(due, done_at=100.0).overdue(900.5)
