"""What the flow log says of staff who come, go and change: numbers, never a name or a secret."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.flow_log import FlowLogLine, LineKind
from bot.staff import Person
from bot.store import Store
from bot.unit_of_work import UnitOfWork

_AT_ONCE = 200  # lines in one commit: an import may change thousands of people


@dataclass(frozen=True, slots=True)
class SignInLog:
    """Writes lines of kind `staff`. `desk` gets what belongs to no desk. Raises `StoreDown`."""

    store: Store
    clock: Clock
    desk: str

    def note(self, person: Person, what: str, *, detail: str = "") -> None:
        """That somebody did something: `signed_in`, `signed_out`, `staff_left` …"""
        self._write(person.desk, {"event": what, "staff": person.number, "detail": detail})

    def refused(self, person: Person | None, what: str) -> None:
        """That somebody was not let in: whose number it was, if it is anybody's."""
        if person is None:
            self._write(self.desk, {"event": "sign_in_refused", "reason": what})
        else:
            fields = {"event": "sign_in_refused", "staff": person.number, "reason": what}
            self._write(person.desk, fields)

    def changed(self, by: Person | None, *changes: tuple[str, str]) -> None:
        """What somebody changed about the staff: (what, of whom) each.

        `by` None: on the server's own terminal, before anybody could sign in.
        """
        who = {"staff": by.number} if by else {"reason": "terminal"}
        lines = [{"event": what, "detail": detail, **who} for what, detail in changes]
        for start in range(0, len(lines), _AT_ONCE):
            self._write(by.desk if by else self.desk, *lines[start : start + _AT_ONCE])

    def _write(self, desk: str, *lines: dict[str, str]) -> None:
        unit = UnitOfWork(self.store, desk)
        for fields in lines:
            unit.log(FlowLogLine(at=self.clock.now(), kind=LineKind.STAFF, desk=desk, **fields))
        unit.commit()
