"""Sign-in of staff: number, password and code together, one answer for all that may be wrong.

Every try is counted before it is looked at, costs the same whether there is such a person or not,
and is in the flow log, with a staff number only if it is somebody's. What is not written down does
not happen: the token is handed out after the line is in the log.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from bot import one_time_codes, sign_in_limits
from bot.clock import Clock
from bot.devices import device_cookie, device_of
from bot.errors import Conflict
from bot.keys import Keyring
from bot.passwords import Passwords
from bot.policy_rules import SignInRules
from bot.records.credentials import Credential, SqlCredentials
from bot.records.staff import SqlStaff
from bot.sessions import Sessions
from bot.sign_in_limits import PARTITION, Verdict, Where
from bot.sign_in_log import SignInLog
from bot.staff import NUMBER_FORM, Person
from bot.store import Store
from bot.tokens import new_token, recovery_hash
from bot.unit_of_work import UnitOfWork

NOBODY = "-"  # what is typed and cannot be a staff number is tried for under this one
MOST_CONFLICTS = 20
_LONGEST_CODE = 8  # characters; what is longer is a recovery code


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed, and where. `device` is the cookie of a known browser, or blank."""

    number: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str = field(repr=False)
    device: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is signed in: the token for their browser, and the cookie that makes it known.

    `recovery_left` is how many recovery codes they have, if they have just used one.
    """

    person: Person
    token: str = field(repr=False)
    device: str = field(repr=False)
    recovery_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Lets staff in."""

    store: Store
    clock: Clock
    keyring: Keyring
    staff: SqlStaff
    credentials: SqlCredentials
    sessions: Sessions
    passwords: Passwords
    rules: SignInRules
    log: SignInLog
    new_token: Callable[[], str] = new_token

    def enter(self, attempt: Attempt) -> Entered | None:
        """Sign somebody in; None, whatever was wrong. Raises `StoreDown`."""
        number = _as_filed(attempt.number)
        where = Where(number, _network(attempt.address), self._device(attempt.device, number))
        verdict = self._count(where)
        if not verdict.allowed:
            if verdict.told:
                self.log.refused(self.staff.get(number), "too_many_tries")
            return None
        person = self.staff.get(number)
        credential = self.credentials.get(number)
        if person is None or person.shut_out:
            credential = None
        right = self.passwords.right(
            attempt.password, credential.password_hash if credential else None
        )
        step, recovered = self._second(number, attempt.code, credential, right)
        passed = right and (step is not None or recovered)
        if person is None or credential is None or not passed:
            self.log.refused(person, "not_signed_in")
            return None
        self._rehash(number, credential, attempt.password)
        return self._let_in(person, where, step, recovered)

    def enter_as(self, number: str, how: str) -> Entered | None:
        """Sign in whom another has identified (OpenID Connect); None if they do not work here."""
        person = self.staff.get(_as_filed(number))
        if person is None or person.shut_out:
            self.log.refused(person, f"not_signed_in {how}")
            return None
        unit, token = UnitOfWork(self.store, PARTITION), self.new_token()
        self.sessions.begin(unit, person, token)
        unit.commit()
        self.log.note(person, "signed_in", detail=how)
        return Entered(person, token, self.cookie_for(person.number))

    def note_unidentified(self) -> None:
        """Write down that the provider named nobody; what comes too often, once in a while."""
        for _ in range(MOST_CONFLICTS):
            unit = UnitOfWork(self.store, PARTITION)
            verdict = sign_in_limits.unidentified_now(unit, self.clock.now(), self.rules)
            try:
                if unit.changed:
                    unit.commit()
            except Conflict:
                continue
            if verdict.allowed or verdict.told:
                self.log.refused(None, "not_identified" if verdict.allowed else "too_many_tries")
            return

    def cookie_for(self, number: str) -> str:
        """What makes a browser known as this person's."""
        return device_cookie(self.keyring, number, self.new_token(), self.clock.now())

    def _device(self, cookie: str, number: str) -> str | None:
        longest = self.rules.device_days * 86400.0
        return device_of(self.keyring, cookie, number, self.clock.now(), longest)

    def _count(self, where: Where) -> Verdict:
        for _ in range(MOST_CONFLICTS):
            unit = UnitOfWork(self.store, PARTITION)
            verdict = sign_in_limits.try_now(unit, where, self.clock.now(), self.rules)
            try:
                if unit.changed:
                    unit.commit()
            except Conflict:
                continue
            return verdict
        return Verdict(allowed=False)  # so many try at this moment that it cannot be counted

    def _second(
        self, number: str, code: str, credential: Credential | None, right: bool
    ) -> tuple[int | None, bool]:
        """The step whose code it is, or whether it was a recovery code, which is used up."""
        step = one_time_codes.step_of(credential.secret if credential else None, code, self.clock)
        if len(code) <= _LONGEST_CODE:
            return step, False
        hash = recovery_hash(number, code if right else "")  # of a wrong password none is used up
        return None, self.credentials.use_recovery(number, hash)

    def _rehash(self, number: str, credential: Credential, password: str) -> None:
        if self.passwords.outdated(credential.password_hash):
            self.credentials.rehash(number, credential, self.passwords.hash(password))

    def _let_in(
        self, person: Person, where: Where, step: int | None, recovered: bool
    ) -> Entered | None:
        token = self.new_token()
        if not self._begin(person, where, step, token):
            self.log.refused(person, "not_signed_in")  # the code has been used
            return None
        self.log.note(person, "signed_in", detail="recovery code" if recovered else "")
        left = self.credentials.recovery_left(person.number) if recovered else None
        return Entered(person, token, self.cookie_for(person.number), left)

    def _begin(self, person: Person, where: Where, step: int | None, token: str) -> bool:
        """Begin the session and use the code up, in one commit: of two with one code, one is in."""
        for _ in range(MOST_CONFLICTS):
            unit = UnitOfWork(self.store, PARTITION)
            if step is not None and not use_step(unit, person.number, step):
                return False
            sign_in_limits.forget(unit, where)
            self.sessions.begin(unit, person, token)
            try:
                unit.commit()
            except Conflict:
                continue
            return True
        return False


def use_step(unit: UnitOfWork, number: str, step: int, by: str = "") -> bool:
    """Note that the code of this step is used; False if it, or a later one, was before.

    `by` names an event that may come twice: the same again is the same as once.
    """
    key = f"step:{number}"
    used = unit.get(key) or {"step": 0}
    if by and (used["step"], used.get("by")) == (step, by):
        return True
    if step <= used["step"]:
        return False
    unit.put(key, {"step": step, "by": by})
    return True


def _as_filed(typed: str) -> str:
    number = typed.strip().lower()
    return number if NUMBER_FORM.fullmatch(number) else NOBODY


def _network(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 one: whoever has one has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
