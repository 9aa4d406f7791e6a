"""One port for both: pages by Flask, what is live by itself; as uvicorn serves it."""

import http.client
from urllib.parse import urlsplit

import pytest
from flask import Flask

from bot.console.asgi import Receive, Scope, Send
from tests.console.served import serving
from tests.console.staff import MARY, Somebody


async def ticking(scope: Scope, receive: Receive, send: Send) -> None:
    """A feed of one event."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"data: {scope['path']}\n\n".encode()})


def ask(address: str, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """What the server answers to this very path, whatever is in it."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode()
    connection.close()
    return told


@pytest.mark.parametrize("path", ["/live", "/live/main"])
def test_what_is_live_is_answered_beside_the_pages(console: Flask, path: str) -> None:
    with serving(console, ticking) as address:
        assert ask(address, "GET", path) == (200, f"data: {path}\n\n")
        assert ask(address, "GET", "/healthz") == (200, "alive\n")
        status, told = ask(address, "GET", "/lively")
        assert status == 404 and "There is no such page" in told


def test_pages_are_refused_over_the_wire_as_in_the_house(
    console: Flask, somebody: Somebody
) -> None:
    somebody.be(MARY)
    with serving(console) as address:
        assert ask(address, "GET", "/doctor")[0] == 200
        assert ask(address, "GET", "/nowhere")[0] == 404
        assert ask(address, "GET", "/doctor", Host="evil.example")[0] == 400
        assert ask(address, "POST", "/doctor")[0] == 405
        assert ask(address, "POST", "/wording/submit", b"text=x")[0] == 403
        assert ask(address, "GET", "/help/..%2f..%2f..%2fpyproject")[0] == 404
