"""Which numbers are ever rung: by the library's ranges, by Ofcom's plan, and never somebody's.

Numbers are from Ofcom's ranges for drama, or are the beginning of a range and noughts: the shape of
a range, chosen by nobody. None of these is ever dialled; they are only sorted.
"""

import re
from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from bot.best_number import BestNumbers
from bot.dial_rules import may_ring
from bot.numbers import ISLANDS, NumberKind, drama_kind, kind_of, kind_to_ring
from bot.phone import WITHHELD, PhoneNumber
from bot.policy import Policy
from tests.dial_questions import ALICE, POLICY, TUESDAY_TEN


def number(text: str) -> PhoneNumber:
    return PhoneNumber(text)


def noughts(prefix: str) -> PhoneNumber:
    """A national prefix such as 07400, filled up with noughts to the length of a UK number."""
    return PhoneNumber(f"+44{prefix.lstrip('0').ljust(10, '0')}")


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [
        *((prefix, NumberKind.MOBILE) for prefix in ("071", "0740", "0750", "0770", "0790")),
        *((prefix, NumberKind.GEOGRAPHIC) for prefix in ("0113", "0120", "020", "0207", "0283")),
        *((prefix, NumberKind.UK_WIDE) for prefix in ("0300", "0330", "0345", "0370")),
    ],
)
def test_mobile_geographic_and_03_numbers_of_the_united_kingdom_are_rung(prefix, kind):
    assert kind_of(noughts(prefix)) is kind


NEVER = {
    "personal": ("070", "07000", "07012", "07099"),
    "pager": ("076", "07600", "07640", "07666", "07699"),
    "corporate or on the internet": ("055", "056"),
    "freephone": ("080", "0800", "0808"),
    "special rate": ("0843", "0844", "0845", "084", "0870", "0871", "0872", "0873", "087"),
    "premium": ("09", "0900", "0905", "0906", "0908", "0909", "0911", "0982"),
    "not given out": ("04", "06", "0500"),
    "Jersey": ("01534", "07797", "07509", "07937", "0770030"),
    "Guernsey": ("014812", "07781", "07839", "0791110"),
    "Isle of Man": ("016245", "07624", "07524", "07924", "074576"),
}


@pytest.mark.parametrize("prefix", [prefix for group in NEVER.values() for prefix in group])
def test_every_other_range_of_44_is_never_rung(prefix):
    assert kind_of(noughts(prefix)) is NumberKind.OTHER


@pytest.mark.parametrize(
    "e164",
    [
        *sorted(WITHHELD),
        "+44118500",  # 118 500, as it would be written
        "+35310000000",
        "+12025550100",  # kept for drama there
        "+33199000000",  # likewise
        "+88160000000",  # satellites
        "+870773000000",
        "+881200000000",
        "+882100000000",  # networks of no country
        "+883510000000000",
        "+97900000000",  # premium, of no country
        "+80000000000",
        "+999000000000",
    ],
    ids=lambda text: text[:6],
)
def test_what_is_short_abroad_at_sea_or_withheld_is_never_rung(e164):
    for islands in ((), tuple(ISLANDS)):
        assert kind_to_ring(number(e164), rehearsal=True, islands=islands) is NumberKind.OTHER


@pytest.mark.parametrize("island", ISLANDS)
def test_an_islands_numbers_are_rung_where_the_policy_names_it_and_no_other(island, tmp_path):
    name = {"jersey": "Jersey", "guernsey": "Guernsey", "isle_of_man": "Isle of Man"}[island]
    (tmp_path / "policy.toml").write_text(f'[numbers]\nislands = ["{island}"]')
    allowed = BestNumbers(Policy.load(tmp_path), rehearsal=False)
    shipped = BestNumbers(POLICY, rehearsal=False)
    others = [prefix for place, group in NEVER.items() if place != name for prefix in group]

    assert all(allowed.may_be_rung(noughts(prefix)) for prefix in NEVER[name])
    assert not any(shipped.may_be_rung(noughts(prefix)) for prefix in NEVER[name])
    assert not any(allowed.may_be_rung(noughts(prefix)) for prefix in others)


def test_076_is_a_pager_and_07624_a_mobile():
    islands = ("isle_of_man",)

    assert kind_of(noughts("07624"), islands=islands) is NumberKind.MOBILE
    assert kind_of(noughts("07600"), islands=islands) is NumberKind.OTHER


# Ofcom, "Telephone numbers for use in TV and radio drama programmes": every range of the page.
DRAMA = {
    NumberKind.MOBILE: ("7700900",),
    NumberKind.UK_WIDE: ("3069990",),
    NumberKind.GEOGRAPHIC: (
        *("1134960", "1144960", "1154960", "1164960", "1174960", "1184960", "1214960", "1314960"),
        *("1414960", "1514960", "1614960", "2079460", "1914980", "2896496", "2920180", "1632960"),
    ),
}
OF_DRAMA = [(f"+44{start}", kind) for kind, starts in DRAMA.items() for start in starts]


@pytest.mark.parametrize(("start", "kind"), OF_DRAMA)
@pytest.mark.parametrize("last", ["000", "123", "999"])
def test_a_number_for_drama_is_rung_in_rehearsal_and_never_in_production(start, kind, last):
    drama = number(start + last)

    assert kind_to_ring(drama, rehearsal=True) is kind
    assert kind_to_ring(drama, rehearsal=False) is NumberKind.OTHER


@pytest.mark.parametrize("e164", ["+448081570000", "+449098790000"])
def test_freephone_and_premium_numbers_for_drama_are_not_even_rehearsed(e164):
    assert kind_to_ring(number(e164), rehearsal=True) is NumberKind.OTHER


PLAN = {
    NumberKind.MOBILE: re.compile(r"\+447([1-57-9]\d|624)\d{6,8}"),
    NumberKind.GEOGRAPHIC: re.compile(r"\+44[12]\d{8,9}"),
    NumberKind.UK_WIDE: re.compile(r"\+443\d{9}"),
}
LIBRARYS = {
    NumberKind.MOBILE: PhoneNumberType.MOBILE,
    NumberKind.GEOGRAPHIC: PhoneNumberType.FIXED_LINE,
    NumberKind.UK_WIDE: PhoneNumberType.UAN,
}


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"\+44[0-9]{7,10}", fullmatch=True), st.booleans())
def test_what_is_rung_is_so_by_the_plan_and_by_the_library(e164, everywhere):
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", e164):
        return
    kind = kind_of(number(e164), islands=tuple(ISLANDS) if everywhere else ())

    if kind is not NumberKind.OTHER:
        parsed = phonenumbers.parse(e164)
        assert PLAN[kind].fullmatch(e164)
        assert phonenumbers.number_type(parsed) == LIBRARYS[kind]
        assert drama_kind(number(e164)) is None


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_nothing_outside_44_is_ever_rung(e164):
    if not e164.startswith("+44"):
        assert (
            kind_to_ring(number(e164), rehearsal=True, islands=tuple(ISLANDS)) is NumberKind.OTHER
        )


@pytest.mark.parametrize("prefix", ["070", "0871", "016245"])
@pytest.mark.parametrize("asked", [False, True])
def test_the_refusal_has_a_name_a_source_and_no_end(prefix, asked):
    question = replace(ALICE, number=noughts(prefix), express_request=asked)
    verdict = may_ring(question, POLICY, TUESDAY_TEN)

    assert (verdict.allowed, verdict.rule, verdict.again_at) == (False, "number_kind", None)
    assert "Ofcom" in verdict.source


def test_a_kind_that_the_policy_leaves_out_is_not_rung(tmp_path):
    (tmp_path / "policy.toml").write_text('[numbers]\nkinds = ["geographic"]')

    assert may_ring(ALICE, Policy.load(tmp_path), TUESDAY_TEN).rule == "number_kind"
