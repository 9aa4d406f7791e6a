"""Help: the runbook, a page for each reason why somebody is alerted."""

from flask import Blueprint, abort, render_template

from bot.console.guarded import Gate
from bot.console.runbook import pages

page = Blueprint("help", __name__)


@page.get("/help", right=Gate.SIGNED_IN, menu="Help")
def index() -> str:
    """Every page there is."""
    return render_template("help.html", pages=pages().values())


@page.get("/help/<name>", right=Gate.SIGNED_IN)
def reason(name: str) -> str:
    """What to do about this."""
    found = pages().get(name)
    if found is None:
        abort(404)
    return render_template("help_page.html", page=found)
