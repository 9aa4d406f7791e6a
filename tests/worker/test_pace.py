"""Calls a second and calls at once: exact, however many workers take turns, and shared by desks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialler import Dialler
from bot.dialling_pace import LIVE_CALLS, DiallingPace, call_is_over
from bot.errors import Conflict
from bot.policy import Policy
from bot.ring_case import ring_case
from bot.storage.memory import MemoryStore
from bot.store import Change
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, TUESDAY_AT_TEN, HouseInMemory, MovableClock
from tests.people import ALICE, BOB, CUSTOMERS, ERIN, FRANK, Person
from tests.worker.world import Killed, World

CLOCKS_APART_SECONDS = 60.0  # the shipped rule
Build = Callable[..., HouseInMemory]

ACCOUNT = """
[dialling]
calls_per_second_per_account = {rate}
calls_at_once_per_account = {at_once}
[desk.north]
name = "the north"
phone = ""
caller_id = "+443069990110"
calls_per_second = {north_rate}
calls_at_once = {north_at_once}
bank_holidays_of = "england"
source = "test"
evidence = "default"
lines = {{ customers = ["+443069990110"] }}
spoken_hours = {{ en = "never" }}
hours = {{ zone = "Europe/London", monday = {{ from = 09:00:00, until = 17:00:00 }} }}
[desk.main]
calls_per_second = {main_rate}
calls_at_once = {main_at_once}
"""


def account(folder: Path, **rules: float) -> dict[str, str]:
    """Two desks that share an account; the environment that names them."""
    given_rules = {
        "rate": 1000.0,
        "at_once": 40,
        "north_rate": 1.0,
        "north_at_once": 2,
        "main_rate": 900.0,
        "main_at_once": 20,
    }
    text = ACCOUNT.format(**{**given_rules, **rules})
    (folder / "policy.toml").write_text(text, encoding="utf-8")
    return {"RINGBACK_CONFIG_DIR": str(folder)}


# As many at once as the desk may


@pytest.fixture
def world(build: Build, tmp_path: Path) -> World:
    """A desk that may have two calls at once, and four people with patient telephones."""
    world = World(build, environment=account(tmp_path, main_at_once=2))
    for person in (ALICE, BOB, ERIN, FRANK):
        world.add(person, "no-answer")
    return world


def owe(house: HouseInMemory, *people: Person) -> list[str]:
    """Omar has them rung, one after the other; the ids of their callbacks."""
    ids = []
    for person in people:
        ids.append(ring_case(house.runtime, person.reference, "s1001").id)
        house.clock.move(0.001)
    return ids


def test_the_third_waits_and_it_is_seen_why(world: World) -> None:
    alice, bob, erin = owe(world.house, ALICE, BOB, ERIN)

    world.run(5)

    assert [world.callback(id).state for id in (alice, bob, erin)] == ["placed", "placed", "due"]
    assert world.callback(erin).refused == "calls_at_once"
    held = [line for line in world.house.log() if line.get("event") == "held back"]
    assert [line["reason"] for line in held] == ["calls_at_once"]  # told once, not every time


def test_she_keeps_her_place_and_is_rung_when_a_call_is_over(world: World) -> None:
    _, _, erin, frank = owe(world.house, ALICE, BOB, ERIN, FRANK)
    world.run(5)
    assert len(world.network.calls) == 2

    while world.callback(erin).state == "due":
        world.run(0.5)
        live = [call for call in world.network.calls.values() if call.ended_at is None]
        assert len(live) <= 2

    assert world.callback(frank).state == "due"
    world.run(90)
    assert len(world.calls_to(FRANK)) == 1
    assert world.house.store.members(DESK, LIVE_CALLS) == []


def test_who_waits_for_a_place_is_not_taken_up_again_and_again(world: World) -> None:
    owe(world.house, ALICE, BOB, ERIN, FRANK)
    world.run(5)
    world.killable.calls.clear()

    assert world.dialler.take_one(DESK) is None

    assert world.killable.calls.count("claim") == 1
    assert world.dialler.free_at(DESK) > world.house.clock.now() + 1.0


def test_a_desk_of_a_thousand_calls_has_no_place_for_one_more(build: Build, tmp_path: Path) -> None:
    """Nor do attempts that nobody ended hide any of them."""
    many = account(tmp_path, at_once=1002, main_at_once=1000)
    house = build(environment=many)
    pace = DiallingPace(house.store, house.runtime.house.policy)
    unit, now = UnitOfWork(house.store, DESK), house.clock.now()
    for number in range(1000):
        unit.index(LIVE_CALLS, f"left over {number}", now - 1.0)
        unit.index(LIVE_CALLS, f"live {number}", now + 600.0)
    unit.commit()

    refusal = pace.refusal(UnitOfWork(house.store, DESK), now)

    assert refusal is not None
    assert (refusal.rule, refusal.again_at) == ("calls_at_once", now + 600.0)


def test_an_attempt_whose_worker_died_gives_its_place_back(world: World) -> None:
    """It is settled as never placed; nobody had to wait for the longest that a call may last."""
    workers_die_while_ringing(world, ALICE, BOB)
    (erin,) = owe(world.house, ERIN)

    world.run(5)
    assert world.callback(erin).refused == "calls_at_once"

    rules = world.house.runtime.house.policy.dialling
    world.run(rules.lease_seconds + rules.settle_after_seconds)
    assert len(world.calls_to(ERIN)) == 1  # she is the first in the queue by now


def test_what_nobody_settles_gives_its_place_back_at_a_known_time(world: World) -> None:
    workers_die_while_ringing(world, ALICE, BOB)
    owe(world.house, ERIN)
    rules = world.house.runtime.house.policy.dialling
    longest = rules.settle_after_seconds + rules.longest_call_seconds

    world.skip(longest - 5)
    world.dialler.take_one(DESK)  # the outbox, which would settle them, stands still
    assert world.calls_to(ERIN) == []

    world.skip(5)
    world.dialler.take_one(DESK)
    assert len(world.calls_to(ERIN)) == 1


def workers_die_while_ringing(world: World, *people: Person) -> None:
    """For each, a worker has written its intent down, and the carrier never hears of it."""

    def dies(order: object) -> str:
        raise Killed

    owe(world.house, *people)
    world.carrier.place_call = dies  # type: ignore[method-assign,assignment]
    for _ in people:
        with pytest.raises(Killed):
            world.dialler.take_one(DESK)
        world.skip(1)
    del world.carrier.place_call
    world.hire(world.house.store)


# Any number of workers, in any order, by clocks that differ


@dataclass
class Account:
    """The workers of an account's desks, one step at a time; what they ordered, and when."""

    policy: Policy
    chance: Random
    apart: float
    now: float = TUESDAY_AT_TEN
    orders: list[tuple[str, float]] = field(default_factory=list)
    live: dict[str, str] = field(default_factory=dict)  # attempt: desk

    def __post_init__(self) -> None:
        self.store = MemoryStore(clock=lambda: self.now)
        self.pace = DiallingPace(self.store, self.policy)

    def worker(self, name: str, desk: str) -> Iterator[None]:
        """Orders calls as the dialler does; any other worker may go on wherever this one yields."""
        clock = self.chance.uniform(-self.apart / 2, self.apart / 2)
        for number in range(1_000_000):
            unit = UnitOfWork(self.store, desk, ("rate",))
            now = self.now + clock
            yield
            refused = self.pace.refusal(unit, now)
            yield
            if refused is None and self.ordered(unit, f"{name}-{number}", now):
                self.orders.append((desk, now - clock))
            yield

    def ordered(self, unit: UnitOfWork, attempt: str, now: float) -> bool:
        self.pace.begin(unit, attempt, now)
        try:
            unit.commit()
        except Conflict:
            return False
        self.live[attempt] = unit.partition
        return True

    def hang_up(self) -> None:
        """One of the calls is over."""
        attempt = self.chance.choice(sorted(self.live))
        unit = UnitOfWork(self.store, self.live.pop(attempt))
        call_is_over(unit, attempt)
        unit.commit()

    def run(self, steps: int) -> None:
        """Let the workers take turns, in any order."""
        workers = [self.worker(f"{desk}{n}", desk) for desk in self.policy.desk for n in range(3)]
        for _ in range(steps):
            next(self.chance.choice(workers))
            self.now += self.chance.choice([0.0, 0.0, 0.01, 0.2])
            if self.live and self.chance.random() < 0.02:
                self.hang_up()
            for desk, rules in self.policy.desk.items():
                at_once = sum(each == desk for each in self.live.values())
                assert at_once <= rules.calls_at_once, (desk, at_once)


def most_in_a_window(times: list[float], seconds: float) -> int:
    """The most orders that fell into any stretch of so many seconds."""
    return max((sum(at <= each < at + seconds for each in times) for at in times), default=0)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), apart=st.sampled_from([0.0, 0.004, 0.3, 5.0, 50.0]))
def test_workers_never_order_more_than_the_account_may(
    tmp_path_factory: pytest.TempPathFactory, seed: int, apart: float
) -> None:
    """Each desk keeps to its share, whose calls are a second apart by the clocks of those who
    ordered them; so clocks that differ add what a desk may order in as many seconds, once."""
    rules = {"rate": 3.0, "north_rate": 1.0, "main_rate": 2.0, "main_at_once": 3}
    folder = tmp_path_factory.mktemp("account")
    account(folder, **rules)
    house = Account(Policy.load(folder), Random(seed), apart)
    house.run(800)

    assert len(house.orders) > 5
    for seconds in (1.0, 5.0, 20.0):
        both = 0.0
        for desk, share in (("north", 1.0), ("main", 2.0)):
            times = [at for whose, at in house.orders if whose == desk]
            most = 1 + share * (seconds + apart)
            assert most_in_a_window(times, seconds) <= most, (desk, seconds)
            both += most
        assert most_in_a_window([at for _, at in house.orders], seconds) <= both


def test_by_clocks_that_differ_no_burst_is_ordered(tmp_path: Path) -> None:
    """A worker whose clock is behind takes the other's last order for no clock put back."""
    account(tmp_path)
    house = Account(Policy.load(tmp_path), Random(0), 0.0)
    ahead = UnitOfWork(house.store, "north", ("rate",))
    assert house.ordered(ahead, "ahead-1", house.now + CLOCKS_APART_SECONDS)

    behind = house.pace.refusal(UnitOfWork(house.store, "north", ("rate",)), house.now)

    assert behind is not None and behind.rule == "calls_per_second"


def test_a_clock_that_is_put_back_holds_the_desk_up_for_a_minute_at_most(tmp_path: Path) -> None:
    account(tmp_path)
    house = Account(Policy.load(tmp_path), Random(0), 0.0)
    assert house.ordered(UnitOfWork(house.store, "north", ("rate",)), "one-1", house.now)
    house.live.clear()

    house.now -= CLOCKS_APART_SECONDS + 2.0

    assert house.pace.refusal(UnitOfWork(house.store, "north", ("rate",)), house.now) is None


def test_eight_threads_at_one_desk_place_three_calls(build: Build, tmp_path: Path) -> None:
    """The dialler itself, with everything it asks in between."""
    house = build(environment=account(tmp_path, main_at_once=3))
    owe(house, *CUSTOMERS.values())

    def works() -> None:
        for _ in range(40):
            Dialler(house.runtime, house.carrier).take_one(DESK)
            house.clock.move(0.05)

    threads = [Thread(target=works) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(house.carrier.placed) == 3


# Of two workers one decides again


class OvertakenOnce(MemoryStore):
    """In which another worker is quicker, the next time that something depends on a record."""

    overtaken = False

    def commit(self, partition: str, change: Change) -> None:
        """As ever, but for that once."""
        if self.overtaken and change.writes:
            self.overtaken = False
            raise Conflict(next(iter(change.writes)))
        super().commit(partition, change)


def test_whoever_was_overtaken_tries_again_at_once(build: Build) -> None:
    clock = MovableClock()
    store = OvertakenOnce(clock=clock.now)
    house = build(store=store, clock=clock)
    owe(house, ALICE, BOB)

    store.overtaken = True

    assert house.dial() == "waiting"
    assert house.dial() == "placed"  # in the same instant, and in her place
    assert [order.to.e164 for order in house.carrier.placed] == [ALICE.phone]
