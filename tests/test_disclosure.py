"""Case details open against a proof and a committed record, and in no other way."""

import copy
import json
import pickle
from dataclasses import replace

import pytest

from bot import disclosure
from bot.cases import CaseDetails
from bot.disclosure import DisclosureRecord
from bot.errors import NotDisclosable
from bot.proof import _MINT, ContactType, Fact, Proof
from bot.secret import Secret
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB

BALANCE = "£1,234.56"
CHECKS = ("birth_date",)
DETAILS = CaseDetails("100000017", dict.fromkeys(Fact, BALANCE))
PROOF = Proof("CA1", "100000017", ContactType.INBOUND, CHECKS, _MINT)
RECORD = disclosure.decide(PROOF, (Fact.BALANCE,), call="CA1", case="100000017", turn=3, now=1.0)


def proof(**different: str) -> Proof:
    given = {"call": "CA1", "case": "100000017", "contact": ContactType.INBOUND} | different
    return Proof(**given, checks=CHECKS, _mint=_MINT)  # type: ignore[arg-type]


FOREIGN = [
    proof(call="CA2"),
    proof(case="100000025"),
    proof(contact=ContactType.OUTBOUND),
]


def test_with_proof_and_record_the_named_facts_open_and_no_others() -> None:
    assert disclosure.open(DETAILS, PROOF, RECORD) == {"balance": BALANCE}


@pytest.mark.parametrize("other", [None, *FOREIGN])
def test_without_a_fitting_proof_nothing_opens(other: Proof | None) -> None:
    with pytest.raises(NotDisclosable):
        disclosure.open(DETAILS, other, RECORD)


@pytest.mark.parametrize(
    "record",
    [
        None,
        replace(RECORD, call="CA2"),
        replace(RECORD, case="100000025"),
        replace(RECORD, contact=ContactType.OUTBOUND),
    ],
)
def test_without_a_fitting_record_nothing_opens(record: DisclosureRecord | None) -> None:
    with pytest.raises(NotDisclosable):
        disclosure.open(DETAILS, PROOF, record)


def test_the_details_of_another_case_do_not_open() -> None:
    with pytest.raises(NotDisclosable):
        disclosure.open(CaseDetails("100000025", {Fact.BALANCE: BALANCE}), PROOF, RECORD)


@pytest.mark.parametrize("other", [None, *FOREIGN[:2]])
def test_without_a_fitting_proof_no_record_is_made(other: Proof | None) -> None:
    with pytest.raises(NotDisclosable):
        disclosure.decide(other, (Fact.BALANCE,), call="CA1", case="100000017", turn=1, now=1.0)


def test_a_record_names_kinds_and_grounds_and_never_the_fact() -> None:
    stored = json.dumps(RECORD.to_json())

    assert "balance" in stored and "birth_date" in stored
    assert "1,234.56" not in stored
    assert DisclosureRecord.from_json(json.loads(stored)) == RECORD


@pytest.mark.parametrize(
    "show", [str, repr, "{}".format, "{:>20}".format, "%s".__mod__, lambda d: f"{d!r}"]
)
@pytest.mark.parametrize("secret", [DETAILS, Secret(BALANCE)])
def test_printing_shows_nothing(show, secret: object) -> None:
    assert "1,234" not in show(secret)


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, list, dict])
@pytest.mark.parametrize("secret", [DETAILS, Secret(BALANCE)])
def test_taking_it_elsewhere_is_refused(take, secret: object) -> None:
    with pytest.raises(TypeError):
        take(secret)


def test_details_have_no_dictionary_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(DETAILS)


# In a whole call


def test_a_proof_does_not_outlive_its_call(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    path = call.heard().action
    call.press("1")
    assert ALICE.tells(call.heard().text)
    call.hang_up()

    for repeat in (lambda: call.post(path, Digits="1"), call.again):
        repeat()
        assert call.heard().hangs_up and not call.heard().text
    assert "ledger" not in call.talk["tokens"]


def test_a_ledger_carried_into_another_call_opens_nothing(house: HouseInMemory) -> None:
    alice = house.rings(ALICE)
    alice.verify(ALICE)
    mallory = house.rings(BOB)
    mallory.press(ALICE.reference)
    tokens = mallory.talk["tokens"] | {"ledger": alice.talk["tokens"]["ledger"]}
    menu = alice.talk["replies"]
    house.write(
        f"call:{mallory.id}",
        mallory.talk | {"tokens": tokens, "state": "menu", "listener": "verified", "replies": menu},
    )

    mallory.post(f"/call/digits-pressed/{mallory.place}/{mallory.talk['turn']}", Digits="1")

    assert mallory.heard().apology
    assert not [line for line in house.log() if line["kind"] == "disclosure"]


def test_a_call_turned_to_another_case_opens_nothing(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    tokens = call.talk["tokens"] | {"case": BOB.reference}
    house.write(f"call:{call.id}", call.talk | {"tokens": tokens})

    call.press("1")

    assert call.heard().apology


def test_details_whose_telling_was_not_committed_are_not_told(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    house.write(f"call:{call.id}", call.talk | {"disclosure": None})

    call.again()

    assert call.heard().apology


def test_the_disclosure_is_in_the_log_before_it_is_spoken(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")

    told = [line for line in house.log() if line["kind"] == "disclosure"]

    assert [line["case"] for line in told] == [ALICE.reference]
    assert told[0]["detail"].startswith("balance last_payment next_action on ")
