"""What an officer of a play has on a sheet of paper: a staff number, PINs, and codes for once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from bot import phone_codes
from bot.passwords import Passwords
from bot.phone_codes import Issued, PhoneCodes
from bot.runtime import Runtime
from bot.staff import keyed

OFFICERS_LINE = "the officers' line"


@dataclass
class Sheet:
    """One officer's, as they key it; each code is taken once."""

    number: str
    issued: Issued = field(repr=False)
    last_code: str = field(default="", repr=False)
    _left: Iterator[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._left = iter(self.issued.printed)

    def next_code(self) -> str:
        """The next one on the list."""
        self.last_code = next(self._left)
        return self.last_code


def give_sheet(runtime: Runtime, number: str, passwords: Passwords) -> Sheet:
    """Give this officer codes, the same ones in every play; nobody is told of it."""
    issued = phone_codes.issue(_the_same())
    hashes = PhoneCodes(passwords.hash(issued.pin), passwords.hash(issued.duress))
    runtime.records.phone_codes.give(number, hashes, issued.printed, runtime.clock.now())
    return Sheet(keyed(number), issued)


def _the_same() -> Callable[[int], int]:
    """Numbers that look like chance and are not: a play can be played again."""
    numbers = count(1)
    return lambda below: next(numbers) * 2_654_435_761 % below


# What stands on a sheet, by the prompt that asks for it, and by what a transcript calls it.
ASKED_FOR = {
    "officers.staff_number": "staff number",
    "officers.pin": "PIN",
    "officers.code": "next code",
}
