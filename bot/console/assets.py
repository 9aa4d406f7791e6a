"""The files of the pages: styles and scripts of our own, and those that are vendored.

Their address holds a digest of what is in all of them, so a browser may keep them for good.
"""

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from flask import Blueprint, Response, abort

from bot.console.guarded import Gate

page = Blueprint("assets", __name__)

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
FOR_GOOD = "private, max-age=31536000, immutable"


@page.get("/assets/<digest>/<name>", right=Gate.PUBLIC)
def file(digest: str, name: str) -> Response:
    """One file, as this version of the console has it."""
    if digest != digest_of_all() or name not in files():
        abort(404)
    answer = Response(files()[name], content_type=TYPES[name.rpartition(".")[2]])
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer


@page.get("/favicon.ico", right=Gate.PUBLIC)
def icon() -> Response:
    """Browsers ask for it by themselves."""
    answer = Response(files()["icon.svg"], content_type=TYPES["svg"])
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def asset(name: str) -> str:
    """The address of a file, for a template. Raises `KeyError` for one that there is not."""
    if name not in files():
        raise KeyError(name)
    return f"/assets/{digest_of_all()}/{name}"


@cache
def digest_of_all() -> str:
    """One digest for all of them: a script imports its neighbours by their names alone."""
    digest = hashlib.sha256()
    for name, content in sorted(files().items()):
        digest.update(name.encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


@cache
def files() -> dict[str, bytes]:
    """Every file by name, and what is in it."""
    static = resources.files("bot.console") / "static"
    folders: tuple[Traversable, ...] = (static, static / "vendored")
    found = {}
    for entry in (entry for folder in folders for entry in folder.iterdir()):
        if entry.is_file() and entry.name.rpartition(".")[2] in TYPES:
            found[entry.name] = entry.read_bytes()
    return found
