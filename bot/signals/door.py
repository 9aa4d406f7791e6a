"""Around the door: each request has an id in the log, and is counted where counting is on."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot import application_log
from bot.settings import Settings
from bot.signals.counting import Counting, begin

App = Callable[[dict[str, Any], Any], Iterable[bytes]]

OTHER = "other"  # a path that is nobody's: strangers try many
_SID = re.compile(r"(CA|SM|MM)[0-9a-f]{32}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Watched:
    """A WSGI app around another one. A path's first two words are its route."""

    def __init__(
        self,
        app: App,
        rules: Iterable[str],
        counting: Counting | None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._routes = {_route(rule) for rule in rules}
        self._counting = counting
        self._timer = timer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, and note how."""
        path, begun, status = environ.get("PATH_INFO", ""), self._timer(), 500
        route = _route(path) if _route(path) in self._routes else OTHER
        carriers = environ.get("HTTP_I_TWILIO_IDEMPOTENCY_TOKEN", "")

        def started(line: str, *more: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, *more)

        with application_log.carrying(
            request=application_log.request_id(carriers), **_whose_path(path, route)
        ):
            try:
                return self._app(environ, started)
            finally:
                if self._counting is not None:
                    self._counting.webhook(route, status, self._timer() - begun)


def watch(app: Any, settings: Settings) -> None:
    """Put it around this Flask app. Raises `ConfigError` where counting cannot begin."""
    counting = begin(settings.metrics_dir, "web")
    application_log.configure("web", counting)
    app.wsgi_app = Watched(app.wsgi_app, map(str, app.url_map.iter_rules()), counting)


def tell_whose(form: Mapping[str, str]) -> None:
    """From here on the lines of this request carry the carrier's id of its call or text."""
    for name, field in (("call", "CallSid"), ("text", "MessageSid")):
        sid = form.get(field, "")
        application_log.bind(**{name: sid if _SID.fullmatch(sid) else ""})


def _route(path: str) -> str:
    return "/".join(path.split("/", 3)[:3])


def _whose_path(path: str, route: str) -> dict[str, str]:
    """Desk and conversation, where the path has them."""
    words = path.split("/")[3:5]
    if route == OTHER or len(words) < 2 or not all(map(_ID.fullmatch, words)):
        return {}
    return {"desk": words[0], "conversation": words[1]}
