"""An unapproved or altered wording is not spoken (design section 1, invariant 9)."""

from collections.abc import Callable

import pytest

from bot.approvals import project
from tests.house_in_memory import DESK, HouseInMemory, text_sid
from tests.people import ALICE

Build = Callable[..., HouseInMemory]

WITHDRAWALS = [
    pytest.param(None, id="nothing was ever approved"),
    pytest.param({"digest": "0" * 64, "withdrawn": [], "by": "x"}, id="another text was approved"),
]


@pytest.mark.parametrize("approved", WITHDRAWALS)
def test_callers_hear_the_apology_and_become_a_task(
    house: HouseInMemory, approved: dict[str, object] | None
) -> None:
    house.write("wordings", approved)

    call = house.rings(ALICE)

    assert call.heard().apology
    assert house.tasks() == ["not_approved"]


@pytest.mark.parametrize("approved", WITHDRAWALS)
def test_texts_are_kept(house: HouseInMemory, approved: dict[str, object] | None) -> None:
    house.write("wordings", approved)

    assert house.text(ALICE, "Hello").status_code == 200

    assert len(house.owed()) == 1


def test_withdrawing_one_prompt_bites_in_the_middle_of_a_call(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.verify(ALICE)
    approved = house.record("wordings")
    house.write("wordings", approved | {"withdrawn": ["case.details"]})

    call.press("1")

    assert call.heard().apology
    assert house.tasks() == ["not_approved"]
    assert not [line for line in house.log() if line["kind"] == "disclosure"]


def test_a_prompt_that_was_altered_after_its_approval_is_not_spoken(
    build: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = tmp_path_factory.mktemp("config")
    (words / "wording.en.toml").write_text(
        '[common.goodbye]\naudience = "any_ears"\ntext = "Thank you. Farewell."\n'
    )
    house = build(environment={"RINGBACK_CONFIG_DIR": str(words)})
    original = build().runtime.release
    assert original is not None
    project(house.store, DESK, original, by="an approver")

    assert house.rings(ALICE).heard().apology


def test_production_receives_only(build: Build) -> None:
    house = build(profile="production")

    assert house.text(ALICE, "Hello", sid=text_sid(1)).status_code == 200
    call = house.rings(ALICE)

    assert call.heard().apology
    assert house.tasks() == ["not_approved"]
    assert house.dial() == "refused"
    assert house.record(f"callback:{text_sid(1)}")["refused"] == "not_approved"
    assert house.carrier.placed == []


def test_a_machine_hears_nothing_when_its_wording_was_withdrawn(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    approved = house.record("wordings")
    house.write("wordings", approved | {"withdrawn": ["outbound_call.voicemail"]})

    call.verdict("machine_end_beep")
    call.again()

    assert call.heard().hangs_up and not call.heard().prompts
    assert any(line.startswith("end_call:") for line in house.owed())
    assert call.talk["listener"] == "machine"


def test_production_never_speaks_samples_whoever_approved_them(build: Build) -> None:
    demo = build()

    house = build(profile="production", store=demo.store)

    assert house.record("wordings")["by"] == "the demo"
    assert house.rings(ALICE).heard().apology
    house.text(ALICE, "Hello")
    assert house.dial() == "refused"


def test_a_withdrawn_prompt_stops_the_dialling(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    approved = house.record("wordings")
    house.write("wordings", approved | {"withdrawn": ["outbound_call.voicemail"]})

    assert house.dial() == "refused"
