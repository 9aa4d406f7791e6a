"""Staff who sign in: each with a telephone that shows codes, and browsers that keep cookies."""

from dataclasses import dataclass, field

from argon2 import PasswordHasher

from bot import one_time_codes
from bot.passwords import Passwords
from bot.records import SAMPLE_STAFF, import_staff
from bot.sign_in import Attempt, Entered
from bot.staff import Person
from bot.staff_book import StaffBook
from tests.house_in_memory import TUESDAY_AT_TEN, HouseInMemory, MovableClock

OMAR, MARY, OLGA, ADA = "s1001", "s1002", "s1003", "s1007"
PASSWORD = "Violet-Teacup-Gravel"
CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}  # the cost is another test's matter
NEXT_CODE = 30.0  # seconds until the telephone shows another


class RealTime(MovableClock):
    """Time by which telephones go too: moving it moves theirs."""

    def __init__(self) -> None:
        self.at = TUESDAY_AT_TEN
        super().__init__(wall=lambda: self.at)

    def move(self, seconds: float) -> None:
        """Let time pass everywhere."""
        self.at += seconds


@dataclass
class Browser:
    """A browser at some address: it keeps the cookie that makes it known."""

    address: str = "192.0.2.1"
    device: str = field(default="", repr=False)


class StaffWorld:
    """The book of a house in memory, and everybody's secrets."""

    def __init__(self, house: HouseInMemory) -> None:
        self.house, self.clock = house, house.clock
        import_staff(
            house.records,
            house.runtime.keyring,
            SAMPLE_STAFF,
            desks={"main"},
            now=house.clock.now(),
        )
        self.book = StaffBook.of(house.runtime, Passwords(PasswordHasher(**CHEAP)))
        self.secrets: dict[str, str] = {}

    def enrol(self, number: str, password: str = PASSWORD) -> tuple[str, ...]:
        """Somebody is invited and enrols; their recovery codes."""
        code = self.book.enrolment.invite(number, None)
        invited = self.book.enrolment.invited(code)
        assert invited is not None
        self.secrets[number] = invited.secret
        enrolled = self.book.enrolment.enrol(code, password, self.app_code(number))
        assert enrolled is not None and not enrolled.why_not
        self.clock.move(NEXT_CODE)
        return enrolled.recovery

    def app_code(self, number: str) -> str:
        """What their telephone shows."""
        return one_time_codes.code_now(self.secrets[number], self.clock)

    def enter(
        self, number: str, browser: Browser, password: str = PASSWORD, code: str | None = None
    ) -> Entered | None:
        """Somebody tries to sign in; on success the browser is known from now on."""
        code = self.app_code(number) if code is None and number in self.secrets else code or ""
        entered = self.book.sign_in.enter(
            Attempt(number, password, code, browser.address, browser.device)
        )
        if entered is not None:
            browser.device = entered.device
        return entered

    def who(self, entered: Entered | None) -> Person | None:
        """Who a session belongs to, as the next request finds it."""
        found = self.book.sessions.find(entered.token) if entered else None
        return found[0] if found else None

    def told(self) -> list[str]:
        """The flow log's lines of staff: what, who, why, about whom."""
        lines = [fields for _, fields in self.house.store.log_after("main", "0", 1000)]
        parts = ("event", "staff", "reason", "detail")
        return [
            " ".join(line[part] for part in parts if part in line)
            for line in lines
            if line["kind"] == "staff"
        ]
