"""The best number: asked for after passing, read back, kept in the records, and told."""

import pytest

from bot import best_number
from bot.best_number import BestNumbers
from bot.number_change import note_best_number
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.proof import Audience
from bot.ring_case import ring_case
from bot.store import OUTBOX
from bot.wording import ALLOWED
from tests.house_in_memory import DESK, HouseInMemory, LiveCall
from tests.people import ALICE, BOB, DAVE, MALLORY, SERVICE, WITHHELD, Person

KEYED, NEW = "07700900777", "+447700900777"
READ_BACK = "0 7 7 0 0, 9 0 0 7 7 7"


def passed(house: HouseInMemory, caller: Person, case: Person = ALICE) -> LiveCall:
    """A call that has passed the checks, and is asked for its number."""
    call = house.rings(caller)
    call.press(case.reference)
    call.answer_all(case)
    return call


def keyed(call: LiveCall, *keys: str) -> LiveCall:
    """The same call after these keys, one turn each."""
    for each in keys:
        call.press(each)
    return call


def numbers(house: HouseInMemory, case: Person = ALICE) -> list[str]:
    """The hashes of the case's numbers, the best first."""
    return house.runtime.directory.number_hashes(case.reference)


def hashed(house: HouseInMemory, *e164: str) -> list[str]:
    return [house.runtime.keyring.number_hash(number) for number in e164]


def notes(house: HouseInMemory) -> list[dict]:
    """What is owed to the records."""
    return [line.data for line in house.store.waiting(DESK, OUTBOX) if line.kind == "best_number"]


# The number in use


def test_alice_says_yes_and_nothing_changes(house: HouseInMemory) -> None:
    before = numbers(house)
    call = passed(house, ALICE)
    assert call.heard().asked == "best_number.in_use"

    call.press("1")
    house.work()

    assert call.heard().asked == "case.menu"
    assert numbers(house) == before
    assert house.runtime.tasks.open() == []


def test_alice_on_another_telephone_says_that_it_is_the_best_one(house: HouseInMemory) -> None:
    before = numbers(house)

    keyed(passed(house, DAVE), "1")
    house.work()

    assert numbers(house) == [*hashed(house, DAVE.phone), *before]
    (task,) = house.runtime.tasks.open()
    assert (task.reason.value, task.owner, task.number) == ("number_changed", "s1001", "+44…88")


def test_a_number_of_another_customer_is_told_to_the_officer_and_put_on_no_case(
    house: HouseInMemory,
) -> None:
    before = numbers(house)

    call = keyed(passed(house, ALICE), "2", f"0{BOB.phone[3:]}", "1")
    house.work()

    assert call.heard().asked == "case.menu", "she hears what she would hear of any number"
    assert numbers(house) == before
    (task,) = house.runtime.tasks.open()
    assert (task.reason.value, task.number) == ("number_changed", "+44…" + BOB.phone[-2:])
    assert [
        case.handle for case in house.runtime.directory.by_number(*hashed(house, BOB.phone))
    ] == [BOB.reference], "a text from Bob's telephone still leads to Bob"


@pytest.mark.parametrize("caller", [WITHHELD, Person("Jersey", "+447797712345")])
def test_whoever_cannot_be_rung_where_they_are_is_asked_for_a_number(
    house: HouseInMemory, caller: Person
) -> None:
    call = passed(house, caller)
    assert call.heard().asked == "best_number.key_it"

    keyed(call, KEYED, "1")
    house.work()

    assert numbers(house)[0] == hashed(house, NEW)[0]


# A better one


def test_alice_keys_a_better_number_hears_it_and_keeps_it(house: HouseInMemory) -> None:
    before = numbers(house)
    call = keyed(passed(house, ALICE), "2", KEYED)
    assert READ_BACK in call.heard().text

    keyed(call, "1")
    house.work()

    assert call.heard().asked == "case.menu"
    assert numbers(house) == [*hashed(house, NEW), *before], "the old ones stay behind it"
    assert house.runtime.directory.number_of(ALICE.reference) == NEW
    (task,) = house.runtime.tasks.open()
    assert (task.reason.value, task.case, task.number) == (
        "number_changed",
        ALICE.reference,
        "+44…77",
    )
    (line,) = [line for line in house.log() if line["kind"] == "task"]
    assert line["reason"] == "number_changed"


def test_she_keys_it_wrongly_and_then_rightly(house: HouseInMemory) -> None:
    call = keyed(passed(house, ALICE), "2", "07700900778")
    assert "0 7 7 0 0, 9 0 0 7 7 8" in call.heard().text

    keyed(call, "2", KEYED)
    assert READ_BACK in call.heard().text
    keyed(call, "1")

    house.work()
    assert numbers(house)[0] == hashed(house, NEW)[0]
    assert hashed(house, "+447700900778")[0] not in numbers(house)


def test_an_outbound_call_asks_too(house: HouseInMemory) -> None:
    call = house.ring_by_officer(ALICE)
    call.answered()
    keyed(call, "5", "1")
    call.answer_all(ALICE)

    keyed(call, "2", KEYED, "1")
    house.work()

    assert call.heard().asked == "case.menu"
    assert numbers(house)[0] == hashed(house, NEW)[0]


def test_she_may_say_all_of_it(house: HouseInMemory) -> None:
    call = passed(house, ALICE)

    call.say("no it isn't")
    assert call.heard().asked == "best_number.key_it"
    call.say("oh double seven oh oh nine hundred triple seven", confidence="0.3")
    assert call.heard().prompts == ("common.not_understood", "best_number.key_it")
    call.say("oh seven seven oh oh, nine oh oh, seven seven seven")
    assert READ_BACK in call.heard().text
    call.say("yes that's right")
    house.work()

    assert call.heard().asked == "case.menu"
    assert numbers(house)[0] == hashed(house, NEW)[0]


@pytest.mark.parametrize(
    "way",
    [
        ["9"],
        ["", "", ""],
        ["1111111111", "1111111111", "1111111111"],
        ["4", "", "4"],
        [KEYED, "", "", ""],
        [KEYED, "7", "7", "7"],
    ],
    ids=["leaves it", "silent", "no number", "nonsense and silence", "unread", "unconfirmed"],
)
def test_whoever_gives_none_goes_on_to_what_they_rang_for(
    house: HouseInMemory, way: list[str]
) -> None:
    before = numbers(house)

    call = keyed(passed(house, ALICE), "2", *way)

    assert call.heard().asked == "case.menu"
    keyed(call, "1")
    assert "case.details" in call.heard().prompts, "it never stands in the way"
    house.work()
    assert numbers(house) == before


@pytest.mark.parametrize("way", [[], ["2"], ["2", KEYED]])
def test_a_person_is_one_key_away(house: HouseInMemory, way: list[str]) -> None:
    call = keyed(passed(house, ALICE), *way, "0")

    assert call.heard().dials
    assert house.tasks() == ["wants_person"]


@pytest.mark.parametrize("way", [[], ["2"], ["2", KEYED]])
def test_a_star_repeats_and_a_hang_up_notes_nothing(house: HouseInMemory, way: list[str]) -> None:
    call = keyed(passed(house, ALICE), *way)
    said = call.heard().text

    keyed(call, "*")
    assert call.heard().text == said
    call.hang_up()

    assert notes(house) == []
    assert best_number.TOKEN not in call.talk["tokens"]


# Which numbers are taken


@pytest.fixture(scope="module")
def taken() -> BestNumbers:
    return BestNumbers(Policy.load(), rehearsal=True)


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ("07700900777", "+447700900777"),
        ("00447700900777", "+447700900777"),
        ("02079460123", "+442079460123"),
        ("01632960123", "+441632960123"),
        ("03069990777", "+443069990777"),
        ("1800107700900777", "+447700900777"),
        ("1800202079460123", "+442079460123"),
    ],
)
def test_a_number_in_the_kingdom_is_taken(taken: BestNumbers, keys: str, number: str) -> None:
    assert taken.keyed(keys) == PhoneNumber(number)


@pytest.mark.parametrize(
    "keys",
    [
        "7700900777",  # without its 0
        "0770090077",
        "077009007777",
        "07012345678",  # personal
        "07640123456",  # a pager
        "08081570123",
        "09098790123",
        "07797712345",  # Jersey
        "0033199000123",
        "1800307700900777",
        "03069990100",  # ours
        "03069990200",  # our officers'
        "03069990300",  # the desk's
        "00000000000",
        "0770090077*",
        "",
    ],
)
def test_any_other_is_not(taken: BestNumbers, keys: str) -> None:
    assert taken.keyed(keys) is None


def test_in_production_nobody_is_rung_in_a_drama() -> None:
    assert BestNumbers(Policy.load(), rehearsal=False).keyed(KEYED) is None


def test_a_number_may_be_said(taken: BestNumbers) -> None:
    assert taken.said("07700 900777") == PhoneNumber(NEW)
    assert taken.said("zero double seven double zero nine zero zero triple seven") == PhoneNumber(
        NEW
    )
    assert taken.said("my brother's") is None


# Who may learn it


def test_the_number_is_kept_nowhere_in_clear(house: HouseInMemory) -> None:
    call = keyed(passed(house, ALICE), "2", KEYED)
    for _ in range(2):
        kept = str(house.everything())
        assert "7700900777" not in kept and READ_BACK not in kept
        assert "7700900777" not in call.heard().action
        keyed(call, "1")
    house.work()

    assert "7700900777" not in str(house.everything())
    assert "7700900777" not in house.records.url.database
    with open(house.records.url.database, "rb") as file:
        assert b"7700900777" not in file.read()


def test_it_is_said_back_to_the_call_that_keyed_it_and_to_no_other(house: HouseInMemory) -> None:
    hers = keyed(passed(house, ALICE), "2", KEYED)
    other = keyed(passed(house, BOB, BOB), "2", KEYED)
    tokens = other.talk["tokens"] | {best_number.TOKEN: hers.talk["tokens"][best_number.TOKEN]}
    house.write(f"call:{other.id}", other.talk | {"tokens": tokens})

    keyed(other, "*")

    assert other.heard().apology


def test_who_has_not_passed_is_never_asked(house: HouseInMemory) -> None:
    call = house.rings(MALLORY)
    call.press(ALICE.reference)
    call.answer_all(MALLORY)

    assert call.heard().prompts == ("checks.not_verified",)
    assert notes(house) == []


# Twice, late, and beside other things


def test_twice_is_once(house: HouseInMemory) -> None:
    keyed(passed(house, ALICE), "2", KEYED, "1")
    (owed,) = notes(house)

    for _ in range(2):
        note_best_number(house.runtime, DESK, owed)
    house.work()

    assert numbers(house)[:1] == hashed(house, NEW)
    assert len(numbers(house)) == len(set(numbers(house)))
    assert len(house.runtime.tasks.open()) == 1
    assert len([line for line in house.log() if line["kind"] == "task"]) == 1


def test_a_worker_that_died_between_records_and_task_still_owes_the_task(
    house: HouseInMemory,
) -> None:
    keyed(passed(house, ALICE), "2", KEYED, "1")
    (owed,) = notes(house)
    house.runtime.records.best_numbers.note(
        ALICE.reference, NEW, conversation=owed["conversation"], at=owed["at"]
    )

    house.work()

    assert [task.reason.value for task in house.runtime.tasks.open()] == ["number_changed"]


def test_of_two_calls_the_later_one_counts_in_whatever_order(house: HouseInMemory) -> None:
    keyed(passed(house, ALICE), "2", "07700900778", "1")
    house.later(60)
    keyed(passed(house, ALICE), "2", KEYED, "1")
    first, second = notes(house)

    for owed in (second, first, second, first):
        note_best_number(house.runtime, DESK, owed)

    assert numbers(house)[0] == hashed(house, NEW)[0]


def test_a_callback_that_is_open_keeps_its_number(house: HouseInMemory) -> None:
    ring_case(house.runtime, ALICE.reference, "s1001")
    keyed(passed(house, ALICE), "2", KEYED, "1").hang_up()  # else nobody rings her meanwhile
    house.work()

    house.dial()
    assert house.carrier.placed[-1].to.e164 == ALICE.phone


def test_the_next_call_goes_to_the_better_number(house: HouseInMemory) -> None:
    keyed(passed(house, ALICE), "2", KEYED, "1").hang_up()
    house.work()

    ring_case(house.runtime, ALICE.reference, "s1001")
    house.dial()

    assert house.carrier.placed[-1].to.e164 == NEW


def test_a_number_of_ours_is_noted_for_nobody_whatever_is_owed(
    house: HouseInMemory,
) -> None:
    before = numbers(house)
    sealed = house.runtime.keyring.seal(SERVICE, bound_to=NUMBER)
    owed = {"conversation": "CA9", "case": ALICE.reference, "at": 0.0, "number_sealed": sealed}

    note_best_number(house.runtime, DESK, owed)

    assert numbers(house) == before, "a number of ours is on no case"


def test_only_words_for_the_verified_may_say_it() -> None:
    assert [ears for ears, fields in ALLOWED.items() if "best_number" in fields] == [
        Audience.VERIFIED
    ]
