"""What is live: the flow log and how things stand, told to open pages as it happens."""

from flask import Flask

from bot.console.board import board_of
from bot.console.live.hub import Hub
from bot.console.live.rows import renderer
from bot.console.live.stream import Live

__all__ = ["Hub", "Live", "live_of"]


def live_of(console: Flask) -> Live:
    """The ASGI app that answers `/live` for this console."""
    runtime, render = console.extensions["ringback"].runtime, renderer(console)
    hub = Hub(runtime.store, runtime.desks, render, board_of(console).html)
    return Live(console, runtime, hub, render)
