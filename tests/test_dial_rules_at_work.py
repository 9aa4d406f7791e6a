"""The dial rules where calls are placed: what became of a number, a case or a clock meanwhile."""

import pytest
from sqlalchemy import text

from bot import number_history
from bot.callbacks import Callback
from bot.dialling_pace import RATE
from bot.may_ring_now import explained
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.ring_case import ring_case
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, HOUR, TUESDAY_AT_TEN, HouseInMemory, keyring, text_sid
from tests.people import ALICE, BOB

YEARS = 365 * 24 * HOUR
TEXT = text_sid(1)


def texted(house: HouseInMemory, words: str = "Sorry I missed you") -> None:
    house.text(ALICE, words, sid=TEXT)


def callback(house: HouseInMemory) -> Callback:
    return Callback.from_json(house.record(f"callback:{TEXT}"))


def alter(house: HouseInMemory, **fields: object) -> None:
    house.write(f"callback:{TEXT}", house.record(f"callback:{TEXT}") | fields)


def sql(house: HouseInMemory, statement: str) -> None:
    with house.records.begin() as connection:
        connection.execute(text(statement))


def happened(house: HouseInMemory, **record: object) -> None:
    """Put this into the history of Alice's number."""
    partition = number_history.partition(keyring().number_hash(ALICE.phone))
    unit = UnitOfWork(house.store, partition, (number_history.RECORD,))
    unit.put(number_history.RECORD, {"past": [], "reserved": None} | record)
    unit.commit()


def is_a_persons(house: HouseInMemory, rule: str) -> None:
    """It is not rung, is a task, and the callback says by which rule."""
    placed = len(house.carrier.placed)
    assert house.dial() == "refused"
    assert len(house.carrier.placed) == placed
    assert house.tasks() == ["may_not_be_rung"]
    ended = callback(house)
    assert (ended.state, ended.disposition, ended.refused) == ("ended", "needs_person", rule)
    assert house.dial() is None


def waits(house: HouseInMemory, rule: str, until: float) -> None:
    """It is not rung now, says why, and is due again then; nothing is lost and nobody bothered."""
    assert house.dial() == "refused"
    assert (callback(house).refused, callback(house).due_at) == (rule, until)
    assert [line.id for line in house.store.waiting(DESK, "due")] == [f"{TEXT}-1"]
    assert house.tasks() == []


def test_a_case_that_vanished(house: HouseInMemory) -> None:
    texted(house)
    sql(house, f"DELETE FROM cases WHERE handle = '{ALICE.reference}'")

    is_a_persons(house, "no_case")


@pytest.mark.parametrize("restriction", ["deceased", "letters_only"])
def test_what_is_held_against_ringing_her_since_she_texted(
    house: HouseInMemory, restriction: str
) -> None:
    texted(house)
    sql(house, f"UPDATE cases SET held = '{restriction}' WHERE handle = '{ALICE.reference}'")

    is_a_persons(house, restriction)


def test_a_wish_to_be_left_alone_holds_for_a_call_that_an_officer_asks_for(
    house: HouseInMemory,
) -> None:
    house.text(BOB, "please do not ring me", sid=text_sid(2))
    assert house.tasks() == ["wants_no_contact"]

    owed = ring_case(house.runtime, BOB.reference, "s1001")

    assert house.dial() == "refused"
    assert house.record(f"callback:{owed.id}")["refused"] == "do_not_ring"


@pytest.mark.parametrize("sealed", ["+447000000000", "+88160000000"])
def test_a_number_that_nobody_may_ring_any_more(house: HouseInMemory, sealed: str) -> None:
    texted(house)
    alter(house, number_sealed=keyring().seal(sealed, bound_to=NUMBER))

    is_a_persons(house, "number_kind")


@pytest.mark.parametrize("sealed", ["", "07700 900123"])
def test_what_is_no_number_any_more(house: HouseInMemory, sealed: str) -> None:
    texted(house)
    alter(house, number_sealed=keyring().seal(sealed, bound_to=NUMBER))

    is_a_persons(house, "number_unreadable")


def test_a_number_that_was_sealed_for_something_else(house: HouseInMemory) -> None:
    texted(house)
    alter(house, number_sealed=keyring().seal(ALICE.phone, bound_to="elsewhere"))

    is_a_persons(house, "number_unreadable")


def test_an_ending_of_an_older_version_waits_the_longest(house: HouseInMemory) -> None:
    at = TUESDAY_AT_TEN - 50 * HOUR
    happened(house, past=[{"attempt": "A-1", "at": at, "disposition": "spoke_to_parrot"}])
    texted(house)

    waits(house, "unknown_ending", at + 72 * HOUR)


def test_an_ending_of_an_older_version_on_the_callback_itself(house: HouseInMemory) -> None:
    texted(house)
    house.place().status("busy")
    house.work()
    older = house.record(f"callback:{TEXT}")
    older["attempts"][0]["disposition"] = "spoke_to_parrot"
    house.write(f"callback:{TEXT}", older)
    happened(house)
    house.later(25 * HOUR)

    assert house.dial() == "refused"
    assert callback(house).refused == "unknown_ending"


# Times and clocks


def test_a_call_that_was_due_ten_years_ago_is_rung_when_it_is_found(house: HouseInMemory) -> None:
    texted(house)
    alter(house, due_at=TUESDAY_AT_TEN - 10 * YEARS)

    assert house.dial() == "placed"


def test_a_time_that_she_asked_for_and_nobody_kept(house: HouseInMemory) -> None:
    texted(house, "ring me between 2 and 4")
    house.later(80 * 24 * HOUR)

    is_a_persons(house, "asked_time_over")


def test_a_time_in_ten_years(house: HouseInMemory) -> None:
    texted(house)
    alter(house, ring_from=TUESDAY_AT_TEN + 10 * YEARS)

    is_a_persons(house, "asked_for_later")


def test_a_clock_that_was_ahead_when_she_was_rung(house: HouseInMemory) -> None:
    ahead = TUESDAY_AT_TEN + 10 * YEARS
    happened(house, past=[{"attempt": "A-1", "at": ahead, "disposition": "left_message"}])
    texted(house)

    is_a_persons(house, "clock_in_doubt")


def test_a_clock_that_was_ahead_when_her_number_was_reserved(house: HouseInMemory) -> None:
    happened(house, reserved={"attempt": "A-1", "until": TUESDAY_AT_TEN + 10 * YEARS})
    texted(house)

    is_a_persons(house, "being_rung")


def test_a_number_that_is_being_rung_is_looked_at_again_soon(house: HouseInMemory) -> None:
    happened(house, reserved={"attempt": "A-1", "until": TUESDAY_AT_TEN + HOUR})
    texted(house)

    waits(house, "being_rung", TUESDAY_AT_TEN + 30.0)


def test_a_clock_that_was_ahead_when_the_desk_rang_last(house: HouseInMemory) -> None:
    texted(house)
    house.write(RATE, {"free_at": TUESDAY_AT_TEN + 10 * YEARS})

    assert house.dial() == "placed"


def test_a_clock_that_jumps_ahead_and_back_between_two_texts(house: HouseInMemory) -> None:
    house.later(10 * YEARS)
    texted(house)
    house.place().status("no-answer")
    house.work()
    house.later(-10 * YEARS)

    house.text(ALICE, "you rang?", sid=text_sid(2))
    is_a_persons(house, "clock_in_doubt")


@pytest.mark.parametrize("asker", ["customer", "officer"])
def test_a_call_that_a_wrong_clock_put_years_ahead_is_due_when_somebody_asks(
    house: HouseInMemory, asker: str
) -> None:
    house.later(10 * YEARS)
    texted(house)
    house.later(-10 * YEARS)
    assert house.dial() is None

    if asker == "customer":
        house.text(ALICE, "please ring", sid=text_sid(2))
    else:
        ring_case(house.runtime, ALICE.reference, "s1001")

    assert callback(house).due_at == TUESDAY_AT_TEN
    assert house.dial() == "placed"


# What two desks know of one number


def test_another_desks_call_counts_here(house: HouseInMemory) -> None:
    at = TUESDAY_AT_TEN - 2 * HOUR
    happened(house, past=[{"attempt": "north-1", "at": at, "disposition": "abandoned"}])
    texted(house)

    waits(house, "after_abandoned", at + 72 * HOUR)


def test_what_is_explained_is_what_the_dialler_does(house: HouseInMemory) -> None:
    at = TUESDAY_AT_TEN - 2 * HOUR
    record = {"past": [{"attempt": "A-1", "at": at, "disposition": "abandoned"}], "reserved": None}
    happened(house, **record)
    texted(house)
    case = house.runtime.directory.by_handle(ALICE.reference)
    owed, number = callback(house), PhoneNumber(ALICE.phone)

    verdict, found = explained(
        house.runtime, case, owed, number, record, TUESDAY_AT_TEN, left_alone=False
    )

    waits(house, verdict.rule, verdict.again_at or 0.0)
    assert [one.rule for one in found if one.refusal] == ["after_abandoned"]
