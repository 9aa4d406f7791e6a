"""Who may hear what, and that nobody can make up a proof."""

import copy
import json
import pickle

import pytest

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

PROOF = Proof("CA1", "100000017", ContactType.INBOUND, ("birth_date",), _MINT)


def test_only_its_maker_can_build_a_proof() -> None:
    with pytest.raises(TypeError):
        Proof("CA1", "100000017", ContactType.INBOUND, (), object())
    with pytest.raises(TypeError):
        Proof("CA1", "100000017", ContactType.INBOUND, (), None)
    with pytest.raises(TypeError):
        OfficerProof("CA1", "omar", object())


@pytest.mark.parametrize("proof", [PROOF, OfficerProof("CA1", "omar", _MINT)])
def test_a_proof_is_neither_stored_nor_copied(proof: object) -> None:
    for keep in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            keep(proof)
    with pytest.raises(TypeError):
        json.dumps(proof)


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
