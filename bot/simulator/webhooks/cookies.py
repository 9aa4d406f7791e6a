"""Cookies: what the service sets comes back with each later webhook of the same conversation.

"Twilio accepts HTTP cookies and will include them in each request, just like a normal web browser"
(d:voice/twiml). Between the same two numbers texts share them, for four hours after the last one
(d:messaging/guides/webhook-request); that a call has its own is [mem].
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from bot.simulator.whole_numbers import whole

KEPT_FOR = timedelta(hours=4)

Now = Callable[[], datetime]


class BadCookie(ValueError):
    """A cookie without a name, or with control characters in it (d:api/errors/11206)."""


@dataclass(frozen=True)
class Cookie:
    """One cookie, and where it is sent back to."""

    name: str
    value: str
    host: str
    path: str
    secure: bool
    until: datetime | None = None

    def fits(self, parts: SplitResult) -> bool:
        """May it be sent there?"""
        path = parts.path or "/"
        below = path == self.path or path.startswith(self.path.rstrip("/") + "/")
        secret = parts.scheme == "https" or not self.secure
        return (parts.hostname or "") == self.host and below and secret


@dataclass
class ConversationCookies:
    """The cookies of one call, or of the texts between two numbers."""

    used_at: datetime
    cookies: dict[tuple[str, str, str], Cookie] = field(default_factory=dict)


class CookieJar:
    """All conversations' cookies. Many threads may use it at once."""

    def __init__(self, now: Now) -> None:
        """Keep time by that clock."""
        self._now = now
        self._lock = threading.Lock()
        self._conversations: dict[str, ConversationCookies] = {}

    def header(self, conversation: str, url: str) -> str:
        """The Cookie header for a request of that conversation; empty if there is nothing."""
        with self._lock:
            kept = self._live(conversation)
            if kept is None:
                return ""
            kept.used_at = now = self._now()
            parts = urlsplit(url)
            live = [c for c in kept.cookies.values() if c.until is None or c.until > now]
            fitting = [cookie for cookie in live if cookie.fits(parts)]
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)

    def keep(self, conversation: str, url: str, lines: tuple[str, ...]) -> None:
        """Remember what an answer set. Raises `BadCookie`."""
        for line in lines:
            name, value, attributes = _read(line)
            parts = urlsplit(url)
            path = attributes.get("path", "")
            cookie = Cookie(
                name,
                value,
                parts.hostname or "",
                path if path.startswith("/") else _folder(parts.path),
                "secure" in attributes,
                _end(attributes, self._now()),
            )
            self._set(conversation, cookie)

    def _set(self, conversation: str, cookie: Cookie) -> None:
        key = (cookie.host, cookie.path, cookie.name)
        with self._lock:
            kept = self._live(conversation)
            if kept is None:
                kept = self._conversations[conversation] = ConversationCookies(self._now())
            kept.cookies[key] = cookie

    def _live(self, conversation: str) -> ConversationCookies | None:
        kept = self._conversations.get(conversation)
        if kept is not None and self._now() - kept.used_at > KEPT_FOR:
            del self._conversations[conversation]
            return None
        return kept


def _read(line: str) -> tuple[str, str, dict[str, str]]:
    """Name, value and attributes of a Set-Cookie line."""
    pair, *rest = line.split(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(), value.strip(" ")
    if not equals or not name or any(ord(letter) < 32 for letter in name + value):
        raise BadCookie(f"a cookie that cannot be kept: {line!r}")
    attributes = {}
    for word in rest:
        key, _, given = word.partition("=")
        attributes[key.strip().lower()] = given.strip()
    return name, value, attributes


def _end(attributes: dict[str, str], now: datetime) -> datetime | None:
    """When it is over: Max-Age comes before Expires, and what cannot be read does not count
    (RFC 6265)."""
    age = attributes.get("max-age", "")
    if age.startswith("-") and age[1:].isdecimal():
        return now
    if (seconds := whole(age)) is not None:
        return now + timedelta(seconds=seconds)
    try:
        moment = parsedate_to_datetime(attributes.get("expires", ""))
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _folder(path: str) -> str:
    """The default path of a cookie: that of the request up to its last slash (RFC 6265)."""
    return path.rpartition("/")[0] or "/"
