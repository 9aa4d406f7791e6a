"""How things stand, as HTML: looked up and rendered once for all who look within two seconds."""

import threading
import time
from collections.abc import Callable

from flask import Flask
from markupsafe import Markup

from bot.console.links import Links
from bot.console.runbook import has_help
from bot.console.snapshot import snapshot

FRESH_SECONDS = 2.0
_NAME = "ringback.board"


class Board:
    """One for each process: any thread may ask, and of several at once one looks."""

    def __init__(self, console: Flask, timer: Callable[[], float] = time.monotonic) -> None:
        self._console, self._timer = console, timer
        self._lock = threading.Lock()
        self._html, self._stale_at = Markup(), float("-inf")

    def html(self) -> Markup:
        """The panels of *Now*."""
        with self._lock:
            if self._timer() >= self._stale_at:
                self._html = self._rendered()
                self._stale_at = self._timer() + FRESH_SECONDS
            return self._html

    def forget(self) -> None:
        """Look again the next time: somebody has just changed something."""
        self._stale_at = float("-inf")

    def _rendered(self) -> Markup:
        runtime, links = self._console.extensions["ringback"].runtime, Links(self._console)
        template = self._console.jinja_env.get_template("now_panels.html")
        with self._console.app_context():
            html = template.render(
                now=snapshot(runtime),
                links=links,
                callbacks=links.to("callbacks.callbacks"),
                tasks=links.to("tasks.tasks"),
                has_help=has_help,
            )
        return Markup(html)  # noqa: S704 - by an autoescaping template


def board_of(console: Flask) -> Board:
    """The board of this console."""
    board: Board = console.extensions[_NAME]
    return board


def put_up(console: Flask) -> None:
    """Give this console its board."""
    console.extensions[_NAME] = Board(console)
