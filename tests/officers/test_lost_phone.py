"""A lost telephone: everything of its officer's is shut at once, and opened again by a manager."""

import pytest

from bot.lost_phone import NotByThemselves, find_phone, lose_phone
from bot.records.staff import NotOnTheList
from bot.wording import BUILT_IN_APOLOGY
from tests.house_in_memory import text_sid
from tests.officers.conftest import OfficerWorld
from tests.people import ALICE, MARY, OMAR
from tests.sign_in_world import NEXT_CODE, Browser


def test_every_door_is_shut(world: OfficerWorld) -> None:
    world.enrol("s1001")
    browser = Browser()
    entered = world.enter("s1001", browser)
    call = world.let_in()
    mary = world.book.staff.here("s1002")

    shut = lose_phone(world.house.runtime, "s1001", mary)

    assert (shut.news, shut.calls) == (True, 1)
    assert world.who(entered) is None  # his sessions
    world.clock.move(NEXT_CODE)
    assert world.enter("s1001", browser) is None  # his password and codes, from a known browser
    omar = world.omar
    judged = world.judge(OMAR.phone, omar.number, omar.issued.pin, omar.next_code())
    assert judged.verdict == "failed"  # his PIN and his list
    assert "phone_lost s1002 s1001" in world.told()
    assert world.house.tasks()[-1] == "lost_phone"
    call.press("1")  # the call that went on hears nothing of a case any more
    assert BUILT_IN_APOLOGY in call.heard().text and call.heard().hangs_up
    world.house.work()
    assert call.sid in world.house.carrier.ended  # and is ended


def test_a_call_from_his_handset_is_ended_before_anybody_has_shown_who_they_are(
    world: OfficerWorld,
) -> None:
    omars, alices = world.rings(OMAR), world.house.rings(ALICE)

    assert lose_phone(world.house.runtime, "s1001", world.book.staff.here("s1002")).calls == 1
    world.house.work()
    assert world.house.carrier.ended == [omars.sid]
    assert alices.talk["ended"] is False


def test_whoever_says_so_on_the_line_hears_it_to_the_end(world: OfficerWorld) -> None:
    call = world.let_in()
    call.press("7")
    call.press("1")
    assert call.heard().prompts[-1] == "officer_line.lost"

    assert "lost_phone" in world.house.work()

    assert call.sid not in world.house.carrier.ended
    assert world.book.staff.here("s1001").lost_at == world.clock.now()
    task = next(t for t in world.house.runtime.tasks.open() if t.reason == "lost_phone")
    assert task.owner == "s1002"


def test_said_twice_is_said_once(world: OfficerWorld) -> None:
    mary = world.book.staff.here("s1002")
    lose_phone(world.house.runtime, "s1001", mary)
    version = world.book.staff.here("s1001").version
    world.clock.move(60.0)

    again = lose_phone(world.house.runtime, "s1001", mary)

    assert not again.news
    assert world.book.staff.here("s1001").version == version
    assert world.told().count("phone_lost s1002 s1001") == 1
    world.house.work()
    assert len(world.house.runtime.tasks.open()) == 1


def test_it_is_found_by_a_manager_and_never_by_themselves(world: OfficerWorld) -> None:
    runtime, omar, mary = world.house.runtime, *map(world.book.staff.here, ("s1001", "s1002"))
    with pytest.raises(NotOnTheList, match="nothing is lost"):
        find_phone(runtime, "s1001", mary)
    lose_phone(runtime, "s1001", omar)

    with pytest.raises(NotByThemselves, match="your manager"):
        find_phone(runtime, "s1001", omar)
    find_phone(runtime, "s1001", mary)

    sheet = world.omar
    judged = world.judge(OMAR.phone, sheet.number, sheet.issued.pin, sheet.next_code())
    assert judged.verdict == "passed"
    assert "phone_found s1002 s1001" in world.told()


def test_a_customer_who_texts_meanwhile_is_rung_all_the_same(world: OfficerWorld) -> None:
    lose_phone(world.house.runtime, "s1001", world.book.staff.here("s1002"))
    world.house.text(ALICE, "Sorry I missed you", sid=text_sid(77))
    assert world.house.dial() == "placed"


def test_another_officers_call_goes_on(world: OfficerWorld) -> None:
    marys = world.let_in(MARY)
    lose_phone(world.house.runtime, "s1001", world.book.staff.here("s1002"))
    marys.press("2")
    assert "officer_line.caseload" in marys.heard().prompts
