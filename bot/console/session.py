"""Who sits before a page: the cookies of a signed-in browser, and of one that is known.

The session's cookie holds a token of which the store keeps the hash. It is `Lax`: somebody who
comes from the department's identity provider is signed in on arrival; forms have their own token.
"""

from flask import Request, Response, g

from bot.console.room import room
from bot.sessions import Session
from bot.sign_in import Entered
from bot.staff import Person
from bot.staff_book import StaffBook

WATCHING = "/live"


class StaffSessions:
    """`bot.console.room.SignedIn` on the sessions of staff."""

    def __init__(self, book: StaffBook) -> None:
        self.book = book

    def person(self, request: Request) -> Person | None:
        """Whose session this request belongs to; None if it is nobody's, or over."""
        found = self._found(request)
        return found[0] if found else None

    def session(self, request: Request) -> Session | None:
        """Which session it is."""
        found = self._found(request)
        return found[1] if found else None

    def binding(self, request: Request) -> str:
        """What ties a form to this session: its id, which signs nobody in."""
        found = self._found(request)
        return found[1].id if found else ""

    def _found(self, request: Request) -> tuple[Person, Session] | None:
        """Looked up once a request."""
        if "session_found" not in g:
            token = request.cookies.get(session_cookie(), "")
            used = request.path != WATCHING  # a page that is left open is nobody's hand
            g.session_found = self.book.sessions.find(token, used=used)
        found: tuple[Person, Session] | None = g.session_found
        return found


def staff_book() -> StaffBook:
    """Staff and what lets them in, for the views of sign-in."""
    sessions = room().sessions
    if isinstance(sessions, StaffSessions):
        return sessions.book
    return StaffBook.of(room().runtime)  # somebody else says who is signed in: a test


def session_cookie() -> str:
    """Its name; by https one that no other host can set."""
    return "__Host-ringback-session" if room().https else "ringback-session"


def device_cookie() -> str:
    """The name of the cookie that makes a browser known."""
    return "__Host-ringback-device" if room().https else "ringback-device"


def let_in(response: Response, entered: Entered) -> Response:
    """Give a browser its session, and make it known."""
    _set(response, session_cookie(), entered.token, None)
    return make_known(response, entered.device)


def make_known(response: Response, device: str) -> Response:
    """Give a browser the cookie that gives it tries of its own."""
    days = room().runtime.house.policy.sign_in.device_days
    return _set(response, device_cookie(), device, days * 86400)


def let_out(response: Response) -> Response:
    """Take the session's cookie from a browser; it stays known."""
    response.delete_cookie(session_cookie(), secure=room().https, httponly=True, samesite="Lax")
    return response


def _set(response: Response, name: str, value: str, seconds: int | None) -> Response:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        secure=room().https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response
