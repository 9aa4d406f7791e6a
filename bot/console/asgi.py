"""One process, one port: what is live is answered here as it comes, all else by Flask in threads.

`/live` is native ASGI (server-sent events: a thousand open connections cost no thread); the pages
are WSGI behind `a2wsgi`. Served by uvicorn (measured in the project's notes on technology).
"""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

LIVE = "/live"
THREADS = 8  # that answer pages; each waits for Redis and SQL most of the time
END_WITHIN_SECONDS = 5


def console_asgi(console: Flask, live: AsgiApp | None = None) -> AsgiApp:
    """The ASGI app: paths under `/live` go to `live`, if there is one; everything else to Flask."""
    pages = WSGIMiddleware(console, workers=THREADS)  # type: ignore[arg-type]  # Flask's own types

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live_and_die(receive, send)
        elif scope["type"] == "http" and live is not None and _is_live(scope["path"]):
            await live(scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)  # type: ignore[arg-type]

    return app


def serve(app: AsgiApp, host: str, port: int, proxies: Sequence[str] = ()) -> None:
    """Answer there until SIGTERM or Ctrl-C."""
    uvicorn.Server(server_of(app, host, port, proxies)).run()


def server_of(app: AsgiApp, host: str, port: int, proxies: Sequence[str] = ()) -> uvicorn.Config:
    """How it is served; from `proxies` it is believed whom they pass on (`X-Forwarded-For`)."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,  # no request is logged: what staff do is in the flow log
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        ws="none",
        timeout_graceful_shutdown=END_WITHIN_SECONDS,
    )


def _is_live(path: str) -> bool:
    return path == LIVE or path.startswith(f"{LIVE}/")


async def _live_and_die(receive: Receive, send: Send) -> None:
    """Say yes to the server when it starts, and when it ends."""
    while True:
        said = (await receive())["type"]
        await send({"type": f"{said}.complete"})
        if said == "lifespan.shutdown":
            return
