"""Import files: all of it or none of it, with every reason why."""

import csv
import os

import pytest
from sqlalchemy import func, select

from bot.cases import check_digit
from bot.errors import BadImport
from bot.records import (
    SAMPLE_CASES,
    SAMPLE_MISSED_CALLS,
    SqlCaseDirectory,
    import_cases,
    import_missed_calls,
)
from bot.records.tables import answers, case_numbers, cases, missed_calls
from tests.records.world import KNOWN, NOW, QUESTIONS

ALICE, BOB, CARYS = "100000017", "100000025", "100000033"
ALICES_ROW = {
    "reference": ALICE,
    "customer": "UTR 9876543210",
    "full_name": "Alice Margaret Example",
    "phone": "07700 900123",
    "desk": "main",
    "officer": "s1001",
    "nation": "england",
    "language": "",
    "held": "",
    "balance": "1234.56",
    "last_payment": "",
    "next_action": "an officer will ring you",
    "as_at": "2026-09-01",
    **{f"answer.{id}": "" for id in QUESTIONS},
}


@pytest.fixture
def importing(engine, keyring, tmp_path):
    """Imports these rows (or this text, or these bytes) and says how many there were."""

    def run(*rows, data=None, importer=import_cases, **settings):
        path = tmp_path / "rows.csv"
        if data is None:
            with path.open("w", encoding="utf-8", newline="") as file:
                sheet = csv.DictWriter(file, list(rows[0]))
                sheet.writeheader()
                sheet.writerows(rows)
        else:
            path.write_bytes(data)
        asked = (QUESTIONS,) if importer is import_cases else ()
        return importer(engine, keyring, *asked, path, known=KNOWN, now=NOW, **settings)

    return run


@pytest.fixture
def refused(importing):
    """The (line, reason) of every row that was refused."""

    def run(*rows, **settings):
        with pytest.raises(BadImport) as error:
            importing(*rows, **settings)
        return error.value.rows

    return run


@pytest.fixture
def count(engine):
    def rows_in(table):
        with engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar()

    return rows_in


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("reference", "100000018", "wrong check digit"),
        ("reference", "10000001", "not nine digits"),
        ("reference", "", "not nine digits"),
        ("customer", "", "missing"),
        ("full_name", "", "missing"),
        ("full_name", "  ", "missing"),
        ("full_name", "Alice\x07Example", "characters that cannot be spoken"),
        ("full_name", "A" * 501, "over 500 characters"),
        ("phone", "", "not a telephone number"),
        ("phone", "07700 90012", "not a telephone number that exists"),
        ("phone", "+266696687", "not a telephone number that exists"),
        ("phone", "07700 900123;", "not a telephone number"),
        ("phone", "see letter", "not a telephone number"),
        ("desk", "north", "not a known desk"),
        ("officer", "mallory", "not a known officer"),
        ("officer", "", "not a known officer"),
        ("nation", "cornwall", "not a known nation"),
        ("nation", "", "not a known nation"),
        ("language", "fr", "not a known language"),
        ("held", "breathing_spcae", "not a known restriction"),
        ("balance", "", "not pounds and pence"),
        ("balance", "1,234.56", "not pounds and pence"),
        ("balance", "12.5", "not pounds and pence"),
        ("balance", "-12.50", "not pounds and pence"),
        ("balance", "£12", "not pounds and pence"),
        ("balance", "nan", "not pounds and pence"),
        ("balance", "1e3", "not pounds and pence"),
        ("last_payment", "250.00", "not a date"),
        ("last_payment", "2026-03-01", "not pounds and pence"),
        ("last_payment", "2026-02-30 250.00", "not a date"),
        ("last_payment", "2026-12-01 250.00", "lies in the future"),
        ("next_action", "", "missing"),
        ("as_at", "", "not a date"),
        ("as_at", "01/03/2026", "not a date"),
        ("as_at", "2026-12-01", "lies in the future"),
        ("answer.birth_date", "1980-02-30", "not understood as date"),
        ("answer.account_last4", "432", "not understood as digits"),
        ("answer.house_number", "12A", "not understood as number"),
        ("answer.registered_year", "04", "not understood as year"),
    ],
)
def test_a_bad_cell_is_refused_by_line_column_and_reason(refused, count, column, cell, reason):
    rows = refused(ALICES_ROW | {"reference": BOB}, ALICES_ROW | {column: cell})

    [(line, said)] = rows
    assert (line, said.startswith(f"{column}: ")) == (3, True)
    assert reason in said
    assert count(cases) == 0


def test_every_bad_row_is_reported_at_once_and_none_is_half_imported(refused, count):
    rows = refused(
        ALICES_ROW,
        ALICES_ROW | {"reference": "123", "officer": "mallory"},
        ALICES_ROW,
        ALICES_ROW | {"reference": BOB, "phone": "1"},
    )

    assert rows == [
        (3, "reference: not nine digits"),
        (3, "officer: not a known officer"),
        (4, "reference: already on line 2"),
        (5, "phone: not a telephone number"),
    ]
    assert [count(table) for table in (cases, case_numbers, answers)] == [0, 0, 0]


def test_no_reason_repeats_what_stands_in_the_file(refused):
    everywhere = {column: "Zaphod Planted" for column in ALICES_ROW}
    said = str(refused(everywhere | {"full_name": ""}))
    headless = str(refused(data=b"Zaphod Planted,zaphod@example.com,07700 900123\n"))

    assert "aphod" not in said + headless
    assert "lanted" not in said + headless
    assert "900123" not in headless


HEADER = ",".join(ALICES_ROW).encode()
ROW = ",".join(ALICES_ROW.values()).encode()


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"", [(1, "no header: the first line names the columns")]),
        (
            HEADER.replace(b",phone,", b",fone,"),
            ["missing column phone", "unknown column 4 (fone)"],
        ),
        (HEADER + b",phone\n", ["column phone stands twice"]),
        (HEADER + b"," + b"\n", ["unknown column 23"]),
        (HEADER.replace(b"birth_date", b"shoe_size"), ["missing column answer.birth_date", "shoe"]),
        (HEADER + b"\n" + ROW + b",\n", [(2, "23 columns where the header has 22")]),
        (HEADER + b"\n\n" + ROW[:-1] + b"\n", [(3, "21 columns where the header has 22")]),
        (HEADER + b"\n" + ROW.replace(b"Alice", b"Ali\xe9"), [(2, "not UTF-8 text")]),
        ((HEADER + b"\n" + ROW).decode().encode("utf-16"), [(1, "not UTF-8 text")]),
        (
            HEADER + b"\n" + ROW.replace(b"Alice", b'"Alice'),
            [(2, "not CSV from here on: look for a")],
        ),
        (HEADER + b'\n"' + b"x\n" * 200_000, [(2, "not CSV from here on: look for a")]),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(refused, data, rows):
    said = refused(data=data)

    assert len(said) == len(rows)
    for (line, reason), expected in zip(said, rows, strict=True):
        at, part = expected if isinstance(expected, tuple) else (1, expected)
        assert line == at
        assert part in reason


def test_what_spreadsheets_do_to_a_file_is_taken(importing, engine, keyring):
    name = "\u0141ucja O'Example, Esq.".encode()
    body = ROW.replace(b"Alice Margaret Example", b'"' + name + b'"')

    assert importing(data=b"\xef\xbb\xbf" + HEADER + b"\r\n\r\n" + body + b"\r\n\r\n") == 1
    assert SqlCaseDirectory(engine, keyring).full_name(ALICE) == name.decode()


def test_a_file_with_a_header_and_nothing_else_is_no_cases(importing):
    assert importing(data=HEADER + b"\n") == 0


def test_a_second_import_replaces_a_case_and_leaves_the_others(importing, engine, keyring, count):
    both = [ALICES_ROW | {"answer.letter_code": "123456"}, ALICES_ROW | {"reference": BOB}]
    assert importing(*both) == 2
    moved = ALICES_ROW | {"phone": "07700 900321; 07700 900322", "answer.birth_date": "1980-02-01"}
    assert importing(moved) == 1

    directory = SqlCaseDirectory(engine, keyring)
    assert count(cases) == 2
    assert directory.number_of(ALICE) == "+447700900321"
    on_old_number = directory.by_number(keyring.number_hash("+447700900123"))
    assert [case.handle for case in on_old_number] == [BOB]
    assert [answer.question for answer in directory.answers(ALICE)] == ["birth_date"]


def test_a_file_of_many_rows_is_imported_with_its_progress(importing, count):
    handles = [f"{n}{check_digit(str(n))}" for n in range(20_000_000, 20_001_234)]
    told = []
    rows = [ALICES_ROW | {"reference": handle} for handle in handles]

    assert importing(*rows, progress=lambda done, total: told.append(done / total)) == 1234
    assert count(cases) == 1234
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_file_that_changes_under_our_hands_is_not_half_imported(importing, count, tmp_path):
    handles = [f"{n}{check_digit(str(n))}" for n in range(20_000_000, 20_001_000)]

    def spoil(done, total):
        if done * 2 < total:
            return
        path = tmp_path / "rows.csv"
        with path.open("r+b") as file:
            file.seek(-2000, os.SEEK_END)
            file.write(b"x" * 1000)

    with pytest.raises(BadImport):
        importing(*(ALICES_ROW | {"reference": h} for h in handles), progress=spoil)
    assert count(cases) == 0


def test_nothing_about_a_person_stands_in_the_file_of_the_database(with_sample, keyring, tmp_path):
    if with_sample.dialect.name != "sqlite":
        pytest.skip("reads the file of SQLite")
    import_missed_calls(with_sample, keyring, SAMPLE_MISSED_CALLS, known=KNOWN, now=NOW)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("records.db*"))
    with SAMPLE_CASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert rows[0]["reference"].encode() in raw  # the handle may: so we do look at the right bytes
    numbers = {number.strip() for row in rows for number in row["phone"].split(";")}
    secrets = {row[column] for row in rows for column in ("full_name", "balance", "next_action")}
    secrets |= {row["answer.letter_code"] for row in rows} | {"1980-02-01", "01021980", "alice"}
    secrets |= {number[-9:] for number in numbers} | {"700900123", "1,234 pounds", "Margaret"}
    assert [secret for secret in secrets if secret.encode() in raw] == []


MISSED = {"phone": "07700 900123", "officer": "s1001"}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"phone": ""}, "phone: not a telephone number"),
        ({"officer": "mallory"}, "officer: not a known officer"),
        ({"reference": "100000018"}, "reference: wrong check digit"),
        ({"at": "yesterday"}, "at: not a time such as"),
        ({"at": "2026-09-01T10:00:00"}, "at: a time without its zone"),
        ({"at": "2027-09-01T10:00:00Z"}, "at: lies in the future"),
    ],
)
def test_a_missed_call_that_cannot_be_is_refused(refused, count, cells, reason):
    [(line, said)] = refused(MISSED | cells, importer=import_missed_calls)

    assert line == 2
    assert said.startswith(reason)
    assert count(missed_calls) == 0


def test_a_missed_call_imported_twice_is_there_once(importing, count):
    dated = MISSED | {"at": "2026-09-01T10:00:00Z"}
    named = MISSED | {"id": "pbx-17"}

    for row in (dated, dated, named, named):
        assert importing(row, importer=import_missed_calls) == 1
    assert count(missed_calls) == 2
    assert importing(dated, dated, importer=import_missed_calls) == 2
    assert count(missed_calls) == 2


def test_missed_calls_with_one_id_on_two_lines_are_refused(refused):
    row = MISSED | {"id": "pbx-17"}

    assert refused(row, row, importer=import_missed_calls) == [(3, "id: already on line 2")]


def test_the_sample_files_are_whole(with_sample, keyring, count):
    found = import_missed_calls(with_sample, keyring, SAMPLE_MISSED_CALLS, known=KNOWN, now=NOW)

    assert (count(cases), found) == (8, 3)
    assert count(answers) == 8 * len(QUESTIONS)
