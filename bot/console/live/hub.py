"""One reader of the flow log for all watchers of this process: read once, rendered once, handed on.

A thread looks twice a second, and a second one at how things stand; what they find goes
to the watchers in batches, through queues that are bounded: whoever is slow is dropped, and goes on
from where they were when they come back. All of `watchers` is touched by the event loop's thread
alone.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog
from markupsafe import Markup

from bot.console.live.filters import LiveFilter
from bot.console.live.messages import message
from bot.console.live.positions import Positions, reached, written
from bot.console.live.rows import Entry, Render, newest_first
from bot.errors import StorageRefused, StoreDown
from bot.flow_log import FlowLogLine
from bot.store import Store

log = structlog.get_logger()

TICK_SECONDS = 0.5
PANELS_SECONDS = 2.0
MOST_WAITING = 20  # messages for one watcher: ten seconds of a busy log
MOST_AT_ONCE = 1000  # lines of a desk in one look
MOST_WATCHERS = 1000  # of this process
MOST_OF_ONE = 10  # of one person
PATIENCE_SECONDS = 10.0  # for a log to come to where a watcher says that it was


@dataclass(eq=False)
class Watcher:
    """One open page: what it wants, and what it has not been sent yet."""

    person: str
    wanted: LiveFilter
    drop: Callable[[], object]
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))


class Hub:
    """Begins to read when the first watcher comes. `close` ends its threads."""

    def __init__(
        self,
        store: Store,
        desks: Iterable[str],
        render: Render,
        panels: Callable[[], str],
        *,
        tick_seconds: float = TICK_SECONDS,
        panels_seconds: float = PANELS_SECONDS,
    ) -> None:
        self._store, self._desks = store, tuple(desks)
        self._render, self._look = render, panels
        self._tick_seconds, self._panels_seconds = tick_seconds, panels_seconds
        self._closed = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moved = asyncio.Event()
        self.watchers: set[Watcher] = set()
        self.positions: Positions | None = None  # up to which the watchers have been told
        self.panels = ""

    def refusal(self, person: str) -> str:
        """Why this person cannot watch (once more); "" if they can."""
        if len(self.watchers) >= MOST_WATCHERS:
            return f"{MOST_WATCHERS} pages are watching already, which is the most. Try later."
        if Counter(each.person for each in self.watchers)[person] >= MOST_OF_ONE:
            return f"You have {MOST_OF_ONE} pages open that watch, which is the most: close one."
        return ""

    async def join(self, watcher: Watcher, after: Positions) -> Positions | None:
        """Have this watcher told what comes from now on; up to where others were told already.

        None if the log does not come to where it says that it was: then it was another log.
        """
        self._begin()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self.positions is None or not reached(self.positions, after):
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            return None
        self.watchers.add(watcher)
        return self.positions

    def leave(self, watcher: Watcher) -> None:
        """It is told nothing more."""
        self.watchers.discard(watcher)

    def close(self) -> None:
        """End the threads."""
        self._closed.set()

    def _begin(self) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            for work in (self._read, self._see):
                threading.Thread(target=work, daemon=True, name=f"live{work.__name__}").start()

    def _read(self) -> None:
        """Follow the log of every desk, from its newest line on. Its own thread."""
        positions: dict[str, str] = {}
        while not self._closed.wait(self._tick_seconds if positions else 0.0):
            try:
                ahead = positions or {d: self._store.newest_log_id(d) for d in self._desks}
                ahead = dict(ahead)
                found = [entry for desk in self._desks for entry in self._read_desk(desk, ahead)]
            except (StoreDown, StorageRefused) as error:
                log.warning("live_without_store", error=type(error).__name__)
                self._closed.wait(1.0)
                continue
            positions = ahead
            rows = [(entry.line, self._render(entry)) for entry in found]
            self._hand_over(self._deliver, rows, positions)

    def _read_desk(self, desk: str, positions: dict[str, str]) -> list[Entry]:
        found = self._store.log_after(desk, positions[desk], MOST_AT_ONCE)
        if found:
            positions[desk] = found[-1][0]
        return [Entry(id, FlowLogLine.from_fields(fields)) for id, fields in found]

    def _see(self) -> None:
        """Look how things stand, if anybody watches. Its own thread."""
        while True:
            if self.watchers:
                try:
                    self._hand_over(self._deliver_panels, self._look())
                except Exception:
                    log.exception("live_without_panels")
            if self._closed.wait(self._panels_seconds):
                return

    def _hand_over(self, deliver: Callable[..., None], *what: object) -> None:
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(deliver, *what)
        except RuntimeError:  # the server is ending, and its loop is closed
            self._closed.set()

    def _deliver(self, rows: Sequence[tuple[FlowLogLine, Markup]], positions: Positions) -> None:
        self.positions = positions
        self._moved.set()
        if not rows:
            return
        id = written(positions)
        told: dict[LiveFilter, bytes] = {}
        for watcher in tuple(self.watchers):
            wanted = watcher.wanted
            if wanted not in told:
                mine = [row for line, row in rows if wanted.takes(line)]
                told[wanted] = message("lines", newest_first(mine), id) if mine else b""
            if told[wanted]:
                self._tell(watcher, told[wanted])

    def _deliver_panels(self, panels: str) -> None:
        if panels == self.panels:
            return
        self.panels = panels
        told = message("panels", panels, written(self.positions or {}))
        for watcher in tuple(self.watchers):
            self._tell(watcher, told)

    def _tell(self, watcher: Watcher, told: bytes) -> None:
        try:
            watcher.waiting.put_nowait(told)
        except asyncio.QueueFull:
            log.warning("watcher_dropped", staff=watcher.person)
            self.leave(watcher)
            watcher.drop()
