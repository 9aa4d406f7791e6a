"""That checks were made, which set, and how they ended: noted once, by abbreviation, no answer."""

import pytest

from bot.flow_log import FlowLogLine
from bot.log_view import as_text
from bot.question_set import QuestionSet
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, MALLORY, UNKNOWN_REFERENCE

DIGEST = QuestionSet.load().digest[:12]


def notes(house: HouseInMemory) -> list[dict[str, str]]:
    return [line for line in house.log() if line["kind"] == "verification"]


def test_alice_passes(house: HouseInMemory) -> None:
    house.rings(ALICE).verify(ALICE)

    (note,) = notes(house)
    assert note["detail"] == f"SAMPLE-P inbound {DIGEST}"
    assert note["case"] == ALICE.reference


def test_mallory_does_not_and_the_case_is_not_named(house: HouseInMemory) -> None:
    house.rings(MALLORY).verify(ALICE, mistakes=6)

    (note,) = notes(house)
    assert note["detail"] == f"SAMPLE-F inbound {DIGEST}"
    assert "case" not in note


def test_alice_hangs_up_in_the_middle(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    call.answer(ALICE)
    assert notes(house) == []

    call.hang_up()

    (note,) = notes(house)
    assert note["detail"] == f"SAMPLE-N inbound {DIGEST}"
    assert "case" not in note


def test_whoever_was_never_asked_has_no_note(house: HouseInMemory) -> None:
    house.rings(ALICE).hang_up()

    assert notes(house) == []


def test_a_call_of_ours_is_noted_as_one_with_its_case(house: HouseInMemory) -> None:
    call = house.ring_by_officer(ALICE)
    call.answered()
    call.press("5")
    call.press("1")
    call.answer_all(MALLORY)
    call.hang_up()

    (note,) = notes(house)
    assert note["detail"] == f"SAMPLE-F outbound {DIGEST}"
    assert note["case"] == ALICE.reference


@pytest.mark.parametrize("reference", [ALICE.reference, UNKNOWN_REFERENCE])
def test_it_holds_no_answer(house: HouseInMemory, reference: str) -> None:
    call = house.rings(ALICE)
    call.press(reference)
    call.answer_all(ALICE)

    (note,) = notes(house)
    assert not [answer for answer in ALICE.answers.values() if answer in note["detail"].split()]
    assert set(note) <= {"at", "kind", "desk", "conversation", "flow", "case", "number"} | {
        "number_hash",
        "detail",
    }


def test_it_reads_well_in_a_terminal(house: HouseInMemory) -> None:
    house.rings(ALICE).verify(ALICE)

    (note,) = notes(house)
    zone = house.runtime.house.policy.calling_hours.week.zone
    shown = as_text(FlowLogLine.from_fields(note), zone).plain
    assert shown.endswith(f"checks noted as SAMPLE-P inbound {DIGEST}")
