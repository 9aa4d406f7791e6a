"""Asked by the machines that run the console: yes or no, and nothing else."""

import structlog
from flask import Blueprint, Response

from bot.console.guarded import Gate
from bot.console.room import runtime
from bot.errors import StorageRefused, StoreDown

log = structlog.get_logger()

page = Blueprint("health", __name__)


@page.get("/healthz", right=Gate.PUBLIC)
def alive() -> Response:
    """The process answers."""
    return Response("alive\n", mimetype="text/plain")


@page.get("/readyz", right=Gate.PUBLIC)
def ready() -> Response:
    """Redis and the records answer too."""
    try:
        runtime().store.ping()
        runtime().tasks.ping()
    except (StoreDown, StorageRefused) as error:
        log.warning("not_ready", error=type(error).__name__)
        return Response("not ready\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
