"""Imports: a file of cases or of missed calls goes in whole, or not at all with every reason why.

A file is read twice, a row at a time: once to judge all of it, without touching the database, and
once to write it in one transaction.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from io import SEEK_END
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert

from bot.answers import Question, answer_mac, version_of
from bot.errors import BadImport
from bot.keys import Keyring
from bot.proof import Fact
from bot.records.case_sheet import (
    ANSWER,
    CASE_OPTIONAL,
    MISSED_CALL_OPTIONAL,
    Known,
    case_readers,
    missed_call_readers,
)
from bot.records.database import asking
from bot.records.naming import hold, settled
from bot.records.sheets import Openable, Row, Sheet
from bot.records.spoken_facts import spoken_balance, spoken_contact, spoken_payment
from bot.records.tables import answers, case_numbers, cases, missed_calls, sealed_in

Progress = Callable[[int, int], None]
_Json = dict[str, Any]

_BATCH = 500  # rows written at a time


def import_cases(
    engine: Engine,
    keyring: Keyring,
    questions: Mapping[str, Question],
    rows_path: Openable,
    *,
    known: Known,
    now: float,
    progress: Progress = lambda done, total: None,
) -> int:
    """Import a CSV file of cases (columns: `bot.records.case_sheet`); how many there were.

    A case that we hold already is replaced, answers and numbers included. `progress` is told how
    much of the work is done, in units of its own. Raises `BadImport` with every bad row.
    """
    readers = case_readers(questions, known, now)
    sheet = Sheet(rows_path, readers, unique="reference", optional=CASE_OPTIONAL)
    keyring = settled(engine, keyring, now)

    def write(connection: Connection, rows: list[Row]) -> None:
        hold(connection, keyring)
        handles = [row.values["reference"] for row in rows]
        connection.execute(delete(cases).where(cases.c.handle.in_(handles)))
        connection.execute(insert(cases), [_case(row, keyring, now) for row in rows])
        connection.execute(
            insert(case_numbers), [n for row in rows for n in _numbers(row, keyring)]
        )
        if hashed := [a for row in rows for a in _answers(row, keyring, questions)]:
            connection.execute(insert(answers), hashed)

    return _import(engine, sheet, _size(rows_path), write, progress)


def import_missed_calls(
    engine: Engine,
    keyring: Keyring,
    rows_path: Openable,
    *,
    known: Known,
    now: float,
    progress: Progress = lambda done, total: None,
) -> int:
    """Import a CSV file of missed calls, in the same way; one that we hold already is replaced.

    A row without an id is known by its number, case, officer and time.
    """
    readers = missed_call_readers(known, now)
    sheet = Sheet(rows_path, readers, unique="id", optional=MISSED_CALL_OPTIONAL)
    keyring = settled(engine, keyring, now)

    def write(connection: Connection, rows: list[Row]) -> None:
        hold(connection, keyring)
        made = {call["id"]: call for call in (_missed_call(row, keyring) for row in rows)}
        connection.execute(delete(missed_calls).where(missed_calls.c.id.in_(list(made))))
        connection.execute(insert(missed_calls), list(made.values()))

    return _import(engine, sheet, _size(rows_path), write, progress)


def _import(
    engine: Engine,
    sheet: Sheet,
    size: int,
    write: Callable[[Connection, list[Row]], None],
    progress: Progress,
) -> int:
    bad: list[tuple[int, str]] = []
    for number, row in enumerate(sheet.rows(), 1):
        bad += [(row.line, reason) for reason in row.reasons]
        if number % _BATCH == 0:
            progress(row.end, 2 * size)
    if bad:
        raise BadImport(bad)
    done = 0
    with asking(engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
        for batch in _batches(sheet):
            write(connection, batch)
            done += len(batch)
            progress(size + batch[-1].end, 2 * size)
    return done


def _batches(sheet: Sheet) -> Iterator[list[Row]]:
    rows = sheet.rows()
    while batch := list(islice(rows, _BATCH)):
        for row in batch:
            if row.reasons:  # the file changed under our hands
                raise BadImport([(row.line, reason) for reason in row.reasons])
        yield batch


def _case(row: Row, keyring: Keyring, now: float) -> _Json:
    value = row.values
    handle, language = value["reference"], value["language"]
    details = {
        Fact.BALANCE.value: spoken_balance(value["balance"], value["as_at"], language),
        Fact.LAST_PAYMENT.value: spoken_payment(value["last_payment"], language),
        Fact.NEXT_ACTION.value: value["next_action"],
        Fact.LAST_CONTACT.value: spoken_contact(value["last_contact"], language),
    }
    return {
        "handle": handle,
        "customer": keyring.name_of("customer", value["customer"]),
        "customer_sealed": keyring.seal(
            value["customer"], bound_to=sealed_in("case", handle, "customer")
        ),
        "desk": value["desk"],
        "officer": value["officer"],
        "nation": value["nation"],
        "language": language,
        "held": ",".join(sorted({*value["held"], *value["phone"].restrictions})),
        "settled_on": value["settled"],
        "correspondence_at": value["correspondence_at"],
        "ring_hours": value["ring_hours"],
        "unit": value["unit"],
        "visit_at": value["visit_at"],
        "full_name": keyring.seal(
            value["full_name"], bound_to=sealed_in("case", handle, "full_name")
        ),
        "details": keyring.seal(json.dumps(details), bound_to=sealed_in("case", handle, "details")),
        "imported_at": now,
    }


def _numbers(row: Row, keyring: Keyring) -> list[_Json]:
    handle = row.values["reference"]
    return [
        {
            "handle": handle,
            "place": place,
            "number_hash": keyring.number_hash(e164),
            "number_sealed": keyring.seal(e164, bound_to=sealed_in("case", handle, "number")),
        }
        for place, e164 in enumerate(row.values["phone"].e164s)
    ]


def _answers(row: Row, keyring: Keyring, questions: Mapping[str, Question]) -> Iterator[_Json]:
    handle = row.values["reference"]
    for id, question in questions.items():
        answer = row.values[ANSWER + id]
        if answer is not None:
            mac = answer_mac(keyring, case=handle, question=id, kind=question.kind, answer=answer)
            yield {
                "handle": handle,
                "question": id,
                "kind": question.kind,
                "normaliser_version": version_of(question.kind),
                "key_id": keyring.newest,
                "mac": mac,
            }


def _missed_call(row: Row, keyring: Keyring) -> _Json:
    value = row.values
    parts = (value["phone"], value["reference"] or "", value["officer"], repr(value["at"]))
    id = value["id"] or keyring.name_of("missed call", *parts)
    return {
        "id": id,
        "number_hash": keyring.number_hash(value["phone"]),
        "number_sealed": keyring.seal(
            value["phone"], bound_to=sealed_in("missed_call", id, "number")
        ),
        "case": value["reference"],
        "officer": value["officer"],
        "at": value["at"],
    }


def _size(file: Openable) -> int:
    with file.open("rb") as content:
        return content.seek(0, SEEK_END)
