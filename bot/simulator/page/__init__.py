"""The phone page: a telephone for each sample person, and beside them what the carrier sees.

Plain files from `static/`, and one JSON page (`/simulator/screen`) that waits for news. Everything
else that the page does it does through the control pages, as any other client.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request

from bot.simulator.control.pages import LONGEST_WAIT_SECONDS
from bot.simulator.network import PhoneNetwork
from bot.simulator.page.screen import Seen, screen

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
OTHER_SITES = frozenset({"cross-site", "same-site"})  # the same site may be another port
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

FILES = Path(__file__).parent / "static"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}

blueprint = Blueprint("page", __name__)


def add_page(app: Flask, network: PhoneNetwork) -> None:
    """Put the page into an app that has the control pages."""
    app.extensions["network"] = network
    app.extensions["network_run"] = secrets.token_hex(8)  # another after a restart
    app.register_blueprint(blueprint)
    app.before_request(strangers_stay_out)


def strangers_stay_out() -> None:
    """No other site that is open in the same browser may play with these telephones. A page
    without a site (a frame in a sandbox, a file) says `Origin: null`, and is a stranger too."""
    here = f"http://{request.host}"
    foreign = request.headers.get("Origin", here) != here
    foreign |= request.headers.get("Sec-Fetch-Site") in OTHER_SITES
    if request.path.startswith("/simulator") and (foreign or _hostname() not in HERE):
        abort(403)


def _hostname() -> str:
    return urlsplit(f"//{request.host}").hostname or ""


@blueprint.after_request
def add_headers(response: Response) -> Response:
    """Nothing is loaded from anywhere else."""
    response.headers.update(HEADERS)
    return response


@blueprint.get("/")
def index() -> Response:
    """The page itself."""
    return show_file("index.html")


@blueprint.get("/page/<name>")
def show_file(name: str) -> Response:
    """What belongs to it; its type does not depend on what this machine knows of file names."""
    path = FILES / name
    if path not in FILES.iterdir():
        abort(404)
    return Response(path.read_bytes(), mimetype=TYPES.get(path.suffix, "image/svg+xml"))


@blueprint.get("/simulator/screen")
def show_screen() -> Response:
    """All that is to be seen, as soon as there is more than the page has seen: at once, if what it
    has seen is another network, which ran here before."""
    network: PhoneNetwork = current_app.extensions["network"]
    run: str = current_app.extensions["network_run"]
    number = request.args.get
    seen = Seen(
        number("happenings", 0, type=int),
        number("webhooks", 0, type=int),
        number("events", 0, type=int),
    )
    if request.args.get("run") == run:
        wait = min(number("wait", 0.0, type=float), LONGEST_WAIT_SECONDS)
        network.carrier.journal.after(seen.happenings, wait)
    return jsonify(screen(network, seen) | {"run": run})
