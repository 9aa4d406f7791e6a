"""Checks that are weaker than `[strength]` allows: production receives only, the demo goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.approvals import project, with_release
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import ALICE

Build = Callable[..., HouseInMemory]

IDS = (
    "birth_date",
    "postcode_digits",
    "house_number",
    "insurance_digits",
    "moved_in",
    "phone_last4",
)


@pytest.fixture
def configured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], dict[str, str]]:
    """The department's own words and questions, each answered with so many digits."""

    def configured(length: int) -> dict[str, str]:
        folder: Path = tmp_path_factory.mktemp("config")
        asked = "\n".join(
            f'[[question]]\nid = "{id}"\nkind = "digits"\nlength = {length}' for id in IDS
        )
        (folder / "verification.toml").write_text(f"sample = false\n{asked}\n")
        (folder / "wording.en.toml").write_text("sample = false\n")
        return {"RINGBACK_CONFIG_DIR": str(folder)}

    return configured


def test_strong_questions_may_be_approved_in_production(build: Build, configured) -> None:
    house = build(profile="production", environment=configured(6))
    release = house.runtime.release
    assert release is not None
    project(house.store, DESK, lambda approved: (with_release(approved, release), ()))

    assert house.rings(ALICE).heard().prompts == ("inbound_call.welcome",)


def test_weak_questions_make_production_receive_only(build: Build, configured) -> None:
    demo = build(environment=configured(2))
    approved = demo.runtime.release
    assert approved is not None

    house = build(profile="production", environment=configured(2), store=demo.store)

    assert approved in house.record("wordings")["releases"]
    assert house.runtime.release is None
    assert house.rings(ALICE).heard().apology
    assert house.text(ALICE, "Hello").status_code == 200
    assert house.dial() == "refused"
    assert house.carrier.placed == []


def test_the_demo_goes_on(build: Build, configured) -> None:
    house = build(environment=configured(2))

    assert house.rings(ALICE).heard().prompts == ("inbound_call.welcome",)
