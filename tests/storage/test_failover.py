"""A master dies while texts come in and somebody is rung: what is lost (`pytest -s` tells it).

Nothing that a replica had is lost, so nobody is rung twice; what was acknowledged before a replica
had it is found in the carrier's list, which keeps it for days. A desk whose node dies is down by
itself.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.carrier import CallOrder, ListedCall, ListedText
from bot.dialler import Dialler
from bot.errors import NotReplicated, StoreDown
from bot.outbox import Outbox
from bot.phone import PhoneNumber
from bot.reconciling import Reconciling
from bot.secret import Secret
from bot.storage.fenced import FencedStore
from bot.storage.redis_store import RedisStore
from bot.store import DUE, OUTBOX
from tests.house_in_memory import DESK, FakeCarrier, HouseInMemory, text_sid
from tests.people import ALICE, BOB, SERVICE, Person
from tests.storage.fleet import WITHIN_SECONDS, Fleet, Six, Watched, until

Build = Callable[..., HouseInMemory]
PACE = 0.1  # seconds between two texts
DESKS = ("north", "south", "east", "west", "wales", "scotland")


@dataclass
class BusyCarrier(FakeCarrier):
    """A carrier that lists what it has: every text that was sent, every call that it placed."""

    listed: list[ListedText] = field(default_factory=list)
    rung: list[ListedCall] = field(default_factory=list)
    as_it_rings: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        super().__init__()

    def place_call(self, order: CallOrder) -> str:
        call = super().place_call(order)
        self.rung.append(ListedCall(call, "ringing", 0.0))
        self.as_it_rings()
        return call

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        placed = zip(self.placed, self.rung, strict=True)
        return [replace(call, created=since) for order, call in placed if order.to == number]

    def texts_received(self, number: PhoneNumber, since: float) -> list[ListedText]:
        return self.listed if number.e164 == SERVICE else []


@dataclass
class Texts:
    """What a customer sends to one desk, each once: what it fails to bring, the carrier keeps."""

    house: HouseInMemory
    person: Person
    to: str = SERVICE
    desk: str = DESK
    first: int = 1000
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    out_at: float | None = None
    gap: float = 0.0

    def send(self) -> bool:
        sid = text_sid(self.first + len(self.acknowledged) + len(self.refused))
        status = self.house.text(self.person, "Sorry I missed you", sid=sid, to=self.to).status_code
        assert status in (200, 503)
        kept = status == 200
        (self.acknowledged if kept else self.refused).append(sid)
        if not kept and self.out_at is None:
            self.out_at = time.monotonic()
        if kept and self.out_at is not None and not self.gap:
            self.gap = time.monotonic() - self.out_at
        return kept

    def send_many(self, number: int) -> None:
        """So many that are acknowledged, however many it takes."""
        wanted = len(self.acknowledged) + number
        until_then = time.monotonic() + WITHIN_SECONDS
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until_then, "it never comes back"
            if not self.send():
                time.sleep(PACE)

    def lost(self) -> list[str]:
        """What was acknowledged and is not there."""
        return [sid for sid in self.acknowledged if not self.is_kept(sid)]

    def is_kept(self, sid: str) -> bool:
        key = f"call:{sid}"
        return self.house.store.read(self.desk, (key,))[key].data is not None

    def listed(self) -> list[ListedText]:
        """All of them, as the carrier has them."""
        at, sender = self.house.clock.now(), PhoneNumber(self.person.phone)
        body = Secret("Sorry I missed you")
        return [
            ListedText(text=sid, at=at, sender=sender, body=body)
            for sid in self.acknowledged + self.refused
        ]

    def measured(self, what: str) -> None:
        print(  # noqa: T201 - a figure to be seen
            f"\n{what}: {len(self.acknowledged)} acknowledged, {len(self.lost())} of them lost, "
            f"{len(self.refused)} refused, {self.gap:.1f} s without an answer"
        )


def reconciled(house: HouseInMemory, carrier: BusyCarrier) -> int:
    """The carrier's lists are looked through; how much nobody had told us of."""
    house.later(600.0)
    return Reconciling(house.runtime, carrier).take_one(DESK) or 0


def rung(carrier: FakeCarrier) -> list[str]:
    return sorted(order.to.e164 for order in carrier.placed)


def work_off(house: HouseInMemory, carrier: FakeCarrier) -> None:
    """Leases lapse, what is unclear is settled, what is due is rung."""
    for _ in range(20):
        house.later(60.0)
        while Dialler(house.runtime, carrier).take_one(DESK) or Outbox(
            house.runtime, carrier
        ).take_one(DESK):
            pass
        settling = [line for line in house.store.waiting(DESK, OUTBOX) if line.kind == "settle"]
        if not (house.store.waiting(DESK, DUE) or settling):
            return


@pytest.fixture
def vigilant(watched: Watched) -> Iterator[Watched]:
    watched.notice_within(1000)
    yield watched
    watched.notice_within(30_000)
    watched.await_health()


@pytest.fixture
def emptied(watched: Watched) -> None:
    watched.master.ask("FLUSHALL")


@pytest.mark.usefixtures("emptied")
def test_texts_come_in_and_alice_is_being_rung_when_the_master_dies(
    build: Build, vigilant: Watched
) -> None:
    store = RedisStore.connect(vigilant.url, timeout=2.0, rest_seconds=1.0)
    house = build(store=store)
    assert house.text(ALICE, "Sorry I missed you").status_code == 200
    bobs = Texts(house, BOB)
    bobs.send_many(30)
    dies = vigilant.master
    carrier = BusyCarrier(as_it_rings=dies.kill)

    with pytest.raises(StoreDown):  # the carrier has the call, and we could not write down its id
        Dialler(house.runtime, carrier).take_one(DESK)
    bobs.send_many(30)

    assert vigilant.master is not dies
    assert bobs.lost() == []
    bobs.measured("Sentinel")
    carrier.as_it_rings = lambda: None
    carrier.listed = bobs.listed()
    assert reconciled(house, carrier) == len(bobs.refused)
    assert all(map(bobs.is_kept, bobs.refused))
    vigilant.await_health()  # nobody is rung while there is no replica
    work_off(house, carrier)
    assert rung(carrier) == sorted((ALICE.phone, BOB.phone))  # and not twice
    store.close()


@pytest.mark.usefixtures("emptied")
def test_nobody_is_rung_before_a_replica_has_it_in_writing(build: Build, watched: Watched) -> None:
    store = RedisStore.connect(watched.url, timeout=2.0, rest_seconds=0.0)
    house = build(store=FencedStore(store, "k1"))  # as it really runs
    house.text(ALICE, "Sorry I missed you")
    watched.replica.freeze()
    try:
        with pytest.raises(NotReplicated):
            house.dial()
        assert house.carrier.placed == []
        assert house.text(BOB, "who rang?").status_code == 200  # receiving goes on
    finally:
        watched.replica.thaw()
    watched.await_health()

    work_off(house, house.carrier)
    assert rung(house.carrier) == sorted((ALICE.phone, BOB.phone))
    store.close()


def test_what_a_failover_loses_is_found_in_the_carriers_list(build: Build, fleet: Fleet) -> None:
    """Nobody waits for replicas here, and the one that takes over has fallen behind."""
    first, second = (fleet.server(f"pair{n}") for n in range(2))
    first.start()
    second.start()
    second.ask("REPLICAOF", "127.0.0.1", first.port)
    store = RedisStore.connect(f"redis://{first.place}", timeout=2.0)
    alices = Texts(build(store=store), ALICE)
    alices.send_many(3)
    until("the replica has all", first.is_followed)
    second.ask("REPLICAOF", "NO", "ONE")
    alices.send_many(2)
    first.kill()
    store.close()

    store = RedisStore.connect(f"redis://{second.place}", timeout=2.0)
    house = alices.house = build(store=store)
    assert alices.lost() == alices.acknowledged[3:]
    alices.measured("No replica waited for")
    carrier = BusyCarrier(listed=alices.listed())
    assert reconciled(house, carrier) == 2

    assert alices.lost() == []
    work_off(house, carrier)
    assert rung(carrier) == [ALICE.phone]
    store.close()
    second.kill()


def two_desks(folder: Path, six: Six) -> tuple[dict[str, str], list[str]]:
    """The rules of two desks at different nodes, and the environment that names them."""
    north = DESKS[0]
    south = next(each for each in DESKS if six.holder(each) is not six.holder(north))
    numbers = iter(range(443069990400, 443069990500))
    rules = f'default_desk = "{north}"\n'
    for desk in (north, south):
        customers, officers, phone = (f"+{next(numbers)}" for _ in range(3))
        rules += f"""
[desk.{desk}]
name = "the {desk} desk"
phone = "{phone}"
caller_id = "{customers}"
calls_per_second = 0.5
calls_at_once = 10
bank_holidays_of = "england"
source = "invented"
evidence = "default"
spoken_hours = {{ en = "on Tuesdays" }}
lines = {{ customers = ["{customers}"], officers = ["{officers}"] }}
hours = {{ zone = "Europe/London", tuesday = {{ from = 09:00:00, until = 17:00:00 }} }}
officers = {{ s1001 = "Omar" }}
"""
    (folder / "policy.toml").write_text(rules)
    return {"RINGBACK_CONFIG_DIR": str(folder)}, [north, south]


@pytest.fixture
def alert(six: Six) -> Iterator[Six]:
    six.notice_within(1500)
    yield six
    six.await_health()
    six.notice_within(30_000)


def test_one_desks_node_dies_and_the_other_desk_goes_on(
    build: Build, alert: Six, tmp_path: Path
) -> None:
    environment, (north, south) = two_desks(tmp_path, alert)
    store = RedisStore.connect(alert.url, timeout=2.0, rest_seconds=1.0)
    house = build(store=store, environment=environment)
    desks = house.runtime.house.policy.desk
    norths = Texts(house, ALICE, desks[north].caller_id, north)
    souths = Texts(house, BOB, desks[south].caller_id, south, first=5000)
    norths.send_many(20)
    first = alert.holder(north)
    first.kill()

    def both_send() -> bool:
        souths.send()
        time.sleep(PACE)
        return norths.send()

    assert not both_send()
    until("its replica has taken over", both_send)
    norths.send_many(20)
    assert norths.lost() == []
    norths.measured("Cluster, the desk whose node died")

    second = alert.holder(north)  # it has no replica now
    second.kill()
    for _ in range(20):
        assert not both_send()
    second.start()
    until("it is back", both_send)
    assert (norths.lost(), souths.lost()) == ([], [])
    assert souths.refused == []  # undisturbed
    souths.measured("Cluster, the other desk")
    store.close()
