"""What is owed: calls to customers, and tasks for people."""

import time

import pytest

from bot.actions import TaskReason
from bot.commands.tasks import NoSuchTask, short_id, the_task
from bot.records import SqlTasks, connect
from bot.tasks import Priority, Task

ALICE, BOB = "100000017", "100000025"


def a_task(id: str = "SM1:unknown_sender", **other) -> Task:
    given = {
        "id": id,
        "desk": "main",
        "reason": TaskReason.UNKNOWN_SENDER,
        "priority": Priority.NORMAL,
        "owner": "s1001",
        "raised_at": 0.0,
        "conversation": "SM1",
        "number": "+44…88",
    }
    return Task(**(given | other))


def filed(demo, *tasks: Task) -> None:
    engine = connect(f"sqlite:///{demo.data_dir / 'records.sqlite'}")
    for task in tasks:
        SqlTasks(engine).file(task)
    engine.dispose()


def test_omar_has_bob_rung_and_the_call_is_owed_once(demo):
    first = demo.says("ring", BOB, "--officer", "s1001")
    second = demo.says("ring", BOB, "--officer", "s1001")
    listed = demo.says("callbacks")

    assert f"Owed: a call to +44…56 for case {BOB}" in first
    assert "The dial rules" in first
    assert "owed already" in second
    assert listed.count("+44…56") == 1
    assert "s1001" in listed
    assert "447700900456" not in first + second + listed


def test_the_next_calls_are_shown_and_that_more_are_owed(demo):
    """Of a million nobody reads all, and while they were read nobody's call was answered."""
    for case in (BOB, ALICE):
        demo.says("ring", case, "--officer", "s1001")

    both, first = demo.says("callbacks"), demo.says("callbacks", "--limit", "1")

    assert (BOB in both, ALICE in both, "More are owed" in both) == (True, True, False)
    assert (BOB in first, ALICE in first) == (True, False)
    assert "More are owed: these are the next 1 (--limit)." in first


def test_a_held_case_is_told_to_be_one_for_a_person(demo):
    told = demo.says("ring", "100000082", "--officer", "s1001")

    assert "breathing space" in told
    assert "becomes a task for a person" in told


@pytest.mark.parametrize(
    ("case", "officer", "reason"),
    [
        ("100000090", "s1001", "no case has the handle"),
        (ALICE, "mallory", "mallory is no officer"),
    ],
)
def test_what_cannot_be_rung_is_told_why(demo, case, officer, reason):
    result = demo.run("ring", case, "--officer", officer)

    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_desk_that_is_not_there_is_refused_with_those_that_are(demo):
    result = demo.run("callbacks", "--desk", "north")

    assert result.exit_code == 2
    assert "there is main" in result.stderr


def test_tasks_are_listed_in_words_and_taken_off_by_their_short_id(demo):
    task = a_task(wish="morning")
    filed(demo, task)

    listed = demo.says("tasks")
    assert "unknown sender" in listed
    assert "morning" in listed
    assert "+44…88" in listed
    assert short_id(task) in listed

    assert "Done: unknown sender" in demo.says(
        "tasks", "done", short_id(task), "--officer", "s1001"
    )
    assert demo.says("tasks") == "Nothing is to be done.\n"


def test_tasks_of_one_owner(demo):
    filed(demo, a_task(), a_task("SM2:x", owner="main", number="+44…77"))

    listed = demo.says("tasks", "--owner", "main")

    assert "+44…77" in listed
    assert "+44…88" not in listed


def test_a_task_that_is_not_there_cannot_be_done(demo):
    result = demo.run("tasks", "done", "abcdef", "--officer", "s1001")

    assert result.exit_code == 1
    assert "no open task has the id abcdef" in result.stderr


def test_an_id_that_means_several_tasks_means_none():
    tasks = [a_task(str(number)) for number in range(40)]
    shared = next(
        short_id(one)[:1]
        for one in tasks
        if sum(short_id(other)[0] == short_id(one)[0] for other in tasks) > 1
    )

    with pytest.raises(NoSuchTask, match="give more of the id"):
        the_task(tasks, shared)
    with pytest.raises(NoSuchTask):
        the_task(tasks, "")


# Later handlers are warned


def a_failure(days_ago: float, **other) -> Task:
    given = {
        "id": f"CA1:{days_ago}",
        "reason": TaskReason.NOT_VERIFIED,
        "case": BOB,
        "raised_at": time.time() - days_ago * 86400,
    }
    return a_task(**(given | other))


def test_whoever_handles_a_case_is_warned_that_somebody_failed_there(demo):
    filed(demo, a_failure(91.0))

    for told in (
        demo.says("tasks"),
        demo.says("ring", BOB, "--officer", "s1001"),
        demo.says("callbacks"),
    ):
        assert told.count(f"Failed verification at case {BOB} on ") == 1


def test_even_when_the_task_was_done(demo):
    filed(demo, a_failure(1.0, reason=TaskReason.CHECKS_USED_UP, done_at=0.0))

    assert "be on your guard" in demo.says("ring", BOB, "--officer", "s1001")


@pytest.mark.parametrize(
    "task",
    [
        a_failure(93.0),
        a_failure(1.0, case=ALICE),
        a_failure(1.0, reason=TaskReason.NOT_VERIFIABLE),
    ],
    ids=["after three months", "at another case", "of a case that lacks an answer"],
)
def test_of_nothing_else(demo, task):
    filed(demo, task)

    assert "Failed verification" not in demo.says("ring", BOB, "--officer", "s1001")


def test_what_is_lifted_needs_a_case_or_a_number(demo):
    refused = demo.run("cases", "lift", "--officer", "s1001")
    told = demo.says("cases", "lift", "--number", "07700900666", "--officer", "s1001")

    assert refused.exit_code == 2
    assert "a CASE, a --number, or both" in refused.output
    assert told == "nothing stood against it\n"
