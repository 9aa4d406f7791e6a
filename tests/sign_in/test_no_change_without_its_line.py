"""Whatever dies, and when: no change of the staff is without its line in the flow log."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import Connection, event

from bot.errors import Conflict, StoreDown
from bot.staff_book import StaffBook
from tests.sign_in_world import ADA, MARY, OMAR, Browser, StaffWorld

FILE = b"number,name,roles,desk\ns1009,Nina Example,officer,main\n"
Change = Callable[[StaffBook], object]


class Sent:
    """A file that somebody sent."""

    def open(self, mode: str) -> BytesIO:
        return BytesIO(FILE)


def imports(book: StaffBook) -> None:
    book.take(Sent(), None, book.would_change(Sent()))


CHANGES: dict[str, Change] = {
    "staff_left": lambda book: book.leave(OMAR, None),
    "staff_leave": lambda book: book.absent(OMAR, (0.0, 2e9), None),
    "staff_reassigned": lambda book: book.reassign(OMAR, None, manager=ADA),
    "staff_invited": lambda book: book.enrolment.invite(OMAR, None),
    "staff_joined": imports,
}
everything = pytest.mark.parametrize("what", CHANGES)


class Killed(BaseException):
    """The process is gone."""


def kill_before_commit(staff: StaffWorld) -> None:
    """Have the process die when the database is about to keep what was changed."""
    told = []

    def changes(connection: Connection, cursor: object, statement: str, *about: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            told.append(statement)

    def die(connection: Connection) -> None:
        if told:
            told.clear()
            raise Killed

    event.listen(staff.house.records, "before_cursor_execute", changes)
    event.listen(staff.house.records, "commit", die)


def as_it_stands(staff: StaffWorld) -> str:
    """Everything the list holds, and who is invited."""
    with staff.house.records.connect() as connection:
        tables = ("staff", "staff_invitations")
        rows = [
            list(connection.exec_driver_sql(f"select * from {table} order by 1"))
            for table in tables
        ]
    return repr(rows)


@everything
def test_a_change_that_was_killed_before_it_was_kept_has_left_its_line(
    staff: StaffWorld, what: str
) -> None:
    before = as_it_stands(staff)
    kill_before_commit(staff)

    with pytest.raises(Killed):
        CHANGES[what](staff.book)

    assert [line.split()[0] for line in staff.told()] == [what]
    assert as_it_stands(staff) == before


@everything
def test_what_cannot_be_written_down_is_not_done(staff: StaffWorld, what: str) -> None:
    class Down:
        """A store that takes nothing more."""

        def commit(self, partition: str, change: object) -> None:
            raise StoreDown("no answer")

        def __getattr__(self, name: str) -> object:
            return getattr(staff.house.store, name)

    log = replace(staff.book.log, store=Down())  # type: ignore[arg-type]
    book = replace(staff.book, log=log, enrolment=replace(staff.book.enrolment, log=log))
    before = as_it_stands(staff)

    with pytest.raises(StoreDown):
        CHANGES[what](book)

    assert staff.told() == []
    assert as_it_stands(staff) == before


@everything
def test_a_change_that_is_made_has_one_line(staff: StaffWorld, what: str) -> None:
    before = as_it_stands(staff)
    CHANGES[what](staff.book)
    assert [line.split()[0] for line in staff.told()] == [what]
    assert as_it_stands(staff) != before


def test_an_enrolment_that_was_killed_has_left_its_line(staff: StaffWorld) -> None:
    code = staff.book.enrolment.invite(MARY, None)
    invited = staff.book.enrolment.invited(code)
    assert invited is not None
    staff.secrets[MARY] = invited.secret
    kill_before_commit(staff)

    with pytest.raises(Killed):
        staff.book.enrolment.enrol(code, "Violet-Teacup-Gravel", staff.app_code(MARY))

    assert staff.told()[-1] == f"enrolled {MARY}"
    assert staff.house.runtime.records.credentials.get(MARY) is None


def test_an_import_changes_only_what_somebody_saw_that_it_would(staff: StaffWorld) -> None:
    seen = staff.book.would_change(Sent())
    staff.book.take(Sent(), None, seen)

    with pytest.raises(Conflict, match="changed meanwhile"):
        staff.book.take(Sent(), None, seen)

    assert len(staff.told()) == 1


def test_a_session_ends_after_its_line_and_not_without_it(staff: StaffWorld) -> None:
    staff.enrol(MARY)
    entered = staff.enter(MARY, Browser())
    (session,) = staff.book.sessions.of(MARY)

    def cannot() -> None:
        raise StoreDown("no answer")

    with pytest.raises(StoreDown):
        staff.book.sessions.end(MARY, session.id, cannot)
    assert staff.who(entered)

    seen: list[bool] = []
    staff.book.sessions.end(MARY, session.id, lambda: seen.append(bool(staff.who(entered))))
    assert seen == [True]
    assert staff.who(entered) is None
