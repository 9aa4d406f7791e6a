"""What is written down of an attempt: begun, placed, still going on, never placed, given up.

Each writes the callback as it stands then: a webhook may have moved it meanwhile. From `begun` to
its end an attempt has a line in the outbox: until its call is known one that settles it, and then
one that follows the call. So whichever process dies, somebody finds out what became of it.
"""

from collections.abc import Callable

from bot import number_history
from bot.actions import Disposition, TaskReason
from bot.callback_book import (
    KEEP_CALLBACK,
    as_callback,
    close,
    hand_over,
    note_on_number,
    put_back,
    save,
)
from bot.callbacks import Callback, CallbackState, callback_of
from bot.dial_rules import Verdict
from bot.dialling_breaker import Sign
from bot.dialling_gate import DiallingGate
from bot.dialling_pace import DiallingPace, call_is_over
from bot.errors import Conflict
from bot.owing import HEARD_OF_SECONDS, owe_follow, raise_task_about
from bot.runtime import Runtime
from bot.store import DUE, OUTBOX, Line
from bot.unit_of_work import UnitOfWork

MOST_CONFLICTS = 10

Write = Callable[[UnitOfWork, Callback, float], None]


class AttemptBook:
    """Keeps callbacks, their lines, their places at the desk and their numbers' reservations."""

    def __init__(self, runtime: Runtime, gate: DiallingGate, pace: DiallingPace) -> None:
        self._gate = gate
        self._pace = pace
        self._store = runtime.store
        self._clock = runtime.clock
        self._rules = runtime.house.policy.dialling

    def reserve(self, numbers: UnitOfWork, attempt: str, now: float) -> None:
        """Reserve the number, over all desks. Raises `Conflict` if another was quicker.

        Raises `NotReplicated` where a failover could lose it: then nothing else has begun.
        """
        self._write_reservation(numbers, attempt, now)
        numbers.commit(replicated=True)

    def _write_reservation(self, numbers: UnitOfWork, attempt: str, now: float) -> None:
        record = number_history.reserve(
            numbers.get(number_history.RECORD), attempt, now + self._rules.longest_call_seconds
        )
        numbers.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)

    def begin(self, unit: UnitOfWork, callback: Callback, now: float) -> Callback:
        """Write the intent down, and owe its settling; the callback as it stands then.

        The line of the due call is no more: nobody can claim this attempt again. Raises `Conflict`,
        and `NotReplicated` where a failover could lose it: then it is settled, and not ordered.
        """
        attempt, begun = callback.next_attempt, callback.begin(now)
        self._gate.begin(unit, attempt, now)
        self._pace.begin(unit, attempt, now)
        self._owe_settling(unit, callback.id, attempt, now + self._rules.lease_seconds)
        save(unit, begun, "placing", now)
        unit.commit(replicated=True)  # a failover that lost it would have them rung twice
        return begun

    def have_settled(self, unit: UnitOfWork, callback: Callback, attempt: str, now: float) -> None:
        """Its line is among the due ones still, as an older version left it: it is not due."""
        self._owe_settling(unit, callback.id, attempt, now)
        unit.commit()

    def _owe_settling(self, unit: UnitOfWork, callback: str, attempt: str, due: float) -> None:
        unit.drop(DUE, attempt)
        unit.owe(settling_line(callback, attempt, due))

    def placed(self, callback: Callback, attempt: str, call: str) -> None:
        """The carrier has it: remember its id, and have the call followed, not settled any more.

        One that was given up meanwhile is ended, as its first notice would end it.
        """

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                save(unit, current.placed(call), "placed", now)
            over_by = now + self._rules.longest_call_seconds
            owe_follow(unit, attempt, call, now + HEARD_OF_SECONDS, over_by=over_by)
            if _was_given_up(current, attempt):
                _owe_its_end(unit, attempt, call, now)
            unit.drop(OUTBOX, _settling(attempt))

        self._write(callback, write)

    def goes_on(self, desk: str, attempt: str) -> None:
        """The carrier has the call still: its place and its number are kept for it."""
        key = f"callback:{callback_of(attempt)}"
        unit = UnitOfWork(self._store, desk, (key,))
        data = unit.get(key)
        callback = as_callback(data)
        if callback is None or not callback.under_way or not _is_latest(callback, attempt):
            return  # somebody rang us, or its end has overtaken this
        self._pace.goes_on(unit, attempt, self._clock.now())
        unit.commit()
        partition = number_history.partition(callback.number_hash)
        numbers = UnitOfWork(self._store, partition, (number_history.RECORD,))
        if number_history.is_reserved_for(numbers.get(number_history.RECORD), attempt):
            self._write_reservation(numbers, attempt, self._clock.now())
            numbers.commit()

    def never_placed(
        self, callback: Callback, attempt: str, due_at: float, sign: Sign = Sign.NOTHING
    ) -> None:
        """Nothing rang: due again, under another attempt id."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            unit.drop(OUTBOX, _settling(attempt))
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                self._due_again(unit, current, current.never_placed(due_at), sign, now)

        self._write(callback, write)

    def looked_for(self, callback: Callback, attempt: str) -> None:
        """Somebody looks what became of it: from now on, by their clock, it is waited for."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                waited_for = current.looked_for(now).to_json()
                unit.put(f"callback:{current.id}", waited_for, keep=KEEP_CALLBACK)

        self._write(callback, write)

    def failed(self, callback: Callback, attempt: str) -> None:
        """The carrier will never ring this: a person decides."""
        self._give_up(
            callback, attempt, Disposition.FAILED, TaskReason.COULD_NOT_BE_HELPED, Sign.REFUSED
        )

    def unclear(self, callback: Callback, attempt: str) -> None:
        """Whether it was rung cannot be found out: a person decides, the bot rings no more."""
        self._give_up(
            callback, attempt, Disposition.NEEDS_PERSON, TaskReason.ATTEMPT_UNCLEAR, Sign.UNREACHED
        )

    def unreached(self, callback: Callback, attempt: str) -> None:
        """The carrier gave no clear answer: it may ring, and says something of the next order."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                self._gate.note(unit, attempt, Sign.UNREACHED, now)

        self._write(callback, write)

    def taken_back(self, callback: Callback, attempt: str, why: Verdict) -> bool:
        """The carrier had it queued and rings it no more: due again as if it had never been placed.

        Not if a notice of it came meanwhile, for then it was rung after all: False.
        """
        moved = False

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            nonlocal moved
            heard_of = unit.get(f"call:{attempt}") is not None
            moved = current.under_way and _is_latest(current, attempt) and not heard_of
            if moved:
                due = now if why.again_at is None else why.again_at
                again = current.never_placed(due).postponed(due, why.rule)
                self._due_again(unit, current, again, Sign.NOTHING, now)

        self._write(callback, write)
        return moved

    def hand_over(self, desk: str, callback_id: str, attempt: str) -> None:
        """The callback is gone, or nobody can read it: a person is told, and its lines go."""
        unit = UnitOfWork(self._store, desk)
        hand_over(unit, callback_id, self._clock.now())
        unit.drop(DUE, attempt)
        unit.drop(OUTBOX, _settling(attempt))
        unit.commit()

    def _due_again(
        self, unit: UnitOfWork, current: Callback, again: Callback, sign: Sign, now: float
    ) -> None:
        """Owe the next attempt; or none, if this was to be the last and is not needed any more."""
        attempt = again.attempts[-1].id
        self._gate.note(unit, attempt, sign, now)
        call_is_over(unit, attempt)
        data = {"number_hash": current.number_hash, "attempt": attempt}
        unit.owe(
            Line(queue=OUTBOX, id=f"release:{attempt}", kind="release_number", due=now, data=data)
        )
        put_back(unit, again, now)

    def _give_up(
        self,
        callback: Callback,
        attempt: str,
        disposition: Disposition,
        reason: TaskReason,
        sign: Sign,
    ) -> None:
        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            unit.drop(OUTBOX, _settling(attempt))
            if not current.under_way or not _is_latest(current, attempt):
                return
            self._gate.note(unit, attempt, sign, now)
            if disposition is Disposition.FAILED:  # else it may be ringing: the place is kept
                call_is_over(unit, attempt)
            note_on_number(unit, current, attempt, disposition, now)
            close(unit, current.attempt_ended(disposition, None), now)
            raise_task_about(unit, current, reason, now)

        self._write(callback, write)

    def _write(self, callback: Callback, write: Write) -> None:
        key = f"callback:{callback.id}"
        for _ in range(MOST_CONFLICTS):
            unit = UnitOfWork(self._store, callback.desk, (key,))
            data = unit.get(key)
            write(unit, Callback.from_json(data) if data else callback, self._clock.now())
            try:
                if unit.changed:
                    unit.commit()
            except Conflict:
                continue
            return
        raise Conflict(f"{key}: changed all the time")


def settling_line(callback: str, attempt: str, due: float) -> Line:
    """What owes the settling of an attempt whose call is not known."""
    data = {"callback": callback, "attempt": attempt}
    return Line(queue=OUTBOX, id=_settling(attempt), kind="settle", due=due, data=data)


def _settling(attempt: str) -> str:
    return f"settle:{attempt}"


def _is_latest(callback: Callback, attempt: str) -> bool:
    return callback.attempt is not None and callback.attempt.id == attempt


def _was_given_up(callback: Callback, attempt: str) -> bool:
    found = callback.find(attempt)
    return found is not None and found.call is None and found.disposition is not None


def _owe_its_end(unit: UnitOfWork, attempt: str, call: str, now: float) -> None:
    data = {"conversation": attempt, "turn": 0, "call": call}
    line_id = f"end_call:{attempt}:0"
    unit.owe(Line(queue=OUTBOX, id=line_id, kind="end_call", due=now, data=data))
