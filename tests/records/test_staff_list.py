"""The staff list: files that come in whole or not at all, and what is changed about a person."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import BadImport
from bot.phone import PhoneNumber
from bot.records import SAMPLE_STAFF, SqlStaff, import_staff
from bot.records.staff import NotOnTheList
from bot.staff import Role
from tests.records.world import NOW

HEADER = "number,name,roles,desk,manager,language,handsets,leave_from,leave_until\n"
OMAR = "s1001,Omar Example,officer,main,s1002,en,+447700900201;07700 900202,,\n"
MARY = "s1002,Mary Example,manager,main,,en,+447700900203,,\n"
OMARS_PHONES = ("+447700900201", "+447700900202")


@pytest.fixture
def a_file(tmp_path: Path):
    def write(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / "staff.csv"
        path.write_text(header + "".join(rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def import_(engine, keyring, a_file):
    def run(*rows: str, header: str = HEADER, **how):
        path = a_file(*rows, header=header)
        return import_staff(engine, keyring, path, desks={"main", "north"}, now=NOW, **how)

    return run


@pytest.fixture
def people(engine, keyring):
    return SqlStaff(engine, keyring)


def reasons(refused) -> list[str]:
    return [f"{line}: {reason}" for line, reason in refused.value.rows]


def test_the_samples_go_in_and_are_found_again(engine, keyring, people):
    found = import_staff(engine, keyring, SAMPLE_STAFF, desks={"main"}, now=NOW)

    assert len(found.joined) == 8
    assert {role for person in people.all() for role in person.roles} == set(Role)
    omar = people.here("s1001")
    assert (omar.name, omar.manager, omar.handsets) == (
        "Omar Example",
        "s1002",
        tuple(str(PhoneNumber(each)) for each in OMARS_PHONES),
    )


def test_nothing_about_a_person_stands_in_clear(import_, engine):
    import_(OMAR, MARY)
    with engine.connect() as connection:
        for table in ("staff", "staff_handsets"):
            kept = str(list(connection.execute(text(f"SELECT * FROM {table}"))))
            assert "Example" not in kept
            assert "7700900" not in kept


def test_either_of_an_officers_handsets_is_theirs(import_, people, keyring):
    import_(OMAR, MARY)
    for each in OMARS_PHONES:
        assert people.with_handset(keyring.number_hash(each)).number == "s1001"
    assert people.with_handset(keyring.number_hash("+447700900999")) is None


def test_a_handset_of_two_people_is_refused_by_the_names_of_their_rows(import_, people):
    with pytest.raises(BadImport) as refused:
        import_(OMAR, MARY.replace("900203", "900201"))
    assert reasons(refused) == ["3: handsets: one is that of s1001 on line 2 too"]
    assert people.all() == []


def test_a_handset_of_somebody_whom_the_file_leaves_out_is_refused(import_):
    import_(OMAR, MARY)
    with pytest.raises(BadImport) as refused:
        import_("s1003,Olga Example,operations,main,,,+447700900203,,\n")
    assert reasons(refused) == ["2: handsets: one is that of s1002, who is not in this file"]


def test_a_handset_passes_from_one_to_the_other_in_one_file(import_, people, keyring):
    import_(OMAR, MARY)
    import_(OMAR.replace("900201", "900203"), MARY.replace("900203", "900201"))
    assert people.with_handset(keyring.number_hash("+447700900203")).number == "s1001"
    assert people.with_handset(keyring.number_hash("+447700900201")).number == "s1002"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_a_formula_for_a_name_is_refused_and_not_repeated(import_, begins):
    with pytest.raises(BadImport) as refused:
        import_(MARY.replace("Mary Example", f"{begins}HYPERLINK(1)"))
    assert reasons(refused) == ["2: name: begins as a formula does, with = + - or @"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (MARY.replace("s1002", "Mary Example"), "number: not a staff number"),
        (MARY.replace("manager", "boss"), "roles: not a role"),
        (MARY.replace(",manager,", ",,"), "roles: missing"),
        (MARY.replace("main", "south"), "desk: not a desk"),
        (MARY.replace("main,,", "main,s1002,"), "manager: not the number of somebody else"),
        (MARY.replace("main,,", "main,s9,"), "manager: not the number of somebody else"),
        (MARY.replace(",en,", ",fr,"), "language: not a known"),
        (MARY.replace("+447700900203", "Mary's"), "handsets: not a telephone number"),
        (MARY.replace(",,\n", ",2026-03-02,2026-03-01\n"), "leave_until: a leave has a first day"),
        (MARY.replace(",,\n", ",,2026-03-01\n"), "leave_until: a leave has a first day"),
        (MARY + MARY, "number: already on line 2"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_and_nothing_goes_in(import_, people, row, reason):
    with pytest.raises(BadImport) as refused:
        import_(row)
    assert any(reason in each for each in reasons(refused))
    assert people.all() == []


def test_the_same_file_again_changes_nothing(import_, people):
    import_(OMAR, MARY)
    before = people.all()
    again = import_(OMAR, MARY)
    assert (again.joined, again.changed, again.leave, again.unchanged) == ((), {}, (), 2)
    assert people.all() == before


def test_a_change_of_role_is_another_version_and_a_change_of_handset_is_not(import_, people):
    import_(OMAR, MARY)
    changed = import_(
        OMAR.replace(";07700 900202", ""), MARY.replace("manager,", "manager;auditor,")
    )
    assert changed.changed == {"s1001": ("handsets",), "s1002": ("roles",)}
    assert [person.version for person in people.all()] == [1, 2]


def test_who_is_missing_from_a_file_stays_unless_it_is_complete(import_, people):
    import_(OMAR, MARY)
    assert import_(MARY).leave == ()
    assert import_(MARY, complete=True, dry_run=True).leave == ("s1001",)
    assert [person.number for person in people.all()] == ["s1001", "s1002"]

    assert import_(MARY, complete=True).leave == ("s1001",)
    assert [person.number for person in people.all()] == ["s1002"]
    assert [person.number for person in people.all(left=True)] == ["s1001"]


def test_a_dry_run_writes_nothing(import_, people):
    assert import_(OMAR, MARY, dry_run=True).joined == ("s1001", "s1002")
    assert people.all() == []


def test_who_has_left_has_no_handset_and_comes_back_only_when_somebody_says_so(
    import_, people, keyring
):
    import_(OMAR, MARY)
    people.leave("s1001", NOW)
    assert people.with_handset(keyring.number_hash(OMARS_PHONES[0])) is None
    assert people.get("s1001").version == 2
    with pytest.raises(NotOnTheList):
        people.here("s1001")
    with pytest.raises(BadImport) as refused:
        import_(OMAR)
    assert "s1001 has left" in reasons(refused)[0]

    people.come_back("s1001", NOW)
    import_(OMAR)
    assert people.here("s1001").handsets
    assert people.here("s1001").version == 3


def test_a_leave_of_absence_ends_no_session_and_a_reassignment_does(import_, people):
    import_(OMAR, MARY)
    people.absent("s1001", (NOW, NOW + 86400.0), NOW)
    omar = people.here("s1001")
    assert omar.away(NOW)
    assert not omar.away(NOW + 86400.0)
    assert omar.version == 1

    people.absent("s1001", None, NOW)
    people.reassign("s1001", NOW, desk="north")
    omar = people.here("s1001")
    assert (omar.leave, omar.desk, omar.version) == (None, "north", 2)


def test_nobody_is_a_plain_answer(people):
    assert people.get("s9") is None
    with pytest.raises(NotOnTheList, match="nobody has the staff number s9"):
        people.here("s9")
