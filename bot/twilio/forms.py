"""Reading one value of a posted form: the first of several, checked where it becomes a key."""

import hashlib
import hmac
import re
from typing import Protocol

from werkzeug.datastructures import MultiDict

from bot.errors import BadEvent
from bot.events import MADE_UP
from bot.phone import PhoneNumber

Form = MultiDict[str, str]

NOBODYS_LINE = "nobody"  # the service number that was dialled belongs to no desk

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHARE = re.compile(r"0(\.[0-9]{1,20})?|1(\.0{1,20})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*:")


class Desks(Protocol):
    """Whose service number it is: what is needed of `bot.policy` here."""

    @property
    def default_desk(self) -> str:
        """The desk that takes what is nobody's."""

    def desk_of(self, number_e164: str, /) -> tuple[str, str] | None:
        """The desk and the line of a service number."""


def checked_id(field: str, value: str | None) -> str:
    """An identifier that may become part of a key. Raises `BadEvent` naming the field."""
    if value is None or not _ID.fullmatch(value):
        raise BadEvent(field)
    return value


def sid(form: Form, *names: str) -> str:
    """Twilio's identifier, under the first of these names that is given."""
    return checked_id(names[0], next((form[name] for name in names if form.get(name)), None))


def text_id(form: Form, token: str) -> str:
    """The identifier of a received text; one made of what it says, where Twilio gave none.

    That one is keyed with the account's token: ids stand in logs, and what is said could be guessed
    from a plain hash of it.
    """
    try:
        return sid(form, "MessageSid", "SmsSid", "SmsMessageSid")
    except BadEvent:
        said = "\x00".join(form.get(name, "") for name in ("From", "To", "Body"))
        made = hmac.new(token.encode(), said.encode("utf-8", "replace"), hashlib.sha256)
        return MADE_UP + made.hexdigest()[:32]


def word(form: Form, *names: str) -> str:
    """A word of Twilio's, under the first of these names that is given."""
    found = next((form[name] for name in names if form.get(name)), None)
    if found is None:
        raise BadEvent(names[0])
    return found


def count(text: str | None, otherwise: int = 0) -> int:
    """A small number as Twilio writes it; anything else is `otherwise`."""
    return int(text) if text and _COUNT.fullmatch(text) else otherwise


def share(text: str | None) -> float | None:
    """A number from 0 to 1 as Twilio writes it (`0.9125`); None for anything else."""
    return float(text) if text and _SHARE.fullmatch(text) else None


def turn_of(text: str) -> int | None:
    """The turn in an action's URL; None, which is no turn at all, if it is not a number."""
    return int(text) if _COUNT.fullmatch(text) else None


def is_other_channel(form: Form) -> bool:
    """Whether an address carries a channel's prefix (`whatsapp:+44…`)."""
    return any(_CHANNEL.match(form.get(name, "")) for name in ("From", "To"))


def number_in(form: Form, name: str) -> PhoneNumber | None:
    """The number in a field; None where it is withheld, or a name, or missing."""
    return PhoneNumber.from_caller_id(form.get(name, ""))


def desk_and_line(form: Form, name: str, desks: Desks) -> tuple[str, str]:
    """Whose service number this field holds; the default desk's, on no line, if nobody's."""
    number = PhoneNumber.from_caller_id(_CHANNEL.sub("", form.get(name, ""), count=1))
    found = desks.desk_of(number.e164) if number else None
    return found or (desks.default_desk, NOBODYS_LINE)
