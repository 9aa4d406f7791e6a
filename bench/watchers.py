"""Browsers that watch *Now*, in a process of their own: open streams, read as they come.

One of them reads nothing, and one is gone as soon as it has asked.
"""

import asyncio
import contextlib
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection

HOST = "127.0.0.1"
A_LINE = b"data: <li "


@dataclass
class Seen:
    """What came of it: lines told in all, pages that were open, streams that ended early."""

    lines: int = 0
    opened: int = 0
    ended: int = 0


def watch(port: int, cookies: list[str], after: str, told: Connection) -> None:
    """Open a stream for each cookie, say so, and read until told to stop; then say what came."""
    os.nice(10)  # they stand for other machines: what they cost is not to count here
    asyncio.run(_watch(port, cookies, after, told))


async def _watch(port: int, cookies: list[str], after: str, told: Connection) -> None:
    seen = Seen()
    requests = [_request(port, cookie, after) for cookie in cookies]
    pages = [asyncio.ensure_future(_page(port, request, seen)) for request in requests]
    odd = [await _stalled(port, requests[0]), await _vanished(port, requests[-1])]
    while seen.opened < len(pages) and not any(page.done() for page in pages):
        await asyncio.sleep(0.05)
    told.send(seen)
    await asyncio.get_running_loop().run_in_executor(None, told.recv)
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    for writer in odd:
        writer.transport.abort()
    told.send(seen)


async def _page(port: int, request: bytes, seen: Seen) -> None:
    reader, writer = await asyncio.open_connection(HOST, port, limit=2**20)
    writer.write(request)
    with contextlib.closing(writer):
        while line := await reader.readline():
            if line.startswith(b"retry:"):
                seen.opened += 1
            seen.lines += line.count(A_LINE)
    seen.ended += 1


async def _stalled(port: int, request: bytes) -> asyncio.StreamWriter:
    """It asks, and reads nothing."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=1)
    writer.write(request)
    await writer.drain()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    return writer


async def _vanished(port: int, request: bytes) -> asyncio.StreamWriter:
    """It asks, and is gone."""
    _, writer = await asyncio.open_connection(HOST, port)
    writer.write(request)
    await writer.drain()
    writer.transport.abort()
    return writer


def _request(port: int, cookie: str, after: str) -> bytes:
    return (
        f"GET /live?view=&after={after} HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Cookie: ringback-session={cookie}\r\nAccept: text/event-stream\r\n\r\n"
    ).encode()
