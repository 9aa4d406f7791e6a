"""Which kind of telephone number it is, as far as ringing it goes."""

import re
from collections.abc import Collection
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


# What a number must be by the library, and how it must begin by Ofcom's numbering plan: two
# witnesses, since either may be out of date. 070 and 076 are no mobiles, but 07624 is one.
_KINDS = {
    PhoneNumberType.MOBILE: (NumberKind.MOBILE, re.compile(r"\+447(?:[1-57-9]|624)")),
    PhoneNumberType.FIXED_LINE: (NumberKind.GEOGRAPHIC, re.compile(r"\+44[12]")),
    PhoneNumberType.UAN: (NumberKind.UK_WIDE, re.compile(r"\+443")),
}

# The islands that share +44 with us and are other countries, by the library's names.
ISLANDS = {"isle_of_man": "IM", "jersey": "JE", "guernsey": "GG"}

# Ofcom's numbers for drama: nobody's. Some are invalid for libphonenumber, some valid.
_DRAMA = {
    re.compile(r"\+447700900\d{3}"): NumberKind.MOBILE,
    re.compile(r"\+443069990\d{3}"): NumberKind.UK_WIDE,
    re.compile(
        r"\+44(?:1632960|11[3-8]4960|1[2345]14960|1614960|1914980|2079460|2896496|2920180)"
        r"\d{3}"
    ): NumberKind.GEOGRAPHIC,
}


def kind_of(number: PhoneNumber, *, islands: Collection[str] = ()) -> NumberKind:
    """The kind of a real number of the United Kingdom; everything else is `OTHER`.

    Of the islands only those named count too (`ISLANDS`). 070, 076, 08, 09, 118, numbers abroad
    and of satellites are how call-back fraud earns (Ofcom, Trading Standards). The keypad words of
    withheld callers are no numbers of ours either.
    """
    if drama_kind(number) is not None:
        return NumberKind.OTHER
    try:
        parsed = phonenumbers.parse(number.e164)
    except phonenumbers.NumberParseException:  # of a country that does not exist
        return NumberKind.OTHER
    kind, beginning = _KINDS.get(phonenumbers.number_type(parsed), (NumberKind.OTHER, None))
    if beginning is None or not beginning.match(number.e164):
        return NumberKind.OTHER
    island = None if kind is NumberKind.UK_WIDE else _island_of(parsed)
    here = (
        phonenumbers.is_valid_number_for_region(parsed, "GB") if not island else island in islands
    )
    return kind if here else NumberKind.OTHER


def kind_to_ring(
    number: PhoneNumber, *, rehearsal: bool, islands: Collection[str] = ()
) -> NumberKind:
    """The kind as far as ringing goes; in a rehearsal (demo only) numbers for drama have theirs."""
    kind = kind_of(number, islands=islands)
    if rehearsal and kind is NumberKind.OTHER:
        return drama_kind(number) or kind
    return kind


def _island_of(parsed: phonenumbers.PhoneNumber) -> str | None:
    """The island whose number it is. Of 07924, which the library gives to both, it is the island's.

    03 numbers belong to no place, though the library lists some for islands.
    """
    found = (
        name
        for name, region in ISLANDS.items()
        if phonenumbers.is_valid_number_for_region(parsed, region)
    )
    return next(found, None)


def drama_kind(number: PhoneNumber) -> NumberKind | None:
    """The kind of a number that Ofcom keeps for drama, or None: nobody would ever answer it."""
    found = (kind for pattern, kind in _DRAMA.items() if pattern.fullmatch(number.e164))
    return next(found, None)
