"""Who is let in on the officers' line: number, PIN and code, judged together and counted first."""

from collections.abc import Callable

import pytest

from bot.errors import StoreDown
from bot.officers import Verdict
from bot.passwords import Passwords
from bot.phone import PhoneNumber
from tests.house_in_memory import CHEAP
from tests.officers.conftest import OfficerWorld
from tests.people import CARLA, DAVE, MALLORY, OMAR
from tests.sign_in_world import MARY, NEXT_CODE, Browser

DAY = 86400.0
WRONG, NOT_A_CODE = "123456", "12345678"


def strangers() -> list[str]:
    return [f"+4477009008{n:02}" for n in range(40)]


def test_a_printed_code_opens_once_and_the_same_event_twice_is_once(world: OfficerWorld) -> None:
    omar, code = world.omar, world.omar.next_code()

    first = world.judge(OMAR.phone, omar.number, omar.issued.pin, code, by="CA1:3")
    again = world.judge(OMAR.phone, omar.number, omar.issued.pin, code, by="CA1:3")
    other = world.judge(OMAR.phone, omar.number, omar.issued.pin, code, by="CA2:3")

    assert first == again
    assert (first.verdict, first.officer, first.any_case) == (Verdict.PASSED, "s1001", False)
    assert other.verdict is Verdict.FAILED


def test_a_code_of_the_app_opens_once_wherever(world: OfficerWorld) -> None:
    world.enrol("s1001")
    omar, code = world.omar, world.app_code("s1001")

    first = world.judge(OMAR.phone, omar.number, omar.issued.pin, code, by="CA1:3")
    again = world.judge(OMAR.phone, omar.number, omar.issued.pin, code, by="CA1:3")

    assert first.verdict is again.verdict is Verdict.PASSED
    assert world.judge(OMAR.phone, omar.number, omar.issued.pin, code).verdict is Verdict.FAILED
    assert world.enter("s1001", Browser(), code=code) is None  # nor on the console
    world.clock.move(NEXT_CODE)
    assert world.enter("s1001", Browser()) is not None
    on_screen = world.app_code("s1001")  # and what signed in there opens nothing here
    assert (
        world.judge(OMAR.phone, omar.number, omar.issued.pin, on_screen).verdict is Verdict.FAILED
    )


@pytest.mark.parametrize("wrong", ["number", "PIN", "code"])
def test_whatever_is_wrong_of_the_three_is_answered_alike(world: OfficerWorld, wrong: str) -> None:
    omar = world.omar
    number = "4711" if wrong == "number" else omar.number
    pin = WRONG if wrong == "PIN" else omar.issued.pin
    code = NOT_A_CODE if wrong == "code" else omar.next_code()

    judged = world.judge(OMAR.phone, number, pin, code)

    assert judged.verdict is Verdict.FAILED
    assert not judged.locked


def test_of_a_wrong_pin_no_code_is_used_up(world: OfficerWorld) -> None:
    omar, code = world.omar, world.omar.next_code()

    world.judge(OMAR.phone, omar.number, WRONG, code)

    assert world.judge(OMAR.phone, omar.number, omar.issued.pin, code).verdict is Verdict.PASSED


def test_three_wrong_ones_from_one_telephone_lock_it_and_tell_once(world: OfficerWorld) -> None:
    omar = world.omar

    tries = [world.judge(MALLORY.phone, omar.number, WRONG, NOT_A_CODE) for _ in range(5)]

    assert [each.locked for each in tries] == [False, False, True, False, False]
    assert {each.manager for each in tries} == {"s1002"}
    right = (omar.number, omar.issued.pin)
    assert world.judge(MALLORY.phone, *right, omar.next_code()).verdict is Verdict.FAILED
    assert world.judge(OMAR.phone, *right, omar.next_code()).verdict is Verdict.PASSED


def test_a_wrong_try_that_comes_twice_counts_once(world: OfficerWorld) -> None:
    for _ in range(5):
        world.judge(OMAR.phone, world.omar.number, WRONG, NOT_A_CODE, by="CA1:3")

    omar = world.omar
    judged = world.judge(OMAR.phone, omar.number, omar.issued.pin, omar.next_code())
    assert judged.verdict is Verdict.PASSED


def test_a_success_begins_anew(world: OfficerWorld) -> None:
    omar = world.omar
    for _ in range(3):
        for _ in range(2):
            world.judge(OMAR.phone, omar.number, WRONG, NOT_A_CODE)
        judged = world.judge(OMAR.phone, omar.number, omar.issued.pin, omar.next_code())
        assert judged.verdict is Verdict.PASSED


def test_many_telephones_help_nobody_and_lock_no_officer_out(world: OfficerWorld) -> None:
    omar = world.omar
    for phone in strangers()[:10]:
        world.judge(phone, omar.number, WRONG, NOT_A_CODE)

    right = (omar.number, omar.issued.pin)
    from_another = world.judge(strangers()[11], *right, omar.next_code())
    from_his = world.judge(OMAR.phone, *right, omar.next_code())

    assert from_another.verdict is Verdict.FAILED
    assert from_his.verdict is Verdict.PASSED


def test_a_day_later_or_when_a_manager_says_so_tries_begin_anew(world: OfficerWorld) -> None:
    omar, mary = world.omar, world.book.staff.here(MARY)
    right = (omar.number, omar.issued.pin)
    for _ in range(3):
        world.judge(OMAR.phone, omar.number, WRONG, NOT_A_CODE)
    assert world.judge(OMAR.phone, *right, omar.next_code()).verdict is Verdict.FAILED

    assert world.book.unlock("s1001", mary)
    assert world.judge(OMAR.phone, *right, omar.next_code()).verdict is Verdict.PASSED
    assert "officer_unlocked s1002 s1001" in world.told()
    assert not world.book.unlock("s1001", mary)

    for _ in range(3):
        world.judge(OMAR.phone, omar.number, WRONG, NOT_A_CODE)
    world.clock.move(DAY + 1)
    assert world.judge(OMAR.phone, *right, omar.next_code()).verdict is Verdict.PASSED


def test_under_duress_it_is_told_whatever_the_code_is_and_however_often(
    world: OfficerWorld,
) -> None:
    omar = world.omar
    for _ in range(5):
        judged = world.judge(DAVE.phone, omar.number, omar.issued.duress, NOT_A_CODE)
        assert (judged.verdict, judged.officer, judged.manager) == (
            Verdict.DURESS,
            "s1001",
            "s1002",
        )


def _leaves(world: OfficerWorld) -> None:
    world.book.leave("s1001", None)


def _is_on_leave(world: OfficerWorld) -> None:
    now = world.clock.now()
    world.book.absent("s1001", (now - DAY, now + DAY), None)


def _is_at_another_desk(world: OfficerWorld) -> None:
    world.house.runtime.records.staff.reassign("s1001", world.clock.now(), desk="north")


def _has_lost_it(world: OfficerWorld) -> None:
    world.house.runtime.records.staff.lose_phone("s1001", world.clock.now())


def _has_no_codes(world: OfficerWorld) -> None:
    world.book.phone_codes.revoke("s1001", None)


@pytest.mark.parametrize(
    "happens", [_leaves, _is_on_leave, _is_at_another_desk, _has_lost_it, _has_no_codes]
)
def test_whoever_may_not_is_not_let_in(
    world: OfficerWorld, happens: Callable[[OfficerWorld], None]
) -> None:
    omar = world.omar
    happens(world)
    judged = world.judge(OMAR.phone, omar.number, omar.issued.pin, omar.next_code())
    assert judged.verdict is Verdict.FAILED
    under_duress = world.judge(OMAR.phone, omar.number, omar.issued.duress, omar.next_code())
    assert under_duress.verdict is Verdict.FAILED


def test_a_collector_is_let_in_and_who_has_no_right_to_ring_is_not(world: OfficerWorld) -> None:
    carla = world.sheets["Carla"]
    judged = world.judge(CARLA.phone, carla.number, carla.issued.pin, carla.next_code())
    assert judged.officer == "s1008"

    issued = world.book.phone_codes.give("s1006", None)  # Adam, an auditor
    judged = world.judge(DAVE.phone, "1006", issued.pin, issued.printed[0])
    assert judged.verdict is Verdict.FAILED


def test_a_manager_may_open_any_case_of_the_desk(world: OfficerWorld) -> None:
    mary = world.sheets["Mary"]
    judged = world.judge("+447700900203", mary.number, mary.issued.pin, mary.next_code())
    assert (judged.officer, judged.any_case) == ("s1002", True)


class Counting(Passwords):
    """Hashes cheaply, and counts how often."""

    def __init__(self) -> None:
        super().__init__(CHEAP._hasher)
        self.asked = 0

    def right(self, password: str, hashed: str | None) -> bool:
        self.asked += 1
        return super().right(password, hashed)


@pytest.mark.parametrize("number", ["1001", "4711", "", "9" * 12])
def test_the_same_hashing_is_done_whoever_it_is(world: OfficerWorld, number: str) -> None:
    counting = Counting()
    object.__setattr__(world.house.runtime.officers, "passwords", counting)

    world.judge(OMAR.phone, number, WRONG, NOT_A_CODE)

    assert counting.asked == 2


def test_what_is_keyed_stands_in_no_record_and_no_log(world: OfficerWorld) -> None:
    call = world.let_in()
    kept = str(world.house.everything()) + str(world.house.log())
    for secret in (world.omar.issued.pin, world.omar.last_code):
        assert secret not in kept
    assert str(PhoneNumber(OMAR.phone)) not in str(world.house.log()[-1].get("detail", ""))
    assert call.heard().asked == "officer_line.menu"


def test_while_the_store_is_down_nobody_is_let_in(world: OfficerWorld) -> None:
    omar = world.omar

    class Down:
        def read(self, *given: object) -> None:
            raise StoreDown("down")

    object.__setattr__(world.house.runtime.officers, "store", Down())
    with pytest.raises(StoreDown):
        world.judge(OMAR.phone, omar.number, omar.issued.pin, omar.next_code())
