"""The door of the stream: a route of the console like any other, guarded like any other.

It answers with the headers alone. Whom it let in stands in the request's environment, for
`bot.console.live.stream`, which asks here at the beginning and again every minute.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.csrf import came_from_elsewhere
from bot.console.live import positions
from bot.console.live.filters import LiveFilter
from bot.console.live.positions import Positions
from bot.console.refusals import NotMeant
from bot.console.room import person, runtime
from bot.console.session import WATCHING
from bot.staff import Right

page = Blueprint("live", __name__)

LET_IN = "ringback.watching"
LAST_EVENT = "Last-Event-ID"  # a browser that reconnects says it


@dataclass(frozen=True, slots=True)
class Watching:
    """Who watches what, and up to where they have it; None: nobody can tell."""

    person: str
    wanted: LiveFilter
    after: Positions | None


@page.get(WATCHING, right=Right.SEE_FLOW)
def live() -> Response:
    """Whoever may see the flow log may watch it, on a page of ours."""
    if came_from_elsewhere(request):
        raise NotMeant
    wanted = LiveFilter.opened(runtime().keyring, request.args.get("view", ""))
    if wanted is None:
        abort(400)
    said = request.headers.get(LAST_EVENT) or request.args.get("after", "")
    after = positions.read(said, runtime().desks)
    request.environ.get(LET_IN, []).append(Watching(person().number, wanted, after))
    answer = Response(mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"  # of nginx: a batch is not to wait for the next one
    return answer


def ask(console: Flask, environ: dict[str, Any]) -> tuple[AnyResponse, Watching | None]:
    """What the console answers to this request, and whom it let in to watch."""
    let_in: list[Watching] = []  # a list, since the environment is copied on the way
    answer = AnyResponse.from_app(console, {**environ, LET_IN: let_in}, buffered=True)
    return answer, let_in[0] if let_in else None
