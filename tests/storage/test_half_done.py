"""The server committed, and its answer was lost: asking again is the same as once."""

from collections.abc import Callable, Iterator

import pytest

from bot.errors import StoreDown
from bot.storage.redis_store import RedisStore
from bot.store import DUE
from tests.house_in_memory import DESK, HOUR, HouseInMemory, text_sid
from tests.people import ALICE, BOB
from tests.storage.cut_line import CutLine
from tests.storage.fleet import Fleet, RealServer


@pytest.fixture(scope="module")
def server(fleet: Fleet) -> RealServer:
    made = fleet.server("half-done")
    made.start()
    return made


@pytest.fixture
def line(server: RealServer) -> Iterator[CutLine]:
    server.ask("FLUSHALL")
    line = CutLine(server.port)
    yield line
    line.close()


class Rests:
    """The clock of a breaker: each rest ends when a test says so."""

    def __init__(self) -> None:
        self.over = 0

    def __call__(self) -> float:
        return float(self.over)


@pytest.fixture
def rests() -> Rests:
    return Rests()


@pytest.fixture
def house(
    build: Callable[..., HouseInMemory], line: CutLine, rests: Rests
) -> Iterator[HouseInMemory]:
    store = RedisStore.connect(line.url, timeout=5.0, rest_seconds=1.0, clock=rests)
    yield build(store=store)
    store.close()


def steps(house: HouseInMemory, conversation: str) -> int:
    """How many lines of the flow log tell of a step of it."""
    log = house.log()
    return sum(line.get("conversation") == conversation and "flow" in line for line in log)


def test_a_text_that_was_kept_and_not_acknowledged_is_owed_one_call(
    house: HouseInMemory, line: CutLine, rests: Rests
) -> None:
    sid = text_sid(1)
    line.cut_next()
    statuses = []
    for rests.over in range(3):
        statuses.append(house.text(ALICE, "Sorry I missed you", sid=sid).status_code)

    assert (statuses, line.cut) == ([503, 200, 200], 1)
    assert [each.data["callback"] for each in house.store.waiting(DESK, DUE)] == [sid]
    assert steps(house, sid) == 1


def test_a_caller_goes_on_from_where_the_lost_answer_would_have_led(
    house: HouseInMemory, line: CutLine, rests: Rests
) -> None:
    bob = house.rings(BOB)
    bob.press(BOB.reference)
    first, asked = bob.last, bob.question
    line.cut_next()
    bob.answer(BOB)
    assert bob.heard().apology

    rests.over += 1
    bob.last = first
    bob.answer(BOB)  # Twilio brings the same keys once more

    assert bob.heard().asked.startswith("question.")
    assert bob.question != asked
    turns = [line["turn"] for line in house.log() if line.get("turn")]
    assert turns == [str(turn + 1) for turn in range(bob.talk["turn"])]


@pytest.mark.parametrize("scripts_before", range(4), ids=["claim", "reserve", "intent", "placed"])
def test_a_call_is_placed_once_whichever_answer_of_the_store_is_lost(
    house: HouseInMemory, line: CutLine, rests: Rests, scripts_before: int
) -> None:
    house.text(ALICE, "Sorry I missed you")
    line.cut_next(after=scripts_before)
    with pytest.raises(StoreDown):
        house.dial()
    assert line.cut == 1
    rests.over += 1
    rung = len(house.carrier.placed)

    for _ in range(20):  # leases lapse, and what is unclear is settled
        house.later(60.0)
        house.work()
        house.dial()
        if house.carrier.placed and not house.store.waiting(DESK, DUE):
            break

    assert rung == (scripts_before == 3)
    assert len(house.carrier.placed) == 1
    house.later(HOUR)
    assert house.dial() is None
