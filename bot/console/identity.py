"""Sign-in by the department's identity provider: off to it, and back."""

import json
from dataclasses import asdict

import structlog
from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.guarded import Gate
from bot.console.room import room, runtime
from bot.console.session import let_in, staff_book
from bot.errors import BadSeal
from bot.open_id import Journey, NotIdentified, OpenId, Provider

log = structlog.get_logger()

page = Blueprint("identity", __name__)

MINUTES = 10  # that somebody may take at the provider
REFUSED = "You could not be signed in with that account. Ask an administrator of the staff list"
BOUND_TO = "sign-in under way"


@page.get("/sign-in/provider", right=Gate.PUBLIC)
def begin() -> AnyResponse:
    """Send somebody to the provider; what must come back is sealed in a cookie of this browser."""
    try:
        url, journey = _open_id().begin()
    except NotIdentified as failure:
        return _refused(failure)
    sealed = runtime().keyring.seal(json.dumps(asdict(journey)), bound_to=BOUND_TO)
    sent = make_response(redirect(url, 303))
    sent.set_cookie(
        _cookie(),
        sealed,
        max_age=MINUTES * 60,
        secure=room().https,
        httponly=True,
        samesite="Lax",
    )
    return sent


@page.get("/sign-in/back", right=Gate.PUBLIC)
def back() -> AnyResponse:
    """Let in whom the provider names, if they are on the staff list."""
    provider = _open_id()
    try:
        opened = runtime().keyring.open(request.cookies.get(_cookie(), ""), bound_to=BOUND_TO)
        journey = Journey(**json.loads(opened))
        given = request.args.get("code", ""), request.args.get("state", "")
        number = provider.finish(journey, *given)
    except BadSeal:
        return _refused(NotIdentified("not the sign-in that was begun in this browser"))
    except NotIdentified as failure:
        return _refused(failure)
    entered = staff_book().sign_in.enter_as(number, "identity provider")
    if entered is None:
        return _told()
    return let_in(_done(url_for("home.home")), entered)


def _open_id() -> OpenId:
    settings, clock = runtime().settings, runtime().clock
    if settings.oidc_issuer is None:
        abort(404)
    provider = Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        claim=settings.oidc_claim,
        acr=settings.oidc_acr,
        amr=settings.oidc_amr,
    )
    address = f"{settings.console_url}{url_for('identity.back')}"
    return OpenId(provider, address, lambda: clock.now() - clock.offset_seconds)


def _refused(failure: NotIdentified) -> AnyResponse:
    """The log is told why; whoever sits there, that it did not work."""
    log.warning("not_identified", reason=str(failure))
    staff_book().sign_in.note_unidentified()
    return _told()


def _told() -> AnyResponse:
    flash(REFUSED)
    return _done(url_for("session.sign_in"))


def _done(path: str) -> Response:
    answer = make_response(redirect(path, 303))
    answer.delete_cookie(_cookie(), secure=room().https, httponly=True, samesite="Lax")
    return answer


def _cookie() -> str:
    return "__Host-ringback-journey" if room().https else "ringback-journey"
