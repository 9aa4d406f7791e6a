"""What staff do to the call that Bob is owed: it is held, released, moved, cancelled, handed over.

Olive is of operations, Mary and Max are managers.
"""

from dataclasses import replace
from typing import Any

import pytest

from bot.bulk_orders import confirm, propose, waiting, withdraw
from bot.callback_orders import CannotOrder, Order, Ordered, carry_out
from bot.errors import StoreDown
from bot.staff import Person, Role, Roles
from bot.staff_log import BadReason
from bot.store import DUE
from tests.house_in_memory import DESK, HOUR, TUESDAY_AT_TEN, HouseInMemory, text_sid
from tests.on_the_list import put_on_the_list
from tests.people import ALICE, BOB

ROLES = Roles.load()
TEXT = text_sid(1)
DAY = 24 * HOUR


def staff(number: str, name: str, role: Role) -> Person:
    rights = ROLES.rights(frozenset({role}))
    return Person(number=number, name=name, roles=frozenset({role}), desk=DESK, rights=rights)


OLIVE = staff("100001", "Olive Operations", Role.OPERATIONS)
MARY = staff("100004", "Mary Manager", Role.MANAGER)
MAX = staff("100014", "Max Manager", Role.MANAGER)


class DownAfter:
    """A store that takes so many commits, and then none."""

    def __init__(self, store: Any, *, commits: int) -> None:
        self._store, self._left = store, commits

    def commit(self, *what: Any, **how: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise StoreDown("no answer")
        return self._store.commit(*what, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def orders(house: HouseInMemory, order: Order, *, why: str = "a visit", until: float | None = None):
    return carry_out(
        house.runtime, OLIVE, DESK, TEXT, Ordered(order=order, reason=why, until=until)
    )


@pytest.fixture
def owed(house: HouseInMemory) -> HouseInMemory:
    house.text(BOB, "Hello", sid=TEXT)
    return house


def due(house: HouseInMemory) -> dict[str, float]:
    return {line.id: line.due for line in house.store.waiting(DESK, DUE)}


def state(house: HouseInMemory) -> tuple[str, str | None]:
    record = house.record(f"callback:{TEXT}")
    return record["state"], record["disposition"]


def test_who_is_held_is_not_rung_until_then(owed: HouseInMemory) -> None:
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 2 * HOUR)

    assert owed.dial() == "refused"
    owed.later(HOUR)
    assert owed.dial() is None

    owed.later(HOUR)
    assert owed.dial() == "placed"


def test_a_text_lifts_no_hold(owed: HouseInMemory) -> None:
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 2 * HOUR)

    owed.text(BOB, "Are you there?", sid=text_sid(2))

    assert owed.dial() in ("refused", None)
    assert not owed.carrier.placed
    owed.later(2 * HOUR)
    assert owed.dial() == "placed"


def test_a_hold_while_it_rings_stands_after_it(owed: HouseInMemory) -> None:
    call = owed.place()
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 2 * DAY)

    call.status("busy")
    owed.work()

    owed.later(DAY + 2 * HOUR)  # by the rules it might be rung again now
    assert owed.dial() == "refused"
    owed.later(DAY)
    assert owed.dial() == "placed"


def test_who_is_released_is_rung_at_once(owed: HouseInMemory) -> None:
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + DAY)
    assert owed.dial() == "refused"

    orders(owed, Order.RELEASE)

    assert len(due(owed)) == 1
    assert owed.dial() == "placed"


def test_a_release_lifts_no_other_rule(owed: HouseInMemory) -> None:
    owed.later(12 * HOUR)
    assert owed.dial() == "refused"  # it is night
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 2 * DAY)
    orders(owed, Order.RELEASE)

    assert owed.dial() in ("refused", None)
    assert not owed.carrier.placed


def test_who_was_rung_in_vain_is_rung_no_sooner_for_a_hold_and_a_release(
    owed: HouseInMemory,
) -> None:
    owed.place().status("busy")
    owed.work()
    as_it_was = due(owed)

    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 3 * DAY)
    orders(owed, Order.RELEASE)

    assert due(owed) == as_it_was
    assert list(as_it_was.values()) > [owed.clock.now() + 20 * HOUR]


def test_who_is_held_for_a_shorter_time_is_rung_at_its_end(owed: HouseInMemory) -> None:
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 10 * DAY)
    assert owed.dial() == "refused"

    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + 2 * HOUR)
    assert owed.dial() == "refused"
    owed.later(2 * HOUR)

    assert owed.dial() == "placed"


def test_who_is_moved_is_rung_then(owed: HouseInMemory) -> None:
    orders(owed, Order.MOVE, until=TUESDAY_AT_TEN + 3 * HOUR)

    assert owed.dial() is None
    owed.later(3 * HOUR)
    assert owed.dial() == "placed"


def test_what_is_cancelled_is_owed_no_more_and_a_new_text_is_a_new_call(
    owed: HouseInMemory,
) -> None:
    orders(owed, Order.CANCEL)

    assert (state(owed), due(owed)) == (("ended", "cancelled"), {})
    owed.text(BOB, "Still there?", sid=text_sid(2))
    assert owed.dial() == "placed"


def test_what_is_cancelled_while_it_rings_is_not_rung_again(owed: HouseInMemory) -> None:
    call = owed.place()
    orders(owed, Order.CANCEL)

    call.status("busy")
    owed.work()
    owed.later(2 * DAY)

    assert owed.dial() is None
    assert state(owed)[0] == "ended"


def test_what_is_handed_over_is_a_persons_and_nobody_is_rung(owed: HouseInMemory) -> None:
    orders(owed, Order.HAND_OVER, why="Bob knows Omar")
    owed.work()

    (task,) = owed.runtime.tasks.open()
    assert (task.reason.value, task.case) == ("handed_over", BOB.reference)
    assert (state(owed), owed.dial()) == (("ended", "needs_person"), None)


@pytest.mark.parametrize("order", list(Order))
def test_the_flow_log_says_who_did_it_and_why(owed: HouseInMemory, order: Order) -> None:
    orders(owed, Order.HOLD, until=TUESDAY_AT_TEN + HOUR)
    owed.news()

    orders(owed, order, why="a visit", until=TUESDAY_AT_TEN + HOUR)

    (line,) = [line for line in owed.news() if line["kind"] == "staff"]
    assert line["event"] == f"callback_{order}"
    assert (line["staff"], line["reason"], line["case"]) == ("100001", "a visit", BOB.reference)


@pytest.mark.parametrize(
    ("order", "until", "why", "told"),
    [
        (Order.HOLD, None, "a visit", "until a time"),
        (Order.HOLD, TUESDAY_AT_TEN, "a visit", "to come"),
        (Order.HOLD, TUESDAY_AT_TEN + 15 * DAY, "a visit", "14 days"),
        (Order.MOVE, TUESDAY_AT_TEN - 1, "a visit", "to come"),
        (Order.MOVE, TUESDAY_AT_TEN + 61 * DAY, "a visit", "60 days"),
        (Order.RELEASE, None, "a visit", "nobody holds it"),
        (Order.CANCEL, None, "  ", "say why"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    owed: HouseInMemory, order: Order, until: float | None, why: str, told: str
) -> None:
    before = owed.everything()

    with pytest.raises((CannotOrder, BadReason), match=told):
        orders(owed, order, why=why, until=until)

    assert owed.everything() == before


def test_what_has_ended_or_rings_is_left_alone(owed: HouseInMemory) -> None:
    owed.place()
    with pytest.raises(CannotOrder, match="being rung"):
        orders(owed, Order.MOVE, until=TUESDAY_AT_TEN + HOUR)
    with pytest.raises(CannotOrder, match="no such callback"):
        carry_out(
            owed.runtime, OLIVE, DESK, "SMnone", Ordered(order=Order.CANCEL, reason="a visit")
        )


def test_an_order_for_many_takes_a_second_person(owed: HouseInMemory) -> None:
    put_on_the_list(owed, MARY, MAX)
    other = text_sid(2)
    owed.text(ALICE, "Hello", sid=other)
    ordered = Ordered(order=Order.CANCEL, reason="the office is closed")

    bulk = propose(owed.runtime, MARY, DESK, [TEXT, other, TEXT, "SMnone"], ordered)
    assert len(due(owed)) == 2
    assert waiting(owed.runtime, DESK) == [bulk]
    with pytest.raises(CannotOrder, match="second person"):
        confirm(owed.runtime, MARY, DESK, bulk.id)
    assert len(due(owed)) == 2

    outcomes = confirm(owed.runtime, MAX, DESK, bulk.id)

    assert [bool(one.refused) for one in outcomes] == [False, False, True]
    assert (due(owed), waiting(owed.runtime, DESK)) == ({}, [])
    with pytest.raises(CannotOrder, match="waits any more"):
        confirm(owed.runtime, MAX, DESK, bulk.id)
    told = [line["event"] for line in owed.log() if line.get("staff")]
    assert told == ["bulk_proposed", "bulk_confirmed", "callback_cancel", "callback_cancel"]


def test_what_somebody_asked_for_who_is_a_manager_no_more_is_not_done(owed: HouseInMemory) -> None:
    put_on_the_list(owed, MARY, MAX)
    ordered = Ordered(order=Order.CANCEL, reason="the office is closed")
    bulk = propose(owed.runtime, MARY, DESK, [TEXT], ordered)
    put_on_the_list(owed, replace(MARY, roles=frozenset({Role.COLLECTOR})))

    with pytest.raises(CannotOrder, match="another role or desk since"):
        confirm(owed.runtime, MAX, DESK, bulk.id)
    assert state(owed)[0] == "due"

    left = propose(owed.runtime, MAX, DESK, [TEXT], ordered)
    owed.runtime.records.staff.leave(MAX.number, owed.clock.now())
    with pytest.raises(CannotOrder, match="has left"):
        confirm(owed.runtime, MARY, DESK, left.id)
    assert state(owed)[0] == "due"


def test_a_store_that_goes_down_halfway_is_told_for_what_was_not_done(owed: HouseInMemory) -> None:
    put_on_the_list(owed, MARY, MAX)
    ordered = Ordered(order=Order.CANCEL, reason="the office is closed")
    bulk = propose(owed.runtime, MARY, DESK, [TEXT, "SMnone"], ordered)
    store = DownAfter(owed.store, commits=1)

    outcomes = confirm(replace(owed.runtime, store=store), MAX, DESK, bulk.id)

    assert [one.refused.partition(":")[0] for one in outcomes] == [
        "the store did not answer",
        "there is no such callback any more",
    ]
    assert state(owed)[0] == "due"


def test_an_order_for_many_is_forgotten_after_a_day_or_when_somebody_withdraws_it(
    owed: HouseInMemory,
) -> None:
    ordered = Ordered(order=Order.CANCEL, reason="the office is closed")
    first = propose(owed.runtime, MARY, DESK, [TEXT], ordered)
    withdraw(owed.runtime, MAX, DESK, first.id)
    assert waiting(owed.runtime, DESK) == []

    second = propose(owed.runtime, MARY, DESK, [TEXT], ordered)
    owed.later(DAY)
    assert waiting(owed.runtime, DESK) == []
    with pytest.raises(CannotOrder, match="waits any more"):
        confirm(owed.runtime, MAX, DESK, second.id)
    assert state(owed)[0] == "due"


@pytest.mark.parametrize("chosen", [[], [f"SM{n}" for n in range(201)]])
def test_nobody_orders_for_none_or_for_all(owed: HouseInMemory, chosen: list[str]) -> None:
    ordered = Ordered(order=Order.CANCEL, reason="the office is closed")
    with pytest.raises(CannotOrder, match="1 to 200"):
        propose(owed.runtime, MARY, DESK, chosen, ordered)
