"""Ways to hand a webhook to the service: over HTTP, or into a WSGI app in the same process."""

import functools
import http.client
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bot.simulator.webhooks.patience import PatientSocket
from bot.simulator.webhooks.request import DeliveryError, Limits, WebhookRequest, WebhookResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOST_READ = 64 * 1024 + 1  # more is an error anyway (11750); one byte tells
BAD_HOST, BAD_HANDSHAKE = 11210, 11220
BAD_NAME, EXPIRED, UNKNOWN_ISSUER = 11235, 11236, 11237
CERTIFICATE_FAULTS = {10: EXPIRED, 62: BAD_NAME, 64: BAD_NAME}  # X509_V_ERR_*, see openssl verify


@functools.cache
def public_authorities() -> ssl.SSLContext:
    """Whom everybody trusts; read once, because that takes a while."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class HttpDelivery:
    """Over the network. http.client sends the URL as it stands: other clients tidy escapes,
    and then the signature would no longer be over what was requested.

    `authorities` takes the place of the public ones, for a certificate of one's own making.
    """

    authorities: ssl.SSLContext | None = None

    def __call__(self, request: WebhookRequest) -> WebhookResponse:
        """Send it and read the answer."""
        parts, limits = urlsplit(request.url), request.limits
        connection = self._connection(parts, limits.connect_seconds)
        try:
            _connect(connection, limits)
            return _exchange(connection, request, parts)
        except TimeoutError as slow:
            raise DeliveryError("rt", f"no answer within {limits.read_seconds:g} s") from slow
        except (OSError, http.client.HTTPException, ValueError) as broken:
            raise DeliveryError("broken", f"cut off: {broken!r}") from broken
        finally:
            connection.close()

    def _connection(self, parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = self.authorities or public_authorities()
            return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)


def _connect(connection: http.client.HTTPConnection, limits: Limits) -> None:
    """Connect, and from then on mind the time. What fails here is retried by `ct` [mem]."""
    patient = PatientSocket(limits.read_seconds, limits.total_seconds)
    try:
        connection.connect()
    except socket.gaierror as unknown:
        words = f"no host {connection.host}: {unknown}"
        raise DeliveryError("ct", words, code=BAD_HOST) from unknown
    except ssl.SSLCertVerificationError as refused:
        code = CERTIFICATE_FAULTS.get(refused.verify_code, UNKNOWN_ISSUER)
        raise DeliveryError("ct", f"certificate: {refused.verify_message}", code=code) from refused
    except ssl.SSLError as broken:
        raise DeliveryError("ct", f"no TLS: {broken.reason}", code=BAD_HANDSHAKE) from broken
    except TimeoutError as slow:
        raise DeliveryError("ct", "TCP connection timed out (11201)") from slow
    except ConnectionRefusedError as refused:
        raise DeliveryError("ct", "TCP connection refused (11202)") from refused
    except (OSError, UnicodeError) as failed:
        raise DeliveryError("ct", f"no connection: {failed}") from failed
    connection.sock = patient.around(connection.sock)


def _exchange(
    connection: http.client.HTTPConnection, request: WebhookRequest, parts: SplitResult
) -> WebhookResponse:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = None if request.method == "GET" else request.body
    connection.request(request.method, target, body, dict(request.headers))
    answer = connection.getresponse()
    read = answer.read(MOST_READ)
    if answer.length and len(read) < MOST_READ:
        raise http.client.IncompleteRead(read, answer.length)
    cookies = tuple(answer.headers.get_all("Set-Cookie", []))
    return WebhookResponse(answer.status, dict(answer.getheaders()), read, cookies=cookies)


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
        cookies = tuple(headers.getlist("Set-Cookie"))
        return WebhookResponse(
            int(status.split()[0]), dict(headers), b"".join(body), cookies=cookies
        )
