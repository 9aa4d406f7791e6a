"""Ways to hand a webhook to the service: over HTTP, or into a WSGI app in the same process."""

import http.client
import ssl
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bot.simulator.webhooks import DeliveryError, Limits, WebhookRequest, WebhookResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOST_READ = 64 * 1024 + 1  # more is an error anyway (11750); one byte tells


class HttpDelivery:
    """Over the network. http.client sends the URL as it stands: other clients tidy escapes,
    and then the signature would no longer be over what was requested."""

    def __call__(self, request: WebhookRequest) -> WebhookResponse:
        """Send it and read the answer."""
        parts, limits = urlsplit(request.url), request.limits
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port, limits)
        try:
            self._connect(connection, limits)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = dict(request.headers) | _credentials(parts.username, parts.password)
            connection.request(request.method, target, request.body or None, headers)
            answer = connection.getresponse()
            return WebhookResponse(answer.status, dict(answer.getheaders()), answer.read(MOST_READ))
        except TimeoutError as slow:
            raise DeliveryError("rt", f"no answer within {limits.read_seconds} s") from slow
        except (OSError, http.client.HTTPException, ValueError) as broken:
            raise DeliveryError("broken", f"cut off: {broken!r}") from broken
        finally:
            connection.close()

    def _connection(
        self, scheme: str, host: str, port: int | None, limits: Limits
    ) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                host, port, timeout=limits.connect_seconds, context=context
            )
        return http.client.HTTPConnection(host, port, timeout=limits.connect_seconds)

    def _connect(self, connection: http.client.HTTPConnection, limits: Limits) -> None:
        try:
            connection.connect()
        except OSError as refused:
            raise DeliveryError("ct", f"no connection: {refused}") from refused
        connection.sock.settimeout(limits.read_seconds)


def _credentials(user: str | None, password: str | None) -> dict[str, str]:
    """Basic authentication from the URL, if it carries any."""
    if not user:
        return {}
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return {"Authorization": "Basic " + b64encode(pair.encode()).decode()}


class WsgiDelivery:
    """Into a WSGI app in this process, for every URL under its base; no port, no thread."""

    def __init__(self, app: "WSGIApplication", base_url: str) -> None:
        """Take that app to live at that base URL."""
        self.app = app
        self.base = urlsplit(base_url)

    def __call__(self, request: WebhookRequest) -> WebhookResponse:
        """Call the app and collect its answer; what the app raises reaches the test."""
        parts = urlsplit(request.url)
        if (parts.scheme, parts.netloc) != (self.base.scheme, self.base.netloc):
            raise DeliveryError("ct", f"nobody listens at {parts.scheme}://{parts.netloc}")
        builder = EnvironBuilder(
            path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            base_url=f"{parts.scheme}://{parts.netloc}/",
            method=request.method,
            headers=list(request.headers.items()),
            data=request.body,
        )
        body, status, headers = run_wsgi_app(self.app, builder.get_environ(), buffered=True)
        return WebhookResponse(int(status.split()[0]), dict(headers), b"".join(body))
