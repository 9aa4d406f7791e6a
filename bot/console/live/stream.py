"""The stream itself: server-sent events to one open page, until it goes, or may see no more.

Native ASGI: an open page costs no thread. What waits for Redis or SQL (may they still; what did
they miss) is asked in a few threads, shared by all.
"""

import asyncio
import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from a2wsgi.wsgi import build_environ
from flask import Flask
from markupsafe import Markup
from werkzeug.wrappers import Response

from bot.console.asgi import Message, Receive, Scope, Send
from bot.console.live.door import Watching, ask
from bot.console.live.hub import Hub, Watcher
from bot.console.live.messages import RETRY, heartbeat, message
from bot.console.live.missed import missed
from bot.console.live.positions import Positions, written
from bot.console.live.rows import Entry, Render, newest_first
from bot.errors import StorageRefused, StoreDown
from bot.runtime import Runtime

log = structlog.get_logger()

HEARTBEAT_SECONDS = 15.0
CHECK_SECONDS = 60.0  # so often it is asked whether they may still
UNCHECKED_SECONDS = 120.0  # without an answer to that, the stream ends
THREADS = 4
SIGNED_OUT = "You are signed out: sign in again to go on watching."
NO_LONGER = "You may not see the flow log: an administrator can give you a role that may."
RELOAD = "Too much happened while this page was away, or it is too long ago: load the page again."
UNKNOWN = "The store or the records do not answer: load the page again in a minute."
WHY_NOT = {302: SIGNED_OUT, 401: SIGNED_OUT, 403: NO_LONGER}


class Live:
    """The ASGI app of `/live`."""

    def __init__(
        self,
        console: Flask,
        runtime: Runtime,
        hub: Hub,
        render: Render,
        *,
        check_seconds: float = CHECK_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.hub = hub
        self._console, self._runtime, self._render = console, runtime, render
        self._check_seconds, self._heartbeat_seconds = check_seconds, heartbeat_seconds
        self._few = ThreadPoolExecutor(THREADS, thread_name_prefix="live")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell one page, until it goes."""
        answer, watching = await self._ask(scope)
        if answer.status_code in WHY_NOT:
            return await _only(send, answer, _ended("ended", WHY_NOT[answer.status_code]))
        if watching is None:
            return await _relay(send, answer)
        if why := self.hub.refusal(watching.person):
            return await _only(send, answer, _ended("ended", why))
        watcher = Watcher(watching.person, watching.wanted, lambda: telling.cancel())
        telling = asyncio.ensure_future(self._tell(scope, send, answer, watching, watcher))
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({telling, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            telling.cancel()
        fault, _ = await asyncio.gather(telling, gone, return_exceptions=True)
        if isinstance(fault, Exception):
            log.error("live_fault", exc_info=fault)
        return None

    async def _tell(
        self, scope: Scope, send: Send, answer: Response, watching: Watching, watcher: Watcher
    ) -> None:
        await send(_start(200, answer.headers))
        await send(_more(RETRY))
        try:
            for told in await self._catch_up(watcher, watching):
                await send(_more(told))
            await self._go_on(scope, send, watcher)
        except _Over as over:
            await send(_more(over.told))
        finally:
            self.hub.leave(watcher)
        await send(_end())

    async def _catch_up(self, watcher: Watcher, watching: Watching) -> list[bytes]:
        """What they missed, and how things stand. Raises `_Over` if that cannot be told."""
        here = await self.hub.join(watcher, watching.after) if watching.after else None
        if here is None or watching.after is None:
            raise _Over(_ended("reload", RELOAD))
        try:
            entries = await self._in_thread(missed, self._runtime, watching.after, here)
        except (StoreDown, StorageRefused):
            raise _Over(_ended("reload", UNKNOWN)) from None
        if entries is None:
            raise _Over(_ended("reload", RELOAD))
        told = self._as_message(entries, watcher, here)
        return [*told, message("panels", self.hub.panels)] if self.hub.panels else told

    def _as_message(
        self, entries: Iterable[Entry], watcher: Watcher, here: Positions
    ) -> list[bytes]:
        rows = [self._render(each) for each in entries if watcher.wanted.takes(each.line)]
        return [message("lines", newest_first(rows), written(here))] if rows else []

    async def _go_on(self, scope: Scope, send: Send, watcher: Watcher) -> None:
        clock = asyncio.get_running_loop().time
        checked = clock()
        while True:
            rest = max(0.0, checked + self._check_seconds - clock())
            try:
                async with asyncio.timeout(min(rest, self._heartbeat_seconds)):
                    told = await watcher.waiting.get()
            except TimeoutError:
                told = heartbeat(written(self.hub.positions or {}))
            if clock() >= checked + self._check_seconds:
                checked = await self._check(scope, checked)
            await send(_more(told))

    async def _check(self, scope: Scope, checked: float) -> float:
        """When it was last seen that they may. Raises `_Over` if they may no longer."""
        answer, watching = await self._ask(scope)
        now = asyncio.get_running_loop().time()
        if watching is not None:
            return now
        if answer.status_code in WHY_NOT:
            raise _Over(_ended("ended", WHY_NOT[answer.status_code]))
        if now - checked > UNCHECKED_SECONDS:  # nobody can tell: fail closed
            raise _Over(_ended("reload", UNKNOWN))
        await asyncio.sleep(min(1.0, self._check_seconds))
        return checked

    async def _ask(self, scope: Scope) -> tuple[Response, Watching | None]:
        environ: dict[str, Any] = dict(build_environ(scope, io.BytesIO()))  # type: ignore[arg-type]
        found: tuple[Response, Watching | None]
        found = await self._in_thread(ask, self._console, environ)
        return found

    async def _in_thread(self, ask: Any, *what: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._few, ask, *what)


class _Over(Exception):
    """The stream is over; `told` is the last that they are told."""

    def __init__(self, told: bytes) -> None:
        super().__init__()
        self.told = told


def _ended(event: str, why: str) -> bytes:
    return message(event, Markup("<p class='govuk-body'>{}</p>").format(why))


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _only(send: Send, answer: Response, told: bytes) -> None:
    """One message, and the end: a browser tells no person what stands in a refusal."""
    answer.headers["Content-Type"] = "text/event-stream; charset=utf-8"
    answer.headers.pop("Location", None)
    await send(_start(200, answer.headers))
    await send({"type": "http.response.body", "body": told})


async def _relay(send: Send, answer: Response) -> None:
    await send(_start(answer.status_code, answer.headers))
    await send({"type": "http.response.body", "body": answer.get_data()})


def _start(status: int, headers: Any) -> Message:
    kept = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in headers.items()
        if name.lower() != "content-length"
    ]
    return {"type": "http.response.start", "status": status, "headers": kept}


def _more(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _end() -> Message:
    return {"type": "http.response.body", "body": b""}
