"""Numbers: read as people write them, masked when printed, and sorted by who may be rung."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadNumber
from bot.numbers import NumberKind, drama_kind, kind_of
from bot.phone import WITHHELD, PhoneNumber

ALICE = "+447700900123"


@pytest.mark.parametrize(
    "written",
    ["07700 900123", "+44 7700 900123", "(07700) 900-123", "00447700900123", "0044 7700 900 123"],
)
def test_a_number_is_read_as_people_write_it(written):
    assert PhoneNumber.parse(written).e164 == ALICE


@pytest.mark.parametrize("prefix", ["18001", "18002", "18001 "])
@pytest.mark.parametrize("written", ["07700 900123", "+447700900123"])
def test_a_relay_prefix_is_put_aside(prefix, written):
    assert PhoneNumber.parse(prefix + written).e164 == ALICE


@pytest.mark.parametrize("text", ["", "anonymous", "unknown", "12", "sip:a@b.c", "+44" + "7" * 20])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(BadNumber):
        PhoneNumber.parse(text)


@pytest.mark.parametrize(
    "e164",
    ["447700900123", "+0447700900123", "+44 7700 900123", "+44", "+4477009001٢٣", f"{ALICE}\n"],
)
def test_only_e164_is_a_phone_number(e164):
    with pytest.raises(BadNumber):
        PhoneNumber(e164)


def test_printing_a_number_shows_its_mask():
    alice = PhoneNumber(ALICE)

    for shown in (str(alice), repr(alice), f"{alice}", f"{alice!r}", str([alice])):
        assert ALICE not in shown
        assert "7700900" not in shown


@pytest.mark.parametrize(
    "caller_id",
    [*sorted(WITHHELD), "anonymous", "Restricted", "", "sip:anonymous@anonymous.invalid", "+1234"],
)
def test_a_withheld_caller_has_no_number(caller_id):
    assert PhoneNumber.from_caller_id(caller_id) is None


def test_a_caller_who_shows_a_number_has_one():
    assert PhoneNumber.from_caller_id(ALICE) == PhoneNumber(ALICE)


def test_the_mask_shows_less_than_the_checks_may_ask_for():
    assert str(PhoneNumber(ALICE)) == f"{ALICE[:3]}…{ALICE[-2:]}"


@pytest.mark.parametrize(
    ("e164", "kind"),
    [
        ("+447400123456", NumberKind.MOBILE),
        ("+442071838750", NumberKind.GEOGRAPHIC),
        ("+441212345678", NumberKind.GEOGRAPHIC),
        ("+443001234567", NumberKind.UK_WIDE),
    ],
)
def test_real_numbers_of_the_united_kingdom_have_a_kind(e164, kind):
    assert kind_of(PhoneNumber(e164)) is kind


@pytest.mark.parametrize(
    "e164",
    [
        *sorted(WITHHELD),
        "+447012345678",  # personal number
        "+447640123456",  # pager
        "+447624123456",  # Isle of Man, mobile
        "+441624612345",  # Isle of Man
        "+447797712345",  # Jersey, mobile
        "+441534456789",  # Jersey
        "+447781123456",  # Guernsey, mobile
        "+441481256789",  # Guernsey
        "+448001111",  # freephone
        "+448081570123",  # freephone, for drama
        "+448431234567",  # 084
        "+448701234567",  # 087
        "+449098790123",  # premium
        "+44118500",  # directory enquiries
        "+445612345678",  # internet telephony
        "+445512345678",  # corporate
        "+448001077001",
        "+4418001077009",  # what is left of a relay prefix
        "+8816123456789",  # satellite
        "+870773123456",  # satellite
        "+883510012345",  # global
        "+26771123456",  # Botswana
        "+5926091234",  # Guyana
        "+12025550123",
        "+353851234567",
        "+44999",
        "+8010000",  # of no country
        "+440207946012",
    ],
)
def test_nobody_else_has_a_kind_that_may_be_rung(e164):
    try:
        number = PhoneNumber(e164)
    except BadNumber:
        return  # too short to be a number at all
    assert kind_of(number) is NumberKind.OTHER
    assert drama_kind(number) is None


@pytest.mark.parametrize(
    ("e164", "kind"),
    [
        (ALICE, NumberKind.MOBILE),
        ("+442079460123", NumberKind.GEOGRAPHIC),
        ("+441632960001", NumberKind.GEOGRAPHIC),
        ("+441914980123", NumberKind.GEOGRAPHIC),
        ("+442896496123", NumberKind.GEOGRAPHIC),
        ("+443069990100", NumberKind.UK_WIDE),
    ],
)
def test_drama_numbers_are_nobodys(e164, kind):
    assert kind_of(PhoneNumber(e164)) is NumberKind.OTHER
    assert drama_kind(PhoneNumber(e164)) is kind


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_what_has_a_kind_is_of_the_united_kingdom(e164):
    if kind_of(PhoneNumber(e164)) is not NumberKind.OTHER:
        assert e164.startswith(("+441", "+442", "+443", "+447"))
