"""What is written down of an attempt once the carrier was asked: placed, never placed, given up.

Each writes the callback as it stands then: a webhook may have moved it meanwhile.
"""

from collections.abc import Callable

from bot import number_history
from bot.actions import Disposition, TaskReason
from bot.callback_book import KEEP_CALLBACK, close, note_on_number, put_back, save
from bot.callbacks import Callback, CallbackState
from bot.dialling_breaker import Sign
from bot.dialling_gate import DiallingGate
from bot.errors import Conflict
from bot.owing import HEARD_OF_SECONDS, owe_follow, raise_task_about
from bot.runtime import Runtime
from bot.store import DUE, Claim
from bot.unit_of_work import UnitOfWork

SLACK_SECONDS = 60.0  # after the longest that a call may last
MOST_CONFLICTS = 10

Write = Callable[[UnitOfWork, Callback, float], None]


class AttemptBook:
    """Keeps callbacks, their queue lines and their numbers' reservations in step."""

    def __init__(self, runtime: Runtime, gate: DiallingGate) -> None:
        self._gate = gate
        self._store = runtime.store
        self._clock = runtime.clock
        self._rules = runtime.house.policy.dialling

    @property
    def longest_call(self) -> float:
        """Seconds after which a call that was placed is over, whatever we heard of it."""
        return self._rules.ring_seconds + self._rules.time_limit_seconds + SLACK_SECONDS

    def reserve(self, numbers: UnitOfWork, attempt: str, now: float) -> None:
        """Reserve the number, over all desks. Raises `Conflict` if another was quicker.

        Raises `NotReplicated` where a failover could lose it: then nothing else has begun.
        """
        record = number_history.reserve(
            numbers.get(number_history.RECORD), attempt, now + self.longest_call
        )
        numbers.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        numbers.commit(replicated=True)

    def placed(self, callback: Callback, claim: Claim, call: str) -> None:
        """The carrier has it: remember its id, take the line out, and have the call followed."""
        attempt = claim.line.id

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                save(unit, current.placed(call), "placed", now)
            owe_follow(unit, attempt, call, now + HEARD_OF_SECONDS, over_by=now + self.longest_call)
            unit.drop(DUE, attempt)

        self._write(callback, write)

    def never_placed(
        self, callback: Callback, claim: Claim, due_at: float, sign: Sign = Sign.NOTHING
    ) -> None:
        """Nothing rang: due again, under another attempt id."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            unit.drop(DUE, claim.line.id)
            if current.state is CallbackState.PLACING and _is_latest(current, claim.line.id):
                self._gate.note(unit, claim.line.id, sign, now)
                put_back(unit, current.never_placed(due_at), now)

        self._write(callback, write)
        self._release(callback.number_hash, claim.line.id)

    def looked_for(self, callback: Callback, attempt: str) -> None:
        """Somebody looks what became of it: from now on, by their clock, it is waited for."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                waited_for = current.looked_for(now).to_json()
                unit.put(f"callback:{current.id}", waited_for, keep=KEEP_CALLBACK)

        self._write(callback, write)

    def failed(self, callback: Callback, claim: Claim) -> None:
        """The carrier will never ring this: a person decides."""
        self._give_up(
            callback, claim, Disposition.FAILED, TaskReason.COULD_NOT_BE_HELPED, Sign.REFUSED
        )

    def unclear(self, callback: Callback, claim: Claim) -> None:
        """Whether it was rung cannot be found out: a person decides, the bot rings no more."""
        self._give_up(
            callback, claim, Disposition.NEEDS_PERSON, TaskReason.ATTEMPT_UNCLEAR, Sign.UNREACHED
        )

    def unreached(self, callback: Callback, claim: Claim) -> None:
        """The carrier gave no clear answer: it may ring, and says something of the next order."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, claim.line.id):
                self._gate.note(unit, claim.line.id, Sign.UNREACHED, now)

        self._write(callback, write)

    def _give_up(
        self,
        callback: Callback,
        claim: Claim,
        disposition: Disposition,
        reason: TaskReason,
        sign: Sign,
    ) -> None:
        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            unit.drop(DUE, claim.line.id)
            if not current.under_way or not _is_latest(current, claim.line.id):
                return
            self._gate.note(unit, claim.line.id, sign, now)
            note_on_number(unit, current, claim.line.id, disposition, now)
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
                unit.commit()
            except Conflict:
                continue
            return
        raise Conflict(f"{key}: changed all the time")

    def _release(self, number_hash: str, attempt: str) -> None:
        partition = number_history.partition(number_hash)
        unit = UnitOfWork(self._store, partition, (number_history.RECORD,))
        record = number_history.release(unit.get(number_history.RECORD), attempt)
        unit.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        unit.commit()


def _is_latest(callback: Callback, attempt: str) -> bool:
    return callback.attempt is not None and callback.attempt.id == attempt
