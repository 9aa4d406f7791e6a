"""What is told of a task to people who do not sit before the terminal: nothing about a person."""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote, urlsplit

from bot.actions import TaskReason
from bot.errors import ConfigError
from bot.policy import Policy
from bot.settings import Settings
from bot.tasks import Priority, Task

KEY_PREFIX = "whsec_"  # as Standard Webhooks writes a key
SHORTEST_KEY = 24  # bytes
SMTP_PORT = 587


class Channel(StrEnum):
    """Where an alert goes: the names of a desk's addresses in policy.toml."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    MANAGER_WEBHOOK = "manager_webhook"
    MANAGER_EMAIL = "manager_email"

    @property
    def is_mail(self) -> bool:
        """Whether it goes by e-mail; if not, by webhook."""
        return self in (Channel.EMAIL, Channel.MANAGER_EMAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One telling of a task. `id` is the same however often it is sent, so that repeats show.

    `task` is the task's public id; `step` counts the tellings from 0; times are seconds since 1970,
    UTC, and `zone` is where the desk's clocks are. There is no field for a number, a case or words.
    """

    id: str
    task: str
    reason: TaskReason
    priority: Priority
    desk: str
    zone: str
    raised_at: float
    due_at: float | None
    step: int
    runbook: str = ""

    @classmethod
    def of(
        cls, task: Task, channel: Channel, step: int, zone: str, runbook_url: str | None = None
    ) -> "Alert":
        """What is told of this task, there, for the `step`-th time; and where its page is."""
        named = f"{task.id}:{channel.value}:{step}"
        return cls(
            id=hashlib.sha256(named.encode()).hexdigest()[:32],
            task=task.public_id,
            reason=task.reason,
            priority=task.priority,
            desk=task.desk,
            zone=zone,
            raised_at=task.raised_at,
            due_at=task.due_at,
            step=step,
            runbook=f"{runbook_url}/{runbook_page(task.reason)}" if runbook_url else "",
        )


def runbook_page(reason: TaskReason) -> str:
    """The name of the page under docs/runbook that says what to do about it."""
    return reason.value


class Courier(Protocol):
    """Delivers alerts. Safe to share between threads."""

    def webhook(self, url: str, alert: Alert, now: float) -> None:
        """Post it, signed at `now`. Raises `NotDelivered`."""

    def mail(self, sender: str, to: str, alert: Alert, now: float) -> None:
        """Send it. Raises `NotDelivered`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where e-mail is handed in, and as whom."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def webhook_keys(text: str | None) -> tuple[bytes, ...]:
    """The keys that sign webhooks, `whsec_` and base64 each, separated by commas; all sign.

    Raises `ConfigError`, which shows none of them.
    """
    keys = []
    for part in (text or "").split(","):
        if not part.strip():
            continue
        try:
            key = base64.b64decode(part.strip().removeprefix(KEY_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not part.strip().startswith(KEY_PREFIX) or len(key) < SHORTEST_KEY:
            reason = f"each key is written {KEY_PREFIX} and base64 of at least {SHORTEST_KEY} bytes"
            raise ConfigError("environment", "RINGBACK_ALERT_WEBHOOK_KEY", reason)
        keys.append(key)
    return tuple(keys)


def mail_server(text: str | None) -> MailServer | None:
    """Where e-mail is handed in: `smtp://user:password@host:587`. Raises `ConfigError`."""
    if text is None:
        return None
    try:
        url = urlsplit(text)
        port = url.port or SMTP_PORT
    except ValueError:
        raise _bad_server() from None
    if url.scheme != "smtp" or not url.hostname or url.path.strip("/") or url.query or url.fragment:
        raise _bad_server()
    user, password = unquote(url.username or ""), unquote(url.password or "")
    return MailServer(host=url.hostname, port=port, user=user, password=password)


def _bad_server() -> ConfigError:
    reason = "not of the form smtp://[user:password@]host[:port]"
    return ConfigError("environment", "RINGBACK_SMTP_URL", reason)


def refuse_alerts_that_cannot_go(policy: Policy, settings: Settings) -> None:
    """Raise `ConfigError` for an address that nothing can be, or may not be, sent to."""
    keys, server = webhook_keys(settings.alert_webhook_key), mail_server(settings.smtp_url)
    for desk, rules in policy.desk.items():
        for channel in Channel if rules.alerts else ():
            address = getattr(rules.alerts, channel.value)
            reason = ""
            if address and channel.is_mail:
                reason = "" if server else "e-mail needs RINGBACK_SMTP_URL"
            elif address and not keys:
                reason = "a webhook is signed: it needs RINGBACK_ALERT_WEBHOOK_KEY"
            elif settings.production and address.lower().startswith("http:"):
                reason = "production needs https"
            if reason:
                raise ConfigError("policy.toml", f"desk.{desk}.alerts.{channel.value}", reason)
    _refuse_heads(policy.records.webhook, settings)


def _refuse_heads(webhook: str, settings: Settings) -> None:
    """The same for the heads of the archive."""
    if webhook and not webhook_keys(settings.alert_webhook_key):
        reason = "a webhook is signed: it needs RINGBACK_ALERT_WEBHOOK_KEY"
        raise ConfigError("policy.toml", "records.webhook", reason)
    if webhook.lower().startswith("http:") and settings.production:
        raise ConfigError("policy.toml", "records.webhook", "production needs https")
