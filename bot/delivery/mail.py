"""Alerts by e-mail: one short plain letter, handed in over TLS."""

import smtplib
import socket
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from bot.alerts import Alert, MailServer
from bot.delivery.patience import at_most
from bot.delivery.webhook import why
from bot.errors import NotDelivered

WAIT_SECONDS = 5.0  # for one answer of the server


def letter(sender: str, to: str, alert: Alert, now: float) -> EmailMessage:
    """The alert as a letter. One that is sent again has the same Message-ID."""
    made = EmailMessage()
    again = f" (told again, {alert.step})" if alert.step else ""
    made["Subject"] = f"Ringback: {alert.priority.value} task {alert.task}{again}"
    made["From"], made["To"] = sender, to
    made["Date"] = format_datetime(datetime.fromtimestamp(int(now), UTC))
    made["Message-ID"] = f"<{alert.id}@{_domain(sender)}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is to be answered
    made.set_content(_words(alert, again))
    return made


def hand_in(
    made: EmailMessage,
    server: MailServer,
    authorities: ssl.SSLContext,
    seconds: float,
    *,
    tls_needed: bool,
) -> None:
    """Give it to the server, which then answers for it. Raises `NotDelivered`.

    A user and password go over TLS only, whatever the profile.
    """
    client = _Client(timeout=min(seconds, WAIT_SECONDS), local_hostname=_domain(made["From"]))
    try:
        with at_most(seconds, client.living):
            client.open(server)
            client.ehlo()
            if client.has_extn("starttls"):
                client.starttls(context=authorities)
            elif tls_needed or server.user:
                raise NotDelivered("the mail server offers no STARTTLS")
            if server.user:
                client.login(server.user, server.password)
            client.send_message(made)
    except smtplib.SMTPResponseException as refused:
        raise NotDelivered(f"the mail server said {refused.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused:
        raise NotDelivered("the mail server refused the address") from None
    except (OSError, ValueError) as failure:  # SMTPException among them
        raise NotDelivered(why(failure)) from None
    finally:
        client.close()


class _Client(smtplib.SMTP):
    """A client that is made before it connects, so that its time is bounded from the first byte."""

    sock: socket.socket | None = None

    def living(self) -> socket.socket | None:
        """The connection, as long as there is one."""
        return self.sock

    def open(self, server: MailServer) -> None:
        """Connect. `starttls` compares the certificate with `_host`, set by nothing else."""
        self._host = server.host
        code, _ = self.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, "")


def _words(alert: Alert, again: str) -> str:
    due = "" if alert.due_at is None else f"To be done by: {_local(alert, alert.due_at)}\n"
    return (
        f"A task is waiting for a person{again}.\n\n"
        f"Task: {alert.task}\n"
        f"Why: {alert.reason.value.replace('_', ' ')}\n"
        f"Priority: {alert.priority.value}\n"
        f"Desk: {alert.desk}\n"
        f"Raised: {_local(alert, alert.raised_at)}\n"
        f"{due}\n"
        "Whom it concerns is told at the terminal only:\n"
        f"    ringback tasks take {alert.task} --officer YOU\n"
        + (f"\nWhat to do: {alert.runbook}\n" if alert.runbook else "")
    )


def _local(alert: Alert, at: float) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(alert.zone)):%a %d %b %Y %H:%M} ({alert.zone})"


def _domain(address: str) -> str:
    return str(address).rpartition("@")[2]
