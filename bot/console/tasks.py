"""Tasks: what people must do; whoever is on one takes it, and finishes it. The text behind one."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.room import person, runtime
from bot.errors import Conflict
from bot.staff import Right
from bot.staff_log import act, line_of
from bot.task_text import CannotRead, words_of
from bot.tasks import Task

page = Blueprint("tasks", __name__)

LATEST = 50  # of those that are done


@page.get("/tasks", right=Right.SEE_FLOW, menu="Tasks")
def tasks() -> str:
    """What is to be done, the most urgent first."""
    desk = _desk_asked_for()
    found = runtime().tasks.open(desk=desk)
    return render_template(
        "tasks.html", tasks=found, desk=desk, desks=list(runtime().desks), now=runtime().clock.now()
    )


@page.get("/tasks/done", right=Right.SEE_FLOW)
def done() -> str:
    """What was done lately, and by whom."""
    return render_template("tasks_done.html", tasks=runtime().tasks.done(limit=LATEST))


@page.get("/tasks/<id>", right=Right.SEE_FLOW)
def task(id: str) -> str:
    """One task, and what may be done with it."""
    return _shown(the_task(id))


@page.post("/tasks/<id>/take", right=Right.ACT_ON_TASKS)
def take(id: str) -> AnyResponse:
    """Whoever looks is on it; over somebody else's head only if the form says whose."""
    found = the_task(id)
    held_by = request.form.get("taken_by") or None
    if found.taken_by != held_by:
        raise Conflict("somebody else has taken it")  # before the log says that it was taken
    act(runtime().store, runtime().clock, person(), "task_take", **_about(found))
    if not runtime().tasks.take(
        found.id, person().number, runtime().clock.now(), instead_of=held_by
    ):
        raise Conflict("somebody else has taken it, or it is done")
    flash("The task is yours.", "done")
    return redirect(url_for("tasks.task", id=id))


@page.post("/tasks/<id>/finish", right=Right.ACT_ON_TASKS)
def finish(id: str) -> AnyResponse:
    """It is done, and off the list."""
    found = the_task(id)
    act(runtime().store, runtime().clock, person(), "task_finish", **_about(found))
    if not runtime().tasks.finish(found.id, person().number, runtime().clock.now()):
        raise Conflict("it is done already")
    flash("The task is done, and off the list.", "done")
    return redirect(url_for("tasks.tasks"))


@page.post("/tasks/<id>/text", right=Right.SEE_TEXTS)
def text(id: str) -> str | Response:
    """The words of the text behind it; the flow log says who read them before they are shown."""
    found = the_task(id)
    line = line_of(person(), "text_read", runtime().clock.now(), **_about(found))
    try:
        words = words_of(runtime(), found, line)
    except CannotRead:
        abort(404)
    return _shown(found, words=words)


def the_task(id: str) -> Task:
    """The open task with this public id; 404 if there is none."""
    found = next((one for one in runtime().tasks.open() if one.public_id == id), None)
    return found or abort(404)


def _shown(found: Task, *, words: str | None = None) -> str:
    return render_template("task.html", task=found, words=words, now=runtime().clock.now())


def _about(found: Task) -> dict[str, str]:
    return {
        "desk": found.desk,
        "conversation": found.conversation,
        "case": found.case or "",
        "number": found.number,
        "detail": found.reason.value,
    }


def _desk_asked_for() -> str | None:
    desk = request.args.get("desk") or None
    return desk if desk and desk in runtime().desks else None
