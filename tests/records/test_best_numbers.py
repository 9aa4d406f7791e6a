"""The best number goes first, the others stay; what is newer wins, and an import is newer."""

import pytest
from sqlalchemy import select

from bot.records import SAMPLE_CASES, Noted, SqlCaseDirectory, import_cases
from bot.records.best_numbers import SqlBestNumbers
from bot.records.tables import case_numbers
from tests.records.world import KNOWN, NOW, QUESTIONS

ALICE, NOBODY = "100000017", "100000090"
FIRST, NEW, OTHER = "+447700900123", "+447700900777", "+447700900778"


@pytest.fixture
def world(engine, keyring):
    import_cases(engine, keyring, QUESTIONS, SAMPLE_CASES, known=KNOWN, now=NOW)
    return engine


@pytest.fixture
def best(world, keyring):
    return SqlBestNumbers(world, keyring)


@pytest.fixture
def directory(world, keyring):
    return SqlCaseDirectory(world, keyring)


def test_it_is_the_first_and_the_others_stay_behind_it(best, directory, keyring):
    before = directory.number_hashes(ALICE)

    assert best.note(ALICE, NEW, conversation="CA1", at=NOW + 1) is Noted.CHANGED

    assert directory.number_of(ALICE) == NEW
    assert directory.number_hashes(ALICE) == [keyring.number_hash(NEW), *before]
    assert [case.handle for case in directory.by_number(keyring.number_hash(NEW))] == [ALICE]


def test_one_that_is_on_the_case_moves_to_the_front(best, directory):
    best.note(ALICE, NEW, conversation="CA1", at=NOW + 1)
    before = directory.number_hashes(ALICE)

    assert best.note(ALICE, FIRST, conversation="CA2", at=NOW + 2) is Noted.CHANGED

    assert directory.number_of(ALICE) == FIRST
    assert sorted(directory.number_hashes(ALICE)) == sorted(before)


def test_one_that_is_the_first_changes_nothing(best, directory):
    before = directory.number_hashes(ALICE)

    assert best.note(ALICE, FIRST, conversation="CA1", at=NOW + 1) is Noted.AS_BEFORE
    assert directory.number_hashes(ALICE) == before


def test_the_same_again_says_the_same_again(best):
    told = [best.note(ALICE, NEW, conversation="CA1", at=NOW + 1) for _ in range(3)]

    assert told == [Noted.CHANGED] * 3


def test_an_older_call_does_not_undo_a_later_one(best, directory):
    best.note(ALICE, NEW, conversation="CA2", at=NOW + 2)

    assert best.note(ALICE, OTHER, conversation="CA1", at=NOW + 1) is Noted.OVERTAKEN
    assert directory.number_of(ALICE) == NEW


def test_nor_one_that_found_its_number_first_already(best, directory):
    best.note(ALICE, FIRST, conversation="CA2", at=NOW + 2)

    assert best.note(ALICE, OTHER, conversation="CA1", at=NOW + 1) is Noted.OVERTAKEN
    assert directory.number_of(ALICE) == FIRST


def test_a_later_import_wins_over_it_and_over_what_comes_late(best, directory, world, keyring):
    best.note(ALICE, NEW, conversation="CA1", at=NOW + 1)

    import_cases(world, keyring, QUESTIONS, SAMPLE_CASES, known=KNOWN, now=NOW + 10)

    assert directory.number_of(ALICE) == FIRST
    assert best.note(ALICE, NEW, conversation="CA1", at=NOW + 1) is Noted.OVERTAKEN
    assert best.note(ALICE, NEW, conversation="CA2", at=NOW + 11) is Noted.CHANGED


def test_a_case_that_is_not_there_is_told(best):
    assert best.note(NOBODY, NEW, conversation="CA1", at=NOW + 1) is Noted.NO_CASE


def test_no_number_stands_there_in_clear(best, world):
    best.note(ALICE, NEW, conversation="CA1", at=NOW + 1)

    with world.connect() as connection:
        rows = str(connection.execute(select(case_numbers)).all())
    assert "7700900777" not in rows


def test_who_says_it_again_in_a_later_call_changes_nothing(best, directory):
    best.note(ALICE, NEW, conversation="CA1", at=NOW + 1)
    before = directory.number_hashes(ALICE)

    assert best.note(ALICE, NEW, conversation="CA2", at=NOW + 2) is Noted.AS_BEFORE
    assert directory.number_hashes(ALICE) == before
