"""The console: pages for the department's staff, a process of its own inside its network.

`create_console` builds the Flask app; `bot.console.asgi` puts it behind one port with what is live.
The public door (`webhooks.py`) serves none of it.
"""

from urllib.parse import urlsplit

from flask import Flask

from bot.console import (
    assets,
    callbacks,
    conversation,
    doctor,
    export,
    figures,
    health,
    help,
    home,
    identity,
    now,
    on_call,
    search,
    sign_in,
    staff_file,
    tasks,
    wording,
)
from bot.console.board import put_up
from bot.console.door_check import stand_guard
from bot.console.guarded import GuardedFlask
from bot.console.kit import furnish
from bot.console.live import door
from bot.console.refusals import answer_refusals
from bot.console.room import Room, SignedIn
from bot.console.session import StaffSessions
from bot.runtime import Runtime
from bot.settings_refused import Problem, SettingsRefused
from bot.staff import Roles
from bot.staff_book import StaffBook

MOST_BYTES = 64 * 1024  # of a request: forms are small; an import names a limit of its own
HERE = ("127.0.0.1", "localhost", "[::1]")

PAGES = (  # the menu has this order
    home.page,
    now.page,
    on_call.page,
    door.page,
    search.page,
    export.page,
    conversation.page,
    figures.page,
    callbacks.page,
    tasks.page,
    wording.page,
    staff_file.page,
    doctor.page,
    help.page,
    sign_in.page,
    identity.page,
    assets.page,
    health.page,
)


def create_console(runtime: Runtime, sessions: SignedIn | None = None) -> Flask:
    """The console of this runtime. Raises `ConfigError` if roles or address cannot be used.

    `sessions` tells who is signed in; without it, the sessions of staff do (tests bring others).
    """
    settings = runtime.settings
    _refuse_plain_http(runtime)
    app = GuardedFlask("bot.console", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=200,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        TRUSTED_HOSTS=hosts_of(settings.console_url, production=settings.production),
    )
    room = Room(
        runtime, sessions or StaffSessions(StaffBook.of(runtime)), Roles.load(settings.config_dir)
    )
    app.extensions["ringback"] = room
    app.config.update(  # Flask's own cookie: what `flash` says on the next page, words of ours
        SECRET_KEY=runtime.keyring.name_of("console", "flash"),
        SESSION_COOKIE_NAME="__Host-ringback-said" if room.https else "ringback-said",
        SESSION_COOKIE_SECURE=room.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    furnish(app)
    put_up(app)
    stand_guard(app)
    answer_refusals(app)
    for page in PAGES:
        app.register_blueprint(page)
    return app


def hosts_of(url: str, *, production: bool) -> list[str]:
    """The names under which staff reach the console; every other Host is refused."""
    own = urlsplit(url).hostname or HERE[0]
    return [own] if production else [own, *HERE]


def _refuse_plain_http(runtime: Runtime) -> None:
    settings = runtime.settings
    if settings.production and not settings.console_url.startswith("https:"):
        name, reason = "RINGBACK_CONSOLE_URL", "production needs https"
        step = "Give the https address under which staff reach the console, behind your proxy"
        raise SettingsRefused([Problem(name, reason, step)])
