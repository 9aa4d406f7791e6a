"""The marks of a unit with rules of its own: never lower than everybody's (DMBM512906)."""

import pytest

from bot.proof import ContactType
from bot.question_set import QuestionSet

OURS = '[unit.non_resident]\nby_phone = true\nsource = "DMBM512906"\nevidence = "withheld"\n'


def test_what_is_shipped_serves_no_unit_by_telephone_whose_rules_are_not_public() -> None:
    questions = QuestionSet.load()

    assert not questions.by_phone("non_resident")
    assert not questions.by_phone("one that nobody knows")
    assert questions.by_phone("")


def test_the_operator_brings_its_marks(write) -> None:
    questions = QuestionSet.load(write(verification=f"{OURS}pass.inbound = 6"))

    assert questions.by_phone("non_resident")
    assert questions.passes(ContactType.INBOUND, "non_resident") == 6
    assert questions.passes(ContactType.OUTBOUND, "non_resident") == 4
    assert questions.passes(ContactType.INBOUND, "") == 5


@pytest.mark.parametrize("passes", [4, 7])
def test_marks_below_everybodys_or_above_what_is_asked_are_refused(write, refused, passes) -> None:
    folder = write(verification=f"{OURS}pass.inbound = {passes}")

    error = refused(QuestionSet.load, folder)

    assert error.where == str(folder / "verification.toml")
    assert error.key == "unit.non_resident.pass.inbound"
    assert "from 5" in error.reason and "to 6" in error.reason
