"""Which kind of telephone number it is, as far as ringing it goes."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.phone import PhoneNumber


class NumberKind(StrEnum):
    """What we tell apart. `OTHER` is everything that is never rung."""

    MOBILE = "mobile"
    GEOGRAPHIC = "geographic"
    UK_WIDE = "uk_wide"
    OTHER = "other"


_KINDS = {
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE: NumberKind.GEOGRAPHIC,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.GEOGRAPHIC,
}

# Ofcom's numbers for drama: nobody's. Some are invalid for libphonenumber, some valid.
_DRAMA = {
    re.compile(r"\+447700900\d{3}"): NumberKind.MOBILE,
    re.compile(r"\+443069990\d{3}"): NumberKind.UK_WIDE,
    re.compile(
        r"\+44(?:1632960|11[34567]4960|1[2345]14960|1614960|1914980|2079460|2896496|2920180)"
        r"\d{3}"
    ): NumberKind.GEOGRAPHIC,
}


def kind_of(number: PhoneNumber) -> NumberKind:
    """The kind of a real number of the United Kingdom; everything else is `OTHER`.

    Jersey, Guernsey and the Isle of Man share +44 and are other countries; 070, 076, 08, 09, 118
    and numbers abroad are how call-back fraud earns (Ofcom, Trading Standards). The keypad words of
    withheld callers are no numbers of ours either.
    """
    if drama_kind(number) is not None:
        return NumberKind.OTHER
    try:
        parsed = phonenumbers.parse(number.e164)
    except phonenumbers.NumberParseException:  # of a country that does not exist
        return NumberKind.OTHER
    if not phonenumbers.is_valid_number(parsed):
        return NumberKind.OTHER
    if phonenumbers.region_code_for_number(parsed) != "GB":
        return NumberKind.OTHER
    if number.e164.startswith("+443"):
        return NumberKind.UK_WIDE
    return _KINDS.get(phonenumbers.number_type(parsed), NumberKind.OTHER)


def kind_to_ring(number: PhoneNumber, *, rehearsal: bool) -> NumberKind:
    """The kind as far as ringing goes; in a rehearsal (demo only) numbers for drama have theirs."""
    kind = kind_of(number)
    if rehearsal and kind is NumberKind.OTHER:
        return drama_kind(number) or kind
    return kind


def drama_kind(number: PhoneNumber) -> NumberKind | None:
    """The kind of a number that Ofcom keeps for drama, or None: nobody would ever answer it."""
    found = (kind for pattern, kind in _DRAMA.items() if pattern.fullmatch(number.e164))
    return next(found, None)
