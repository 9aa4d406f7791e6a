"""What an officer hears on the line: their own cases, in private, and their day."""

from datetime import UTC, datetime

from sqlalchemy import text

from tests.house_in_memory import TUESDAY_AT_TEN
from tests.officers.conftest import OfficerWorld
from tests.people import ALICE, BOB, CARLA, MALLORY, MARY, OMAR
from tests.tellings import filed

HOUR = 3600.0


def test_the_case_is_read_and_written_down_for_whom_and_on_what_grounds(
    world: OfficerWorld,
) -> None:
    call = world.let_in()
    call.press("1")
    call.press(ALICE.reference)

    heard = call.heard()
    assert ALICE.tells(heard.text)
    assert "none recorded" in heard.text  # when somebody last spoke to her
    world.house.work()
    (record,) = filed(world.house)
    assert (record.recipient, record.officer, record.contact) == ("officer", "s1001", None)
    assert record.checks == ("staff_number", "pin", "code")
    assert record.case == ALICE.reference
    grounds = world.house.runtime.house.policy.disclosure_to_officers
    assert (record.purpose, record.restriction) == (grounds.purpose, grounds.restriction)


def test_more_slowly_is_the_same_said_slowly(world: OfficerWorld) -> None:
    call = world.let_in()
    call.press("1")
    call.press(ALICE.reference)
    assert "<prosody" not in call.last.get_data(as_text=True)  # type: ignore[union-attr]
    before = call.heard().text

    call.press("2")

    assert '<prosody rate="slow">' in call.last.get_data(as_text=True)  # type: ignore[union-attr]
    assert ALICE.tells(call.heard().text) == ALICE.tells(before)


def test_whose_case_it_is_shows_in_nothing(world: OfficerWorld) -> None:
    """Somebody else's and nobody's: the same words, the same lines."""
    shown = []
    for reference in (ALICE.reference, "100000090"):
        call = world.let_in(CARLA)
        call.press("1")
        world.house.news()
        call.press(reference)
        lines = [{**line, "conversation": "", "at": ""} for line in world.house.news()]
        shown.append((call.heard().prompts, lines))
    assert shown[0] == shown[1]
    assert shown[0][0][0] == "officer_line.not_opened"


def test_every_line_of_an_officers_call_says_who_it_was(world: OfficerWorld) -> None:
    call = world.let_in()
    world.house.news()
    call.press("2")
    call.press("9")
    call.press("6")
    call.hang_up()
    assert {line.get("staff") for line in world.house.news()} == {"s1001"}


def test_the_line_of_a_failed_check_names_a_number_only_if_it_is_somebodys(
    world: OfficerWorld,
) -> None:
    named = []
    for number in (world.omar.number, "4711"):
        call = world.rings(MALLORY)
        for keys in (number, "123456", "123456"):
            call.press(keys)
        named.append([line.get("staff") for line in world.house.log() if "detail" in line][-1])
    assert named == ["s1001", None]


def test_todays_visits_are_told_in_order_with_callbacks_and_missed_calls(
    world: OfficerWorld,
) -> None:
    midnight = datetime(2026, 9, 15, tzinfo=UTC).timestamp() - HOUR  # in London it is summer
    with world.house.records.begin() as connection:
        for case, at in (
            (BOB.reference, midnight + 11.5 * HOUR),
            (ALICE.reference, midnight + 9 * HOUR),
            ("100000033", midnight + 24 * HOUR),  # tomorrow
        ):
            connection.execute(
                text("UPDATE cases SET visit_at = :at WHERE handle = :case"),
                {"at": at, "case": case},
            )
    world.house.text(ALICE, "Sorry I missed you")

    call = world.let_in()
    call.press("2")

    told = call.heard().text
    assert (
        "Your visits today: 09:00, case 1 0 0, 0 0 0, 0 1 7; 11:30, case 1 0 0, 0 0 0, 0 2 5."
        in told
    )
    assert "Open callbacks on your cases: 1." in told
    assert not ALICE.tells(told) and not BOB.tells(told)
    assert world.clock.now() >= TUESDAY_AT_TEN


def test_a_customer_who_rings_the_line_gets_nothing_but_a_person(world: OfficerWorld) -> None:
    call = world.rings(ALICE)
    assert call.heard().prompts == ("officers.staff_number",)
    call.press(ALICE.reference)  # taken for a staff number, and nothing is said of it
    assert call.heard().prompts == ("officers.pin",)
    call.press("0")
    assert call.heard().dials


def test_an_officer_on_the_customers_line_is_a_customer(world: OfficerWorld) -> None:
    call = world.house.rings(OMAR)
    call.press(ALICE.reference)
    assert call.heard().prompts[0] == "checks.begin"


def test_the_officers_own_number_is_in_nothing_that_is_said(world: OfficerWorld) -> None:
    call = world.let_in(MARY)
    for keys in ("2", "9", "4", "9", "5", "9", "7", "9"):
        call.press(keys)
        assert MARY.phone.removeprefix("+44") not in call.heard().text.replace(" ", "")
