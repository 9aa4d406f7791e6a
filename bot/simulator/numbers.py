"""Telephone numbers: ours, and what the carrier says about anybody's (form, country, magic)."""

import re
from dataclasses import dataclass
from datetime import datetime

E164 = re.compile(r"^\+[1-9][0-9]{6,14}\Z")
# One-way names for a sender (d:glossary/what-alphanumeric-sender-id).
ALPHANUMERIC = re.compile(r"^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}\Z")
NO_ALPHANUMERIC = frozenset({"US", "CA"})  # countries whose networks carry no such sender

# Keypad spelling of "anonymous": what Twilio gives for some withheld callers (twilio.md section 9).
WITHHELD = "+266696687"

COUNTRIES = {"+44": "GB", "+353": "IE", "+33": "FR", "+49": "DE", "+266": "LS", "+1": "US"}

# Test credentials' magic numbers (twilio.md section 5).
MAGIC_FROM_GOOD = "+15005550006"
MAGIC_CALL_TO = {
    "+15005550001": 21217,
    "+15005550002": 21214,
    "+15005550003": 21215,
    "+15005550004": 21216,
}
MAGIC_TEXT_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_CALL_FROM = {"+15005550001": 21212}
MAGIC_TEXT_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}


@dataclass(frozen=True)
class OwnNumber:
    """A number of the service, and where its calls and texts are announced."""

    number: str
    sid: str
    voice_url: str = ""
    sms_url: str = ""
    status_callback: str = ""
    voice_fallback_url: str = ""
    sms_fallback_url: str = ""
    voice_method: str = "POST"
    sms_method: str = "POST"
    status_callback_method: str = "POST"
    voice_fallback_method: str = "POST"
    sms_fallback_method: str = "POST"
    friendly_name: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


def shown_number(number: str, withheld: bool | str) -> str:
    """What the called party is told of the caller: the number, or the word that hides it."""
    if isinstance(withheld, str):
        return withheld
    return WITHHELD if withheld else number


def is_e164(number: str) -> bool:
    """Is it a plus and a country code and digits?"""
    return bool(E164.match(number))


def is_alphanumeric(sender: str) -> bool:
    """Is it a name that may stand for a sender? One-way: nobody can answer it."""
    return bool(ALPHANUMERIC.match(sender))


def country(number: str) -> str:
    """The country that Twilio would report, if we know it."""
    found = [name for code, name in COUNTRIES.items() if number.startswith(code)]
    return found[-1] if found else ""
