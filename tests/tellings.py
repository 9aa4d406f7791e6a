"""Records of tellings, for whoever files, lists or clears them; and the log out of reach."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from bot.disclosure_record import DisclosureRecord, Recipient
from bot.proof import ContactType, Fact
from tests.house_in_memory import TUESDAY_AT_TEN, HouseInMemory
from tests.people import ALICE

ALICE_WAS_TOLD = DisclosureRecord(
    id="CA1:9",
    at=TUESDAY_AT_TEN,
    desk="main",
    call="CA1",
    case=ALICE.reference,
    recipient=Recipient.VERIFIED_CUSTOMER,
    contact=ContactType.INBOUND,
    number_hash="ab" * 16,
    facts=(Fact.BALANCE, Fact.NEXT_ACTION),
    checks=("birth_date", "house_number"),
    wordings=("case.details@" + "cd" * 32,),
    release="ef" * 32,
    purpose="they asked to hear about their own case",
    authority="it is their own information",
    restriction="none",
)


def filed(house: HouseInMemory) -> list[DisclosureRecord]:
    """What is in the log."""
    return list(house.runtime.records.disclosures.told())


@contextmanager
def records_down(house: HouseInMemory) -> Iterator[None]:
    """The table is out of reach for a while."""
    _rename(house, "disclosures", "out_of_reach")
    yield
    _rename(house, "out_of_reach", "disclosures")


def _rename(house: HouseInMemory, old: str, new: str) -> None:
    with house.records.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
