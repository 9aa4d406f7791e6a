"""What is keyed or written as an answer, in its one canonical form."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answers import KINDS, answer_mac
from bot.answers.keyed_and_written import normalise, normalise_written
from bot.errors import BadSeal, ConfigError
from bot.keys import Keyring

KEYRING = Keyring({"new": bytes(32), "old": bytes([1]) * 32})
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("kind", "length", "keyed", "canonical"),
    [
        ("date", None, "01021980", "1980-02-01"),
        ("date", None, "29022000", "2000-02-29"),
        ("date", None, "29021900", None),
        ("date", None, "31041980", None),
        ("date", None, "13131980", None),
        ("date", None, "00011980", None),
        ("date", None, "31121899", None),
        ("date", None, "01012101", None),
        ("date", None, "1021980", None),
        ("date", None, "19800201", None),
        ("date", None, "01/02/1980", None),
        ("digits", 4, "0123", "0123"),
        ("digits", 4, "123", None),
        ("digits", 4, "01234", None),
        ("number", 5, "12", "12"),
        ("number", 5, "00012", "12"),
        ("number", 5, "0", None),
        ("number", 5, "000", None),
        ("number", 5, "000012", None),
        ("month_year", None, "042019", "2019-04"),
        ("month_year", None, "132019", None),
        ("month_year", None, "42019", None),
        ("year", None, "2004", "2004"),
        ("year", None, "2101", None),
        ("year", None, "04", None),
    ],
)
def test_what_alice_keys(kind, length, keyed, canonical):
    assert normalise(kind, keyed, length=length) == canonical


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "junk", ["", "#", "12*4", "٠١٠٢١٩٨٠", "²²²²", " 0123", "01 2", "-123", "\n"]
)
def test_what_is_not_digits_is_no_answer_of_any_kind(kind, junk):
    assert normalise(kind, junk, length=4) is None


@pytest.mark.parametrize(
    ("kind", "length", "written", "canonical"),
    [
        ("date", None, " 1980-02-01 ", "1980-02-01"),
        ("date", None, "01/02/1980", "1980-02-01"),
        ("date", None, "1/2/1980", "1980-02-01"),
        ("date", None, "01/02-1980", None),
        ("date", None, "1980-02", None),
        ("date", None, "02/1980", None),
        ("date", None, "01/02/80", None),
        ("date", None, "1980-13-01", None),
        ("date", None, "yesterday", None),
        ("month_year", None, "2019-04", "2019-04"),
        ("month_year", None, "04/2019", "2019-04"),
        ("month_year", None, "2019-04-01", None),
        ("digits", 6, "12 34-56", "123456"),
        ("digits", 6, "12345", None),
        ("number", 5, "12", "12"),
        ("number", 5, "12A", None),
        ("year", None, "2004", "2004"),
    ],
)
def test_what_is_written_in_a_file(kind, length, written, canonical):
    assert normalise_written(kind, written, length=length) == canonical


@given(DAYS)
def test_every_rendering_of_a_day_is_the_same_answer(day):
    keyed = f"{day:%d%m}{day.year}"
    written = [
        keyed,
        day.isoformat(),
        *(f"{day.day:02}{s}{day.month:02}{s}{day.year}" for s in "/.- "),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.year}-{day.month}-{day.day}",
    ]

    assert normalise("date", keyed, length=None) == day.isoformat()
    assert {normalise_written("date", text, length=None) for text in written} == {day.isoformat()}


@given(DAYS, st.integers(0, 7), st.sampled_from("0123456789"))
def test_one_wrong_key_in_a_day_is_another_day_or_none(day, place, key):
    right = f"{day:%d%m}{day.year}"
    keyed = right[:place] + key + right[place + 1 :]
    assume(keyed != right)

    assert normalise("date", keyed, length=None) != day.isoformat()


@given(st.text(max_size=12), st.sampled_from(sorted(KINDS)))
def test_a_canonical_form_is_one_that_a_file_may_hold_too(text, kind):
    canonical = normalise(kind, text, length=6)

    assert canonical is None or normalise_written(kind, canonical, length=6) == canonical


@given(st.integers(1, 999_999), st.integers(1, 6))
def test_leading_zeros_of_a_number_say_nothing_and_those_of_digits_do(number, width):
    keyed = f"{number:0{width}}"

    assert normalise("number", keyed, length=6) == str(number)
    assert normalise("digits", keyed, length=len(keyed)) == keyed


@pytest.mark.parametrize(("kind", "length"), [("colour", 4), ("digits", None), ("number", None)])
def test_a_question_that_is_configured_wrongly_is_said_so(kind, length):
    with pytest.raises(ConfigError):
        normalise(kind, "1234", length=length)


def alices_mac(**changes: str) -> str:
    asked = {"case": "100000017", "question": "birth_date", "kind": "date", "answer": "1980-02-01"}
    return answer_mac(KEYRING, **(asked | changes))


@pytest.mark.parametrize(
    "change",
    [
        {"case": "100000025"},
        {"question": "letter_code"},
        {"kind": "digits"},
        {"answer": "1980-02-02"},
        {"key_id": "old"},
    ],
)
def test_a_hash_is_bound_to_everything_that_it_is_about(change):
    assert alices_mac() == alices_mac()
    assert alices_mac(**change) != alices_mac()


def test_a_hash_under_a_key_that_is_gone_is_said_so():
    with pytest.raises(BadSeal):
        alices_mac(key_id="lost")
