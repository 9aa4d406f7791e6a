"""The records under other keys, on whichever database the tests run."""

import pytest
from sqlalchemy import select, update

from bot.errors import ConfigError
from bot.keys import Keyring, key_of
from bot.records import SqlCaseDirectory, import_cases
from bot.records.naming import begin, finish, hold, naming_of, settled
from bot.records.rekeying import SqlRekeying
from bot.records.sample import SAMPLE_CASES
from bot.records.tables import case_numbers, cases
from tests.people import ALICE
from tests.records.world import KNOWN, NOW, QUESTIONS

BOTH = Keyring({"k2": b"2" * 32, "k1": bytes(range(32))})


def silent(more: int) -> None:
    """Nobody looks."""


def test_every_sealed_value_is_sealed_anew_however_small_the_batch(with_sample):
    assert SqlRekeying(with_sample, batch=3).reseal(BOTH, silent) == []

    with with_sample.begin() as connection:
        sealed = connection.execute(select(cases.c.details, cases.c.full_name)).all()
        numbers = connection.execute(select(case_numbers.c.number_sealed)).scalars()
        assert {key_of(value) for row in sealed for value in row} == {"k2"}
        assert {key_of(value) for value in numbers} == {"k2"}
    counted = SqlRekeying(with_sample).sealed(BOTH.live)
    assert counted["cases.details", "k2"] == 8
    assert not [key for key in counted if key[1] != "k2"]
    alone = SqlCaseDirectory(with_sample, Keyring({"k2": b"2" * 32}))
    assert alone.full_name(ALICE.reference) == ALICE.full_name


def test_every_number_is_found_under_its_new_name_only(with_sample):
    old, new = BOTH.named_by("k1"), BOTH.named_by("k2")
    seen = []

    SqlRekeying(with_sample, batch=3).rename(old, new, seen.append)

    directory = SqlCaseDirectory(with_sample, BOTH)
    assert [c.handle for c in directory.by_number(new.number_hash(ALICE.phone))] == [
        ALICE.reference
    ]
    assert directory.by_number(old.number_hash(ALICE.phone)) == []
    case = directory.by_handle(ALICE.reference)
    assert case.customer == new.name_of("customer", "alice")
    assert sum(seen) == SqlRekeying(with_sample).size()


def test_the_first_start_writes_down_which_key_names(engine):
    keyring = settled(engine, BOTH, NOW)

    assert keyring.names == "k1", "the last: records from before were named so"
    assert settled(engine, Keyring({"k1": bytes(range(32))}), NOW).names == "k1"
    with pytest.raises(ConfigError, match="k1, which is not given"):
        settled(engine, Keyring({"k2": b"2" * 32}), NOW)


def test_it_remembers_since_when_a_key_leads(engine, keyring):
    settled(engine, keyring, NOW)
    settled(engine, BOTH, NOW + 5)
    settled(engine, BOTH, NOW + 9)

    found = naming_of(engine)
    assert (found.first, found.first_since) == ("k2", NOW + 5)


def test_nothing_is_imported_while_names_change_nor_by_another_key(with_sample, keyring):
    begin(with_sample, "k2")
    with with_sample.begin() as connection, pytest.raises(ConfigError):
        hold(connection, BOTH.named_by("k2"))

    finish(with_sample, "k2")
    with with_sample.begin() as connection:
        hold(connection, BOTH.named_by("k2"))
        with pytest.raises(ConfigError):
            hold(connection, keyring)
    with pytest.raises(ConfigError):
        import_cases(with_sample, keyring, QUESTIONS, SAMPLE_CASES, known=KNOWN, now=NOW)


def test_a_number_that_does_not_open_is_told_by_its_row(with_sample):
    with with_sample.begin() as connection:
        alice = (case_numbers.c.handle == ALICE.reference) & (case_numbers.c.place == 0)
        connection.execute(update(case_numbers).where(alice).values(number_sealed="k9:AAAA"))

    bad = []
    found = list(SqlRekeying(with_sample).numbers(BOTH, bad))

    assert bad == [("case_numbers.number_sealed", f"{ALICE.reference} 0 (key k9)")]
    assert ALICE.phone not in found
    assert SqlRekeying(with_sample).sealed(BOTH.live)["case_numbers.number_sealed", ""] == 1
