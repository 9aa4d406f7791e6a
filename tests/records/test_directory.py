"""Finding cases: what is found, what is not, and that the two look alike."""

from contextlib import closing

import pytest
from sqlalchemy import event, text

from bot import answers, records
from bot.answers import answer_mac
from bot.cases import _GATE, Case, MissedCall
from bot.errors import BadSeal
from bot.keys import Keyring
from bot.proof import Fact
from bot.records import SqlCaseDirectory
from tests.records.world import KNOWN, NOW, QUESTIONS

ALICE, BOB, CARYS, HEIDI = "100000017", "100000025", "100000033", "100000082"
NOBODY = "999999998"


@pytest.fixture
def directory(with_sample, keyring):
    return SqlCaseDirectory(with_sample, keyring)


def spoken(details):
    return details._opened_by(_GATE)


def test_alices_case_is_found_by_its_handle(directory):
    case = directory.by_handle(ALICE)

    assert case == Case(ALICE, case.customer, "main", "s1001", "england", "en", frozenset())


def test_nobodys_case_is_not_found(directory, keyring):
    assert directory.by_handle(NOBODY) is None
    assert directory.by_number(keyring.number_hash("+447700900000")) == []
    assert directory.missed_call(keyring.number_hash("+447700900000")) is None
    assert directory.answers(NOBODY) == []
    assert directory.full_name(NOBODY) is None
    assert directory.number_of(NOBODY) is None
    assert directory.details(NOBODY) is None


def test_a_restriction_is_on_the_case(directory):
    assert directory.by_handle(HEIDI).held == {"breathing_space"}


def test_bob_is_found_by_either_number_and_rung_on_the_first(directory, keyring):
    for e164 in ("+447700900456", "+442079460456"):
        assert [case.handle for case in directory.by_number(keyring.number_hash(e164))] == [BOB]
    assert directory.number_of(BOB) == "+447700900456"


def test_two_cases_of_erin_are_one_customer_and_two_who_share_a_phone_are_two(directory, keyring):
    erins = directory.by_number(keyring.number_hash("+447700900505"))
    shared = directory.by_number(keyring.number_hash("+447700900707"))

    assert (len(erins), len({case.customer for case in erins})) == (2, 1)
    assert (len(shared), len({case.customer for case in shared})) == (2, 2)


def test_a_customer_is_not_known_by_the_departments_own_identifier(directory):
    assert directory.by_handle(ALICE).customer != "alice"


def test_alice_is_asked_for_by_her_full_name(directory):
    assert directory.full_name(ALICE) == "Alice Margaret Example"


def test_details_are_ready_to_be_spoken_and_print_as_nothing(directory):
    details = directory.details(ALICE)

    assert spoken(details) == {
        Fact.BALANCE: "1,234 pounds and 56 pence, as at 1 March 2025",
        Fact.LAST_PAYMENT: "250 pounds on 3 February 2025",
        Fact.NEXT_ACTION: "an officer will ring you in the coming week",
        Fact.LAST_CONTACT: "none recorded",
    }
    assert str(details) == "[case details]"


def test_carys_is_told_in_welsh(directory):
    assert directory.by_handle(CARYS).language == "cy"
    assert spoken(directory.details(CARYS))[Fact.BALANCE] == (
        "89 o bunnoedd, 1 geiniog, ar 1 Mawrth 2025"
    )


def test_the_answers_that_alice_keys_are_the_expected_ones(directory, keyring):
    keyed = {
        "birth_date": "01021980",
        "postcode_digits": "12",
        "house_number": "0012",
        "insurance_digits": "123456",
        "account_last4": "4321",
        "registered_year": "2004",
        "letter_code": "246801",
        "phone_last4": "0123",
        "moved_in": "062011",
    }
    expected = {answer.question: answer for answer in directory.answers(ALICE)}

    assert expected.keys() == keyed.keys()
    for question, keys in keyed.items():
        asks = QUESTIONS[question]
        answer = answers.keyed(asks, keys)
        mac = answer_mac(keyring, case=ALICE, question=question, kind=asks.kind, answer=answer)
        assert (expected[question].key_id, expected[question].mac) == ("k1", mac)


def test_an_answer_hashed_by_an_older_normaliser_counts_as_not_held(directory, with_sample):
    with with_sample.begin() as connection:
        connection.execute(
            text("UPDATE answers SET normaliser_version = 0 WHERE question = 'letter_code'")
        )

    assert "letter_code" not in {answer.question for answer in directory.answers(ALICE)}


def test_the_newest_missed_call_is_the_one(directory, with_sample, keyring, tmp_path):
    calls = tmp_path / "missed.csv"
    calls.write_text(
        "phone,reference,officer,at\n"
        f"07700 900123,{ALICE},s1001,2026-09-14T09:00:00+01:00\n"
        "07700 900123,,s1001,2026-09-01T09:00:00Z\n"
    )
    records.import_missed_calls(with_sample, keyring, calls, known=KNOWN, now=NOW)

    found = directory.missed_call(keyring.number_hash("+447700900123"))
    assert found == MissedCall(ALICE, "s1001", NOW - 26 * 3600)


def test_a_sealed_value_that_was_moved_to_another_case_does_not_open(directory, with_sample):
    with with_sample.begin() as connection:
        connection.execute(
            text(
                "UPDATE cases SET details = (SELECT details FROM cases WHERE handle = :bob), "
                "full_name = details WHERE handle = :alice"
            ),
            {"alice": ALICE, "bob": BOB},
        )

    for ask in (directory.details, directory.full_name):
        with pytest.raises(BadSeal):
            ask(ALICE)


def test_another_key_finds_no_number_and_opens_nothing(with_sample):
    mallory = Keyring({"k1": bytes(32)})
    directory = SqlCaseDirectory(with_sample, mallory)

    assert directory.by_number(mallory.number_hash("+447700900123")) == []
    with pytest.raises(BadSeal):
        directory.details(ALICE)


def test_every_question_to_the_directory_is_one_query_found_or_not(directory, with_sample, keyring):
    queries = []

    @event.listens_for(with_sample, "before_cursor_execute")
    def note(connection, cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            queries.append(statement)

    def asked(method, what):
        queries.clear()
        getattr(directory, method)(what)
        return list(queries)

    for method in ("by_handle", "answers", "full_name", "number_of", "details"):
        assert len(asked(method, ALICE)) == 1
        assert asked(method, ALICE) == asked(method, NOBODY) == asked(method, "")
    for method in ("by_number", "missed_call"):
        known, unknown = keyring.number_hash("+447700900123"), keyring.number_hash("+447700900000")
        assert len(asked(method, known)) == 1
        assert asked(method, known) == asked(method, unknown)


def test_as_many_rows_are_read_for_nobody_as_for_alice(directory, with_sample, keyring):
    """Nobody is found, and the same work was done: time is not to tell who is known."""
    asked = []

    @event.listens_for(with_sample, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, *_):
        if not statement.startswith("BEGIN"):
            asked.append((statement, parameters))

    def rows_read(method, what):
        asked.clear()
        found = getattr(directory, method)(what)
        with closing(with_sample.raw_connection()) as connection:
            (question,) = asked
            return found, len(connection.cursor().execute(*question).fetchall())

    alice = directory.by_handle(ALICE)
    number, nobodys = (keyring.number_hash(e164) for e164 in ("+447700900123", "+447700900000"))
    for method, known, unknown in (
        ("by_handle", ALICE, NOBODY),
        ("by_number", number, nobodys),
        ("answers", ALICE, NOBODY),
        ("restrictions", alice.customer, "nobody"),
    ):
        found, rows = rows_read(method, known)
        assert rows_read(method, unknown) == (
            type(found)() if method != "by_handle" else None,
            rows,
        )
        assert found or method == "restrictions"
