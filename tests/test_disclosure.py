"""Case details open against a proof and a committed record, and in no other way."""

import copy
import json
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import bot
from bot import disclosure
from bot.actions import DrawQuestions
from bot.cases import CaseDetails
from bot.disclosure import Committed, Telling
from bot.disclosure_record import DisclosureRecord
from bot.errors import NotDisclosable
from bot.events import AnswerGiven
from bot.flow import Flow
from bot.policy import Policy
from bot.proof import _MINT, ContactType, Fact, Proof
from bot.runtime import Flows
from bot.secret import Secret
from flows import FLOWS, OPENS
from flows.inbound_call import InboundCall
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB

BALANCE = "£1,234.56"
CHECKS = ("birth_date",)
DETAILS = CaseDetails("100000017", dict.fromkeys(Fact, BALANCE))
PROOF = Proof("CA1", "100000017", ContactType.INBOUND, CHECKS, _MINT)
GROUNDS = Policy.load().disclosure
TELLING = Telling(
    call="CA1",
    turn=3,
    desk="main",
    case="100000017",
    contact=ContactType.INBOUND,
    number_hash="ab" * 16,
    facts=(Fact.BALANCE,),
    wordings=("case.details@" + "cd" * 32,),
    release="ef" * 32,
)
RECORD = disclosure.decide(PROOF, TELLING, GROUNDS, now=1.0)


def proof(**different: str) -> Proof:
    given = {"call": "CA1", "case": "100000017", "contact": ContactType.INBOUND} | different
    return Proof(**given, checks=CHECKS, _mint=_MINT)  # type: ignore[arg-type]


def committed(record: DisclosureRecord, *, call: str = "CA1", turn: int = 3) -> Committed | None:
    """The record as the engine reads it back."""
    return disclosure.committed(record.to_json(), call=call, turn=turn)


FOREIGN = [
    proof(call="CA2"),
    proof(case="100000025"),
    proof(contact=ContactType.OUTBOUND),
    proof(contact=ContactType.OFFICER_PRESENT),
]


def test_with_proof_and_record_the_named_facts_open_and_no_others() -> None:
    assert disclosure.open(DETAILS, PROOF, committed(RECORD)) == {"balance": BALANCE}


@pytest.mark.parametrize("other", [None, *FOREIGN])
def test_without_a_fitting_proof_nothing_opens(other: Proof | None) -> None:
    with pytest.raises(NotDisclosable):
        disclosure.open(DETAILS, other, committed(RECORD))


@pytest.mark.parametrize(
    "record",
    [
        replace(RECORD, call="CA2"),
        replace(RECORD, case="100000025"),
        replace(RECORD, contact=ContactType.OUTBOUND),
    ],
)
def test_without_a_fitting_record_nothing_opens(record: DisclosureRecord) -> None:
    with pytest.raises(NotDisclosable):
        disclosure.open(DETAILS, PROOF, committed(record))


def test_without_any_record_nothing_opens() -> None:
    with pytest.raises(NotDisclosable):
        disclosure.open(DETAILS, PROOF, None)


def test_the_details_of_another_case_do_not_open() -> None:
    with pytest.raises(NotDisclosable):
        other = CaseDetails("100000025", {Fact.BALANCE: BALANCE})
        disclosure.open(other, PROOF, committed(RECORD))


def test_a_record_that_was_only_decided_opens_nothing() -> None:
    with pytest.raises(TypeError):
        disclosure.open(DETAILS, PROOF, RECORD)
    with pytest.raises(TypeError):
        Committed(RECORD, object())


def test_only_the_record_of_this_call_and_this_turn_counts() -> None:
    assert committed(RECORD) is not None
    assert committed(RECORD, turn=4) is None
    assert committed(RECORD, call="CA2") is None
    assert disclosure.committed(None, call="CA1", turn=3) is None


@pytest.mark.parametrize(
    ("verb", "module"), [("decide", "disclosing"), ("committed", "engine"), ("open", "speaker")]
)
def test_each_verb_of_the_gate_is_used_in_one_place(verb: str, module: str) -> None:
    """`committed` above all: the engine says it after its commit, so that it is true."""
    root = Path(bot.__file__).parent
    users = [
        path.relative_to(root).with_suffix("").as_posix()
        for path in root.rglob("*.py")
        if re.search(rf"\bdisclosure\.{verb}\(", path.read_text(encoding="utf-8"))
    ]
    assert [user for user in users if user != "disclosure"] == [module]


@pytest.mark.parametrize("other", [None, *FOREIGN])
def test_without_a_fitting_proof_no_record_is_made(other: Proof | None) -> None:
    with pytest.raises(NotDisclosable):
        disclosure.decide(other, TELLING, GROUNDS, now=1.0)


def test_no_record_is_made_where_there_is_no_case() -> None:
    with pytest.raises(NotDisclosable):
        disclosure.decide(PROOF, replace(TELLING, case=None), GROUNDS, now=1.0)


def test_a_record_says_to_whom_what_why_and_on_what_grounds() -> None:
    assert RECORD.to_json() == {
        "id": "CA1:3",
        "at": 1.0,
        "desk": "main",
        "call": "CA1",
        "case": "100000017",
        "recipient": "verified_customer",
        "contact": "inbound",
        "number_hash": TELLING.number_hash,
        "facts": ["balance"],
        "checks": ["birth_date"],
        "wordings": [*TELLING.wordings],
        "release": TELLING.release,
        "purpose": GROUNDS.purpose,
        "authority": GROUNDS.authority,
        "restriction": "none",
        "officer": "",
    }


def test_a_kind_of_fact_that_is_told_twice_in_one_breath_is_named_once() -> None:
    twice = replace(TELLING, facts=(Fact.BALANCE, Fact.NEXT_ACTION, Fact.BALANCE))

    assert disclosure.decide(PROOF, twice, GROUNDS, now=1.0).facts == ("balance", "next_action")


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


def test_a_stale_record_of_an_earlier_turn_opens_nothing(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    stale = call.talk["disclosure"]
    call.press("1")
    house.write(f"call:{call.id}", call.talk | {"disclosure": stale})

    call.again()

    assert call.heard().apology


def test_checks_for_another_kind_of_contact_tell_nothing(
    build: Callable[..., HouseInMemory],
) -> None:
    """A flow that draws the fewer questions of a call of ours, on a call that came in."""
    lax = Flows(opens={**OPENS, ("call_received", "customers"): Lax}, all=tuple(laxly()))
    house = build(flows=lax)
    call = house.rings(ALICE)
    call.verify(ALICE)
    assert call.heard().asked == "case.menu"

    call.press("1")

    assert call.heard().apology
    assert not [line for line in house.log() if line["kind"] == "disclosure"]


class Lax(InboundCall):
    """Asks what a call of ours would ask."""

    def by_reference(self, event: AnswerGiven) -> None:
        self.ask(DrawQuestions(ContactType.OUTBOUND, event.answer))


def laxly() -> list[type[Flow]]:
    return [Lax if flow is InboundCall else flow for flow in FLOWS]


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
