"""A service that answers every webhook with fixed TwiML: as little work as a service can have.

A call asks for a key so many times, each time at the next address, and hangs up.
"""

from collections.abc import Callable, Iterable
from typing import Any

TURNS = 8
PATH = "/turn/"

_HEADERS = [("Content-Type", "text/xml")]
_PAGES = {
    f"{PATH}{turn}": (
        f'<Response><Gather numDigits="1" timeout="60" action="{PATH}{turn + 1}">'
        "<Say>Please press any key.</Say></Gather></Response>"
    ).encode()
    for turn in range(TURNS)
}
_LAST = b"<Response><Say>Goodbye.</Say><Hangup/></Response>"


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Read the form, as any service must, and answer by the address alone."""
    environ["wsgi.input"].read()
    start_response("200 OK", _HEADERS)
    return [_PAGES.get(environ["PATH_INFO"], _LAST)]
