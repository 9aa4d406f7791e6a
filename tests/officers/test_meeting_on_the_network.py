"""A meeting over the phone network: two handsets, real webhooks, the carrier's own conference."""

from collections.abc import Callable

import pytest

from bot.dialler import Dialler
from bot.outbox import Outbox
from bot.play.officers import Sheet
from bot.play.telephone import OnTheLine, Telephone
from bot.simulator import Call
from tests.house_in_memory import BASE, DESK, HouseInMemory
from tests.people import ALICE, OFFICERS_LINE, OMAR
from tests.transcript import sheets_of
from tests.worker.world import World

DESKS_PHONE = "+443069990300"


class TwoHandsets:
    """Omar's and Alice's, and the workers who do what is due."""

    def __init__(self, build: Callable[..., HouseInMemory]) -> None:
        self.world = World(build)
        self.network = self.world.network
        here = (f"{BASE}/call/received", f"{BASE}/text/received", f"{BASE}/call/status")
        self.network.own(OFFICERS_LINE, *here)
        self.network.add(Telephone("Omar", OMAR.phone), Telephone("Alice", ALICE.phone))
        self.omar, self.alice = (OnTheLine(self.network, DESKS_PHONE) for _ in range(2))
        self.sheet: Sheet = sheets_of(self.world.house)["Omar"]
        texts = self.world.house.wording.prompts.values()
        self._ids = {prompt.text: prompt.id for prompt in texts}

    def work(self) -> None:
        """Whatever is due."""
        runtime, carrier = self.world.house.runtime, self.world.carrier
        dialler, outbox = Dialler(runtime, carrier), Outbox(runtime, carrier)
        while dialler.take_one(DESK) or outbox.take_one(DESK):
            pass

    def asks_for_alice(self) -> None:
        """Omar shows who he is, and has her rung."""
        self.omar.dial(OMAR.phone, OFFICERS_LINE)
        sheet = self.sheet
        for keys in (sheet.number, sheet.issued.pin, sheet.next_code(), "1", "3", ALICE.reference):
            self.omar.press(keys)
        self.work()
        self.alice.expect(self.calls_to(ALICE.phone)[-1])

    def alice_passes(self) -> None:
        """She picks up, and answers everything that is asked."""
        self.alice.answer()
        self.alice.press("5")
        self.alice.press("1")
        while (asked := self._ids.get(self.alice.reply.words[-1], "")).startswith("question."):
            self.alice.press(ALICE.right(asked.removeprefix("question.")))
        self.alice.press("1")  # the telephone that they speak on is the best one

    def calls_to(self, number: str) -> list[Call]:
        return [call for call in self.network.calls.values() if call.to == number]

    def heard(self, line: OnTheLine) -> str:
        return " ".join(each.words for each in line.call.heard)


@pytest.fixture
def two(build: Callable[..., HouseInMemory]) -> TwoHandsets:
    return TwoHandsets(build)


def test_they_speak_and_neither_learns_the_others_number(two: TwoHandsets) -> None:
    two.asks_for_alice()
    two.alice_passes()
    two.work()  # Alice is ready: Omar is told, and both are redirected
    two.network.advance(20)

    two.network.speak(OMAR.phone, "Good morning, this is Omar")
    two.network.advance(5)
    two.network.speak(ALICE.phone, "Good morning")
    two.network.advance(5)

    assert "Good morning, this is Omar" in two.heard(two.alice)
    assert two.heard(two.omar).endswith("Good morning")
    assert "1 0 0, 0 0 0, 0 1 7" in two.heard(two.omar)
    for line, other in ((two.omar, ALICE), (two.alice, OMAR)):
        assert other.phone.removeprefix("+44") not in two.heard(line).replace(" ", "")
        assert other.phone not in (line.call.from_, line.call.to)


def test_she_hangs_up_and_he_is_asked_what_came_of_it(two: TwoHandsets) -> None:
    two.asks_for_alice()
    two.alice_passes()
    two.work()
    two.network.advance(20)

    two.network.hang_up(ALICE.phone)
    two.network.advance(10)

    assert two.alice.call.over and not two.omar.call.over
    assert "What came of it?" in two.heard(two.omar)
    two.omar.press("1")
    two.work()
    reasons = {task.reason for task in two.world.house.runtime.tasks.open()}
    assert reasons == {"note_to_approve"}


def test_his_telephone_dies_and_she_is_not_left_in_silence(two: TwoHandsets) -> None:
    two.asks_for_alice()
    two.alice_passes()
    two.work()
    two.network.advance(20)

    two.network.hang_up(OMAR.phone)
    two.network.advance(10)

    assert "Thank you. Goodbye." in two.heard(two.alice)
    assert two.alice.call.over


def test_his_telephone_dies_before_she_is_ready(two: TwoHandsets) -> None:
    two.asks_for_alice()
    two.network.hang_up(OMAR.phone)
    two.network.advance(2)
    two.work()
    two.alice_passes()
    two.work()
    two.network.advance(20)

    assert "the officer cannot be reached" in two.heard(two.alice)
    assert not two.alice.call.over
    two.alice.press("1")
    assert ALICE.tells(two.heard(two.alice))
