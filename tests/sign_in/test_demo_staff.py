"""In the demo everybody of the sample list can sign in."""

from bot.demo.staff import PASSWORD, enrol_everybody
from tests.sign_in_world import MARY, Browser, StaffWorld


def test_mary_of_the_demo_signs_in_with_the_password_that_it_prints(staff: StaffWorld) -> None:
    enrol_everybody(staff.house.runtime)
    held = staff.house.runtime.records.credentials.get(MARY)
    assert held is not None
    staff.secrets[MARY] = held.secret
    assert staff.enter(MARY, Browser(), PASSWORD)
    enrol_everybody(staff.house.runtime)
    assert staff.house.runtime.records.credentials.get(MARY) is not None
