"""Forms that are meant: a token bound to the session, and where the browser says it came from.

`{{ csrf_field() }}` in every form that is posted; htmx sends the same token as a header. Whoever
is not signed in yet has a visit of their own, a cookie, so that nobody else signs them in.
"""

import hmac
from urllib.parse import urlsplit

from flask import Request, Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from bot.console.room import room
from bot.tokens import new_token

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


def token() -> str:
    """The token of this session, or of this visit."""
    return str(_serializer().dumps(_binding(request)))


def field() -> Markup:
    """The token as a hidden field of a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def why_not_meant(request: Request) -> str:
    """Why this request is not taken as meant by whoever is signed in; "" if it is."""
    if came_from_elsewhere(request):
        return "it came from another site"
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    try:
        bound_to = _serializer().loads(given)
    except BadSignature:
        return "no token of ours"
    binding = _existing(request)
    if not binding or not hmac.compare_digest(str(bound_to).encode(), binding.encode()):
        return "the token of another session"
    return ""


def came_from_elsewhere(request: Request) -> bool:
    """What the browser says; `Referrer-Policy: no-referrer` makes it say Origin: null of ours."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site != "same-origin"
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.host


def keep_the_visit(response: Response) -> Response:
    """Give a visit its cookie, where a form was shown to somebody who is not signed in."""
    if visit := g.get("new_visit"):
        https = room().https
        response.set_cookie(
            visit_cookie(), visit, secure=https, httponly=True, samesite="Strict", path="/"
        )
    return response


def visit_cookie() -> str:
    """The name of the cookie; by https one that no other host can set."""
    return "__Host-ringback-visit" if room().https else "ringback-visit"


def _binding(request: Request) -> str:
    existing = _existing(request)
    if existing:
        return existing
    if "new_visit" not in g:
        g.new_visit = new_token()
    return f"visit:{g.new_visit}"


def _existing(request: Request) -> str:
    if bound := room().sessions.binding(request):
        return f"session:{bound}"
    visit = request.cookies.get(visit_cookie(), "")
    return f"visit:{visit}" if visit else ""


def _serializer() -> URLSafeSerializer:
    keyring = room().runtime.keyring
    return URLSafeSerializer(keyring.name_of("console", "csrf"), salt="ringback.console.csrf")
