"""Sessions of staff: who a browser is signed in as, until they sign out or it has been too long.

The browser holds a token, the store its hash. A session is over at once when its owner's `version`
on the staff list moves on: they left, have other roles, another desk, or enrolled anew.
"""

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import Conflict
from bot.policy_rules import SignInRules
from bot.records.staff import Note, SqlStaff
from bot.sign_in_limits import PARTITION
from bot.staff import Person, Right, Roles
from bot.store import Json, Store
from bot.tokens import hash_of
from bot.unit_of_work import UnitOfWork

_TOUCH_SECONDS = 60.0  # a session notes no oftener that it is used


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. `id` names it to its owner, and signs nobody in."""

    id: str
    number: str
    version: int
    began_at: float
    seen_at: float


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins, finds and ends sessions."""

    store: Store
    clock: Clock
    staff: SqlStaff
    roles: Roles
    rules: SignInRules

    def begin(self, unit: UnitOfWork, person: Person, token: str) -> None:
        """Write a new session into this unit of work; it begins when that is committed."""
        now, id = self.clock.now(), hash_of(token)
        data = {"number": person.number, "version": person.version, "began": now, "seen": now}
        unit.put(_record(id), data, keep=self._longest)
        unit.index(_index(person.number), id, now)

    def find(self, token: str, *, used: bool = True) -> tuple[Person, Session] | None:
        """Whose session it is, with their rights as they are now; None if it is over.

        Looking alone (not `used`) keeps no session alive.
        """
        if not token:
            return None
        unit = UnitOfWork(self.store, PARTITION)
        session = self._read(unit, hash_of(token))
        person = self.staff.get(session.number) if session else None
        if session is None or person is None or person.shut_out:
            return None
        granted = self.roles.grant(person)
        if person.version != session.version or self._left_lying(granted, session):
            return None
        if used:
            self._touch(unit, session)
        return granted, session

    def end(self, number: str, id: str, note: Note) -> bool:
        """End one session of this person, once it is written down; False if they have none such.

        The line belongs to a desk, and the session to none: they are two commits, the line first.
        """
        unit = UnitOfWork(self.store, PARTITION)
        data = unit.get(_record(id))
        if data is None or data["number"] != number:
            return False
        note()
        unit.put(_record(id), None)
        unit.index(_index(number), id, None)
        unit.commit()
        return True

    def of(self, number: str) -> list[Session]:
        """Where this person is signed in, the newest first. What is over is forgotten."""
        unit, found = UnitOfWork(self.store, PARTITION), []
        person = self.staff.get(number)
        for id, _ in self.store.members(PARTITION, _index(number)):
            session = self._read(unit, id)
            if session is None or person is None or person.version != session.version:
                unit.index(_index(number), id, None)
            else:
                found.append(session)
        if unit.changed:
            unit.commit()
        return sorted(found, key=lambda session: -session.began_at)

    @property
    def _longest(self) -> float:
        return self.rules.longest_hours * 3600.0

    def _read(self, unit: UnitOfWork, id: str) -> Session | None:
        data, now = unit.get(_record(id)), self.clock.now()
        if data is None or not self._goes_on(data, now):
            return None
        return Session(id, data["number"], data["version"], data["began"], data["seen"])

    def _goes_on(self, data: Json, now: float) -> bool:
        idle = self.rules.idle_minutes * 60.0
        return bool(now < data["began"] + self._longest and now < data["seen"] + idle)

    def _left_lying(self, person: Person, session: Session) -> bool:
        """Whether a telephone on call has not been used for longer than one may be left lying."""
        on_call = person.may(Right.RING_CUSTOMERS) and not person.may(Right.SEE_FLOW)
        idle = self.rules.idle_minutes_on_call * 60.0
        return on_call and self.clock.now() >= session.seen_at + idle

    def _touch(self, unit: UnitOfWork, session: Session) -> None:
        now = self.clock.now()
        if now < session.seen_at + _TOUCH_SECONDS:
            return
        data = unit.get(_record(session.id)) or {}
        rest = session.began_at + self._longest - now
        unit.put(_record(session.id), {**data, "seen": now}, keep=max(rest, 1.0))
        try:
            unit.commit()
        except Conflict:
            return  # another request of theirs has just said so, or ended it


def _record(id: str) -> str:
    return f"session:{id}"


def _index(number: str) -> str:
    return f"sessions:{number}"
