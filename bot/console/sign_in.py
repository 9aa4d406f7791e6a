"""The pages on which staff sign in and out, enrol, and see where they are signed in."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot import one_time_codes
from bot.console.guarded import Gate
from bot.console.qr import picture_of
from bot.console.room import person, room
from bot.console.session import (
    StaffSessions,
    device_cookie,
    let_in,
    let_out,
    make_known,
    staff_book,
)
from bot.enrolment import Invited
from bot.sign_in import Attempt

page = Blueprint("session", __name__)

ISSUER = "Ringback"
REFUSED = (
    "The staff number, password or code is not right, or this has been tried too often. Check all "
    "three, and wait for a new code; after several tries wait some minutes"
)
NO_INVITATION = "This invitation is not valid (any more): ask an administrator for another one"


@page.get("/sign-in", right=Gate.PUBLIC)
def sign_in() -> str:
    """Number, password and code on one page: what was wrong is not told, so nor is what was not."""
    return _form(_within(request.args.get("next", "/")), [])


@page.post("/sign-in", right=Gate.PUBLIC)
def signed_in() -> AnyResponse:
    """Let somebody in, or say one and the same thing."""
    form = request.form
    entered = staff_book().sign_in.enter(
        Attempt(
            form.get("number", ""),
            form.get("password", ""),
            form.get("code", ""),
            request.remote_addr or "",
            request.cookies.get(device_cookie(), ""),
        )
    )
    then = _within(form.get("next", "/"))
    if entered is None:
        errors = [{"text": REFUSED, "href": "#number"}]
        return make_response(_form(then, errors), 422)
    if entered.recovery_left is not None:
        flash(f"You have {entered.recovery_left} recovery codes left.")
    return let_in(_seen(then), entered)


@page.post("/sign-out", right=Gate.SIGNED_IN)
def sign_out() -> AnyResponse:
    """End this session."""
    _end(_current(), "signed_out")
    return let_out(_seen(url_for("session.sign_in")))


@page.get("/sessions", right=Gate.SIGNED_IN)
def sessions() -> str:
    """Where one is signed in oneself."""
    found = staff_book().sessions.of(person().number)
    return render_template("sessions.html", sessions=found, current=_current())


@page.post("/sessions/end", right=Gate.SIGNED_IN)
def end_session() -> AnyResponse:
    """End one of one's own sessions."""
    if not _end(request.form.get("session", ""), "session_ended"):
        abort(404)
    flash("That browser is signed out.", "done")
    return _seen(url_for("session.sessions"))


@page.get("/enrol", right=Gate.PUBLIC)
def enrol() -> str:
    """Ask for the invitation's code. It is typed, not linked: links are kept in many places."""
    return render_template("enrol.html", errors=[])


@page.post("/enrol", right=Gate.PUBLIC)
def enrolled() -> AnyResponse:
    """With the code alone: show the app its secret. With a password and a code: enrol."""
    form, book = request.form, staff_book()
    invitation = form.get("invitation", "")
    invited = book.enrolment.invited(invitation)
    if invited is None:
        errors = [{"text": NO_INVITATION, "href": "#invitation"}]
        return make_response(render_template("enrol.html", errors=errors), 422)
    if "password" not in form:
        return make_response(_choose(invited, invitation, {}))
    outcome = book.enrolment.enrol(invitation, form["password"], form.get("code", ""))
    if outcome is None:
        abort(409)
    if outcome.why_not:
        return make_response(_choose(invited, invitation, outcome.why_not), 422)
    shown = make_response(render_template("enrolled.html", recovery=outcome.recovery))
    return make_known(shown, book.sign_in.cookie_for(invited.person.number))


def _form(then: str, errors: list[dict[str, str]]) -> str:
    provider = room().runtime.settings.oidc_issuer is not None
    return render_template("sign_in.html", errors=errors, next=then, provider=provider)


def _choose(invited: Invited, invitation: str, why_not: dict[str, str]) -> str:
    number, secret = invited.person.number, invited.secret
    uri = one_time_codes.app_uri(secret, number, ISSUER)
    return render_template(
        "choose.html",
        number=number,
        invitation=invitation,
        picture=Markup(picture_of(uri)),  # noqa: S704 - made by us of a URI of ours
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        why_not=why_not,
        errors=[{"text": text, "href": f"#{field}"} for field, text in why_not.items()],
    )


def _current() -> str:
    sessions = room().sessions
    session = sessions.session(request) if isinstance(sessions, StaffSessions) else None
    return session.id if session else ""


def _end(session: str, what: str) -> bool:
    """End one's own session, written down as `what`; False if there is none such."""
    book, who = staff_book(), person()
    return book.sessions.end(who.number, session, lambda: book.log.note(who, what))


def _within(path: str) -> str:
    """A path of this console and of nowhere else."""
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if inside and path.isprintable() else "/"


def _seen(path: str) -> Response:
    return make_response(redirect(path, 303))
