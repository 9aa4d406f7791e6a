"""Alerts and heads by webhook: JSON, signed as Standard Webhooks says: receivers have libraries.

The client is the standard library's: it follows no redirect, heeds no proxy of the environment and
speaks nothing but HTTP.
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

from bot.alerts import Alert
from bot.delivery.patience import at_most
from bot.errors import NotDelivered

CONNECT_SECONDS = 5.0
ANOTHER_NAME = (62, 64)  # OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and …_IP_ADDRESS_MISMATCH


def body_of(alert: Alert) -> bytes:
    """The alert as JSON."""
    said = {
        "type": "task.raised" if alert.step == 0 else "task.raised_again",
        "id": alert.id,
        "task": alert.task,
        "reason": alert.reason.value,
        "priority": alert.priority.value,
        "desk": alert.desk,
        "raised_at": _moment(alert.raised_at),
        "due_at": None if alert.due_at is None else _moment(alert.due_at),
        "step": alert.step,
        **({"runbook": alert.runbook} if alert.runbook else {}),
    }
    return json.dumps(said, separators=(",", ":")).encode()


def headers_of(id: str, body: bytes, keys: Sequence[bytes], now: float) -> dict[str, str]:
    """What goes with it: the id, which a repeat has too; the time of this try; the signatures.

    A signature is HMAC-SHA-256 over `id.time.body`, one for each key.
    """
    time = str(int(now))
    signed = f"{id}.{time}.".encode() + body
    macs = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Ringback",
        "webhook-id": id,
        "webhook-timestamp": time,
        "webhook-signature": " ".join(f"v1,{mac}" for mac in macs),
    }


def post(
    url: str,
    id: str,
    body: bytes,
    keys: Sequence[bytes],
    now: float,
    authorities: ssl.SSLContext,
    seconds: float,
) -> None:
    """Post it, and take any 2xx for an acknowledgement. Raises `NotDelivered`."""
    parts = urlsplit(url)
    connection = _connection(parts, authorities, min(seconds, CONNECT_SECONDS))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with at_most(seconds, lambda: connection.sock):
            connection.request("POST", target, body, headers_of(id, body, keys, now))
            status = connection.getresponse().status  # what else it says is not read
    except (OSError, http.client.HTTPException, ValueError) as failure:
        raise NotDelivered(why(failure)) from None  # its text may hold the address
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotDelivered(f"answered with HTTP {status}")


def why(failure: Exception) -> str:
    """What went wrong, in words that name nobody."""
    if isinstance(failure, ssl.SSLCertVerificationError):
        another = failure.verify_code in ANOTHER_NAME  # its message holds the host's name
        return f"certificate refused ({'for another name' if another else failure.verify_message})"
    if isinstance(failure, TimeoutError):
        return "no answer in time"
    if isinstance(failure, socket.gaierror):
        return "no such host"
    if isinstance(failure, ConnectionRefusedError):
        return "connection refused"
    return f"cut off ({type(failure).__name__})"


def _connection(
    parts: SplitResult, authorities: ssl.SSLContext, seconds: float
) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=authorities)
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    raise NotDelivered(f"{parts.scheme} is no way to post")


def _moment(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).isoformat().replace("+00:00", "Z")
