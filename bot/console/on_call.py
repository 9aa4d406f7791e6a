"""On call: an officer's own page, for a telephone in one hand. Handles and times, no names."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.actions import Outcome
from bot.console.room import person, runtime
from bot.lost_phone import lose_phone
from bot.on_call import NotTheirs, cases_on_call, ended_lately, note_outcome, refuse_others
from bot.ring_case import CannotRing, ring_case
from bot.staff import Right

page = Blueprint("on_call", __name__)

OUTCOMES = {
    Outcome.SPOKEN_TO: "I spoke to them",
    Outcome.NOBODY_THERE: "Nobody was there",
    Outcome.LEFT_LETTER: "I left a letter",
    Outcome.PROMISED_TO_RING: "They will ring us",
}


@page.get("/on-call", right=Right.RING_CUSTOMERS, menu="On call")
def mine() -> str:
    """Their cases, what is owed about each, and how the latest calls ended."""
    return _shown()


@page.post("/on-call/ring", right=Right.RING_CUSTOMERS)
def ring() -> str | Response | tuple[str, int]:
    """Have the customer of a case rung."""
    handle = _theirs()
    try:
        ring_case(runtime(), handle, person().number)
    except CannotRing as refused:
        return _shown(errors=[{"text": str(refused), "href": "#cases"}]), 400
    flash("They will be rung, as soon as the rules let us.", "done")
    return redirect(url_for("on_call.mine"))


@page.post("/on-call/outcome", right=Right.RING_CUSTOMERS)
def outcome() -> str | Response | tuple[str, int]:
    """What came of a visit or call."""
    handle, given = _theirs(), request.form.get("outcome", "")
    if given not in set(Outcome):
        told = [{"text": "Choose what came of it", "href": f"#outcome-{handle}"}]
        return _shown(errors=told), 400
    note_outcome(runtime(), person(), handle, Outcome(given))
    flash("Noted: somebody puts it on the record.", "done")
    return redirect(url_for("on_call.mine"))


@page.post("/on-call/lost", right=Right.RING_CUSTOMERS)
def lost() -> Response:
    """Their telephone is lost; this session ends with all the others."""
    if request.form.get("sure") != "yes":
        flash("Nothing is shut: tick the box first.")
        return redirect(url_for("on_call.mine"))
    lose_phone(runtime(), person().number, person())
    return redirect(url_for("sign_in.sign_in"))


def _shown(*, errors: list[dict[str, str]] | None = None) -> str:
    cases = cases_on_call(runtime(), person())
    return render_template(
        "on_call.html",
        cases=cases,
        ended=ended_lately(runtime(), cases),
        outcomes=OUTCOMES,
        errors=errors or [],
    )


def _theirs() -> str:
    """The case of the form; 404 if it is no case of theirs."""
    handle = request.form.get("case", "")
    try:
        refuse_others(runtime(), person(), handle)
    except NotTheirs:
        abort(404)
    return handle
