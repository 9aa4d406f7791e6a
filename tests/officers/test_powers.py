"""Who may do what about a case: by role and nation, as the manual has it (DMBM510150)."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import ConfigError
from bot.powers import NATIONS, Powers
from bot.staff import Role
from tests.officers.conftest import OfficerWorld
from tests.people import ALICE, CARLA, MARY, OMAR, Person

POWERS = Powers.load()


@pytest.mark.parametrize(
    ("nation", "levy"),
    [
        ("england", "take_control_of_goods"),
        ("wales", "take_control_of_goods"),
        ("northern_ireland", "distrain"),
    ],
)
def test_an_officer_may_levy_by_the_word_of_the_nation(nation: str, levy: str) -> None:
    assert POWERS.of([Role.OFFICER], nation) == ("ask_for_payment", "set_up_time_to_pay", levy)


def test_where_no_levy_is_named_none_is_offered() -> None:
    assert POWERS.of([Role.OFFICER], "scotland") == ("ask_for_payment", "set_up_time_to_pay")
    assert POWERS.of([Role.OFFICER], "") == ("ask_for_payment", "set_up_time_to_pay")


@pytest.mark.parametrize("nation", NATIONS)
def test_a_collector_never_levies_nor_sets_up_time_to_pay(nation: str) -> None:
    may = POWERS.of([Role.COLLECTOR], nation)
    assert not {"levy", "take_control_of_goods", "distrain", "set_up_time_to_pay"} & set(may)
    assert {"gather_information", "discuss_time_to_pay", "serve_documents"} <= set(may)


def test_whoever_is_both_may_do_both_each_once() -> None:
    may = POWERS.of([Role.COLLECTOR, Role.OFFICER], "wales")
    assert len(may) == len(set(may)) == 11
    assert POWERS.of([Role.MANAGER, Role.AUDITOR], "wales") == ()


def hears(world: OfficerWorld, person: Person, nation: str) -> tuple[str, ...]:
    with world.house.records.begin() as connection:
        connection.execute(
            text("UPDATE cases SET nation = :nation, officer = :officer"),
            {"nation": nation, "officer": world.who_is(person)},
        )
    call = world.let_in(person)
    call.press("1")
    call.press(ALICE.reference)
    call.press("4")
    return call.heard().prompts


def test_the_line_tells_each_what_they_may_do(world: OfficerWorld) -> None:
    assert hears(world, OMAR, "northern_ireland") == (
        "officer_line.powers",
        "power.ask_for_payment",
        "power.set_up_time_to_pay",
        "power.distrain",
        "officer_line.after_details",
    )
    collector = hears(world, CARLA, "england")
    assert "power.warn_of_enforcement" in collector
    assert not {"power.take_control_of_goods", "power.distrain"} & set(collector)
    assert hears(world, MARY, "england")[0] == "officer_line.no_powers"


def test_a_power_without_words_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "powers.toml").write_text('[officer]\npowers = ["fly"]\n', encoding="utf-8")
    assert "power.fly" in Powers.load(tmp_path).prompts
    (tmp_path / "powers.toml").write_text("[officer]\npowers = []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"powers\.toml"):
        Powers.load(tmp_path)
