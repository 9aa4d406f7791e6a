"""Answers Prometheus: one page, `/metrics`, for whoever shows the token. Not the public door."""

import hmac
import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import ClassVar

from bot.errors import ConfigError
from bot.metrics_address import MetricsAddress
from bot.signals.exporter import Exporter

SLOWEST_SECONDS = 10.0  # that a scraper may take to ask
PATH = "/metrics"


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: MetricsAddress, exporter: Exporter, token: str | None) -> None:
        self.address_family = socket.AF_INET6 if address.six else socket.AF_INET
        self.exporter = exporter
        self.token = token
        super().__init__((address.host, address.port), _Asked)


class _Asked(http.server.BaseHTTPRequestHandler):
    server: _Server
    timeout: ClassVar[float] = SLOWEST_SECONDS
    server_version, sys_version = "Ringback", ""

    def do_GET(self) -> None:
        if not self._may_ask():
            self._answer(HTTPStatus.UNAUTHORIZED, b"a bearer token is needed\n")
        elif self.path.partition("?")[0] != PATH:
            self._answer(HTTPStatus.NOT_FOUND, b"there is /metrics\n")
        else:
            body, content_type = self.server.exporter.text(self.headers.get("Accept", ""))
            self._answer(HTTPStatus.OK, body, content_type)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a scrape is no news, and what strangers ask for is not ours to keep."""

    def _may_ask(self) -> bool:
        if self.server.token is None:
            return True
        shown = self.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {self.server.token}".encode())

    def _answer(self, status: HTTPStatus, body: bytes, content_type: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", "Bearer")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def answering(address: MetricsAddress, exporter: Exporter, token: str | None) -> Iterator[str]:
    """Answer there, within; yields the page's URL. Raises `ConfigError` if it cannot listen."""
    try:
        server = _Server(address, exporter, token)
    except OSError as failure:
        reason = f"cannot listen at {address}: {failure.strerror or failure}"
        raise ConfigError("environment", "RINGBACK_METRICS_ADDRESS", reason) from None
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield f"http://{address}{PATH}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
