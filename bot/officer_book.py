"""Who is let in by telephone: an officer's number, PIN and one-time code, judged together.

Every claim is counted before it is looked at and costs the same, whoever's number it is. Wrong ones
count for number and telephone together, so that a stranger's telephone locks nobody's own; and for
the number from all telephones that are not that officer's, so that many telephones help nobody.
"""

from dataclasses import dataclass
from typing import Any

from bot import one_time_codes
from bot.clock import Clock
from bot.errors import Conflict
from bot.keys import Keyring
from bot.officers import Claim, Judged, Verdict
from bot.passwords import Passwords
from bot.phone_codes import PRINTED_DIGITS
from bot.policy_rules import OfficerCheck
from bot.records import Records
from bot.sign_in import use_step
from bot.sign_in_limits import PARTITION
from bot.staff import Person, Right, Roles
from bot.store import Json, Store
from bot.unit_of_work import UnitOfWork

MOST_CONFLICTS = 20
_MOST_TELEPHONES = 50  # whose tries are kept, the newest: what one record may grow to


@dataclass(frozen=True, slots=True)
class _Tries:
    """How often it was tried before this, and whether this very one has used them up."""

    left: bool
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOfficers:
    """`bot.officers.OfficerBook` on the staff list, their codes, and the store of tries."""

    store: Store
    clock: Clock
    keyring: Keyring
    records: Records
    passwords: Passwords
    roles: Roles
    rules: OfficerCheck

    def judge(self, claim: Claim, desk: str) -> Judged:
        """Count the try, and judge it. Raises `StoreDown`."""
        person = self._person(claim.number, desk)
        own = self.records.staff.with_handset(claim.handset)
        theirs = own is not None and person is not None and own.number == person.number
        tries = self._count(claim, own_handset=theirs)
        number = person.number if person else ""
        held = self.records.phone_codes.get(number)
        pin = self.passwords.right(claim.pin, held.pin_hash if held else None)
        duress = self.passwords.right(claim.pin, held.duress_hash if held else None)
        manager = person.manager if person else ""
        if person and duress:
            return Judged(Verdict.DURESS, number, manager)
        code = self._code(number, claim, good=pin and tries.left)
        if person is None or not (pin and code and tries.left):
            return Judged(Verdict.FAILED, number, manager, locked=tries.locked)
        self._forget(claim)
        any_case = person.may(Right.OPEN_ANY_CASE)
        roles = tuple(sorted(role.value for role in person.roles))
        return Judged(Verdict.PASSED, number, manager, any_case=any_case, roles=roles)

    def has_handset(self, officer: str, handset: str) -> bool:
        """Whether this telephone (its keyed hash) is one of theirs. Raises `StoreDown`."""
        owner = self.records.staff.with_handset(handset)
        return owner is not None and owner.number == officer and not owner.shut_out

    def unlock(self, digits: str) -> bool:
        """A manager lets this staff number be tried anew; whether any try was counted."""
        return self._settle(_key(self.keyring, digits), lambda record: None)

    def _person(self, digits: str, desk: str) -> Person | None:
        """Who may use the line: works here, at this desk, is not away, and has a right to it."""
        found = self.records.staff.by_keyed(digits)
        person = self.roles.grant(found) if found else None
        if (
            person is None
            or person.shut_out
            or person.desk != desk
            or person.away(self.clock.now())
        ):
            return None
        may = person.may(Right.RING_CUSTOMERS) or person.may(Right.OPEN_ANY_CASE)
        return person if may else None

    def _code(self, number: str, claim: Claim, *, good: bool) -> bool:
        """Whether it is a code of theirs that nothing else has used; of a bad try none is used."""
        credential = self.records.credentials.get(number)
        step = one_time_codes.step_of(
            credential.secret if credential else None, claim.code, self.clock
        )
        if len(claim.code) == PRINTED_DIGITS:
            return self.records.phone_codes.use_printed(
                number if good else "", claim.code, claim.by
            )
        return good and step is not None and self._use(number, step, claim.by)

    def _use(self, number: str, step: int, by: str) -> bool:
        for _ in range(MOST_CONFLICTS):
            unit = UnitOfWork(self.store, PARTITION)
            if not use_step(unit, number, step, by):
                return False
            try:
                if unit.changed:
                    unit.commit()
            except Conflict:
                continue
            return True
        return False

    def _count(self, claim: Claim, *, own_handset: bool) -> _Tries:
        """Count this claim, unless it was counted; a success is taken back (`_forget`)."""
        told = _Tries(left=False, locked=False)

        def count(record: Json | None) -> Json:
            nonlocal told
            told, record = self._counted(record or {}, claim, own_handset=own_handset)
            return record

        self._settle(_key(self.keyring, claim.number), count)
        return told

    def _counted(self, record: Json, claim: Claim, *, own_handset: bool) -> tuple[_Tries, Json]:
        since = self.clock.now() - self.rules.window_hours * 3600.0
        all_tries: dict[str, list[list[Any]]] = {
            telephone: fresh
            for telephone, tries in record.items()
            if (fresh := [each for each in tries if each[0] > since])
        }
        here = all_tries.pop(claim.handset, [])
        elsewhere = sum(len(tries) for tries in all_tries.values()) + len(here)
        counted = any(by == claim.by for _, by in here)
        before = len(here) - counted
        most = self.rules.tries
        left = before < most
        if not own_handset:
            left = left and elsewhere - counted < self.rules.tries_elsewhere
        if not counted and before <= most:
            here = [*here, [self.clock.now(), claim.by]]
        newest = dict(sorted(all_tries.items(), key=lambda one: one[1][-1][0])[-_MOST_TELEPHONES:])
        return _Tries(left, locked=before + 1 == most), newest | {claim.handset: here}

    def _forget(self, claim: Claim) -> None:
        """After a success the tries from this telephone begin anew."""

        def without(record: Json | None) -> Json | None:
            rest = {name: tries for name, tries in (record or {}).items() if name != claim.handset}
            return rest or None

        self._settle(_key(self.keyring, claim.number), without)

    def _settle(self, key: str, change: Any) -> bool:
        """Change one record; whether there was one. So many at once that it fails: not let in."""
        keep = self.rules.window_hours * 3600.0
        for _ in range(MOST_CONFLICTS):
            unit = UnitOfWork(self.store, PARTITION)
            before = unit.get(key)
            after = change(before)
            if after == before:
                return before is not None
            unit.put(key, after, keep=keep)
            try:
                unit.commit()
            except Conflict:
                continue
            return before is not None
        raise Conflict(f"{key}: changed {MOST_CONFLICTS} times while it was counted")


def _key(keyring: Keyring, digits: str) -> str:
    """By a keyed hash: what is keyed may be anything, and be meant for another field."""
    return f"officer_tries:{keyring.name_of('officer', digits)}"
