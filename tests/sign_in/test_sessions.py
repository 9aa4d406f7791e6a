"""How long somebody stays signed in, and what ends it at once."""

from io import BytesIO

import pytest

from bot.keys import Keyring
from bot.one_time_codes import new_secret
from bot.records.credentials import Credential, Invitation
from bot.records.staff import unnoted
from bot.storage.memory import MemoryStore
from tests.sign_in_world import ADA, MARY, NEXT_CODE, OMAR, PASSWORD, Browser, StaffWorld

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def mary(staff: StaffWorld):
    staff.enrol(MARY)
    entered = staff.enter(MARY, Browser())
    assert entered is not None
    return entered


def test_a_session_that_is_not_used_is_over_after_half_an_hour(staff: StaffWorld, mary) -> None:
    staff.clock.move(29 * MINUTE)
    assert staff.who(mary)
    staff.clock.move(29 * MINUTE)
    assert staff.who(mary)
    staff.clock.move(30 * MINUTE)
    assert staff.who(mary) is None


def test_a_session_that_is_used_is_over_after_twelve_hours(staff: StaffWorld, mary) -> None:
    for _ in range(12 * 3 - 1):
        staff.clock.move(20 * MINUTE)
        assert staff.who(mary)
    staff.clock.move(20 * MINUTE)
    assert staff.who(mary) is None


def test_only_the_hash_of_a_token_is_kept_and_the_hash_opens_nothing(
    staff: StaffWorld, mary
) -> None:
    (session,) = staff.book.sessions.of(MARY)
    assert mary.token not in repr(staff.house.store.__dict__)
    assert staff.book.sessions.find(session.id) is None
    assert staff.book.sessions.find("") is None


class OtherRole:
    """A file that makes Mary an officer."""

    def open(self, mode: str) -> BytesIO:
        return BytesIO(b"number,name,roles,desk\ns1002,Mary Example,officer,main\n")


@pytest.mark.parametrize("change", ["leaves", "other desk", "other role", "enrols anew"])
def test_what_changes_who_she_is_ends_all_her_sessions_at_once(
    staff: StaffWorld, mary, change: str
) -> None:
    assert staff.who(mary)
    if change == "leaves":
        staff.book.leave(MARY, None)
    elif change == "other desk":
        staff.book.reassign(MARY, None, desk="north")
    elif change == "other role":
        staff.book.take(OtherRole(), None, staff.book.would_change(OtherRole()))
    else:
        staff.enrol(MARY)
    assert staff.who(mary) is None
    assert staff.book.sessions.of(MARY) == []


def test_a_leave_of_absence_signs_nobody_out(staff: StaffWorld, mary) -> None:
    now = staff.clock.now()
    staff.book.absent(MARY, (now, now + HOUR), None)
    assert staff.who(mary)


def test_who_has_left_cannot_sign_in_again_until_back_and_invited(staff: StaffWorld, mary) -> None:
    staff.book.leave(MARY, None)
    assert staff.enter(MARY, Browser()) is None
    staff.book.come_back(MARY, None)
    assert staff.enter(MARY, Browser()) is None
    staff.enrol(MARY)
    assert staff.enter(MARY, Browser())


def test_who_has_left_is_kept_out_by_the_list_too_and_not_by_lacking_a_password_alone(
    staff: StaffWorld,
) -> None:
    staff.book.leave(MARY, None)
    enrol_directly(staff, MARY)
    assert staff.enter(MARY, Browser()) is None
    staff.book.come_back(MARY, None)
    staff.clock.move(NEXT_CODE)
    assert staff.enter(MARY, Browser())


def enrol_directly(staff: StaffWorld, number: str) -> None:
    """Give somebody a way in that the list would not: as a restored table might."""
    held, now = staff.house.runtime.records.credentials, staff.clock.now()
    secret = staff.secrets[number] = new_secret()
    held.invite(Invitation(number, secret, "", now + 1.0), "once")
    hashed = staff.book.sign_in.passwords.hash(PASSWORD)
    held.enrol(number, Credential(hashed, secret, now), ["spare"], invited_by="once")


def test_she_sees_where_she_is_signed_in_and_ends_one_of_them(staff: StaffWorld, mary) -> None:
    staff.clock.move(NEXT_CODE)
    other = staff.enter(MARY, Browser("198.51.100.7"))
    assert other is not None
    newest, oldest = staff.book.sessions.of(MARY)
    assert newest.began_at > oldest.began_at

    assert staff.book.sessions.end(MARY, oldest.id, unnoted)

    assert staff.who(mary) is None
    assert staff.who(other)
    assert staff.book.sessions.of(MARY) == [newest]
    assert not staff.book.sessions.end(MARY, oldest.id, unnoted)


def test_nobody_ends_the_session_of_another(staff: StaffWorld, mary) -> None:
    (session,) = staff.book.sessions.of(MARY)
    assert not staff.book.sessions.end(OMAR, session.id, unnoted)
    assert staff.who(mary)


def test_every_sign_in_has_a_token_of_its_own(staff: StaffWorld, mary) -> None:
    staff.clock.move(NEXT_CODE)
    again = staff.enter(MARY, Browser())
    assert again is not None
    assert again.token != mary.token


def test_an_invitation_is_good_once_and_for_two_days(staff: StaffWorld) -> None:
    enrolment = staff.book.enrolment
    code = enrolment.invite(OMAR, None)
    newer = enrolment.invite(OMAR, None)
    assert enrolment.invited(code) is None  # void: there is a newer one
    invited = enrolment.invited(newer)
    assert invited is not None
    staff.secrets[OMAR] = invited.secret
    assert enrolment.enrol(newer, "Violet-Teacup-Gravel", staff.app_code(OMAR))
    assert enrolment.invited(newer) is None
    assert enrolment.enrol(newer, "Violet-Teacup-Gravel", staff.app_code(OMAR)) is None

    late = enrolment.invite(OMAR, None)
    staff.clock.move(48 * HOUR)
    assert enrolment.invited(late) is None


def test_an_enrolment_says_what_is_wrong_and_uses_nothing_up(staff: StaffWorld) -> None:
    enrolment = staff.book.enrolment
    code = enrolment.invite(OMAR, None)
    refused = enrolment.enrol(code, "s1001", "000000")
    assert refused is not None
    assert set(refused.why_not) == {"password", "code"}
    assert enrolment.invited(code)


def test_a_device_cookie_of_another_key_or_person_is_none(staff: StaffWorld, mary) -> None:
    from bot.devices import device_of

    now, days = staff.clock.now(), 86400.0
    ours = staff.house.runtime.keyring
    assert device_of(ours, mary.device, MARY, now, days)
    assert device_of(ours, mary.device, OMAR, now, days) is None
    assert device_of(Keyring({"k1": b"x" * 32}), mary.device, MARY, now, days) is None
    assert device_of(Keyring({"k2": b"x" * 32}), mary.device, MARY, now, days) is None
    assert device_of(ours, mary.device, MARY, now + days, days) is None
    assert device_of(ours, mary.device.replace(MARY, OMAR), OMAR, now, days) is None
    assert device_of(ours, "nonsense", MARY, now, days) is None


def test_only_an_administrator_changes_the_list_once_there_is_one(staff: StaffWorld) -> None:
    from bot.staff_book import MayNotManage

    assert staff.book.manager_of_staff(None) is None
    staff.enrol(ADA)
    ada = staff.book.manager_of_staff(ADA)
    assert ada is not None
    for number in (None, MARY):
        with pytest.raises(MayNotManage):
            staff.book.manager_of_staff(number)
    staff.book.leave(OMAR, ada)
    assert staff.told()[-1] == f"staff_left {ADA} {OMAR}"


def test_the_store_is_the_one_that_survives_a_restart(staff: StaffWorld, mary) -> None:
    """Nothing of a session is kept in the process: another one finds it."""
    from bot.staff_book import StaffBook

    assert isinstance(staff.house.store, MemoryStore)
    other = StaffBook.of(staff.house.runtime, staff.book.sign_in.passwords)
    assert other.sessions.find(mary.token)


def test_a_page_that_is_left_open_keeps_no_session_alive(staff: StaffWorld, mary) -> None:
    find = staff.book.sessions.find
    for _ in range(29):
        assert find(mary.token, used=False)
        staff.clock.move(MINUTE)
    assert find(mary.token, used=False)
    staff.clock.move(MINUTE)
    assert find(mary.token, used=False) is None
