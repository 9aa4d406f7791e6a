"""What is changed about staff, by whom; and the parts of sign-in, put together."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.enrolment import Enrolment
from bot.errors import Conflict, RingbackError
from bot.officer_book import RecordedOfficers
from bot.passwords import Passwords
from bot.phone_codes_desk import PhoneCodesDesk
from bot.records.sheets import Openable
from bot.records.staff import Note, NotOnTheList, SqlStaff
from bot.records.staff_files import SqlStaffFiles
from bot.records.staff_import import StaffChanges
from bot.runtime import Runtime
from bot.sessions import Sessions
from bot.sign_in import SignIn
from bot.sign_in_log import SignInLog
from bot.staff import Person, Right, Roles, keyed


class MayNotManage(RingbackError):
    """Somebody who may not change the staff list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBook:
    """Staff, and all that lets them in; one for each process."""

    staff: SqlStaff
    files: SqlStaffFiles
    desks: Collection[str]
    roles: Roles
    clock: Clock
    log: SignInLog
    sessions: Sessions
    enrolment: Enrolment
    sign_in: SignIn
    phone_codes: PhoneCodesDesk
    officers: RecordedOfficers

    @classmethod
    def of(cls, runtime: Runtime, passwords: Passwords | None = None) -> "StaffBook":
        """Everything on these stores."""
        store, clock, records = runtime.store, runtime.clock, runtime.records
        rules, passwords = runtime.house.policy.sign_in, passwords or Passwords()
        roles = runtime.house.roles
        log = SignInLog(store, clock, runtime.house.policy.default_desk)
        sessions = Sessions(store, clock, records.staff, roles, rules)
        return cls(
            staff=records.staff,
            files=records.staff_files,
            desks=runtime.house.policy.desk,
            roles=roles,
            clock=clock,
            log=log,
            sessions=sessions,
            enrolment=Enrolment(
                store=store,
                clock=clock,
                staff=records.staff,
                credentials=records.credentials,
                passwords=passwords,
                rules=rules,
                log=log,
            ),
            sign_in=SignIn(
                store=store,
                clock=clock,
                keyring=runtime.keyring,
                staff=records.staff,
                credentials=records.credentials,
                sessions=sessions,
                passwords=passwords,
                rules=rules,
                log=log,
            ),
            phone_codes=PhoneCodesDesk(
                staff=records.staff,
                codes=records.phone_codes,
                passwords=passwords,
                clock=clock,
                log=log,
            ),
            officers=runtime.officers,
        )

    def unlock(self, number: str, by: Person) -> bool:
        """Wrong tries on the officers' line are forgotten; whether there were any."""
        self.staff.here(number)
        self.log.changed(by, ("officer_unlocked", number))
        return self.officers.unlock(keyed(number))

    def with_right(self, number: str, right: Right) -> Person:
        """Who has this staff number and this right. Raises `MayNotManage`, `NotOnTheList`."""
        person = self.roles.grant(self.staff.here(number))
        if not person.may(right):
            raise MayNotManage(f"{number} has no role with the right {right.value}")
        return person

    def manager_of_staff(self, number: str | None) -> Person | None:
        """Who changes the list; None only where nobody on it could yet (the first import).

        Raises `MayNotManage`, `NotOnTheList`.
        """
        if number is not None:
            person = self.roles.grant(self.staff.here(number))
            if not person.may(Right.MANAGE_STAFF):
                raise MayNotManage(f"{number} has no role that may change the staff list")
            return person
        if any(self.roles.grant(each).may(Right.MANAGE_STAFF) for each in self._enrolled()):
            raise MayNotManage("say who does it: --by NUMBER, of an administrator")
        return None

    def leave(self, number: str, by: Person | None) -> None:
        """Somebody works here no longer."""
        self.staff.here(number)
        self.staff.leave(number, self.clock.now(), self._note(by, "staff_left", number))

    def come_back(self, number: str, by: Person | None) -> None:
        """Somebody who had left is back. Raises `NotOnTheList` if nobody had this number."""
        person = self.staff.get(number)
        if person is None:
            raise NotOnTheList(f"nobody had the staff number {number}")
        if person.left_at is not None:
            self.staff.come_back(number, self.clock.now(), self._note(by, "staff_returned", number))

    def absent(self, number: str, span: tuple[float, float] | None, by: Person | None) -> None:
        """Somebody is on leave for this time, or (None) is not."""
        self.staff.here(number)
        note = self._note(by, "staff_leave" if span else "staff_leave_over", number)
        self.staff.absent(number, span, self.clock.now(), note)

    def reassign(self, number: str, by: Person | None, **values: str) -> None:
        """Somebody has another `desk` or `manager`. Raises `NotOnTheList` for no such manager."""
        self.staff.here(number)
        if manager := values.get("manager"):
            self.staff.here(manager)
        if manager == number:
            raise NotOnTheList(f"{number} is their own manager: give the number of somebody else")
        note = self._note(by, "staff_reassigned", f"{number} {' '.join(sorted(values))}")
        self.staff.reassign(number, self.clock.now(), note, **values)

    def would_change(self, file: Openable, *, complete: bool = False) -> StaffChanges:
        """What an import of this file would make different. Raises `BadImport`."""
        return self._read(file, complete=complete, dry_run=True)

    def take(
        self, file: Openable, by: Person | None, seen: StaffChanges, *, complete: bool = False
    ) -> None:
        """Import it, with a line a person, if it still changes what somebody has `seen`.

        Raises `BadImport`, and `Conflict` if the list has been changed meanwhile.
        """

        def note(changes: StaffChanges) -> None:
            if changes != seen:
                raise Conflict("the staff list has been changed meanwhile: look at it again")
            self.log.changed(by, *_told(changes))

        self._read(file, complete=complete, dry_run=False, note=note)

    def _read(self, file: Openable, **how: Any) -> StaffChanges:
        return self.files.take(file, desks=self.desks, now=self.clock.now(), **how)

    def _enrolled(self) -> list[Person]:
        enrolled = self.enrolment.credentials.enrolled()
        return [person for person in self.staff.all() if person.number in enrolled]

    def _note(self, by: Person | None, what: str, detail: str) -> Note:
        """Writes it down, when the list is about to change."""
        return lambda: self.log.changed(by, (what, detail))


def _told(changes: StaffChanges) -> Iterator[tuple[str, str]]:
    for number in changes.joined:
        yield "staff_joined", number
    for number, columns in changes.changed.items():
        yield "staff_changed", f"{number} {' '.join(columns)}"
    for number in changes.leave:
        yield "staff_left", number
