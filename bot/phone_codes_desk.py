"""Codes for the officers' line are given to an officer, shown once, and taken back."""

from dataclasses import dataclass

from bot import phone_codes
from bot.clock import Clock
from bot.passwords import Passwords
from bot.phone_codes import Below, Issued, PhoneCodes
from bot.records.phone_codes import SqlPhoneCodes
from bot.records.staff import NotOnTheList, SqlStaff
from bot.sign_in_log import SignInLog
from bot.staff import Person, keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCodesDesk:
    """Gives codes out, and writes down to whom."""

    staff: SqlStaff
    codes: SqlPhoneCodes
    passwords: Passwords
    clock: Clock
    log: SignInLog

    def give(self, number: str, by: Person | None, below: Below | None = None) -> Issued:
        """Fresh codes for this officer: those of before open nothing any more.

        `by` None: on the terminal. Raises `NotOnTheList`, also for a number without digits: it
        cannot be keyed.
        """
        person = self.staff.here(number)
        if not keyed(person.number):
            raise NotOnTheList(f"{number} cannot be keyed on a telephone: it has no digits")
        issued = phone_codes.issue(below) if below else phone_codes.issue()
        hashes = PhoneCodes(self.passwords.hash(issued.pin), self.passwords.hash(issued.duress))
        self.codes.give(
            number,
            hashes,
            issued.printed,
            self.clock.now(),
            lambda: self.log.changed(by, ("phone_codes_given", number)),
        )
        return issued

    def revoke(self, number: str, by: Person | None) -> None:
        """They open nothing by telephone any more. Raises `NotOnTheList`."""
        self.staff.here(number)
        self.codes.revoke(number, lambda: self.log.changed(by, ("phone_codes_revoked", number)))
