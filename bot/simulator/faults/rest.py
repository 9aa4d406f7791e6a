"""Faults upon REST requests: refusals, failures, and answers that do not come."""

import io
import json
import re
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import requests
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from bot.simulator.faults.orders import ON_REQUESTS, Fault, Faults, Order

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IN_PROCESS = "bot.simulator.in_process"  # in the environ: there is no connection that could hang
PATH = re.compile(r"/2010-04-01/Accounts/[^/]+/(?P<resource>\w+)(?P<one>/.+)?\.json")
HOST = "api.twilio.com"  # in the words of an exception; nothing is sent there
VERBS = {
    ("GET", False): "list",
    ("POST", False): "create",
    ("GET", True): "fetch",
    ("POST", True): "update",
    ("DELETE", True): "delete",
}
REFUSALS = {
    Fault.REQUEST_TOO_MANY: (429, 20429, "Too Many Requests"),
    Fault.REQUEST_FAILED: (500, 20500, "Internal Server Error"),
    Fault.REQUEST_FAILED_AFTERWARDS: (500, 20500, "Internal Server Error"),
}
DONE = frozenset({Fault.REQUEST_FAILED_AFTERWARDS, Fault.REQUEST_ANSWER_LOST})


class NoAnswer(ConnectionResetError):
    """No answer goes out. An app that raises this makes werkzeug's server forget the request."""

    def __init__(self, fault: Fault, seconds: float) -> None:
        """Because of that fault; the client would have waited so long for it."""
        super().__init__(str(fault))
        self.fault, self.seconds = fault, seconds


def as_requests(silence: NoAnswer, uri: str) -> requests.RequestException:
    """What twilio-python's own client, which is requests, would have raised over the wire."""
    if silence.fault == Fault.REQUEST_REFUSED:
        refused = NewConnectionError(HTTPConnection(HOST), "Connection refused")
        return requests.ConnectionError(MaxRetryError(HTTPConnectionPool(HOST), uri, refused))
    if silence.seconds:
        return requests.ReadTimeout(f"Read timed out: {uri}")
    cut = RemoteDisconnected("Remote end closed connection without response")
    return requests.ConnectionError(ProtocolError("Connection aborted.", cut))


class FaultyRest:
    """Around the app of the REST API."""

    def __init__(self, app: "WSGIApplication", faults: Faults) -> None:
        """Let through whatever no order falls upon."""
        self._app, self._faults = app, faults

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, or raise `NoAnswer`."""
        order = self._met(environ) if self._faults.orders else None
        if order is None:
            return self._app(environ, start_response)
        if order.fault in DONE:
            run_wsgi_app(self._app, environ, buffered=True)
        if order.fault in REFUSALS:
            return _refusal(*REFUSALS[order.fault])(environ, start_response)
        if not environ.get(IN_PROCESS):
            time.sleep(order.seconds)
            _hang_up(environ)
        raise NoAnswer(order.fault, order.seconds)

    def _met(self, environ: "WSGIEnvironment") -> Order | None:
        kind, sid = kind_of(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if not kind:
            return None
        return self._faults.meet(ON_REQUESTS, kind, _params(environ), sid, environ["PATH_INFO"])


def _hang_up(environ: "WSGIEnvironment") -> None:
    """Close the connection: werkzeug's server would wait for another request on it."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        with suppress(OSError):  # the client may have given up
            connection.shutdown(socket.SHUT_RDWR)


def kind_of(method: str, path: str) -> tuple[str, str]:
    """What a request asks for, as twilio-python names it, and the sid in its path."""
    match = PATH.fullmatch(path)
    verb = VERBS.get((method, bool(match and match["one"])))
    if match is None or verb is None:
        return "", ""
    return f"{match['resource'].lower()}.{verb}", (match["one"] or "").strip("/")


def _params(environ: "WSGIEnvironment") -> Mapping[str, str]:
    """Query and form, which is put back for the app to read."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return dict(parse_qsl(environ.get("QUERY_STRING", "")) + parse_qsl(body.decode()))


def _refusal(status: int, code: int, words: str) -> Response:
    body = {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Response(json.dumps(body), status, content_type="application/json")
