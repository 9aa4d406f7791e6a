"""Puts people of a test on the department's staff list."""

from dataclasses import dataclass
from io import BytesIO

from bot.records import import_staff
from bot.staff import Person
from tests.house_in_memory import HouseInMemory


@dataclass
class _File:
    content: str

    def open(self, mode: str, /) -> BytesIO:
        return BytesIO(self.content.encode())


def put_on_the_list(house: HouseInMemory, *people: Person) -> None:
    """As an import does: once more with other roles, and they have these."""
    rows = [f"{one.number},{one.name},{';'.join(one.roles)},{one.desk}" for one in people]
    file = _File("\n".join(["number,name,roles,desk", *rows, ""]))
    now = house.clock.now()
    import_staff(house.records, house.runtime.keyring, file, desks={"main"}, now=now)
