"""Records of tellings, for whoever files, lists or clears them."""

from bot.disclosure_record import DisclosureRecord, Recipient
from bot.proof import ContactType, Fact
from tests.house_in_memory import TUESDAY_AT_TEN
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
