"""Heads of the archive leave the house: into a file, to the machine's syslog, by webhook."""

import os
import socket
import ssl

from bot.alerts import webhook_keys
from bot.delivery import webhook
from bot.errors import NotDelivered
from bot.settings import Settings

SECONDS = 10.0
LOG_AUDIT_NOTICE = 13 * 8 + 5  # RFC 5424: facility and severity


class RealHeadCourier:
    """Delivers for good: what came back without an error is on the disk, or was acknowledged."""

    def __init__(
        self,
        settings: Settings,
        *,
        authorities: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`authorities` takes the place of the machine's own. Raises `ConfigError`."""
        self._keys = webhook_keys(settings.alert_webhook_key)
        self._authorities = authorities or ssl.create_default_context()
        self._seconds = seconds

    def file(self, path: str, text: str) -> None:
        """Add a line, and have it on the disk. Raises `NotDelivered`."""
        line = f"{text}\n".encode()
        try:
            to = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                if os.write(to, line) != len(line):
                    raise NotDelivered("the disk is full: the file ends in half a line")
                os.fsync(to)
            finally:
                os.close(to)
        except OSError as failure:
            raise NotDelivered(failure.strerror or type(failure).__name__) from None

    def syslog(self, socket_path: str, text: str) -> None:
        """One datagram, as syslog(3) sends it. Raises `NotDelivered`."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
                daemon.settimeout(self._seconds)
                daemon.connect(socket_path)
                daemon.send(f"<{LOG_AUDIT_NOTICE}>ringback: {text}".encode())
        except OSError as failure:
            raise NotDelivered(webhook.why(failure)) from None

    def webhook(self, url: str, text: str, id: str, now: float) -> None:
        """Post it, signed at `now`. Raises `NotDelivered`."""
        if not self._keys:
            raise NotDelivered("there is no key to sign with")
        body, seconds = text.encode(), self._seconds
        webhook.post(url, id, body, self._keys, now, self._authorities, seconds)
