"""What the doctor says of staff, from an empty list to an administrator who has enrolled."""

from dataclasses import replace

import pytest

from bot.doctor import Patient
from bot.findings import Level
from bot.staff_check import examine_staff
from tests.sign_in_world import ADA, MARY, StaffWorld


def told(staff: StaffWorld, **settings: str) -> str:
    house = staff.house
    patient = Patient(
        settings=replace(
            house.runtime.settings,
            database_url=house.records.url.render_as_string(),
            **settings,  # type: ignore[arg-type]
        ),
        store=house.store,
        clock=house.clock,
        house=house.runtime.house,
    )
    (found,) = examine_staff(patient)
    return f"{found.level.value}: {found.found} {found.next_step}"


def test_each_step_names_the_next_one(staff: StaffWorld) -> None:
    assert told(staff).startswith("warn: nobody has enrolled yet")
    assert "`ringback staff invite s1007`" in told(staff)

    staff.enrol(MARY)
    assert told(staff).startswith("warn: no administrator has enrolled;")

    staff.enrol(ADA)
    assert told(staff) == "ok: 8 work here, 2 have enrolled "

    staff.book.leave(ADA, None)
    assert told(staff).startswith("warn: nobody on the list has a role that may change it")
    assert "ringback staff import" in told(staff)

    for person in staff.book.staff.all():
        staff.book.leave(person.number, None)
    assert told(staff).startswith("warn: nobody is on the list")


def test_who_comes_by_the_provider_need_not_enrol(staff: StaffWorld) -> None:
    found = told(staff, oidc_issuer="https://id.department.example")
    assert found.startswith(
        f"{Level.NOTE.value}: nobody has enrolled yet; they come by the identity"
    )


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/records.db"])
def test_records_that_do_not_answer_are_said_to(staff: StaffWorld, url: str) -> None:
    settings = replace(staff.house.runtime.settings, database_url=url)
    patient = Patient(settings=settings, store=staff.house.store, clock=staff.clock)
    (found,) = examine_staff(patient)
    assert found.found == "not known who can sign in: the records do not answer"
