"""What a new import of cases changes about ringing: asked for at the last moment before a call."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.callbacks import Callback
from bot.errors import BadImport
from bot.may_ring_now import restrictions
from bot.records import SAMPLE_CASES, import_cases
from bot.samples import known_of
from tests.house_in_memory import HOUR, TUESDAY_AT_TEN, HouseInMemory, keyring, text_sid
from tests.people import ALICE, ERIN, Person

TEXT = text_sid(1)
ERINS_OTHER_CASE = "100000058"


class Importing:
    """Imports the sample cases once more, with other cells."""

    def __init__(self, house: HouseInMemory, folder: Path) -> None:
        self._house = house
        self._path = folder / "cases.csv"

    def __call__(self, reference: str, **cells: str) -> None:
        with SAMPLE_CASES.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        altered = [row | cells for row in rows if row["reference"] == reference]
        with self._path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(altered[0]))
            table.writeheader()
            table.writerows(altered)
        house = self._house.runtime.house
        import_cases(
            self._house.records,
            keyring(),
            house.questions.questions,
            self._path,
            known=known_of(house.policy, house.questions),
            now=self._house.clock.now(),
        )


@pytest.fixture
def importing(house: HouseInMemory, tmp_path: Path) -> Importing:
    return Importing(house, tmp_path)


def callback(house: HouseInMemory) -> Callback:
    return Callback.from_json(house.record(f"callback:{TEXT}"))


def held(house: HouseInMemory, person: Person) -> frozenset[str]:
    case = house.runtime.directory.by_handle(person.reference)
    assert case is not None
    return restrictions(house.runtime, case)


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"settled": "2025-02-03"}, "paid"),
        ({"correspondence_at": "2025-02-03T09:30:00Z"}, "correspondence"),
        ({"held": "complaint"}, "complaint"),
        ({"unit": "non_resident"}, "unit_rules"),
        ({"phone": "18001 07700 900123"}, "relay_user"),
        ({"phone": "07700900123; 18002 020 7946 0123"}, "relay_user"),
    ],
    ids=[
        "paid",
        "wrote",
        "complained",
        "moved abroad",
        "text relay",
        "text relay on another number",
    ],
)
def test_what_came_between_her_text_and_our_call_is_for_a_person(
    house: HouseInMemory, importing: Importing, cells: dict[str, str], rule: str
) -> None:
    house.text(ALICE, "Sorry I missed you", sid=TEXT)
    importing(ALICE.reference, **cells)

    assert house.dial() == "refused"
    assert house.carrier.placed == []
    assert house.tasks() == ["may_not_be_rung"]
    assert callback(house).refused == rule


def test_what_was_dealt_with_is_forgotten_by_the_next_import(
    house: HouseInMemory, importing: Importing
) -> None:
    importing(ALICE.reference, settled="2025-02-03", correspondence_at="2025-02-03T09:30:00Z")
    assert held(house, ALICE) == {"paid", "correspondence"}

    importing(ALICE.reference, settled="", correspondence_at="")
    house.text(ALICE, "Sorry I missed you", sid=TEXT)

    assert held(house, ALICE) == frozenset()
    assert house.dial() == "placed"


def test_alice_is_rung_in_the_hours_that_her_case_names(
    house: HouseInMemory, importing: Importing
) -> None:
    importing(ALICE.reference, ring_hours="mon-fri 17:00-19:30")
    house.text(ALICE, "Sorry I missed you", sid=TEXT)

    assert house.dial() == "refused"  # it is eleven by the wall
    assert (callback(house).refused, callback(house).due_at) == (
        "preferred_hours",
        TUESDAY_AT_TEN + 6 * HOUR,
    )
    house.later(6 * HOUR)
    assert house.dial() == "placed"


def test_hours_that_no_version_can_read_are_for_a_person(house: HouseInMemory) -> None:
    house.text(ALICE, "Sorry I missed you", sid=TEXT)
    with house.records.begin() as connection:
        connection.execute(text("UPDATE cases SET ring_hours = 'whenever'"))

    assert house.dial() == "refused"
    assert callback(house).refused == "unknown_restriction"


def test_a_letter_of_erins_is_about_both_of_her_cases_and_a_payment_about_one(
    house: HouseInMemory, importing: Importing
) -> None:
    importing(ERINS_OTHER_CASE, settled="2025-02-03", held="paid")
    assert held(house, ERIN) == frozenset()

    importing(ERINS_OTHER_CASE, correspondence_at="2025-02-03T09:30:00Z")
    assert held(house, ERIN) == {"correspondence"}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("settled", "2999-01-01"),
        ("correspondence_at", "2025-02-03"),
        ("correspondence_at", "2999-01-01T00:00:00Z"),
        ("ring_hours", "evenings"),
        ("ring_hours", "mon 19:00-17:00"),
        ("unit", "another"),
    ],
)
def test_a_cell_that_is_not_clear_is_refused_and_not_repeated(
    importing: Importing, column: str, cell: str
) -> None:
    with pytest.raises(BadImport) as refused:
        importing(ALICE.reference, **{column: cell})

    [(line, reason)] = refused.value.rows
    assert (line, reason.startswith(f"{column}: ")) == (2, True)
    assert cell not in reason
