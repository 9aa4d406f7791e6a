"""Search: lines of the archived flow log by time, case, number and more.

What was asked for stands in no address: a form posts it, and the page that answers has a random
name (`bot.console.kept_searches`).
"""

from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.actions import Disposition
from bot.archivist import lag
from bot.console.asked import BadField, wanted_of
from bot.console.kept_searches import KeptSearches
from bot.console.refusals import ARCHIVE_DOWN
from bot.console.refusals import page as refusal
from bot.console.room import person, runtime
from bot.discreet import discreet
from bot.errors import SearchRefused, StoreDown
from bot.flow_log import LineKind
from bot.log_view import words_of
from bot.records.flow_log_search import Page, Wanted
from bot.staff import Right

page = Blueprint("search", __name__)

LINES = 50  # on a page
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
        wanted = wanted_of(request.form, keyring, zone())
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
    wanted = kept_search(id)
    try:
        return _shown(id, reader(wanted, LINES)(cursor=request.args.get("after")))
    except SearchRefused as refused:
        return _form([_error(str(refused), "since")]), 400
    except StoreDown:
        return refusal(503, *ARCHIVE_DOWN)


def kept_search(id: str) -> Wanted:
    """What this person asked for under this id; 404 if they asked for nothing."""
    return _kept().find(person().number, id) or abort(404)


def reader(wanted: Wanted, limit: int) -> partial[Page]:
    """Reads a page of what is wanted, `cursor=` from there, even when the request is over.

    It raises `SearchRefused`, `StoreDown`.
    """
    search = runtime().records.flow_log_search.search
    return partial(search, wanted, longest_days=_longest_days(), limit=limit)


def how_many(wanted: Wanted, most: int) -> int:
    """How many lines are wanted; one more than `most` stands for more. Raises as a `reader`."""
    count = runtime().records.flow_log_search.how_many
    return count(wanted, longest_days=_longest_days(), most=most)


def _shown(id: str, shown: Page) -> str:
    now, store = runtime().clock.now(), runtime().store
    waiting = sum(lag(store, desk, now).lines for desk in runtime().desks)
    return render_template(
        "found.html",
        id=id,
        page=shown,
        waiting=waiting,
        words_of=lambda line: words_of(discreet(line)),
    )


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


def _kept() -> KeptSearches:
    return KeptSearches(runtime().store, runtime().clock)


def _longest_days() -> int:
    return runtime().house.policy.archive.longest_search_days


def zone() -> ZoneInfo:
    """In which times are typed and told."""
    return runtime().house.policy.calling_hours.week.zone
