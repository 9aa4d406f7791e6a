"""What the flow log says of staff who come, go and change: numbers, never a name or a secret."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.flow_log import FlowLogLine, LineKind
from bot.staff import Person
from bot.store import Store
from bot.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SignInLog:
    """Writes lines of kind `staff`. `desk` gets what belongs to no desk. Raises `StoreDown`."""

    store: Store
    clock: Clock
    desk: str

    def note(self, person: Person, what: str, *, detail: str = "") -> None:
        """That somebody did something: `signed_in`, `signed_out`, `staff_left` …"""
        self._write(person.desk, event=what, staff=person.number, detail=detail)

    def refused(self, person: Person | None, what: str) -> None:
        """That somebody was not let in: whose number it was, if it is anybody's."""
        if person is None:
            self._write(self.desk, event="sign_in_refused", reason=what)
        else:
            self._write(person.desk, event="sign_in_refused", staff=person.number, reason=what)

    def by_terminal(self, what: str, *, detail: str) -> None:
        """That something was done on the server's own terminal, before anybody could sign in."""
        self._write(self.desk, event=what, reason="terminal", detail=detail)

    def _write(self, desk: str, **fields: str) -> None:
        unit = UnitOfWork(self.store, desk)
        line = FlowLogLine(at=self.clock.now(), kind=LineKind.STAFF, desk=desk, **fields)
        unit.log(line)
        unit.commit()
