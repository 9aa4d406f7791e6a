"""Every kind goes when its time is over, nothing sooner, and nothing that is held."""

from dataclasses import replace

import pytest

from bot.actions import TaskReason
from bot.errors import StoreDown
from bot.holding import lift_hold, place_hold
from bot.records import SAMPLE_STAFF, import_staff
from bot.records.expiring import KINDS
from bot.records.flow_log_rows import line_of
from bot.records.flow_log_tables import flow_log_lines
from bot.records.holds import Hold
from bot.records.rekeying import SqlRekeying
from bot.retention import RECORD, Retention
from bot.retention_days import goes_before
from bot.tasks import Task, priority_of
from tests.house_in_memory import DESK, TUESDAY_AT_TEN, HouseInMemory, keyring
from tests.people import ALICE, BOB
from tests.tellings import ALICE_WAS_TOLD

DAY = 86400.0
LINE = {"at": "", "kind": "note", "desk": DESK, "event": "text_received", "number": "+44…123"}


def task(house: HouseInMemory, id: str, *, case: str, done_days_ago: float | None) -> None:
    """A task with words and a number of somebody's."""
    filed = Task(
        id=id,
        desk=DESK,
        reason=TaskReason.TEXT_NEEDS_PERSON,
        priority=priority_of(TaskReason.TEXT_NEEDS_PERSON),
        owner="s1001",
        raised_at=TUESDAY_AT_TEN - 4000 * DAY,
        conversation=id,
        case=case,
        number="+44 … 123",
        number_sealed="sealed",
        text_sealed="sealed",
    )
    house.runtime.tasks.file(filed)
    if done_days_ago is not None:
        house.runtime.tasks.finish(id, "s1001", TUESDAY_AT_TEN - done_days_ago * DAY)


def lines(house: HouseInMemory, *days_ago: float, case: str = ALICE.reference) -> None:
    """Archived lines about somebody, so many days old."""
    entries = [
        (
            f"{1 + place}-{int(days)}",
            {**LINE, "case": case, "number_hash": "a" * 32}
            | {"at": f"{TUESDAY_AT_TEN - days * DAY:.3f}"},
        )
        for place, days in enumerate(days_ago)
    ]
    house.runtime.records.flow_log.append(DESK, entries, TUESDAY_AT_TEN)


def kept_lines(house: HouseInMemory) -> list[dict[str, object]]:
    with house.records.begin() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM flow_log_lines ORDER BY number").mappings()
        return [dict(row) for row in rows]


def sweep(house: HouseInMemory) -> list[str]:
    """A worker does all there is to do today; what the log tells of it."""
    retention = Retention(house.runtime)
    while retention.take_one(DESK, now_due=True) != "nothing more":
        pass
    told = [line for line in house.log() if str(line.get("event", "")).endswith("_cleared")]
    return [f"{line['event']}: {line['reason']}" for line in told]


def hold(**what: object) -> Hold:
    fields = {"reason": "a court asked", "placed_by": "s1001", "placed_at": TUESDAY_AT_TEN, **what}
    return Hold(**fields)  # type: ignore[arg-type]


def test_words_go_first_then_the_number_then_the_task(house: HouseInMemory) -> None:
    for days in (89, 92, 367, 1098):
        task(house, f"done {days}", case=ALICE.reference, done_days_ago=days)
    task(house, "open", case=ALICE.reference, done_days_ago=None)

    told = sweep(house)

    assert told == [
        "task_texts_cleared: 3 past their time",
        "task_numbers_cleared: 2 past their time",
        "tasks_cleared: 1 past their time",
    ]
    left = {each.id: each for each in house.runtime.tasks.done()}
    assert set(left) == {"done 89", "done 92", "done 367"}
    assert left["done 89"].text_sealed and left["done 89"].number_sealed
    assert (left["done 92"].text_sealed, left["done 92"].number_sealed) == (None, "sealed")
    assert (left["done 367"].number_sealed, left["done 367"].number) == (None, "")
    (still,) = house.runtime.tasks.open()
    assert still.text_sealed and still.number_sealed, "what is still to be done stays whole"


def test_a_line_forgets_who_it_was_about_and_later_the_rest(house: HouseInMemory) -> None:
    lines(house, 1000, 1100, 2600)

    assert sweep(house) == [
        "flow_log_personal_cleared: 2 past their time",
        "flow_log_lines_cleared: 1 past their time",
    ]

    young, older, old = kept_lines(house)
    assert young["case"] == ALICE.reference and not young["erased"]
    assert older["case"] is older["number_hash"] is older["number_masked"] is None
    assert older["event"] == "text_received"
    assert old["event"] is old["kind"] is None and old["at"]
    assert sweep(house) == [
        "flow_log_personal_cleared: 2 past their time",
        "flow_log_lines_cleared: 1 past their time",
    ], "a second time there is nothing to tell"


def test_the_chain_still_verifies(house: HouseInMemory) -> None:
    lines(house, 1100, 2600)

    def leaves() -> list[str]:
        with house.records.begin() as connection:
            return [line_of(row).leaf() for row in connection.execute(flow_log_lines.select())]

    before = leaves()
    sweep(house)

    assert leaves() == before and "" not in before


def test_what_is_held_for_a_case_stays_and_goes_when_the_hold_is_lifted(
    house: HouseInMemory,
) -> None:
    for person in (ALICE, BOB):
        task(house, person.name, case=person.reference, done_days_ago=2000)
    lines(house, 3000)
    old = replace(ALICE_WAS_TOLD, at=TUESDAY_AT_TEN - 3000 * DAY)
    house.runtime.records.disclosures.file(old)
    number = place_hold(house.runtime, hold(case=ALICE.reference))

    sweep(house)

    assert [each.id for each in house.runtime.tasks.done()] == ["Alice"]
    assert kept_lines(house)[0]["case"] == ALICE.reference
    assert list(house.runtime.records.disclosures.told()) == [old]

    assert lift_hold(house.runtime, number, "s1001", "the court is done")
    sweep(house)
    assert house.runtime.tasks.done() == []
    assert kept_lines(house)[0]["case"] is None
    assert list(house.runtime.records.disclosures.told()) == []


def test_a_desk_and_a_time_are_held_from_a_day_to_before_another(house: HouseInMemory) -> None:
    lines(house, 3000, 2900, 2800, case=BOB.reference)
    since, until = (TUESDAY_AT_TEN - days * DAY for days in (2900, 2800))
    place_hold(house.runtime, hold(desk=DESK, since=since, until=until))
    place_hold(house.runtime, hold(desk="another"))

    sweep(house)

    assert [line["case"] for line in kept_lines(house)] == [None, BOB.reference, None]


def test_who_left_is_a_staff_number_and_nothing_else_in_the_end(house: HouseInMemory) -> None:
    import_staff(house.records, keyring(), SAMPLE_STAFF, desks={DESK}, now=TUESDAY_AT_TEN)
    people = house.runtime.records.staff
    gone, recent, here, *_ = (each.number for each in people.all())
    people.leave(gone, TUESDAY_AT_TEN - 1098 * DAY)
    people.leave(recent, TUESDAY_AT_TEN - 1096 * DAY)
    place_hold(house.runtime, hold(desk=DESK))  # about what was said, and not about staff

    assert sweep(house) == ["leavers_cleared: 1 past their time"]

    left = {each.number: (each.name, each.handsets) for each in people.all(left=True)}
    assert left[gone] == ("", ())
    assert left[recent][0] and left[recent][1] == ()
    found = people.get(here)
    assert found is not None and found.name
    assert SqlRekeying(house.records).reseal(keyring(), lambda rows: None) == []

    for number in (gone, recent):
        people.come_back(number, TUESDAY_AT_TEN)
    import_staff(house.records, keyring(), SAMPLE_STAFF, desks={DESK}, now=TUESDAY_AT_TEN)
    assert people.here(gone).name


def test_a_hold_that_comes_between_choosing_and_removing_is_kept_to(
    house: HouseInMemory,
) -> None:
    task(house, "Alice", case=ALICE.reference, done_days_ago=2000)
    retention = Retention(house.runtime)
    assert retention.take_one(DESK) == "chosen"

    place_hold(house.runtime, hold(case=ALICE.reference))

    assert retention.take_one(DESK) == "removed"
    assert house.runtime.tasks.done()[0].text_sealed


def test_a_worker_that_dies_is_finished_by_the_next(house: HouseInMemory) -> None:
    lines(house, 3000)
    assert Retention(house.runtime).take_one(DESK) == "chosen"
    assert house.record(RECORD)["kind"] == "flow_log_personal"

    told = sweep(house)

    assert told.count("flow_log_personal_cleared: 1 past their time") == 1
    assert kept_lines(house)[0]["kind"] is None


def test_the_log_tells_who_held_and_lifted_and_not_why(house: HouseInMemory) -> None:
    number = place_hold(house.runtime, hold(case=ALICE.reference))
    assert lift_hold(house.runtime, number, "s1001", "over")
    assert not lift_hold(house.runtime, number, "s1001", "again")

    told = [line for line in house.log() if str(line.get("event", "")).startswith("hold_")]
    assert [(line["event"], line["reason"]) for line in told] == [
        ("hold_placed", f"hold {number} by s1001"),
        ("hold_lifted", f"hold {number} by s1001"),
    ]
    assert house.runtime.records.holds.standing() == []


def test_every_kind_has_its_rule_and_its_source(house: HouseInMemory) -> None:
    rule = house.runtime.house.policy.retention
    for kind in KINDS:
        assert rule.source_of(kind)
        assert goes_before(rule, kind, TUESDAY_AT_TEN) < TUESDAY_AT_TEN - 80 * DAY


def test_records_that_are_down_lose_nothing(house: HouseInMemory) -> None:
    task(house, "Alice", case=ALICE.reference, done_days_ago=2000)
    retention = Retention(house.runtime)
    assert retention.take_one(DESK) == "chosen"
    with house.records.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE tasks RENAME TO elsewhere")

    with pytest.raises(StoreDown):
        retention.take_one(DESK)

    with house.records.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO tasks")
    assert retention.take_one(DESK) == "removed"
