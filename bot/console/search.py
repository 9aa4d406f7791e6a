"""Search: lines of the archived flow log by time, case, number and more; and the same as a file.

What was asked for stands in no address: a form posts it, and the page that answers has a random
name (`bot.console.kept_searches`).
"""

from collections.abc import Iterator
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.actions import Disposition
from bot.archivist import lag
from bot.console.asked import BadField, in_words, wanted_of
from bot.console.csv_file import rows
from bot.console.kept_searches import KeptSearches
from bot.console.refusals import ARCHIVE_DOWN
from bot.console.refusals import page as refusal
from bot.console.room import person, runtime
from bot.discreet import discreet
from bot.errors import SearchRefused, StoreDown
from bot.flow_log import LineKind
from bot.log_view import words_of
from bot.records.flow_log_search import LONGEST_PAGE, Found, Page, SqlFlowLogSearch, Wanted
from bot.staff import Right
from bot.staff_log import act

page = Blueprint("search", __name__)

LINES = 50  # on a page
MOST_EXPORTED = 100_000
Errors = list[dict[str, str]]


@page.get("/search", right=Right.SEE_FLOW, menu="Search")
def search() -> str:
    """The form."""
    return _form([])


@page.post("/search", right=Right.SEE_FLOW)
def ask() -> AnyResponse | tuple[str, int]:
    """Keep what was asked for, and show it under an address that tells nothing."""
    keyring = runtime().keyring
    try:
        wanted = wanted_of(request.form, keyring, _zone())
        wanted.refuse_unbounded(_longest_days())
    except BadField as bad:
        return _form([_error(bad.told, bad.field)], without=bad.field), 400
    except SearchRefused as refused:
        return _form([_error(str(refused), "since")]), 400
    id = keyring.mac("search", person().number, repr(wanted), repr(runtime().clock.now()))[:32]
    _kept().keep(person().number, id, wanted)
    return redirect(url_for("search.found", id=id), 303)


@page.get("/search/<id>", right=Right.SEE_FLOW)
def found(id: str) -> str | tuple[str, int] | Response:
    """A page of what was found, the newest first."""
    wanted = _asked(id)
    try:
        return _shown(id, _look(wanted, cursor=request.args.get("after")), [])
    except SearchRefused as refused:
        return _form([_error(str(refused), "since")]), 400
    except StoreDown:
        return refusal(503, *ARCHIVE_DOWN)


@page.post("/search/<id>/export", right=Right.EXPORT)
def export(id: str) -> str | tuple[str, int] | Response:
    """All of it as CSV; the flow log has who exported what before the first line goes out."""
    wanted = _asked(id)
    try:
        lines = _archive().how_many(wanted, longest_days=_longest_days(), most=MOST_EXPORTED)
        first = _look(wanted, limit=LONGEST_PAGE)
    except StoreDown:
        return refusal(503, *ARCHIVE_DOWN)
    if lines > MOST_EXPORTED:
        told = f"These are more than {MOST_EXPORTED:,} lines, the most in one file: search again "
        return _shown(id, first, [_error(f"{told}within a shorter time", "export")]), 400
    act(
        runtime().store,
        runtime().clock,
        person(),
        "exported",
        case=wanted.case or "",
        number_hash=wanted.numbers[0] if wanted.numbers else "",
        detail=f"{lines} lines: {in_words(wanted, _zone())}",
    )
    look = partial(_archive().search, wanted, longest_days=_longest_days(), limit=LONGEST_PAGE)
    headers = {"Content-Disposition": 'attachment; filename="flow-log.csv"'}
    told_lines = rows(_pages(first, look, lines), _zone())
    return Response(told_lines, mimetype="text/csv; charset=utf-8", headers=headers)


def _pages(shown: Page, look: partial[Page], most: int) -> Iterator[Found]:
    """Page after page, while somebody reads; no more than the flow log says."""
    while True:
        yield from shown.found[:most]
        most -= len(shown.found)
        if most <= 0 or shown.cursor is None:
            return
        shown = look(cursor=shown.cursor)


def _shown(id: str, shown: Page, errors: Errors) -> str:
    now, store = runtime().clock.now(), runtime().store
    waiting = sum(lag(store, desk, now).lines for desk in runtime().desks)
    return render_template(
        "found.html",
        id=id,
        page=shown,
        errors=errors,
        waiting=waiting,
        words_of=lambda line: words_of(discreet(line)),
        most=MOST_EXPORTED,
    )


def _look(wanted: Wanted, *, limit: int = LINES, cursor: str | None = None) -> Page:
    return _archive().search(wanted, longest_days=_longest_days(), limit=limit, cursor=cursor)


def _asked(id: str) -> Wanted:
    return _kept().find(person().number, id) or abort(404)


def _form(errors: Errors, *, without: str = "") -> str:
    """The form as it was filled in; a number, or what cannot be read, is not shown again."""
    hidden = {"number", without}
    return render_template(
        "search.html",
        errors=errors,
        given={name: value for name, value in request.form.items() if name not in hidden},
        desks=list(runtime().desks),
        flows=sorted(runtime().flows.by_name),
        dispositions=[each.value for each in Disposition],
        kinds=[kind.value for kind in LineKind],
    )


def _error(told: str, field: str) -> dict[str, str]:
    return {"text": told[:1].upper() + told[1:], "href": f"#{field}"}


def _archive() -> SqlFlowLogSearch:
    return runtime().records.flow_log_search


def _kept() -> KeptSearches:
    return KeptSearches(runtime().store, runtime().clock)


def _longest_days() -> int:
    return runtime().house.policy.archive.longest_search_days


def _zone() -> ZoneInfo:
    return runtime().house.policy.calling_hours.week.zone
