"""Conversation: what happened in it line by line, and what stands beside it."""

from flask import Blueprint, abort, render_template

from bot.console.room import runtime
from bot.log_view import words_of
from bot.staff import Right
from bot.told import told

page = Blueprint("conversation", __name__)


@page.get("/conversations/<desk>/<id>", right=Right.SEE_FLOW)
def conversation(desk: str, id: str) -> str:
    """A timeline, whether its lines are archived yet or not."""
    if desk not in set(runtime().desks):
        abort(404)
    found = told(runtime(), desk, id)
    if found is None:
        abort(404)
    return render_template("conversation.html", desk=desk, id=id, told=found, words_of=words_of)
