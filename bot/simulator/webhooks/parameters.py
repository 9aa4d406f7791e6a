"""The full parameter sets of webhooks, as Twilio sends them (twilio.md sections 2 and 3)."""

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from bot.simulator.numbers import country
from bot.simulator.records import Call, Text

API_VERSION = "2010-04-01"

Pairs = list[tuple[str, str]]


def of_call(account_sid: str, call: Call) -> Pairs:
    """What every voice webhook says of its call."""
    pairs = [
        ("CallSid", call.sid),
        ("AccountSid", account_sid),
        ("From", call.from_),
        ("To", call.to),
        ("CallStatus", call.status),
        ("ApiVersion", API_VERSION),
        ("Direction", call.direction),
        ("Caller", call.from_),
        ("Called", call.to),
    ]
    if call.direction == "inbound":
        pairs.append(("CallToken", call_token(call.sid)))
    if call.parent_sid:
        pairs.append(("ParentCallSid", call.parent_sid))
    for role, number in [
        ("From", call.from_),
        ("To", call.to),
        ("Caller", call.from_),
        ("Called", call.to),
    ]:
        pairs += _geography(role, number)
    return pairs


def call_token(sid: str) -> str:
    """What lets an incoming call be passed on under its caller's number; Twilio's is signed."""
    return quote(f'{{"parentCallInfoToken":"{sid}","identityHeaderTokens":[]}}')


def of_text(account_sid: str, text: Text) -> Pairs:
    """What the webhook of a received text says."""
    pairs = [
        ("MessageSid", text.sid),
        ("SmsSid", text.sid),
        ("SmsMessageSid", text.sid),
        ("AccountSid", account_sid),
        ("From", text.from_),
        ("To", text.to),
        ("Body", text.body),
        ("NumMedia", "0"),
        ("NumSegments", str(text.segments)),
        ("SmsStatus", "received"),
        ("ApiVersion", API_VERSION),
        *_geography("From", text.from_),
        *_geography("To", text.to),
    ]
    if text.messaging_service_sid:
        pairs.append(("MessagingServiceSid", text.messaging_service_sid))
    return pairs


def of_status(account_sid: str, text: Text) -> Pairs:
    """What a notice of a sent text says (d:messaging/guides/track-outbound-message-status)."""
    pairs = [
        ("SmsSid", text.sid),
        ("SmsStatus", text.status),
        ("MessageStatus", text.status),
        ("To", text.to),
        ("MessageSid", text.sid),
        ("AccountSid", account_sid),
        ("From", text.from_),
        ("ApiVersion", API_VERSION),
    ]
    if text.messaging_service_sid:
        pairs.append(("MessagingServiceSid", text.messaging_service_sid))
    if text.error_code:
        pairs.append(("ErrorCode", str(text.error_code)))
    return pairs


def with_changes(pairs: Pairs, changes: dict[str, str]) -> Pairs:
    """The pairs with some values replaced and the new ones added."""
    known = {name for name, _ in pairs}
    replaced = [(name, changes.get(name, value)) for name, value in pairs]
    return replaced + [(name, value) for name, value in changes.items() if name not in known]


def recording_url(account_sid: str, sid: str) -> str:
    """Where Twilio would keep the sound of a recording."""
    return f"https://api.twilio.com/{API_VERSION}/Accounts/{account_sid}/Recordings/{sid}"


def rfc2822(moment: datetime) -> str:
    """A time as Twilio writes it."""
    return format_datetime(moment.astimezone(UTC))


def _geography(role: str, number: str) -> Pairs:
    """For UK numbers Twilio knows the country and leaves the rest empty [log]."""
    places = {"City": "", "State": "", "Zip": "", "Country": country(number)}
    return [(role + place, value) for place, value in places.items()]
