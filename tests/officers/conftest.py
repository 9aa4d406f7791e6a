"""Officers with handsets and sheets of codes, in a house in memory."""

from collections.abc import Callable

import pytest

from bot.officers import Claim, Judged
from bot.play.officers import Sheet, give_sheet
from tests.house_in_memory import CHEAP, DESK, HouseInMemory, LiveCall
from tests.people import OFFICERS, OFFICERS_LINE, OMAR, Person
from tests.sign_in_world import RealTime, StaffWorld


class OfficerWorld(StaffWorld):
    """The staff, and what officers have on paper."""

    def __init__(self, house: HouseInMemory) -> None:
        super().__init__(house)
        give = [(name, give_sheet(house.runtime, n, CHEAP)) for name, n in OFFICERS.items()]
        self.sheets: dict[str, Sheet] = dict(give)
        self.omar = self.sheets["Omar"]
        self._events = 0

    def judge(self, phone: str, number: str, pin: str, code: str, by: str = "") -> Judged:
        """Somebody keys these on the officers' line, ringing from there."""
        self._events += 1
        handset = self.house.runtime.keyring.number_hash(phone)
        claim = Claim(number, pin, code, handset, by or f"CA{self._events}:3")
        return self.house.runtime.officers.judge(claim, DESK)

    def who_is(self, person: Person) -> str:
        """Their staff number."""
        return OFFICERS[person.name]

    def rings(self, person: Person = OMAR) -> LiveCall:
        """Somebody rings the officers' line."""
        return self.house.rings(person, to=OFFICERS_LINE)

    def let_in(self, person: Person = OMAR, *, place: str = "1") -> LiveCall:
        """An officer rings, shows who they are, and says where they are."""
        call, sheet = self.rings(person), self.sheets[person.name]
        for keys in (sheet.number, sheet.issued.pin, sheet.next_code(), place):
            call.press(keys)
        return call


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> OfficerWorld:
    return OfficerWorld(build(clock=RealTime()))
