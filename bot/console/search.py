"""Search: lines of the archived flow log by time, case, number and more; and the same as a file.

What was asked for stands in no address: a form posts it, and the page that answers has a random
name (`bot.console.kept_searches`).
"""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.csv_file import rows
from bot.console.kept_searches import KeptSearches
from bot.console.room import person, runtime
from bot.errors import BadNumber, SearchRefused
from bot.flow_log import LineKind
from bot.log_view import words_of
from bot.phone import PhoneNumber
from bot.records.flow_log_search import LONGEST_PAGE, Found, Page, Wanted
from bot.staff import Right
from bot.staff_log import act

page = Blueprint("search", __name__)

LINES = 50  # on a page
MOST_EXPORTED = 100_000
PLAIN = ("desk", "flow", "state", "kind", "disposition", "case", "staff", "conversation", "wording")
Errors = list[dict[str, str]]


@page.get("/search", right=Right.SEE_FLOW, menu="Search")
def search() -> str:
    """The form."""
    return _form([])


@page.post("/search", right=Right.SEE_FLOW)
def ask() -> AnyResponse | tuple[str, int]:
    """Keep what was asked for, and show it under an address that tells nothing."""
    try:
        wanted = _wanted()
        _look(wanted, limit=1)
    except _Bad as bad:
        return _form([{"text": bad.told, "href": f"#{bad.field}"}]), 400
    except SearchRefused as refused:
        told = str(refused)
        return _form([{"text": told[:1].upper() + told[1:], "href": "#since"}]), 400
    id = runtime().keyring.mac("search", person().number, repr(wanted), repr(_now()))[:32]
    _kept().keep(person().number, id, wanted)
    return redirect(url_for("search.found", id=id), 303)


@page.get("/search/<id>", right=Right.SEE_FLOW)
def found(id: str) -> str | tuple[str, int]:
    """A page of what was found, the newest first."""
    try:
        shown = _look(_asked(id), cursor=request.args.get("after"))
    except SearchRefused as refused:
        return _form([{"text": str(refused).capitalize(), "href": "#since"}]), 400
    return render_template("found.html", id=id, page=shown, words_of=words_of, most=MOST_EXPORTED)


@page.post("/search/<id>/export", right=Right.EXPORT)
def export(id: str) -> Response | tuple[str, int]:
    """All of it as CSV; the flow log has who exported what before the first line goes out."""
    wanted = _asked(id)
    first = _look(wanted, limit=LONGEST_PAGE)
    given = " ".join(name for name in (*PLAIN, "since", "until") if getattr(wanted, name))
    about = f"{given} number" if wanted.numbers else given
    act(
        runtime().store, runtime().clock, person(), "exported", case=wanted.case or "", detail=about
    )
    zone = runtime().house.policy.calling_hours.week.zone
    headers = {"Content-Disposition": 'attachment; filename="flow-log.csv"'}
    told = rows(_all(first, wanted), zone)
    return Response(told, mimetype="text/csv; charset=utf-8", headers=headers)


def _all(first: Page, wanted: Wanted) -> Iterator[Found]:
    """Page after page, while somebody reads."""
    search, days = runtime().records.flow_log_search, runtime().house.policy.archive
    return _pages(first, wanted, search.search, days.longest_search_days)


def _pages(shown: Page, wanted: Wanted, search, longest_days: int) -> Iterator[Found]:  # type: ignore[no-untyped-def]
    told = 0
    while True:
        for each in shown.found:
            yield each
            told += 1
            if told == MOST_EXPORTED:
                return
        if shown.cursor is None:
            return
        shown = search(wanted, longest_days=longest_days, limit=LONGEST_PAGE, cursor=shown.cursor)


def _look(wanted: Wanted, *, limit: int = LINES, cursor: str | None = None) -> Page:
    days = runtime().house.policy.archive.longest_search_days
    return runtime().records.flow_log_search.search(
        wanted, longest_days=days, limit=limit, cursor=cursor
    )


def _asked(id: str) -> Wanted:
    return _kept().find(person().number, id) or abort(404)


def _now() -> float:
    return runtime().clock.now()


def _kept() -> KeptSearches:
    return KeptSearches(runtime().store, runtime().clock)


def _form(errors: Errors) -> str:
    given = {name: value for name, value in request.form.items() if name != "number"}
    return render_template(
        "search.html",
        errors=errors,
        given=given,
        desks=list(runtime().desks),
        kinds=[kind.value for kind in LineKind],
    )


class _Bad(Exception):
    """A field of the form that cannot be read."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field, self.told = field, told


def _wanted() -> Wanted:
    """What the form asks for. Raises `_Bad`."""
    given = {name: request.form.get(name, "").strip() or None for name in PLAIN}
    return Wanted(since=_moment("since"), until=_moment("until"), numbers=_hashes(), **given)


def _moment(field: str) -> float | None:
    text = request.form.get(field, "").strip()
    if not text:
        return None
    try:
        local = datetime.strptime(text.replace(" ", "T"), "%Y-%m-%dT%H:%M")
    except ValueError:
        raise _Bad(field, "Give a day and a time, as 2026-09-15 14:30") from None
    return local.replace(tzinfo=runtime().house.policy.calling_hours.week.zone).timestamp()


def _hashes() -> tuple[str, ...] | None:
    """What the number is called in the log, under each live key; itself it is kept nowhere."""
    text = request.form.get("number", "").strip()
    if not text:
        return None
    try:
        e164 = PhoneNumber.parse(text).e164
    except BadNumber:
        raise _Bad("number", "Give a whole telephone number, as 07700 900123") from None
    keyring = runtime().keyring
    return tuple(keyring.named_by(key).number_hash(e164) for key in keyring.live)
