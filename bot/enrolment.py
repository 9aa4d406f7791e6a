"""Enrolment: an administrator's invitation lets somebody choose a password and set up their codes.

The invitation is a code that is shown once and kept as a hash; it is good for one person, once,
until it expires or a newer one is made. With it come the secret of their one-time codes, and ten
recovery codes for the day on which the telephone is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot import one_time_codes
from bot.clock import Clock
from bot.errors import Conflict
from bot.passwords import Passwords, why_not
from bot.policy_rules import SignInRules
from bot.records.credentials import Credential, Invitation, SqlCredentials
from bot.records.staff import NotOnTheList, SqlStaff
from bot.sign_in import use_step
from bot.sign_in_limits import PARTITION
from bot.sign_in_log import SignInLog
from bot.staff import Person
from bot.store import Store
from bot.tokens import new_recovery_code, recovery_hash
from bot.unit_of_work import UnitOfWork

RECOVERY_CODES = 10
_ANYBODY = ""  # whose invitation a code is, is not known before it is looked up


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may enrol: what their app is given."""

    person: Person
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody has enrolled: the recovery codes, shown once. Or not: `why_not` by field."""

    recovery: tuple[str, ...] = field(default=(), repr=False)
    why_not: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Invites staff, and lets the invited enrol."""

    store: Store
    clock: Clock
    staff: SqlStaff
    credentials: SqlCredentials
    passwords: Passwords
    rules: SignInRules
    log: SignInLog
    new_code: Callable[[], str] = new_recovery_code

    def invite(self, number: str, by: Person | None) -> str:
        """A code for this person, to be handed to them alone. `by` None: on the terminal.

        Raises `NotOnTheList`.
        """
        person = self.staff.here(number)
        code, now = self.new_code(), self.clock.now()
        expires = now + self.rules.invitation_hours * 3600.0
        maker = by.number if by else ""
        invitation = Invitation(person.number, one_time_codes.new_secret(), maker, expires)
        self.credentials.invite(
            invitation,
            recovery_hash(_ANYBODY, code),
            lambda: self.log.changed(by, ("staff_invited", person.number)),
        )
        return code

    def invited(self, code: str) -> Invited | None:
        """Whose invitation this is; None if it is none, or was one."""
        found = self.credentials.invitation(recovery_hash(_ANYBODY, code), self.clock.now())
        if found is None:
            return None
        try:
            return Invited(self.staff.here(found.number), found.secret)
        except NotOnTheList:
            return None

    def enrol(self, code: str, password: str, app_code: str) -> Enrolled | None:
        """Make the invited able to sign in; None if the invitation is none (any more)."""
        invited = self.invited(code)
        if invited is None:
            return None
        person = invited.person
        about = (*person.name.split(), person.number)
        reasons = {"password": why} if (why := why_not(password, about)) else {}
        step = one_time_codes.step_of(invited.secret, app_code, self.clock)
        if step is None:
            reasons["code"] = "Enter the six digits that your app shows now"
        if reasons or step is None:
            return Enrolled(why_not=reasons)
        recovery = tuple(self.new_code() for _ in range(RECOVERY_CODES))
        credential = Credential(self.passwords.hash(password), invited.secret, self.clock.now())
        hashes = [recovery_hash(person.number, each) for each in recovery]
        used = self.credentials.enrol(
            person.number,
            credential,
            hashes,
            invited_by=recovery_hash(_ANYBODY, code),
            note=lambda: self._note(person, step),
        )
        return Enrolled(recovery) if used else None

    def _note(self, person: Person, step: int) -> None:
        self._used(person.number, step)
        self.log.note(person, "enrolled")

    def _used(self, number: str, step: int) -> None:
        """The code that was shown at enrolment signs nobody in."""
        unit = UnitOfWork(self.store, PARTITION)
        use_step(unit, number, step)
        try:
            unit.commit()
        except Conflict:
            return  # a later one was used meanwhile
