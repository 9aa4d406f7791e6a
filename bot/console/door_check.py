"""Before any view: who is it, may they, and did they really mean it; after it: what is told safely.

The order matters: the host is checked by Flask itself (`TRUSTED_HOSTS`), then who is signed in,
then the right, then, of a request that changes something, where it came from and its token.
"""

import structlog
from flask import Response, abort, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from bot.console import csrf
from bot.console.guarded import GuardedFlask, GuardedRule
from bot.console.refusals import MayNot, NotMeant
from bot.console.room import room

log = structlog.get_logger()

SAFE = ("GET", "HEAD", "OPTIONS")
SIGN_IN = "session.sign_in"  # the endpoint of `bot.console.session`

TAKES_NO_HTML = "require-trusted-types-for 'script'; trusted-types 'none'"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), "
        "clipboard-read=(), display-capture=()"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def stand_guard(app: GuardedFlask) -> None:
    """Have every request of this app checked, and every answer carry its headers."""
    app.before_request(refuse_odd_addresses)
    app.before_request(know_the_person)
    app.before_request(check_the_right)
    app.before_request(check_that_it_is_meant)
    app.after_request(add_headers)
    app.after_request(csrf.keep_the_visit)


def refuse_odd_addresses() -> None:
    """404 for an address with what nobody types in it: a NUL, say, which PostgreSQL takes not."""
    if not all(str(gap).isprintable() for gap in (request.view_args or {}).values()):
        g.person = None
        abort(404)


def know_the_person() -> None:
    """`g.person`: who is signed in, or None; nobody is asked for where anybody may come in."""
    rule = _rule()
    g.person = None
    if rule is not None and request.endpoint != "assets.file":
        g.person = room().sessions.person(request)


def check_the_right() -> AnyResponse | None:
    """403 for whoever lacks it; whoever is not signed in is asked to sign in."""
    rule = _rule()
    if rule is None or rule.lets_in(g.person):
        return None
    if g.person is None:
        return _to_sign_in()
    log.warning("right_refused", staff=g.person.number, route=request.endpoint)
    raise MayNot(rule.right)


def check_that_it_is_meant() -> None:
    """A request that changes something comes from a page of ours, with its token."""
    rule = _rule()
    if request.method in SAFE or rule is None:
        return
    if rule.most_bytes:
        request.max_content_length = request.max_form_memory_size = rule.most_bytes
    why = csrf.why_not_meant(request)
    if why:
        log.warning("not_meant", route=request.endpoint, reason=why)
        raise NotMeant


def add_headers(response: Response) -> Response:
    """What every answer carries."""
    rule = _rule()
    live = rule is not None and rule.live
    response.headers["Content-Security-Policy"] = POLICY if live else f"{POLICY}; {TAKES_NO_HTML}"
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    if room().https:
        response.headers["Strict-Transport-Security"] = TWO_YEARS
    return response


def _rule() -> GuardedRule | None:
    return request.url_rule if isinstance(request.url_rule, GuardedRule) else None


def _to_sign_in() -> AnyResponse:
    if request.method == "GET" and SIGN_IN in current_app.view_functions:
        return redirect(url_for(SIGN_IN, next=request.path))
    raise Unauthorized
