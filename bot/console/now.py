"""Now: what happens at this moment, line by line, and how things stand; dialling paused by hand.

A filter is posted, and stands sealed in the address to which that leads: nothing in it can be read.
"""

import re
from dataclasses import fields

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot.actions import Disposition
from bot.cases import is_case_handle
from bot.console.board import board_of
from bot.console.live.filters import LONGEST, LiveFilter
from bot.console.live.positions import BEGINNING, written
from bot.console.live.rows import Entry, newest_first, renderer
from bot.console.room import person, runtime
from bot.dialling_gate import pause, resume
from bot.errors import Conflict, StorageRefused, StoreDown
from bot.flow_log import FlowLogLine
from bot.staff import NUMBER_FORM, Right
from bot.staff_log import BadReason, line_of, reason_given
from bot.unit_of_work import UnitOfWork

page = Blueprint("now", __name__)

SHOWN = 100  # lines when the page is opened
LOOKED_AT = 2000  # of a desk, to find those of a filter
MOST_CONFLICTS = 10
ORDERS = {"pause": "The dialling is paused.", "resume": "The dialling goes on."}

WhyNot = dict[str, str]  # by field of a form


@page.get("/now", right=Right.SEE_FLOW, menu="Now", live=True)
def now() -> str:
    """What happens now, of all lines or of those that a filter takes."""
    wanted = LiveFilter.opened(runtime().keyring, request.args.get("view", "")) or LiveFilter()
    return _shown(wanted, {})


@page.post("/now", right=Right.SEE_FLOW, live=True)
def filtered() -> AnyResponse | tuple[str, int]:
    """Lead to the page with this filter."""
    given = {each.name: _given(each.name) for each in fields(LiveFilter)}
    wanted = LiveFilter(**{**given, "case": re.sub(r"[\s-]", "", given["case"])})
    if why_not := _why_not(wanted):
        return _shown(wanted, why_not), 422
    view = wanted.sealed(runtime().keyring)
    return redirect(url_for("now.now", view=view or None), 303)


@page.post("/now/dialling", right=Right.STOP_DIALLING, live=True)
def dialling() -> AnyResponse | tuple[str, int]:
    """Ring nobody at a desk until a person says so; or go on, whatever stopped it."""
    desk, order = request.form.get("desk", ""), request.form.get("order", "")
    if desk not in runtime().desks or order not in ORDERS:
        return _shown(LiveFilter(), {"reason": "Choose a desk, and what is to be done"}), 422
    try:
        _carry_out(desk, order, reason_given(request.form.get("reason", "")))
    except BadReason as refused:
        told = str(refused)
        return _shown(LiveFilter(), {"reason": told[:1].upper() + told[1:]}), 422
    board_of(current_app).forget()
    flash(ORDERS[order], "done")
    return redirect(url_for("now.now"), 303)


@page.post("/now/here", right=Right.SEE_FLOW)
def here() -> Response:
    """Somebody moves before a page that is open: their session is used."""
    return Response(status=204)


def _shown(wanted: LiveFilter, why_not: WhyNot) -> str:
    rows, after = _latest(wanted)
    view = wanted.sealed(runtime().keyring) if not why_not else ""
    return render_template(
        "now.html",
        wanted=wanted,
        told=", ".join(f"{name} {value}" for name, value in _asked(wanted)),
        view=view,
        here=url_for("now.now", view=view or None),
        rows=rows,
        after=after,
        panels=board_of(current_app).html(),
        desks=[{"value": desk, "text": desk} for desk in runtime().desks],
        endings=[
            {"value": "", "text": "any"},
            *({"value": each.value, "text": each.value.replace("_", " ")} for each in Disposition),
        ],
        why_not=why_not,
        reason=request.form.get("reason", ""),
        errors=[{"text": text, "href": f"#{field}"} for field, text in why_not.items()],
    )


def _latest(wanted: LiveFilter) -> tuple[Markup | None, str]:
    """The newest lines that are wanted, and from where the stream goes on; None: nobody knows."""
    entries: list[Entry] = []
    after: dict[str, str] = {}
    limit = LOOKED_AT if wanted else SHOWN
    try:
        for desk in runtime().desks:
            found = runtime().store.log_latest(desk, limit)
            after[desk] = found[-1][0] if found else BEGINNING
            entries += [Entry(id, FlowLogLine.from_fields(line)) for id, line in found]
    except (StoreDown, StorageRefused):
        return None, ""
    taken = [entry for entry in entries if wanted.takes(entry.line)]
    taken.sort(key=lambda entry: entry.line.at)
    render = renderer(current_app)
    return newest_first(map(render, taken[-SHOWN:])), written(after)


def _carry_out(desk: str, order: str, reason: str) -> None:
    """In one commit with the line that says who did it. Raises `Conflict`."""
    decide = pause if order == "pause" else resume
    for _ in range(MOST_CONFLICTS):  # calls begin and end beside it
        unit, at = UnitOfWork(runtime().store, desk), runtime().clock.now()
        decide(unit, person().number, reason, at)
        unit.log(line_of(person(), f"dialling_{order}", at, desk=desk, reason=reason))
        try:
            return unit.commit()
        except Conflict:
            continue
    raise Conflict(f"{desk}: calls end all the time")


def _given(field: str) -> str:
    return request.form.get(field, "").strip()[:LONGEST]


def _why_not(wanted: LiveFilter) -> WhyNot:
    why_not = {}
    if wanted.staff and not NUMBER_FORM.fullmatch(wanted.staff):
        why_not["staff"] = "Enter a staff number, such as 100002"
    if wanted.case and not is_case_handle(wanted.case):
        why_not["case"] = "Enter a case reference: the nine digits on the customer’s letter"
    return why_not


def _asked(wanted: LiveFilter) -> list[tuple[str, str]]:
    names = [each.name for each in fields(wanted)]
    return [(name, value) for name in names if (value := getattr(wanted, name))]
