"""What is owed to the log of disclosures is filed, once, whoever dies and whatever is down."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import StoreDown
from bot.outbox import LEASE_SECONDS, Outbox
from tests.house_in_memory import DESK, TUESDAY_AT_TEN, HouseInMemory, LiveCall
from tests.people import ALICE, BOB
from tests.tellings import filed, records_down
from tests.worker.world import Killable, Killed

Build = Callable[..., HouseInMemory]


def told(house: HouseInMemory) -> LiveCall:
    """Alice rings, is verified and hears about her case."""
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    assert ALICE.tells(call.heard().text)
    return call


def test_what_alice_was_told_is_on_record_with_its_grounds(house: HouseInMemory) -> None:
    call = told(house)
    assert filed(house) == []

    assert "disclosure" in house.work()

    (record,) = filed(house)
    assert (record.desk, record.call, record.case) == (DESK, call.id, ALICE.reference)
    assert record.recipient == "verified_customer"
    assert record.number_hash == house.runtime.keyring.number_hash(ALICE.phone)
    assert record.facts == ("balance", "last_payment", "next_action")
    assert len(record.checks) == 6
    prompt = house.wording.prompt("case.details")
    assert record.wordings == (f"case.details@{prompt.hash}",)
    assert record.release == house.runtime.release
    assert record.authority == house.runtime.house.policy.disclosure.authority
    assert record.at == TUESDAY_AT_TEN
    assert "disclosure" not in house.work()


def test_a_call_that_we_placed_is_told_apart(house: HouseInMemory) -> None:
    call = house.ring_by_officer(BOB)
    call.answered()
    call.press("1")
    call.press("1")
    call.answer_all(BOB)
    call.press("1")  # the number in use is the best one
    call.press("1")
    assert BOB.tells(call.heard().text)
    house.work()

    (record,) = filed(house)
    assert (record.contact, record.call, record.case) == ("outbound", call.id, BOB.reference)


def test_a_repeat_of_the_webhook_is_the_same_record(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    path = call.heard().action
    for _ in range(3):
        call.post(path, Digits="1")
        assert ALICE.tells(call.heard().text)
    call.again()
    assert ALICE.tells(call.heard().text)
    house.work()
    call.post(path, Digits="1")
    house.work()

    assert len(filed(house)) == 1


@pytest.mark.parametrize("key", ["1", "*"])
def test_hearing_the_case_once_more_is_another_telling(house: HouseInMemory, key: str) -> None:
    call = told(house)
    house.later(60)
    call.press(key)
    assert ALICE.tells(call.heard().text)
    house.work()

    first, second = filed(house)
    assert first.id != second.id
    assert second.at == first.at + 60
    assert replace(second, id=first.id, at=first.at) == first


def test_words_without_facts_after_a_telling_are_none(house: HouseInMemory) -> None:
    call = told(house)
    call.press("7")
    call.press("*")
    assert not ALICE.tells(call.heard().text)
    house.work()

    assert len(filed(house)) == 1


def test_nothing_that_alice_was_told_is_kept(house: HouseInMemory) -> None:
    call = told(house)
    lines = str(house.store.waiting(DESK, "outbox"))
    kept = str(call.talk)
    house.work()

    for place in (lines, kept, repr(filed(house)), str(house.log())):
        assert not ALICE.tells(place)
        assert ALICE.phone not in place


def test_the_worker_may_die_at_any_step_and_the_record_is_filed_once(build: Build) -> None:
    steps, _ = filing_with(build, None)
    assert steps[:1] == ["claim"] and "done" in steps

    for place in range(len(steps)):
        for side in ("before", "after"):
            _, house = filing_with(build, (place, side))
            house.later(LEASE_SECONDS + 1)
            house.work()

            assert len(filed(house)) == 1, f"killed {side} {steps[place]} (step {place})"
            assert "disclosure" not in house.work()


def filing_with(build: Build, die_at: tuple[int, str] | None) -> tuple[list[str], HouseInMemory]:
    """A worker that carries out all that is owed after a telling, or dies on the way."""
    house = build()
    told(house)
    killable = Killable(house.store)
    killable.die_at = die_at
    outbox = Outbox(replace(house.runtime, store=killable), house.carrier)
    try:
        while outbox.take_one(DESK):
            pass
    except Killed:
        assert die_at
    return killable.calls, house


def test_while_the_records_are_down_the_line_stays_owed(house: HouseInMemory) -> None:
    call = told(house)
    with records_down(house):
        for _ in range(3):
            with pytest.raises(StoreDown):
                house.work()
            house.later(LEASE_SECONDS + 1)
    assert any(line.startswith(f"disclosure:{call.id}") for line in house.owed())

    house.work()

    assert len(filed(house)) == 1
