"""Figures: how many calls were answered, verified, handed over, how long people waited, and more.

The period stands in the address: it tells of nobody, and a page that was looked at is sent on.
"""

from datetime import timedelta

from flask import Blueprint, Response, render_template, request

from bot.archivist import lag
from bot.console.days import BadDay, begins, day_of, fields_of, is_over
from bot.console.figures_told import figures_of
from bot.console.refusals import ARCHIVE_DOWN
from bot.console.refusals import page as refusal
from bot.console.room import runtime
from bot.errors import StorageRefused, StoreDown
from bot.records.flow_log_figures import Period
from bot.staff import Right

page = Blueprint("figures", __name__)

MOST_DAYS = 92  # a quarter: more is counted from an export
FIRST_SHOWN_DAYS = 7
DAY = 86400.0


@page.get("/figures", right=Right.SEE_FIGURES, menu="Figures")
def figures() -> str | tuple[str, int] | Response:
    """The figures of a period; the last seven days where none was asked for."""
    try:
        period, given = _asked()
    except BadDay as bad:
        errors = [{"text": bad.told, "href": f"#{bad.field}"}]
        return _page(dict(request.args), errors=errors), 400
    zone = runtime().house.policy.calling_hours.week.zone
    try:
        shown = figures_of(runtime().records.figures, period, zone)
        fresh = _freshness(period)
    except StoreDown:
        return refusal(503, *ARCHIVE_DOWN)
    return _page(given, period=period, figures=shown, fresh=fresh)


def _page(given: dict[str, str], **shown: object) -> str:
    desks = sorted(runtime().desks)
    return render_template("figures.html", given=given, desks=desks, most=MOST_DAYS, **shown)


def _asked() -> tuple[Period, dict[str, str]]:
    """The period that is asked for, and what the form shows of it. Raises `BadDay`."""
    form = request.args
    week = runtime().house.policy.calling_hours.week
    today = week.local(runtime().clock.now()).date()
    until = day_of(form, "until") or today
    since = day_of(form, "since") or until - timedelta(days=FIRST_SHOWN_DAYS - 1)
    if until < since:
        raise BadDay("until-day", "The period ends before it begins: give a later day until when")
    if (until - since).days >= MOST_DAYS:
        told = f"The period is longer than {MOST_DAYS} days: give days that are closer together"
        raise BadDay("since-day", told)
    desk = form.get("desk", "")
    if desk not in {"", *runtime().desks}:
        raise BadDay("desk", "There is no such desk: choose one of the list")
    given = {**fields_of("since", since), **fields_of("until", until), "desk": desk}
    return Period(begins(since, week.zone), is_over(until, week.zone), desk), given


def _freshness(period: Period) -> list[dict[str, object]]:
    """For each desk of the figures: the newest line that is counted, and how many wait."""
    now = runtime().clock.now()
    found: list[dict[str, object]] = []
    for desk in [period.desk] if period.desk else sorted(runtime().desks):
        try:
            waiting = lag(runtime().store, desk, now).lines
        except (StoreDown, StorageRefused):
            waiting = None  # the figures stand all the same: they are read from the archive
        newest = runtime().records.figures.newest(desk)
        found.append({"desk": desk, "newest": newest, "waiting": waiting})
    return found
