"""Mary signs in; Mallory does not: what each is told, and what the log says."""

import pyotp
import pytest
from argon2 import PasswordHasher

from bot.passwords import Passwords, why_not
from bot.sign_in import Attempt
from bot.staff import Right
from tests.sign_in_world import CHEAP, MARY, NEXT_CODE, OLGA, OMAR, PASSWORD, Browser, StaffWorld


def test_mary_signs_in_with_her_password_and_the_code_on_her_telephone(staff: StaffWorld) -> None:
    staff.enrol(MARY)

    mary = staff.who(staff.enter(MARY, Browser()))

    assert mary is not None
    assert mary.number == MARY
    assert mary.may(Right.SEE_FIGURES)
    assert not mary.may(Right.MANAGE_STAFF)
    assert staff.told() == [
        f"staff_invited terminal {MARY}",
        f"enrolled {MARY}",
        f"signed_in {MARY}",
    ]


def test_a_number_in_capitals_is_the_same_number(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    assert staff.enter(f" {MARY.upper()} ", Browser(), code=staff.app_code(MARY))


@pytest.mark.parametrize(
    ("number", "password", "code"),
    [
        (MARY, "not her password", None),
        (MARY, PASSWORD, "000000"),
        (MARY, PASSWORD, ""),
        (MARY, "", None),
        (OLGA, PASSWORD, "123456"),  # is on the list, and has not enrolled
        ("s9", PASSWORD, "123456"),
        ("Mary's password by mistake", PASSWORD, "123456"),
        (MARY, PASSWORD, "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"),
    ],
)
def test_whatever_is_wrong_the_answer_is_one_and_the_same(
    staff: StaffWorld, number: str, password: str, code: str | None
) -> None:
    staff.enrol(MARY)

    assert staff.enter(number, Browser(), password, code) is None

    known = f"{number} " if number in (MARY, OLGA) else ""
    assert staff.told()[-1] == f"sign_in_refused {known}not_signed_in"


def test_an_unknown_number_costs_what_a_known_one_does(
    staff: StaffWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One password hashed, as many codes made, as many questions to the store."""
    staff.enrol(MARY)
    work: list[str] = []
    passwords, store = staff.book.sign_in.passwords, staff.house.store
    codes = (pyotp.TOTP, "generate_otp")
    for thing, name in ((passwords, "right"), codes, (store, "read"), (store, "commit")):
        real = getattr(thing, name)
        monkeypatch.setattr(
            thing, name, lambda *a, real=real, name=name, **k: (work.append(name), real(*a, **k))[1]
        )
    done = []
    for number in (MARY, "s9", "no number at all"):
        work.clear()
        staff.enter(number, Browser(), "a wrong password", "123456")
        done.append(list(work))

    assert done[0] == done[1] == done[2]
    assert {"right", "generate_otp"} <= set(done[0])


def test_a_code_is_good_once(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    code = staff.app_code(MARY)
    assert staff.enter(MARY, Browser(), code=code)
    assert staff.enter(MARY, Browser("198.51.100.7"), code=code) is None

    staff.clock.move(NEXT_CODE)
    assert staff.enter(MARY, Browser("198.51.100.7"))
    assert staff.enter(MARY, Browser("198.51.100.8"), code=code) is None


def test_a_telephone_may_be_a_step_ahead_or_behind_and_no_more(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    staff.clock.move(NEXT_CODE)
    real = staff.clock.now()
    for steps, in_time in ((-2, False), (2, False), (-1, True), (1, True)):
        totp = pyotp.TOTP(staff.secrets[MARY])
        code = totp.generate_otp(int(real) // 30 + steps)
        assert bool(staff.enter(MARY, Browser(), code=code)) is in_time, steps


def test_the_code_of_the_enrolment_signs_nobody_in(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    staff.clock.move(-NEXT_CODE)
    assert staff.enter(MARY, Browser()) is None


def test_a_recovery_code_is_good_once_and_wasted_by_no_wrong_password(staff: StaffWorld) -> None:
    first, second, *_ = staff.enrol(MARY)
    assert staff.enter(MARY, Browser(), "a wrong password", first) is None

    entered = staff.enter(MARY, Browser(), code=first.lower().replace("-", " "))
    assert entered is not None
    assert entered.recovery_left == 9
    assert staff.told()[-1] == f"signed_in {MARY} recovery code"
    assert staff.enter(MARY, Browser(), code=first) is None
    assert staff.enter(MARY, Browser(), code=second)


def test_nobody_signs_in_with_the_recovery_code_of_another(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    omars = staff.enrol(OMAR)
    assert staff.enter(MARY, Browser(), code=omars[0]) is None
    assert staff.enter(OMAR, Browser(), code=omars[0])


def test_a_hash_of_older_parameters_is_made_anew_when_its_owner_signs_in(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    held = staff.house.runtime.records.credentials
    before = held.get(MARY)
    assert before is not None
    held.rehash(MARY, before, PasswordHasher(**{**CHEAP, "time_cost": 2}).hash(PASSWORD))

    assert staff.enter(MARY, Browser())

    after = held.get(MARY)
    assert after is not None
    assert "t=1" in after.password_hash


def test_nothing_that_signs_somebody_in_is_logged_stored_or_shown_in_clear(
    staff: StaffWorld,
) -> None:
    recovery = staff.enrol(MARY)
    browser = Browser()
    entered = staff.enter(MARY, browser)
    assert entered is not None
    secrets = [PASSWORD, staff.secrets[MARY], entered.token, *recovery]
    kept = repr(staff.house.store.__dict__) + repr(entered) + repr(browser)
    kept += repr(Attempt(MARY, PASSWORD, staff.app_code(MARY), "192.0.2.1", browser.device))
    with staff.house.records.connect() as connection:
        for table in ("staff_credentials", "recovery_codes", "staff_invitations"):
            kept += repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    assert [secret for secret in secrets if secret in kept] == []
    assert "Mary" not in repr(staff.told())


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "s1002-violet-gravel",
        "mary violet gravel",
    ],
)
def test_what_everybody_would_try_first_is_refused(password: str) -> None:
    assert why_not(password, ("Mary", "Example", "s1002"))


def test_no_rule_asks_for_capitals_digits_or_signs() -> None:
    assert why_not("violet teacup gravel", ("Mary", "Example", "s1002")) == ""


def test_a_password_is_hashed_as_rfc_9106_recommends() -> None:
    assert Passwords().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
