"""Telephone numbers: E.164 inside, masked outside."""

import re
from dataclasses import dataclass

import phonenumbers

from bot.errors import BadNumber

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_WRITTEN_BETWEEN = re.compile(r"[\s().-]")
# A number or a reference among words, however it is written: in one, in groups, with dots between.
LONG_DIGITS = re.compile(r"\d(?:[\s-]?\d){4,}|\d(?:[^\w]{0,3}\d){8,}")
_RELAY_PREFIX = re.compile(r"^1800[12](?=[0+])")

# Keypad words that carriers report for a withheld caller (`twilio.md` section 9): they look like
# numbers, one even like a valid Lesotho number, and belong to nobody.
WITHHELD = frozenset(
    {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"},
)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in E.164. Printing it shows the mask; `.e164` is for the carrier alone."""

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            raise BadNumber("not a number in E.164 form")

    @classmethod
    def parse(cls, text: str, region: str = "GB") -> "PhoneNumber":
        """Read a number as people write it, a Relay UK prefix (18001, 18002) included.

        Raises `BadNumber`. Only the shape is judged here; whether it may be rung is the business
        of `bot.dial_rules`.
        """
        bare = _RELAY_PREFIX.sub("", _WRITTEN_BETWEEN.sub("", text))
        try:
            number = phonenumbers.parse(bare, region)
        except phonenumbers.NumberParseException:
            raise BadNumber("not a telephone number") from None
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @classmethod
    def from_caller_id(cls, text: str) -> "PhoneNumber | None":
        """The number behind a caller ID, or None where it is withheld or no number at all."""
        if text in WITHHELD or not _E164.fullmatch(text):
            return None
        return cls(text)

    @property
    def spoken(self) -> str:
        """As it is keyed at home, digit by digit: `0 3 0 6, 9 9 9, 0 1 0 0`."""
        parsed = phonenumbers.parse(self.e164)
        written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        return ", ".join(" ".join(group) for group in written.split())

    def __str__(self) -> str:
        # Two digits of the end: its last four may be asked for in the checks.
        return f"{self.e164[:3]}…{self.e164[-2:]}"

    def __repr__(self) -> str:
        return f"PhoneNumber({self})"


def has_relay_prefix(text: str) -> bool:
    """Whether a number is written with the prefix of Relay UK: who has it uses text relay."""
    return _RELAY_PREFIX.match(_WRITTEN_BETWEEN.sub("", text)) is not None
