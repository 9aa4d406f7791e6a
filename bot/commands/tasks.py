"""Commands about what people must do: the list, the text behind a task, taking and doing it."""

import click

from bot.commands.showing import console, moment, span, table, until, words
from bot.commands.terminal import Terminal, pass_terminal
from bot.commands.warning import warn
from bot.errors import RingbackError
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.task_text import read_text
from bot.tasks import Priority, Task

SHORT = 8  # as many hex digits of a task's public id are shown
STYLES = {Priority.URGENT: "bold red", Priority.NORMAL: "", Priority.LOW: "dim"}


class NoSuchTask(RingbackError):
    """An id that belongs to no open task, or to several."""


class NotTheirs(RingbackError):
    """A task that this person may not take or finish, or not as things stand."""


@click.group(invoke_without_command=True)
@click.option("--owner", help="Only those of this officer or desk.")
@click.option("--desk", help="Only this desk.")
@click.option("--done", "finished", is_flag=True, help="What was done, the latest first.")
@click.pass_context
def tasks(context: click.Context, owner: str | None, desk: str | None, finished: bool) -> None:
    """What people must do, the most urgent first.

    `tasks text ID` shows the text behind a task, `tasks take ID` tells that somebody is on it,
    `tasks done ID` takes it off the list. Who is told of tasks: docs/tasks.md.
    """
    if context.invoked_subcommand is not None:
        return
    terminal: Terminal = context.obj
    with terminal.tasks() as (listed, clock):
        now = clock.now()
        policy = Policy.load(terminal.settings.config_dir)
        if finished:
            show_done(listed.done(desk=desk), policy, now)
            return
        found = listed.open(desk=desk, owner=owner)
        questions = QuestionSet.load(terminal.settings.config_dir)
        warn(listed, questions, policy, [task.case for task in found], now)
    show_open(found, policy, now)


def show_open(found: list[Task], policy: Policy, now: float) -> None:
    """The list of what is to be done; what is overdue says so, and is counted."""
    if not found:
        console().print("Nothing is to be done.")
        return
    shown = table(
        "id", "what", "priority", "due", "owner", "taken by", "case", "number", "wish", "age"
    )
    for task in found:
        shown.add_row(
            short_id(task),
            words(task.reason),
            words(task.priority),
            due_in_words(task, policy, now),
            task.owner or task.desk,
            task.taken_by or "",
            task.case or "",
            task.number,
            words(task.wish),
            span(now - task.raised_at),
            style=STYLES[task.priority],
        )
    console().print(shown)
    if late := sum(task.overdue(now) for task in found):
        console().print(f"{late} overdue.", style="bold red")


def due_in_words(task: Task, policy: Policy, now: float) -> str:
    """By when, and how far that is."""
    if task.due_at is None:
        return ""
    if task.overdue(now):
        return f"OVERDUE, {moment(policy, task.due_at)} ({until(task.due_at, now)})"
    return f"{moment(policy, task.due_at)} ({until(task.due_at, now)})"


def show_done(found: list[Task], policy: Policy, now: float) -> None:
    """What was done lately, when and by whom."""
    if not found:
        console().print("Nothing was done yet.")
        return
    shown = table("id", "what", "priority", "case", "number", "done by", "done", "took")
    for task in found:
        done_at = task.done_at or task.raised_at
        shown.add_row(
            short_id(task),
            words(task.reason),
            words(task.priority),
            task.case or "",
            task.number,
            task.done_by or "",
            f"{moment(policy, done_at)} ({until(done_at, now)})",
            span(done_at - task.raised_at),
        )
    console().print(shown)


@tasks.command()
@click.argument("id")
@click.option("--officer", required=True, help="Who reads it: an officer of policy.toml.")
@pass_terminal
def text(terminal: Terminal, id: str, officer: str) -> None:
    """Show what a text said that became a task; the log notes who read it."""
    with terminal.tasks() as (listed, _):
        task = the_task(listed.open(), id)
    with terminal.runtime() as runtime:
        said = read_text(runtime, task, officer)
    console().print(said or "(an empty text)", markup=False)


@tasks.command()
@click.argument("id")
@click.option("--officer", required=True, help="Who is on it: an officer of policy.toml.")
@click.option("--over", is_flag=True, help="Also if somebody else has taken it.")
@pass_terminal
def take(terminal: Terminal, id: str, officer: str, over: bool) -> None:
    """Tell that somebody is on a task: nobody is told of it again; it stays on the list."""
    with terminal.tasks() as (listed, clock):
        task = the_task(listed.open(), id)
        check_officer(terminal, task, officer)
        if task.taken_by and task.taken_by != officer and not over:
            reason = f"{task.taken_by} has taken it; `--over` takes it over"
            raise NotTheirs(reason)
        if not listed.take(task.id, officer, clock.now(), instead_of=task.taken_by):
            raise NotTheirs("somebody else was quicker; `ringback tasks` shows who")
    console().print(f"Taken by {officer}: {words(task.reason)}, {task.number or 'no number'}.")


@tasks.command()
@click.argument("id")
@click.option("--officer", required=True, help="Who has done it: an officer of policy.toml.")
@pass_terminal
def done(terminal: Terminal, id: str, officer: str) -> None:
    """Take a task off the list; ID as `ringback tasks` shows it. `tasks --done` tells who did."""
    with terminal.tasks() as (listed, clock):
        task = the_task(listed.open(), id)
        check_officer(terminal, task, officer)
        if not listed.finish(task.id, officer, clock.now()):
            raise NotTheirs("somebody else was quicker: it is done")
    console().print(f"Done: {words(task.reason)}, {task.number or 'no number'}.")


def check_officer(terminal: Terminal, task: Task, officer: str) -> None:
    """Raise `NotTheirs` unless this is an officer of the task's desk."""
    desk = Policy.load(terminal.settings.config_dir).desk.get(task.desk)
    if desk is None or officer not in desk.officers:
        raise NotTheirs(f"{officer} is no officer of the desk {task.desk}; see policy.toml")


def the_task(found: list[Task], id: str) -> Task:
    """The one open task with this id, short or whole. Raises `NoSuchTask`."""
    meant = [task for task in found if id == task.id or task.public_id.startswith(id.lower())]
    if not id or not meant:
        raise NoSuchTask(f"no open task has the id {id}; `ringback tasks` lists them")
    if len(meant) > 1:
        raise NoSuchTask(f"{len(meant)} open tasks begin with {id}; give more of the id")
    return meant[0]


def short_id(task: Task) -> str:
    """What a person types to name a task."""
    return task.public_id[:SHORT]
