"""What is keyed or written as an answer, in its one canonical form, and the hash of it."""

import pytest

from bot.answers import KINDS, answer_mac, keyed, said, version_of, written
from bot.errors import BadSeal, ConfigError
from bot.keys import Keyring
from tests.answers.tables import OF_KIND, Asked

KEYRING = Keyring({"new": bytes(32), "old": bytes([1]) * 32})


@pytest.mark.parametrize(
    ("kind", "keys", "canonical"),
    [
        ("date", "01021980", "1980-02-01"),
        ("date", "29022000", "2000-02-29"),
        ("date", "29021900", None),
        ("date", "31041980", None),
        ("date", "13131980", None),
        ("date", "00011980", None),
        ("date", "31121899", None),
        ("date", "01012101", None),
        ("date", "1021980", None),
        ("date", "19800201", None),
        ("date", "01/02/1980", None),
        ("digits", "0123", "0123"),
        ("digits", "123", None),
        ("digits", "01234", None),
        ("number", "12", "12"),
        ("number", "00012", "12"),
        ("number", "0", None),
        ("number", "000", None),
        ("number", "000012", None),
        ("month_year", "042019", "2019-04"),
        ("month_year", "132019", None),
        ("month_year", "42019", None),
        ("year", "2004", "2004"),
        ("year", "2101", None),
        ("year", "04", None),
        ("postcode_digits", "12", "12"),
        ("postcode_digits", "152", "152"),
        ("postcode_digits", "01", "01"),
        ("postcode_digits", "012", None),
        ("postcode_digits", "1", None),
        ("postcode_digits", "1234", None),
        ("postcode", "12", None),
        ("postcode", "7912222", None),
        ("amount", "12", "12.00"),
        ("amount", "12*50", "12.50"),
        ("amount", "0*50", "0.50"),
        ("amount", "0*00", "0.00"),
        ("amount", "012*05", "12.05"),
        ("amount", "999999*99", "999999.99"),
        ("amount", "1000000", None),
        ("amount", "12*5", None),
        ("amount", "12*505", None),
        ("amount", "12*5*0", None),
        ("amount", "12**50", None),
        ("amount", "12*", None),
        ("amount", "*50", None),
        ("amount", "0", None),
        ("amount", "00", None),
        ("choice", "1", "monthly"),
        ("choice", "5", "it varies"),
        ("choice", "6", None),
        ("choice", "11", None),
        ("choice", "01", None),
    ],
)
def test_what_alice_keys(kind, keys, canonical):
    assert keyed(OF_KIND[kind], keys) == canonical


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "junk", ["", "#", "12*4", "٠١٠٢١٩٨٠", "²²²²", " 0123", "01 2", "-123", "\n", "1\n", "*", "0"]
)
def test_what_is_not_keys_is_no_answer_of_any_kind(kind, junk):
    assert keyed(OF_KIND[kind], junk) is None


@pytest.mark.parametrize(
    ("kind", "text", "canonical"),
    [
        ("date", " 1980-02-01 ", "1980-02-01"),
        ("date", "01/02/1980", "1980-02-01"),
        ("date", "1/2/1980", "1980-02-01"),
        ("date", "01/02-1980", None),
        ("date", "1980-02", None),
        ("date", "02/1980", None),
        ("date", "01/02/80", None),
        ("date", "1980-13-01", None),
        ("date", "yesterday", None),
        ("month_year", "2019-04", "2019-04"),
        ("month_year", "04/2019", "2019-04"),
        ("month_year", "2019-04-01", None),
        ("month_year", "13/2019", None),
        ("digits", "12 3-4", "1234"),
        ("digits", "12345", None),
        ("number", "12", "12"),
        ("number", "12A", None),
        ("year", "2004", "2004"),
        ("postcode", "SW1A 2AA", "SW1A2AA"),
        ("postcode", "sw1a2aa", "SW1A2AA"),
        ("postcode", "SW1A 2AC", None),
        ("postcode", "QQ1 1AA", None),
        ("postcode", "S015 2AB", None),
        ("postcode", "ſw1a 2aa", None),
        ("postcode_digits", "12", "12"),
        ("postcode_digits", "SW1A 2AA", "12"),
        ("postcode_digits", "SO15 2AB", "152"),
        ("postcode_digits", "SW1A 2AC", None),
        ("postcode_digits", "1", None),
        ("amount", "1234.56", "1234.56"),
        ("amount", "£1,234.56", "1234.56"),
        ("amount", "12", "12.00"),
        ("amount", "12.5", None),
        ("amount", "1,23.00", None),
        ("amount", "-12.00", None),
        ("choice", "Monthly", "monthly"),
        ("choice", "IT VARIES", "it varies"),
        ("choice", "every week", "weekly"),
        ("choice", "1", None),
        ("choice", "sometimes", None),
    ],
)
def test_what_is_written_in_a_file(kind, text, canonical):
    assert written(OF_KIND[kind], text) == canonical


@pytest.mark.parametrize(
    "question", [Asked("colour"), Asked("digits", length=None), Asked("number", length=None)]
)
@pytest.mark.parametrize("read", [keyed, said, written])
def test_a_question_that_is_configured_wrongly_is_said_so(question, read):
    with pytest.raises(ConfigError):
        read(question, "1234")


def test_hashes_of_the_first_version_stay_valid():
    """A change of these numbers makes every import of theirs worthless: it must be meant."""
    assert {kind: version_of(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert version_of("a kind of long ago") == 0


def alices_mac(**changes: str) -> str:
    asked = {"case": "100000017", "question": "birth_date", "kind": "date", "answer": "1980-02-01"}
    return answer_mac(KEYRING, **(asked | changes))


def test_the_hash_itself_is_the_one_that_older_imports_hold():
    assert alices_mac() == KEYRING.mac(
        "answer", "100000017", "birth_date", "date", "1", "1980-02-01"
    )


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
