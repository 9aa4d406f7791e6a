"""Staff: who works here, in which roles, and whether they can sign in; and what is changed of one.

What is looked for is posted: a name stands in no address. A staff number may.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.console.room import person, runtime
from bot.console.session import staff_book
from bot.console.words import ROLES
from bot.records.staff import NotOnTheList
from bot.staff import NUMBER_FORM, Person, Right, Role

page = Blueprint("staff", __name__)

PEOPLE = 100  # on a page
HERE, NOT_ENROLLED, AWAY, LEFT = "here", "not_enrolled", "away", "left"
STATES = {
    HERE: "who work here",
    NOT_ENROLLED: "who have not enrolled",
    AWAY: "who are on leave",
    LEFT: "who have left",
}
Answer = str | Response | tuple[str, int]
Errors = list[dict[str, str]]


@page.get("/staff", right=Right.SEE_STAFF, menu="Staff")
def staff() -> str:
    """Everybody who works here."""
    return _listed(Wanted())


@page.post("/staff", right=Right.SEE_STAFF)
def find() -> str:
    """Those who are looked for; of them, those whose numbers come `after` a page's last one."""
    form = request.form
    return _listed(
        Wanted(
            text=" ".join(form.get("text", "").casefold().split()),
            role=form.get("role", ""),
            desk=form.get("desk", ""),
            state=form.get("state", HERE),
        ),
        after=form.get("after", ""),
    )


@page.get("/staff/of/<number>", right=Right.SEE_STAFF)
def one(number: str) -> str:
    """One person, and for who may what can be changed of them."""
    return _shown(_found(number))


@page.post("/staff/of/<number>/invite", right=Right.MANAGE_STAFF)
def invite(number: str) -> Answer:
    """Make an invitation; its code is on this page alone, once."""
    found = _found(number)
    try:
        code = staff_book().enrolment.invite(found.number, person())
    except NotOnTheList as refused:
        return _refused(found, str(refused))
    hours = runtime().house.policy.sign_in.invitation_hours
    return render_template("staff_invited.html", one=found, code=code, hours=hours)


@page.post("/staff/of/<number>/reassign", right=Right.MANAGE_STAFF)
def reassign(number: str) -> Answer:
    """Another desk, another manager, or both; they sign in anew."""
    found, book = _found(number), staff_book()
    given = {
        "desk": request.form.get("desk", found.desk),
        "manager": request.form.get("manager", found.manager).strip().lower(),
    }
    if given["desk"] not in book.desks:
        return _refused(found, "Choose a desk of policy.toml", "desk")
    values = {name: new for name, new in given.items() if new != getattr(found, name)}
    try:
        if values:
            book.reassign(found.number, person(), **values)
    except NotOnTheList as refused:
        return _refused(found, str(refused), "manager")
    return _done(found, "is reassigned, and signs in anew" if values else "stays where they were")


@page.post("/staff/of/<number>/leave-of-absence", right=Right.MANAGE_STAFF)
def absent(number: str) -> Answer:
    """Away from one day until they are back on another; without days, not on leave."""
    found = _found(number)
    try:
        span = _days(request.form.get("leave_from", ""), request.form.get("leave_until", ""))
    except ValueError:
        told = "Give a first day, and a later one on which they are back; or neither"
        return _refused(found, told, "leave_from")
    try:
        staff_book().absent(found.number, span, person())
    except NotOnTheList as refused:
        return _refused(found, str(refused))
    return _done(found, "is away then" if span else "is not on leave")


@page.post("/staff/of/<number>/left", right=Right.MANAGE_STAFF)
def left(number: str) -> Answer:
    """They work here no longer: signed out everywhere, at once."""
    found = _found(number)
    if request.form.get("sure") != "yes":
        return _refused(found, "Tick that they work here no longer", "sure")
    try:
        staff_book().leave(found.number, person())
    except NotOnTheList as refused:
        return _refused(found, str(refused))
    return _done(found, "has left, and is signed out")


@page.post("/staff/of/<number>/back", right=Right.MANAGE_STAFF)
def back(number: str) -> Answer:
    """Somebody who had left works here again."""
    found = _found(number)
    staff_book().come_back(found.number, person())
    return _done(found, "is back: invite them, and import their handsets")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for; blank is anybody. `text` is part of a name or number, in small letters."""

    text: str = ""
    role: str = ""
    desk: str = ""
    state: str = HERE

    def fits(self, one: Person, *, enrolled: bool, now: float) -> bool:
        """Whether it is this one; of those who have left, or work here, it is told by the list."""
        return (
            self.text in f"{one.number} {one.name.casefold()}"
            and (not self.role or self.role in one.roles)
            and self.desk in ("", one.desk)
            and not (self.state == NOT_ENROLLED and enrolled)
            and (self.state != AWAY or one.away(now))
        )


def _listed(wanted: Wanted, *, after: str = "") -> str:
    book, now = staff_book(), runtime().clock.now()
    enrolled = book.enrolment.credentials.enrolled()
    people = [
        one
        for one in book.staff.all(left=wanted.state == LEFT)
        if wanted.fits(one, enrolled=one.number in enrolled, now=now)
    ]
    rest = [one for one in people if one.number > after]
    return render_template(
        "staff.html",
        people=rest[:PEOPLE],
        count=len(people),
        first=len(people) - len(rest) + 1,
        more=len(rest) > PEOPLE,
        wanted=wanted,
        enrolled=enrolled,
        now=now,
        roles=ROLES,
        desks=book.desks,
        states=STATES,
    )


def _shown(found: Person, errors: Errors | None = None) -> str:
    book = staff_book()
    return render_template(
        "staff_one.html",
        one=found,
        since=book.enrolment.credentials.enrolled().get(found.number),
        browsers=len(book.sessions.of(found.number)),
        roles=[ROLES[role] for role in Role if role in found.roles],
        desks=book.desks,
        given=request.form,
        leave=_as_days(found),
        errors=errors or [],
    )


def _found(number: str) -> Person:
    person = staff_book().staff.get(number) if NUMBER_FORM.fullmatch(number) else None
    return person or abort(404)


def _refused(found: Person, why: str, field: str = "") -> tuple[str, int]:
    told = {"text": why[:1].upper() + why[1:], "href": f"#{field or 'main-content'}"}
    return _shown(found, [told]), 400


def _done(found: Person, what: str) -> Response:
    flash(f"{found.number} {what}.", "done")
    return redirect(url_for("staff.one", number=found.number), 303)


def _days(begins: str, ends: str) -> tuple[float, float] | None:
    """Two days as the browser gives them, as an import reads them. Raises `ValueError`."""
    if not begins and not ends:
        return None
    first, last = (_midnight(date.fromisoformat(each)) for each in (begins, ends))
    if first >= last:
        raise ValueError("it ends before it begins")
    return first, last


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _as_days(found: Person) -> list[str]:
    leave = found.leave if found.leave else ()
    return [datetime.fromtimestamp(at, UTC).date().isoformat() for at in leave]
