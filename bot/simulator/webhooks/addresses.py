"""Where a webhook goes: what a URL must be, and how it is written in the signature."""

import re
from base64 import b64encode
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

# Twilio takes no underscore in a host's name [oai]; private hosts, which it does not take either,
# are what the simulator is for.
_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9a-f:.]+", re.IGNORECASE)
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f]")


class BadAddress(ValueError):
    """Not a URL that a webhook could be sent to (11100)."""


def join(base: str, url: str) -> str:
    """What a URL means in the document at that base; an empty one means that document. One that is
    none stays as it was written: whoever requests it finds that out (`checked`)."""
    try:
        stripped = url.strip()
        return stripped if urlsplit(stripped).scheme else urljoin(base, stripped) or base
    except ValueError:
        return url


def checked(url: str) -> SplitResult:
    """An absolute HTTP address with a host (d:api/errors/11100), taken apart."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise BadAddress(f"not a URL: {url!r}") from wrong
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise BadAddress(f"not an absolute URL: {url!r}")
    if not _HOST.fullmatch(host) or _UNFIT.search(url):
        raise BadAddress(f"not a URL that can be requested: {url!r}")
    return parts


def requested(url: str) -> tuple[str, str]:
    """The URL without name and password, and the Authorization header that they make.

    They are sent only when they are asked for, and never signed (d:usage/security).
    """
    parts = checked(url)
    user, _, place = parts.netloc.rpartition("@")
    if not user:
        return url, ""
    name, _, password = user.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}"
    bare = parts._replace(netloc=place).geturl()
    return bare, "Basic " + b64encode(pair.encode()).decode()


def as_signed(url: str, voice: bool) -> str:
    """The URL in the signature: over HTTPS a voice webhook drops the port; over HTTP, and for
    texts, it is kept (d:usage/security, "A few notes")."""
    parts = urlsplit(url)
    if not voice or parts.scheme != "https" or parts.port is None:
        return url
    return url.replace(parts.netloc, parts.netloc.removesuffix(f":{parts.port}"), 1)
