"""An unapproved or altered wording is not spoken (design section 1, invariant 9)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.approvals import project, with_release
from bot.errors import ConfigError
from bot.release import key_of
from tests.house_in_memory import DESK, HouseInMemory, text_sid
from tests.people import ALICE

Build = Callable[..., HouseInMemory]

WITHDRAWALS = [
    pytest.param(None, id="nothing was ever approved"),
    pytest.param({"releases": ["0" * 64], "withdrawn": {}}, id="another release was approved"),
]


def withdraw(house: HouseInMemory, item: str) -> None:
    """As `ringback wording withdraw` projects it."""
    key = key_of(item, "en", house.wording.prompt(item).hash)
    house.write("wordings", house.record("wordings") | {"withdrawn": {key: {"version": 1}}})


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


@pytest.mark.parametrize("item", ["case.details", "outbound_call.voicemail"])
def test_withdrawing_one_prompt_bites_in_the_middle_of_a_call(
    house: HouseInMemory, item: str
) -> None:
    """Whichever it is: the whole release falls, and the caller is not led on to a gap in it."""
    call = house.rings(ALICE)
    call.verify(ALICE)
    withdraw(house, item)

    call.press("1")

    assert call.heard().apology
    assert house.tasks() == ["not_approved"]
    assert not [line for line in house.log() if line["kind"] == "disclosure"]


def test_a_repeat_does_not_say_again_what_was_withdrawn_meanwhile(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    withdraw(house, "inbound_call.welcome")

    call.post("/call/received")

    assert call.heard().apology
    call.post("/call/received")
    assert call.heard().apology
    assert house.tasks() == ["not_approved"]


def test_a_withdrawal_does_not_bite_another_text_of_the_same_name(house: HouseInMemory) -> None:
    """Two releases roll: the old text was withdrawn, and here the new one is spoken."""
    approved = house.record("wordings")
    old = key_of("inbound_call.welcome", "en", "0" * 64)
    house.write("wordings", approved | {"withdrawn": {old: {"version": 1}}})

    assert house.rings(ALICE).heard().prompts == ("inbound_call.welcome",)


def test_two_releases_are_spoken_side_by_side(
    build: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = tmp_path_factory.mktemp("config")
    (words / "wording.en.toml").write_text(
        '[common.goodbye]\naudience = "any_ears"\ntext = "Thank you. Farewell."\n'
    )
    old = build()
    new = build(store=old.store, environment={"RINGBACK_CONFIG_DIR": str(words)})

    assert len(old.record("wordings")["releases"]) == 2
    new.next_sid()  # another call
    for house in (old, new):
        assert not house.rings(ALICE).heard().apology


def test_a_prompt_that_was_altered_after_its_approval_is_not_spoken(
    build: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = tmp_path_factory.mktemp("config")
    (words / "wording.en.toml").write_text(
        '[common.goodbye]\naudience = "any_ears"\ntext = "Thank you. Farewell."\n'
    )
    original = build()
    house = build(environment={"RINGBACK_CONFIG_DIR": str(words)})
    house.write("wordings", original.record("wordings"))

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
    withdraw(house, "outbound_call.voicemail")

    call.verdict("machine_end_beep")
    call.again()

    assert call.heard().hangs_up and not call.heard().prompts
    assert any(line.startswith("end_call:") for line in house.owed())
    assert call.talk["listener"] == "machine"


def test_a_machine_hears_nothing_when_it_is_withdrawn_before_the_words_are_fetched(
    house: HouseInMemory,
) -> None:
    house.text(ALICE, "Hello")
    call = house.place()
    call.answered()
    call.verdict("machine_end_beep")
    withdraw(house, "outbound_call.voicemail")

    call.again()

    assert call.heard().hangs_up and not call.heard().prompts
    assert house.tasks() == ["not_approved"]


def test_production_never_speaks_samples_whoever_approved_them(build: Build) -> None:
    demo = build()

    house = build(profile="production", store=demo.store)

    assert house.record("wordings")["releases"] == [demo.runtime.release]
    assert house.runtime.release is None
    assert house.rings(ALICE).heard().apology
    house.text(ALICE, "Hello")
    assert house.dial() == "refused"


@pytest.mark.parametrize("samples", ["wording.en.toml", "verification.toml"])
def test_either_file_being_a_sample_is_enough(
    build: Build, own_words: dict[str, str], samples: str
) -> None:
    file = Path(own_words["RINGBACK_CONFIG_DIR"]) / samples
    file.write_text(file.read_text().replace("sample = false", "sample = true"))

    house = build(profile="production", environment=own_words)

    assert house.runtime.release is None
    with pytest.raises(ConfigError, match="samples are never approved"):
        house.runtime.wordings.submit(house.runtime.wordings.texts, "ada")


def test_what_a_demo_approves_by_itself_is_no_release_of_productions(
    build: Build, own_words: dict[str, str]
) -> None:
    """The operator's own words, tried in a demo on the very store that production uses."""
    house = build(profile="production", environment=own_words)
    demo = build(store=house.store, environment=own_words)
    demo.next_sid()
    assert not demo.rings(ALICE).heard().apology

    assert house.runtime.release is not None
    assert house.rings(ALICE).heard().apology
    house.next_sid()
    project(house.store, DESK, lambda now: (with_release(now, house.runtime.release), ()))
    assert not house.rings(ALICE).heard().apology


def test_a_withdrawn_prompt_stops_the_dialling(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    withdraw(house, "outbound_call.voicemail")

    assert house.dial() == "refused"


def test_the_log_says_which_text_was_said(house: HouseInMemory) -> None:
    house.rings(ALICE)

    welcome = house.wording.prompt("inbound_call.welcome")
    assert house.log()[-1]["said"] == f"inbound_call.welcome@{welcome.hash[:12]}"
    assert welcome.text not in str(house.log())


def test_other_words_of_a_desk_are_not_spoken_until_somebody_approves_them(
    build: Build, own_words: dict[str, str]
) -> None:
    """Who calls is said inside a prompt that is approved; the name itself stands in the policy."""
    before = build(profile="production", environment=own_words)
    release = before.runtime.release
    policy = Path(own_words["RINGBACK_CONFIG_DIR"]) / "policy.toml"
    policy.write_text(
        policy.read_text() + '\n[message]\norganisation = "the Revenue of another country"\n'
    )

    after = build(profile="production", environment=own_words, store=before.store)
    project(after.store, DESK, lambda now: (with_release(now, release), ()))
    after.next_sid()

    assert after.runtime.release != release
    assert after.rings(ALICE).heard().apology
