"""Who may hear what, and that nobody can make up a proof, or the ledger that gives one."""

import base64
import copy
import dataclasses
import gc
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Conflict
from bot.keys import Keyring
from bot.proof import (
    _MINT,
    MAY_HEAR,
    Audience,
    ContactType,
    Listener,
    OfficerProof,
    Proof,
    may_hear,
)
from bot.question_set import QuestionSet
from bot.unit_of_work import UnitOfWork
from bot.verification import Ledger, Verification
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import ALICE

PROOF = Proof("CA1", "100000017", ContactType.INBOUND, ("birth_date",), _MINT)
OFFICER_PROOF = OfficerProof("CA1", "s1001", "100000017", True, _MINT)


def test_only_its_maker_can_build_a_proof() -> None:
    with pytest.raises(TypeError):
        Proof("CA1", "100000017", ContactType.INBOUND, (), object())
    with pytest.raises(TypeError):
        Proof("CA1", "100000017", ContactType.INBOUND, (), None)
    with pytest.raises(TypeError):
        OfficerProof("CA1", "s1001", "100000017", True, object())


@pytest.mark.parametrize("proof", [PROOF, OFFICER_PROOF])
def test_a_proof_is_neither_stored_nor_copied(proof: object) -> None:
    for keep in (pickle.dumps, copy.copy, copy.deepcopy, lambda one: one.__getstate__()):
        with pytest.raises(TypeError):
            keep(proof)
    with pytest.raises(TypeError):
        json.dumps(proof)


@pytest.mark.parametrize("different", [{"call": "CA2"}, {"case": "100000025"}, {}])
def test_no_proof_is_made_of_another(different: dict[str, str]) -> None:
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(PROOF, **different)
    assert _MINT not in dataclasses.astuple(PROOF)
    assert not hasattr(PROOF, "_mint")


def test_a_proof_cannot_be_altered() -> None:
    for name in ("call", "case", "contact", "checks"):
        with pytest.raises(AttributeError):
            setattr(PROOF, name, "100000025")


@pytest.mark.parametrize(
    "other",
    [
        {"call": "CA2", "case": "100000017", "contact": ContactType.INBOUND},
        {"call": "CA1", "case": "100000025", "contact": ContactType.INBOUND},
        {"call": "CA1", "case": "100000017", "contact": ContactType.OUTBOUND},
        {"call": "", "case": "", "contact": ContactType.OFFICER_PRESENT},
    ],
)
def test_a_proof_fits_its_own_call_case_and_contact_alone(other: dict[str, str]) -> None:
    assert PROOF.fits(call="CA1", case="100000017", contact=ContactType.INBOUND)
    assert not PROOF.fits(**other)  # type: ignore[arg-type]


def test_an_officers_proof_is_for_the_case_they_opened_where_nobody_overhears_them() -> None:
    overheard = OfficerProof("CA1", "s1001", "100000017", False, _MINT)
    of_no_case = OfficerProof("CA1", "s1001", None, True, _MINT)

    assert OFFICER_PROOF.fits(call="CA1", case="100000017", contact=None)
    for proof, call, case, contact in (
        (OFFICER_PROOF, "CA2", "100000017", None),
        (OFFICER_PROOF, "CA1", "100000025", None),
        (OFFICER_PROOF, "CA1", "100000017", ContactType.OFFICER_PRESENT),
        (overheard, "CA1", "100000017", None),
        (of_no_case, "CA1", "100000017", None),
    ):
        assert not proof.fits(call=call, case=case, contact=contact)
    assert not of_no_case.fits_case(None)
    assert not PROOF.fits(call="CA1", case="100000017", contact=None)


def test_who_may_hear_what_is_as_the_design_says() -> None:
    heard = {
        Listener.UNKNOWN: "any_ears",
        Listener.MACHINE: "machine",
        Listener.PERSON: "any_ears unverified",
        Listener.VERIFIED: "any_ears unverified verified",
        Listener.OFFICER: "any_ears officer",
    }
    for listener in Listener:
        may = {audience.value for audience in Audience if may_hear(listener, audience)}
        assert may == set(heard[listener].split())
    assert set(MAY_HEAR) == set(Listener)


# The ledger behind a proof

QUESTIONS = QuestionSet.load()
KEYRING = Keyring({"k1": bytes(range(32))})
OTHERS = Keyring({"k1": bytes(32)})


def passed(verification: Verification, call: str = "CA1") -> Ledger:
    """The ledger of a call in which every answer was right."""
    drawn = verification.draw(
        call=call, contact=ContactType.INBOUND, typed="", case=None, answers=()
    )
    right = tuple(dataclasses.replace(asked, right=True) for asked in drawn.asked)
    return dataclasses.replace(drawn, case=ALICE.reference, real=True, asked=right)


def reader(keyring: Keyring = KEYRING) -> Verification:
    """Another process: it holds no ledger that it sealed itself."""
    return Verification(keyring, QUESTIONS)


SEALED = reader().seal(passed(reader()))
NAMED, _, ENCODED = SEALED.partition(":")
RAW = base64.urlsafe_b64decode(ENCODED)


def as_text(raw: bytes, named: str = NAMED) -> str:
    return f"{named}:{base64.urlsafe_b64encode(raw).decode()}"


def test_the_ledger_as_it_was_sealed_gives_a_proof() -> None:
    proof = reader().proof(as_text(RAW), "CA1")

    assert proof is not None
    assert proof.fits(call="CA1", case=ALICE.reference, contact=ContactType.INBOUND)


def test_a_ledger_with_any_bit_of_any_byte_altered_is_no_ledger() -> None:
    verification = reader()
    for place in range(len(RAW)):
        for bit in range(8):
            altered = bytearray(RAW)
            altered[place] ^= 1 << bit
            assert verification.unseal(as_text(bytes(altered)), "CA1") is None, (place, bit)
            assert verification.proof(as_text(bytes(altered)), "CA1") is None, (place, bit)


@given(st.integers(0, len(SEALED) - 1), st.characters(codec="utf-8"))
def test_a_ledger_with_a_character_altered_is_no_ledger(place: int, char: str) -> None:
    """What decodes to the very same bytes is not altered: base64 has such twins."""
    text = SEALED[:place] + char + SEALED[place + 1 :]
    unaltered = text.startswith(f"{NAMED}:") and _decoded(text) == RAW

    assert (reader().proof(text, "CA1") is not None) == unaltered


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.partition(":")[2])
    except ValueError:
        return b""


@given(st.binary(max_size=2000))
def test_nothing_that_was_made_up_is_a_ledger(raw: bytes) -> None:
    assert reader().unseal(as_text(raw), "CA1") is None


@given(st.text())
def test_no_text_is_a_ledger(text: str) -> None:
    assert reader().unseal(text, "CA1") is None


def test_a_ledger_cut_short_or_lengthened_is_no_ledger() -> None:
    for length in range(len(RAW)):
        assert reader().unseal(as_text(RAW[:length]), "CA1") is None
        assert reader().unseal(as_text(RAW[length + 1 :]), "CA1") is None
    assert reader().unseal(as_text(RAW + b"\0"), "CA1") is None


def test_a_ledger_is_no_ledger_in_another_call_nor_under_another_key() -> None:
    assert reader().proof(SEALED, "CA2") is None
    assert reader(OTHERS).proof(SEALED, "CA1") is None
    assert reader().proof(as_text(RAW, named="k2"), "CA1") is None


def test_two_calls_ledgers_changed_over_open_nothing() -> None:
    hers, his = (reader().seal(passed(reader(), call)) for call in ("CA1", "CA2"))

    assert reader().proof(hers, "CA1") and reader().proof(his, "CA2")
    assert reader().proof(hers, "CA2") is None
    assert reader().proof(his, "CA1") is None


def test_no_other_sealed_text_of_ours_is_a_ledger() -> None:
    """Not even one that says the same: it was sealed as something else."""
    text = KEYRING.open(SEALED, bound_to="ledger:CA1")
    for bound_to in ("number", "text", "ledger", "ledger:CA2", "", "case:100000017:details"):
        assert reader().unseal(KEYRING.seal(text, bound_to=bound_to), "CA1") is None


def test_what_a_sealed_ledger_weighs_tells_nothing_of_what_was_right() -> None:
    verification, ledger = reader(), passed(reader())
    for right in (True, False, None):
        for real in (True, False):
            asked = tuple(dataclasses.replace(one, right=right) for one in ledger.asked)
            other = dataclasses.replace(ledger, asked=asked, real=real)
            assert len(verification.seal(other)) == len(SEALED)


# In a whole call


def test_an_earlier_ledger_of_the_same_call_is_not_written_again(house: HouseInMemory) -> None:
    """It would open: it is the record's version that has moved on, and the commit that sees it."""
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    late = UnitOfWork(house.store, DESK, (f"call:{call.id}",))
    earlier = late.get(f"call:{call.id}")
    call.answer(ALICE, rightly=False)

    late.put(f"call:{call.id}", earlier)
    with pytest.raises(Conflict):
        late.commit()

    assert call.talk["tokens"]["ledger"] != earlier["tokens"]["ledger"]


def test_no_proof_is_alive_when_its_turn_has_been_answered(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    call.press("1")
    assert ALICE.tells(call.heard().text)
    gc.collect()

    alive = [one for one in gc.get_objects() if isinstance(one, Proof) and one.call == call.id]

    assert alive == []
    assert "Proof" not in json.dumps(call.talk)
