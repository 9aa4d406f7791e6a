"""Tasks on the terminal: by when, who is on it, who has done it."""

import time

import pytest

from bot.commands.tasks import short_id
from bot.records import SqlTasks, connect
from tests.commands.test_owed import a_task, filed


def test_what_is_overdue_says_so_and_is_counted(demo):
    now = time.time()
    filed(
        demo,
        a_task("SM1:late", due_at=now - 7200, raised_at=now - 9000),
        a_task("SM2:soon", due_at=now + 7200, raised_at=now),
        a_task("SM3:old", raised_at=now),
    )

    listed = demo.says("tasks")

    assert "2 h ago)" in listed and "in 1 h)" in listed
    assert listed.count("OVERDUE") == 1
    assert listed.endswith("1 overdue.\n")


def test_omar_takes_a_task_and_it_stays_on_the_list(demo):
    task = a_task()
    filed(demo, task)

    assert "Taken by s1001: unknown sender" in demo.says(
        "tasks", "take", short_id(task), "--officer", "s1001"
    )
    assert "s1001" in demo.says("tasks")
    assert stored(demo).taken_by == "s1001"


def test_who_did_it_is_on_record(demo):
    task = a_task()
    filed(demo, task)
    assert demo.says("tasks", "--done") == "Nothing was done yet.\n"

    demo.says("tasks", "done", task.public_id, "--officer", "s1001")

    listed = demo.says("tasks", "--done")
    assert short_id(task) in listed and "s1001" in listed and "+44…88" in listed
    assert stored(demo).done_by == "s1001"


def test_what_grace_has_taken_omar_takes_over_only_when_he_says_so(demo):
    task = a_task()
    filed(demo, task)
    engine = connect(f"sqlite:///{demo.data_dir / 'records.sqlite'}")
    SqlTasks(engine).take(task.id, "grace", 1.0)
    engine.dispose()

    refused = demo.run("tasks", "take", short_id(task), "--officer", "s1001")
    assert refused.exit_code == 1
    assert "grace has taken it" in refused.stderr

    demo.says("tasks", "take", short_id(task), "--officer", "s1001", "--over")
    assert stored(demo).taken_by == "s1001"


@pytest.mark.parametrize("command", ["take", "done"])
def test_mallory_takes_and_does_nothing(demo, command):
    task = a_task()
    filed(demo, task)

    refused = demo.run("tasks", command, short_id(task), "--officer", "mallory")

    assert refused.exit_code == 1
    assert "mallory is no officer of the desk main" in refused.stderr
    assert (stored(demo).taken_by, stored(demo).done_at) == (None, None)


@pytest.mark.parametrize("command", ["take", "done"])
def test_somebody_is_always_named(demo, command):
    refused = demo.run("tasks", command, "abcdef")

    assert refused.exit_code == 2
    assert "--officer" in refused.stderr


def stored(demo):
    engine = connect(f"sqlite:///{demo.data_dir / 'records.sqlite'}")
    found = SqlTasks(engine).get("SM1:unknown_sender")
    engine.dispose()
    return found
