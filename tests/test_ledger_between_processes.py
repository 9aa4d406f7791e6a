"""A ledger goes from turn to turn, and from process to process, as nothing but its sealed text."""

import pytest

from bot.errors import BadSeal
from bot.keys import Keyring
from bot.proof import ContactType
from bot.question_set import QuestionSet
from bot.verification import Verification

KEY = "k1:" + "A" * 43 + "="
CALL = "CA1"


def house() -> Verification:
    """What each process builds for itself, with the same keys."""
    return Verification(Keyring.parse(KEY), QuestionSet.load())


def test_what_one_process_sealed_another_opens_and_marks() -> None:
    drawn = house().draw(
        call=CALL, contact=ContactType.INBOUND, typed="", case=None, answers=(), budgets=("alice",)
    )
    first = house()
    marked = first.mark(drawn, None)
    assert marked is not None
    sealed = first.seal(marked)

    assert first.unseal(sealed, CALL) == marked
    assert house().unseal(sealed, CALL) == marked
    assert house().mark(marked, None) == first.mark(marked, None)


def test_what_a_process_keeps_at_hand_opens_for_no_other_call_and_no_other_text() -> None:
    first = house()
    sealed = first.seal(
        first.draw(call=CALL, contact=ContactType.INBOUND, typed="", case=None, answers=())
    )

    assert first.unseal(sealed, CALL) is not None
    assert first.unseal(sealed, "CA2") is None
    assert first.unseal(sealed[:-4] + "AAAA", CALL) is None
    with pytest.raises(BadSeal):
        Keyring.parse(KEY).open(sealed, bound_to="ledger:CA2")
