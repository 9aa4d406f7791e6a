"""Mallory hammers Mary's account: she guesses nothing, and locks nobody out who is known."""

from concurrent.futures import ThreadPoolExecutor

from tests.sign_in_world import MARY, NEXT_CODE, OMAR, Browser, StaffWorld

MINUTE = 60.0
MANY = 60


def hammer(staff: StaffWorld, number: str = MARY, times: int = MANY) -> int:
    """Mallory tries from ever new addresses; how many of her tries were looked at."""
    looked_at: list[str] = []
    passwords = staff.book.sign_in.passwords
    real = passwords.right
    passwords.right = lambda *a: (looked_at.append(""), real(*a))[1]  # type: ignore[method-assign]
    for place in range(times):
        mallory = Browser(f"203.0.113.{place % 250}")
        assert staff.enter(number, mallory, f"guess number {place}", "123456") is None
        staff.clock.move(1.0)
    passwords.right = real  # type: ignore[method-assign]
    return len(looked_at)


def test_mallory_from_many_addresses_is_stopped_and_mary_gets_in_from_her_own_browser(
    staff: StaffWorld,
) -> None:
    staff.enrol(MARY)
    hers = Browser()
    assert staff.enter(MARY, hers)

    assert hammer(staff) <= 20

    assert staff.enter(MARY, Browser("198.51.100.7")) is None  # a browser that nobody knows
    assert staff.enter(MARY, hers)


def test_even_the_right_password_does_not_help_mallory_then(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    hammer(staff)
    assert staff.enter(MARY, Browser("203.0.113.251")) is None


def test_others_get_in_from_anywhere_while_mary_is_hammered(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    staff.enrol(OMAR)
    hammer(staff)
    assert staff.enter(OMAR, Browser("203.0.113.1"))


def test_after_the_window_a_new_browser_of_marys_gets_in_again(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    hammer(staff)
    staff.clock.move(61 * MINUTE)
    assert staff.enter(MARY, Browser("198.51.100.7"))


def test_a_stolen_browser_has_no_more_tries_than_ten(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    stolen = Browser()
    assert staff.enter(MARY, stolen)
    for _ in range(10):
        staff.clock.move(5 * MINUTE)
        assert staff.enter(MARY, stolen, "a guess", "123456") is None
    assert staff.enter(MARY, stolen) is None
    staff.clock.move(61 * MINUTE)
    assert staff.enter(MARY, stolen)


def test_marys_cookie_gives_mallory_no_tries_at_omars_account(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    staff.enrol(OMAR)
    hers = Browser()
    assert staff.enter(MARY, hers)
    hammer(staff, OMAR)
    assert staff.enter(OMAR, Browser("203.0.113.251", hers.device)) is None


def test_a_mistyped_password_or_five_cost_no_wait(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    hers = Browser()
    for _ in range(4):
        assert staff.enter(MARY, hers, "a slip of the finger") is None
    assert staff.enter(MARY, hers)


def test_after_five_each_try_waits_for_the_one_before(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    hers = Browser()
    for _ in range(5):
        staff.enter(MARY, hers, "a slip of the finger")
    assert staff.enter(MARY, hers) is None
    staff.clock.move(1.0)
    assert staff.enter(MARY, hers)


def test_strangers_together_have_so_many_tries_and_the_known_are_not_among_them(
    staff: StaffWorld,
) -> None:
    staff.enrol(MARY)
    hers = Browser()
    assert staff.enter(MARY, hers)
    rules = staff.book.sign_in.rules
    for place in range(rules.tries_everywhere + 5):
        staff.enter(f"s9{place}", Browser(f"10.0.{place // 250}.{place % 250}"), "a guess", "1")
    staff.clock.move(NEXT_CODE)
    assert staff.enter(OMAR, Browser("198.51.100.9"), "a guess", "1") is None
    assert "sign_in_refused too_many_tries" in staff.told()
    assert staff.enter(MARY, hers)


def test_hammering_does_not_fill_the_log(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    looked_at = hammer(staff, times=200)
    refused = [line for line in staff.told() if "refused" in line]
    assert len(refused) <= looked_at * 2


def test_a_whole_ipv6_network_is_one_address(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    refused = [
        staff.enter(MARY, Browser(f"2001:db8::{place:x}"), "a guess", "1") for place in range(12)
    ]
    assert not any(refused)
    staff.clock.move(MINUTE)
    tries = staff.house.store.read("staff", ["tries:account:s1002"])["tries:account:s1002"]
    assert tries.data is not None
    assert len(tries.data["tries"]) <= 10


def test_of_two_who_use_one_code_at_once_one_gets_in(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    code = staff.app_code(MARY)
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(
                lambda place: staff.enter(MARY, Browser(f"192.0.2.{place}"), code=code), range(4)
            )
        )
    assert len([entered for entered in found if entered]) == 1
