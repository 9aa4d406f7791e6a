"""The gate: the dead, other desks, words that were never heard, calls owed to other people."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cases import CaseDetails
from bot.errors import StoreDown
from bot.records import SqlCaseDirectory
from bot.store import DUE, OUTBOX
from tests.house_in_memory import DESK, HouseInMemory, LiveCall
from tests.people import ALICE, BOB, MALLORY, Person

Build = Callable[..., HouseInMemory]
SOUTH = "+443069990101"


def hold(house: HouseInMemory, person: Person, restriction: str) -> None:
    """The department's record says so of this person's case."""
    with house.records.begin() as connection:
        connection.execute(
            text("update cases set held=:held where handle=:handle"),
            {"held": restriction, "handle": person.reference},
        )


def calls(house: HouseInMemory, caller: Person, answering: Person, *, to: str = "") -> str:
    """Ring with Alice's reference and answer; what is asked in the end."""
    call = house.rings(caller, to=to) if to else house.rings(caller)
    call.press(ALICE.reference)
    call.answer_all(answering)
    asked = call.heard().asked
    call.hang_up()
    return asked


# Somebody has died (policy 9.10)


def test_the_case_of_somebody_who_has_died_is_opened_to_nobody(house: HouseInMemory) -> None:
    hold(house, ALICE, "deceased")

    call = house.rings(MALLORY)
    call.press(ALICE.reference)
    call.answer_all(ALICE)

    assert call.heard().prompts == ("checks.not_verified",)
    assert house.tasks() == ["not_verifiable"]


def test_other_restrictions_do_not_keep_a_customer_from_their_case(house: HouseInMemory) -> None:
    hold(house, ALICE, "do_not_ring,letters_only")

    assert calls(house, ALICE, ALICE) == "best_number.in_use"


# A unit with rules of its own (policy 4.3)


@pytest.mark.parametrize("unit", ["non_resident", "one_of_a_newer_version"])
def test_the_case_of_a_unit_with_rules_of_its_own_is_opened_to_nobody_who_rings(
    house: HouseInMemory, unit: str
) -> None:
    with house.records.begin() as connection:
        connection.execute(text("update cases set unit=:unit"), {"unit": unit})

    call = house.rings(ALICE)
    call.press(ALICE.reference)
    call.answer_all(ALICE)

    assert call.heard().prompts == ("checks.not_verified",)
    assert house.tasks() == ["not_verifiable"]


# Another desk's case


def two_desks(build: Build, directory: Path) -> HouseInMemory:
    """A second desk, which has no case of its own."""
    policy = (resources.files("config") / "policy.toml").read_text(encoding="utf-8")
    main = policy[policy.index("[desk.main]") : policy.index("# When a customer may be rung")]
    south = main
    for ours, theirs in (
        ("desk.main", "desk.south"),
        ("+443069990300", "+443069990301"),
        ("+443069990100", SOUTH),
        ("+443069990200", "+443069990201"),
        ("s1001", "olga"),
    ):
        south = south.replace(ours, theirs)
    both = (main + south).replace("calls_per_second = 1.0", "calls_per_second = 0.5")
    both = both.replace("calls_at_once = 20", "calls_at_once = 10")
    (directory / "policy.toml").write_text(both, encoding="utf-8")
    return build(environment={"RINGBACK_CONFIG_DIR": str(directory)})


def test_a_case_is_verified_at_its_own_desk_alone(build: Build, tmp_path: Path) -> None:
    house = two_desks(build, tmp_path)

    assert calls(house, MALLORY, ALICE, to=SOUTH) == ""
    (task,) = [line for line in house.store.waiting("south", OUTBOX) if line.kind == "task"]
    assert (task.data["reason"], task.data["case"]) == ("not_verifiable", ALICE.reference)
    assert calls(house, ALICE, ALICE) == "best_number.in_use"


def test_a_text_about_another_desks_case_is_for_a_person(build: Build, tmp_path: Path) -> None:
    house = two_desks(build, tmp_path)

    house.text(ALICE, "Please call me", to=SOUTH)

    (task,) = [line for line in house.store.waiting("south", OUTBOX) if line.kind == "task"]
    assert (task.data["reason"], task.data["case"]) == ("several_people", ALICE.reference)
    assert [line.kind for line in house.store.waiting(DESK, OUTBOX)] == []


# The records fail between the commit and the words


class Failing(SqlCaseDirectory):
    """Fails at the details, or at the name, when it is told to."""

    fault: Exception | None = None

    def details(self, handle: str) -> CaseDetails | None:
        """The details, or the fault."""
        if self.fault:
            raise self.fault
        return super().details(handle)

    def full_name(self, handle: str) -> str | None:
        """The name, or the fault."""
        if self.fault:
            raise self.fault
        return super().full_name(handle)


def failing(house: HouseInMemory) -> Failing:
    directory = house.runtime.directory
    assert isinstance(directory, Failing)
    return directory


def at_the_menu(house: HouseInMemory) -> LiveCall:
    """We have rung Alice, and she is verified."""
    call = house.ring_by_officer(ALICE)
    call.answered()
    call.press("5")
    call.press("1")
    call.answer_all(ALICE)
    call.keep_number()
    assert call.heard().asked == "case.menu"
    return call


@pytest.mark.parametrize("fault", [StoreDown("the records do not answer"), KeyError("details")])
def test_words_that_nobody_heard_are_not_told(build: Build, fault: Exception) -> None:
    house = build(cases=Failing)
    call = at_the_menu(house)

    failing(house).fault = fault
    call.press("1")

    assert call.heard().hangs_up and not ALICE.tells(call.heard().text)
    call.hang_up()
    assert "our_fault" in house.tasks()
    assert [line.id for line in house.store.waiting(DESK, DUE)] == []
    endings = [line.get("disposition") for line in house.log() if line["kind"] == "callback"]
    assert endings[-1] == "needs_person"
    told = [line for line in house.log() if line["kind"] == "disclosure"]
    assert [line.get("reason", "") for line in told] == ["", "not_told"]
    house.work()
    first, second = house.runtime.records.disclosures.told()
    assert (second.id, second.facts) == (f"{first.id}:not_told", ())


def test_a_fault_at_a_repeat_does_not_untell_what_was_told(build: Build) -> None:
    house = build(cases=Failing)
    call = at_the_menu(house)
    asked = call.heard().action
    call.press("1")
    assert ALICE.tells(call.heard().text)

    failing(house).fault = StoreDown("the records do not answer")
    call.post(asked, Digits="1")

    told = [line for line in house.log() if line["kind"] == "disclosure"]
    assert [line.get("reason", "") for line in told] == [""]
    assert "our_fault" in house.tasks()


def test_an_opening_that_could_not_be_spoken_is_a_persons_business(build: Build) -> None:
    house = build(cases=Failing)
    call = house.ring_by_officer(ALICE)
    failing(house).fault = StoreDown("the records do not answer")

    call.answered()
    call.hang_up()

    assert "our_fault" in house.tasks()
    assert any(line["kind"] == "fault" for line in house.log())


# Calls that are owed to other people


def owed_after(house: HouseInMemory, owner: Person, helped: Person) -> list[str]:
    """The owner texts; then somebody is helped on the owner's telephone. What is owed still?"""
    house.text(owner, "Please call me")
    call = house.rings(owner)
    call.verify(helped)
    call.press("1")
    assert helped.tells(call.heard().text)
    call.hang_up()
    return [line.id for line in house.store.waiting(DESK, DUE)]


def test_a_call_that_is_owed_to_bob_is_owed_after_alice_was_helped_on_his_telephone(
    house: HouseInMemory,
) -> None:
    assert len(owed_after(house, BOB, ALICE)) == 1


def test_it_is_not_owed_any_more_once_bob_was_helped(house: HouseInMemory) -> None:
    assert owed_after(house, BOB, BOB) == []


# A person, in whatever words


@pytest.mark.parametrize(
    "words",
    [
        "I'd like to speak to an officer please",
        "can I talk to a member of staff",
        "can you put me through to a human being please",
        "manager",
        "speak to someone else",
    ],
)
def test_whoever_asks_for_a_person_in_the_checks_gets_one(house: HouseInMemory, words: str) -> None:
    call = house.rings(ALICE)
    call.press(ALICE.reference)

    call.say(words)

    assert call.heard().dials and house.tasks() == ["wants_person"]


def test_two_questions_in_a_row_without_an_answer_lead_to_a_person(house: HouseInMemory) -> None:
    for _ in range(3):
        call = house.rings(ALICE)
        call.press(ALICE.reference)
        for _ in range(6):
            assert call.heard().asked.startswith("question.")
            call.say("I cannot make head or tail of this")
        assert call.heard().dials
        call.hang_up()

    assert set(house.tasks()) == {"could_not_be_helped"}
    assert calls(house, ALICE, ALICE) == "best_number.in_use", "it has cost her no try"


def test_an_answer_in_between_is_patience_anew(house: HouseInMemory) -> None:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    for _ in range(2):
        for _ in range(3):
            call.say("I cannot make head or tail of this")
        assert call.heard().asked.startswith("question.")
        call.answer(ALICE)

    assert call.heard().asked.startswith("question.")
