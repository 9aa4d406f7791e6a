"""What a request to send a text asks for, and why it may be refused (twilio.md sections 5 and 6).

Sources beside it: d:messaging/api/message-resource, d:messaging/features/message-scheduling and
the error dictionary, d:api/errors.
"""

from datetime import UTC, datetime, timedelta

from bot.simulator.carrier import Carrier
from bot.simulator.numbers import (
    MAGIC_FROM_GOOD,
    MAGIC_TEXT_FROM,
    MAGIC_TEXT_TO,
    NO_ALPHANUMERIC,
    country,
    is_alphanumeric,
    is_e164,
)
from bot.simulator.rest import checks, errors
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused
from bot.simulator.texts.sending import LONGEST_VALIDITY_SECONDS, TextOrder

MOST_CHARACTERS = 1600
SOONEST, LATEST = timedelta(seconds=300), timedelta(days=35)
NOT_HEEDED = frozenset({"MediaUrl", "ApplicationSid", "ContentSid", "SendAsMms", "ShortenUrls"})


def sender_of(carrier: Carrier, form: Form) -> tuple[str, str | None]:
    """Who sends it, and through which messaging service: the first number of its pool."""
    from_, service = form.get("From", ""), form.get("MessagingServiceSid")
    if from_.startswith("MG"):
        from_, service = "", from_
    if not from_ and not service:
        raise Refused(errors.NO_SENDER)
    if service:
        pool = carrier.messaging_services.get(service)
        if pool is None:
            raise Refused(errors.BAD_SERVICE)
        if not pool:
            raise Refused(errors.NO_SENDERS)
        from_ = from_ or pool[0]
    return from_, service


def check(carrier: Carrier, form: Form, from_: str) -> None:
    """Who may text whom and what, the test credentials' magic numbers included."""
    to = form.get("To", "")
    if not to:
        raise Refused(errors.NO_RECIPIENT)
    _check_sender(carrier, from_)
    _check_recipient(carrier, from_, to)
    body = form.get("Body", "")
    if not body and "MediaUrl" not in form:
        raise Refused(errors.NO_BODY)
    if len(body) > MOST_CHARACTERS:
        raise Refused(errors.TOO_LONG)


def _check_sender(carrier: Carrier, from_: str) -> None:
    if magic := MAGIC_TEXT_FROM.get(from_):
        raise Refused(magic)
    if from_ in carrier.numbers or from_ == MAGIC_FROM_GOOD or is_alphanumeric(from_):
        return
    number = is_e164(from_) or from_.isdecimal()
    raise Refused(errors.BAD_SENDER if number else errors.BAD_FROM)


def _check_recipient(carrier: Carrier, from_: str, to: str) -> None:
    allowed = carrier.settings.text_countries
    if magic := MAGIC_TEXT_TO.get(to):
        raise Refused(magic)
    if not is_e164(to):
        raise Refused(errors.BAD_TO, f"The 'To' number {to} is not a valid phone number.")
    if to == from_:
        raise Refused(errors.SAME_NUMBERS)
    if allowed is not None and country(to) not in allowed:
        raise Refused(errors.TEXT_COUNTRY_OFF)
    if is_alphanumeric(from_) and country(to) in NO_ALPHANUMERIC:
        raise Refused(errors.UNROUTABLE)
    if carrier.opting(from_, to) in carrier.opted_out:
        raise Refused(errors.OPTED_OUT)
    if carrier.text_wait(from_) > LONGEST_VALIDITY_SECONDS:
        raise Refused(errors.QUEUE_FULL)


def order_of(form: Form, now: datetime) -> TextOrder:
    """How it is to be sent."""
    longest, code = LONGEST_VALIDITY_SECONDS, errors.BAD_VALIDITY
    validity = checks.whole_number(form, "ValidityPeriod", longest, most=longest, code=code)
    callback = checks.url(form, "StatusCallback", errors.BAD_CALLBACK)
    return TextOrder(callback, validity, _send_at(form, now))


def _send_at(form: Form, now: datetime) -> datetime | None:
    """When it is to be sent, if it is scheduled (d:api/errors/35111, 35114, 35118)."""
    if form.get("ScheduleType") != "fixed":
        return None
    if not form.get("MessagingServiceSid") and not form.get("From", "").startswith("MG"):
        raise Refused(errors.NO_SERVICE)
    if not form.get("SendAt"):
        raise Refused(errors.NO_SEND_AT)
    try:
        moment = datetime.fromisoformat(form["SendAt"])
    except ValueError:
        raise Refused(errors.BAD_SEND_AT) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not SOONEST <= moment - now <= LATEST:
        raise Refused(errors.BAD_SEND_AT)
    return moment
