"""The courier that really delivers, as the settings say."""

import ssl

from bot.alerts import Alert, mail_server, webhook_keys
from bot.delivery import mail, webhook
from bot.errors import NotDelivered
from bot.settings import Settings

SECONDS = 10.0  # for one delivery, from the connection to the receiver's last word


class RealCourier:
    """Posts webhooks and hands in e-mail. Keeps no connection, and nothing of what it sent."""

    def __init__(
        self,
        settings: Settings,
        *,
        authorities: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`authorities` takes the place of the machine's own. Raises `ConfigError`."""
        self._keys = webhook_keys(settings.alert_webhook_key)
        self._server = mail_server(settings.smtp_url)
        self._tls_needed = settings.production
        self._authorities = authorities or ssl.create_default_context()
        self._seconds = seconds

    def webhook(self, url: str, alert: Alert, now: float) -> None:
        """Post it, signed at `now`. Raises `NotDelivered`."""
        if not self._keys:
            raise NotDelivered("there is no key to sign with")
        if self._tls_needed and not url.lower().startswith("https:"):
            raise NotDelivered("not https")
        body, seconds = webhook.body_of(alert), self._seconds
        webhook.post(url, alert.id, body, self._keys, now, self._authorities, seconds)

    def mail(self, sender: str, to: str, alert: Alert, now: float) -> None:
        """Hand it in at the mail server. Raises `NotDelivered`."""
        if self._server is None:
            raise NotDelivered("there is no mail server")
        letter = mail.letter(sender, to, alert, now)
        mail.hand_in(
            letter, self._server, self._authorities, self._seconds, tls_needed=self._tls_needed
        )
