"""The PINs and codes that officers are given: never weak, never the same, shown once."""

import random
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from bot.phone_codes import PIN_DIGITS, PRINTED, PRINTED_DIGITS, is_weak, issue
from tests.officers.conftest import OfficerWorld
from tests.people import OFFICERS


def drawing(seed: int) -> Callable[[int], int]:
    return random.Random(seed).randrange


@given(st.integers(min_value=0))
def test_whatever_is_drawn_pins_are_strong_and_differ_and_codes_are_each_once(seed: int) -> None:
    issued = issue(drawing(seed))

    assert issued.pin != issued.duress
    for pin in (issued.pin, issued.duress):
        assert len(pin) == PIN_DIGITS and pin.isdigit() and not is_weak(pin)
    assert len(set(issued.printed)) == len(issued.printed) == PRINTED
    assert all(len(code) == PRINTED_DIGITS and code.isdigit() for code in issued.printed)


def test_a_pin_that_somebody_would_try_first_is_not_drawn() -> None:
    drawn = iter([111111, 123456, 987654, 121212, 0, 481516, 481516, 234264, *range(1000)])

    issued = issue(lambda below: next(drawn))

    assert (issued.pin, issued.duress) == ("481516", "234264")


def test_nothing_that_was_given_stands_in_clear(world: OfficerWorld) -> None:
    with world.house.records.connect() as connection:
        kept = str(
            [
                list(connection.exec_driver_sql(f"SELECT * FROM {table}"))
                for table in ("phone_codes", "printed_codes")
            ]
        )
    for sheet in world.sheets.values():
        for secret in (sheet.issued.pin, sheet.issued.duress, *sheet.issued.printed):
            assert secret not in kept


def test_fresh_codes_make_those_of_before_void(world: OfficerWorld) -> None:
    before = world.omar.issued
    now = world.book.phone_codes.give("s1001", None)

    assert world.judge("+447700900201", "1001", before.pin, before.printed[0]).officer == "s1001"
    assert world.judge("+447700900201", "1001", before.pin, now.printed[0]).verdict == "failed"
    assert world.judge("+447700900201", "1001", now.pin, now.printed[0]).verdict == "passed"
    assert "phone_codes_given terminal s1001" in world.told()


def test_whoever_leaves_has_none(world: OfficerWorld) -> None:
    codes = world.house.runtime.records.phone_codes
    assert set(codes.held()) == set(OFFICERS.values())

    world.book.leave("s1001", None)

    assert codes.get("s1001") is None
    assert codes.printed_left("s1001") == 0
