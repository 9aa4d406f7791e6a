"""Alice has her records erased: what may go goes, what must stay is named with its rule."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot import erasures_file
from bot.archivist import Archivist
from bot.chain_check import Breach, verify
from bot.erasing import Erasing
from bot.erasure_orders import draft, erase_person, file_of
from bot.errors import StoreDown
from bot.halts import is_left_alone
from bot.holding import lift_hold, place_hold
from bot.person import documents, held_on, known_by
from bot.records.flow_log_tables import flow_log_lines
from bot.records.holds import Hold
from bot.records.person_erasing import Found
from bot.rekeyed import Rekeyed
from bot.retention import Retention
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import ALICE, BOB, DAVE, Person

Build = Callable[..., HouseInMemory]
DAY = 86400.0
BODY = "please ring me about my thing"


def archive(house: HouseInMemory) -> None:
    """What happened is in the archive, and some time ago."""
    house.work()
    archivist = Archivist(house.runtime, "one")
    while archivist.take_one(DESK) is not None:
        pass
    house.later(60)


def rung_and_told(house: HouseInMemory, person: Person) -> None:
    """They text, are rung, verified and told about their case."""
    house.text(person, BODY)
    call = house.place()
    call.answered()
    call.press("1")
    call.press("1")
    call.answer_all(person)
    call.press("1")  # the number in use is the best one
    call.press("1")
    assert person.tells(call.heard().text)
    call.hang_up()


def erase(house: HouseInMemory, person: Person, *, by_number: bool = False) -> Found:
    number = person.phone if by_number else None
    case = None if by_number else person.reference
    whose = known_by(house.runtime, case=case, number=number)
    return erase_person(
        house.runtime, whose, number=number, by="s1001", reason="they asked in writing"
    )


def left(house: HouseInMemory, person: Person) -> Any:
    """What is still held on them, but for the department's sheet: tables and keys."""
    held = held_on(house.runtime, case=person.reference, number=None)
    sheet = ("cases", "case_numbers", "best_numbers")
    records = {name: rows for name, rows in held["records"].items() if rows and name not in sheet}
    return records, sorted(held["redis"])


def sound(house: HouseInMemory) -> bool:
    """Whether the chain over all that is archived holds."""
    chain = house.runtime.records.chain
    found = list(verify(DESK, chain.blocks(DESK), chain.lines_of(DESK), lambda block: True, {}))
    return bool(found) and not any(isinstance(each, Breach) for each in found)


def sweep(house: HouseInMemory) -> None:
    retention = Retention(house.runtime)
    while retention.take_one(DESK, now_due=True) != "nothing more":
        pass


def finish_tasks(house: HouseInMemory) -> None:
    for each in house.runtime.tasks.open():
        house.runtime.tasks.finish(each.id, "s1001", house.clock.now())


def test_what_may_go_goes_and_what_must_stay_is_named(house: HouseInMemory) -> None:
    rung_and_told(house, ALICE)
    house.text(ALICE, "STOP")
    house.text(BOB, BODY)
    house.work()
    finish_tasks(house)
    archive(house)
    bobs = left(house, BOB)

    found = erase(house, ALICE)

    assert found.goes.keys() == {
        *("tasks", "missed_calls", "flow_log_personal", "conversations", "callbacks")
    }
    assert found.kept == {
        "disclosures": 2,  # the record, and the line that tells of it
        "left_alone": 2,  # for her number, and for her case
        "dial_rules": 1,
        "case_sheet": 1,
    } | {rule: count for rule, count in found.kept.items() if rule == "failed_checks"}
    records, redis = left(house, ALICE)
    assert records.keys() == {"disclosures", "flow_log_lines"}
    assert [row["kind"] for row in records["flow_log_lines"]] == ["disclosure"]
    assert all("left_alone" in key or "budget" in key or "number" in key for key in redis), redis
    assert left(house, BOB) == bobs, "it is hers and nobody else's"
    assert sound(house)
    unit = UnitOfWork(house.store, DESK)
    hashed = house.runtime.keyring.number_hash(ALICE.phone)
    assert is_left_alone(unit, hashed, None), "erasing lifts no wish"
    with house.records.connect() as connection:
        for row in connection.exec_driver_sql("SELECT number, text_sealed FROM tasks"):
            assert tuple(row) == ("", None)


def test_it_is_written_down_by_hash_with_who_and_why_and_how_many(house: HouseInMemory) -> None:
    house.later(60)
    erase(house, ALICE)

    hashed = house.runtime.keyring.number_hash(ALICE.phone)
    (told,) = [line for line in house.log() if line["event"] == "person_erased"]
    assert (told["staff"], told["reason"]) == ("s1001", "they asked in writing")
    assert (told["case"], told["number_hash"]) == (ALICE.reference, hashed)
    assert told["detail"] == "erased missed_calls 1; kept case_sheet 1"
    (kept,) = house.runtime.records.erasures.all()
    assert (kept.by, kept.handles, kept.hashes) == ("s1001", (ALICE.reference,), (hashed,))
    assert dict(kept.went) == {"missed_calls": 1}
    path = file_of(house.runtime.settings, house.runtime.house.policy.retention)
    (written,) = erasures_file.read(path, house.runtime.keyring)
    assert (written.id, written.hashes, written.reason) == (kept.id, kept.hashes, kept.reason)
    assert ALICE.phone.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_whoever_we_owe_a_call_is_still_rung_and_goes_when_it_is_over(house: HouseInMemory) -> None:
    house.text(ALICE, BODY)
    archive(house)

    found = erase(house, ALICE)

    assert found.kept["open_callback"] > 1
    assert found.goes["conversations"] == 1, "her words go, they are not needed for the call"
    sealed = [record["tokens"] for record in conversations(house)]
    assert [
        house.runtime.keyring.open(each["text_sealed"], bound_to="text") for each in sealed
    ] == [""]
    call = house.place()
    assert call.caller == house.runtime.house.policy.desk[DESK].caller_id
    call.answered()
    call.verdict("machine_end_beep")
    call.hang_up()
    callback = next(key for key in house.store.records(DESK) if key.startswith("callback:"))
    house.write(callback, {**house.record(callback), "state": "ended"})
    for _ in range(2):
        house.later(DAY)
        archive(house)
        sweep(house)

    before = [line for line in archived(house) if line.event == "text_received"]
    assert before and all(line.case is line.number_hash is None for line in before)
    assert "person_erased_again" in [line.event for line in archived(house)]
    assert house.runtime.records.erasures.unsettled() == []
    assert house.record(callback)["number_hash"] == "" and house.record(callback)["case"] is None
    assert not any("number_sealed" in record["tokens"] for record in conversations(house))
    rekeyed = Rekeyed(house.runtime.keyring)
    for key, data in documents(house.store, DESK):
        rekeyed.document(key, data)
    assert rekeyed.unreadable == [], "keys can be rotated over what is left"
    assert sound(house)


def conversations(house: HouseInMemory) -> list[Any]:
    return [house.record(key) for key in house.store.records(DESK) if key.startswith("call:")]


def archived(house: HouseInMemory) -> list[Any]:
    with house.records.connect() as connection:
        return list(connection.execute(select(flow_log_lines).order_by(flow_log_lines.c.number)))


def test_a_text_that_the_carrier_tells_again_rings_nobody(house: HouseInMemory) -> None:
    house.text(ALICE, "STOP", sid="SM" + "7" * 32)
    archive(house)
    finish_tasks(house)
    erase(house, ALICE)
    before = house.owed()

    house.text(ALICE, "STOP", sid="SM" + "7" * 32)

    assert house.owed() == before


def test_what_is_held_stays_until_the_hold_is_lifted_and_then_goes_by_itself(
    house: HouseInMemory,
) -> None:
    house.text(ALICE, "STOP")
    house.work()
    finish_tasks(house)
    archive(house)
    hold = Hold(case=ALICE.reference, reason="a court asked", placed_by="s1001", placed_at=1.0)
    number = place_hold(house.runtime, hold)
    before = left(house, ALICE)

    found = erase(house, ALICE)

    assert not found.goes.total() and found.kept["legal_hold"] > 3
    assert left(house, ALICE) == before
    sweep(house)
    assert left(house, ALICE) == before

    assert lift_hold(house.runtime, number, "s1001", "over")
    sweep(house)
    assert left(house, ALICE)[0] == {}


def test_what_waits_to_be_archived_goes_once_it_is(house: HouseInMemory) -> None:
    house.text(ALICE, "STOP")
    house.work()
    finish_tasks(house)
    house.later(60)

    assert "flow_log_personal" not in erase(house, ALICE).goes
    for _ in range(3):  # days in which nothing is archived
        house.later(DAY)
        sweep(house)
    archive(house)
    assert "flow_log_lines" in left(house, ALICE)[0]
    sweep(house)

    assert [row["event"] for row in left(house, ALICE)[0]["flow_log_lines"]] == ["person_erased"]
    assert sound(house)


def test_of_a_stranger_all_goes_by_the_number(house: HouseInMemory) -> None:
    house.text(DAVE, BODY)
    house.work()
    assert [each.case for each in house.runtime.tasks.open()] == [None]
    finish_tasks(house)
    archive(house)

    found = erase(house, DAVE, by_number=True)

    assert found.goes["tasks"] == 1 and not found.kept["open_task"]
    held = held_on(house.runtime, case=None, number=DAVE.phone)
    assert not any(held["records"].values()) and not held["redis"]


def test_what_cannot_be_written_down_is_not_done(house: HouseInMemory) -> None:
    house.later(60)
    path = file_of(house.runtime.settings, house.runtime.house.policy.retention)
    path.mkdir()

    with pytest.raises(erasures_file.BadErasures, match="cannot be written"):
        erase(house, ALICE)

    assert left(house, ALICE)[0].keys() == {"missed_calls"}


def test_looking_changes_nothing(house: HouseInMemory) -> None:
    house.text(ALICE, BODY)
    archive(house)
    before, log = left(house, ALICE), len(house.log())
    whose = known_by(house.runtime, case=ALICE.reference, number=None)
    order = draft(house.runtime, whose, number=None, by="s1001", reason="why")

    assert Erasing.of(house.runtime).look(order, house.clock.now()).goes["missed_calls"] == 1

    assert left(house, ALICE)[1] == before[1]
    assert house.runtime.records.erasures.all() == []
    assert len(house.log()) == log + 1  # of the looking of this test


def test_nobody_is_erased_by_whoever_can_write_the_file(house: HouseInMemory) -> None:
    house.later(60)
    erase(house, ALICE)
    path = file_of(house.runtime.settings, house.runtime.house.policy.retention)
    keyring, whole = house.runtime.keyring, path.read_text()

    path.write_text(whole.replace(ALICE.reference, BOB.reference))
    with pytest.raises(erasures_file.BadErasures, match="line 1 was altered"):
        erasures_file.read(path, keyring)
    path.write_text(whole + whole[:40])  # whoever wrote died half-way
    assert len(erasures_file.read(path, keyring)) == 1
    house.later(60)
    erase(house, BOB)
    assert len(erasures_file.read(path, keyring)) == 2
    path.write_text(json.dumps({"erasure": "{}", "key": "k9", "mac": ""}) + "\n")
    with pytest.raises(erasures_file.BadErasures, match="key that is not held"):
        erasures_file.read(path, keyring)


def test_nothing_goes_while_the_records_are_down(house: HouseInMemory) -> None:
    house.text(ALICE, "STOP")
    whose = known_by(house.runtime, case=ALICE.reference, number=None)
    house.records.dispose()
    with house.records.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE erasures RENAME TO gone")
    before = house.everything()

    with pytest.raises(StoreDown):
        erase_person(house.runtime, whose, number=None, by="s1001", reason="why")

    assert house.everything() == before
