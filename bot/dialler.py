"""The dialler: takes due callbacks, asks whether they may be rung, and has the carrier ring them.

The intent is committed before the carrier is asked, and only the claim that wrote it may ask.
A line that comes back with an intent in it is never sent again: it is *settled* (design sections
2 and 6). Whatever process dies, a callback is neither lost nor rung twice.
"""

from collections.abc import Callable
from enum import StrEnum

import structlog

from bot import number_history
from bot.actions import Disposition, TaskReason
from bot.approvals import is_approved
from bot.callbacks import Attempt, Callback, CallbackState
from bot.carrier import CallOrder, Carrier
from bot.dial_rules import Question, Verdict, may_ring
from bot.effects import close, note_on_number, owe_task, queue_callback, save
from bot.errors import BadSeal, CarrierError, Conflict
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.store import DUE, OUTBOX, Claim, Line
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

ASK_AGAIN_SECONDS = 30.0  # after a "not now" that says nothing of when
NOT_APPROVED_SECONDS = 600.0
UNCLEAR_AFTER_SECONDS = (
    900.0  # from the intent on: what the carrier cannot say by then, a person can
)
FOLLOW_SLACK_SECONDS = 60.0
RATE = "rate"


class Outcome(StrEnum):
    """What became of a claimed line."""

    PLACED = "placed"
    REFUSED = "refused"  # a rule says not now, or never
    SETTLED = "settled"
    WAITING = "waiting"  # what the carrier did is not known yet
    STALE = "stale"  # nothing is owed any more
    FAILED = "failed"


class Dialler:
    """Works the queue of due callbacks of any desk. Any number of copies may run."""

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._carrier = carrier
        self._rules = runtime.house.policy.dialling

    def take_one(self, desk: str) -> Outcome | None:
        """Take the next due callback of a desk, if there is one. Raises `StoreDown`."""
        now = self._runtime.clock.now()
        claim = self._store.claim(desk, DUE, now, self._rules.lease_seconds)
        if claim is None:
            return None
        try:
            outcome = self._take(desk, claim, now)
        except Conflict:
            self._store.postpone(desk, claim, now + 1.0, fresh=False)
            outcome = Outcome.WAITING
        log.info("due_line", desk=desk, line=claim.line.id, tries=claim.tries, outcome=outcome)
        return outcome

    def _take(self, desk: str, claim: Claim, now: float) -> Outcome:
        unit = UnitOfWork(self._store, desk, (f"callback:{claim.line.data['callback']}",))
        data = unit.get(f"callback:{claim.line.data['callback']}")
        callback = Callback.from_json(data) if data else None
        if callback is None:
            return self._finish(desk, claim, Outcome.STALE)
        if callback.state is CallbackState.DUE and callback.next_attempt == claim.line.id:
            return self._ring(unit, callback, claim, now)
        attempt = callback.attempt
        if callback.under_way and attempt is not None and attempt.id == claim.line.id:
            return self._settle(callback, attempt, claim, now)
        return self._finish(desk, claim, Outcome.STALE)

    # ringing

    def _ring(self, unit: UnitOfWork, callback: Callback, claim: Claim, now: float) -> Outcome:
        """Ask the rules, reserve the number, write the intent down, and only then the carrier."""
        if not is_approved(self._store, callback.desk, self._runtime.house.wording):
            again = now + NOT_APPROVED_SECONDS
            return self._refuse(unit, callback, claim, Verdict(False, "not_approved", "", again))
        try:
            number = PhoneNumber(
                self._runtime.keyring.open(callback.number_sealed, bound_to=NUMBER)
            )
        except BadSeal:
            return self._refuse(unit, callback, claim, Verdict(False, "number_unreadable"))
        numbers = UnitOfWork(
            self._store, number_history.partition(callback.number_hash), (number_history.RECORD,)
        )
        verdict = self._may_ring(callback, number, numbers, claim.line.id, now)
        if not verdict.allowed:
            return self._refuse(unit, callback, claim, verdict)
        if not self._takes_its_turn(now):
            self._store.postpone(callback.desk, claim, self._next_turn(now), fresh=True)
            return Outcome.WAITING
        self._reserve(numbers, claim.line.id, now)
        begun = callback.begin(now)
        save(unit, begun, "placing", now)
        unit.commit()
        return self._place(begun, number, claim)

    def _may_ring(
        self,
        callback: Callback,
        number: PhoneNumber,
        numbers: UnitOfWork,
        attempt: str,
        now: float,
    ) -> Verdict:
        record = number_history.with_attempts(numbers.get(number_history.RECORD), callback.attempts)
        busy_until = number_history.reserved_until(record, attempt, now)
        if busy_until is not None:
            return Verdict(False, "being_rung", "design section 2", busy_until)
        case = self._runtime.directory.by_handle(callback.case or "")
        question = Question(
            number=number,
            nation=case.nation if case else "england",
            held=case.held if case else frozenset(),
            history=number_history.past(record),
            case_attempts=callback.tries,
            express_request=callback.is_express,
            rehearsal=not self._runtime.settings.production,
        )
        return may_ring(question, self._runtime.house.policy, now)

    def _refuse(
        self, unit: UnitOfWork, callback: Callback, claim: Claim, verdict: Verdict
    ) -> Outcome:
        """Not now: due again when the rule says so. Never: a person decides."""
        now = self._runtime.clock.now()
        if verdict.again_at is None:
            refused = callback.postponed(callback.due_at, verdict.rule)
            close(unit, refused.settled(Disposition.NEEDS_PERSON), now)
            _raise_task(unit, callback, TaskReason.MAY_NOT_BE_RUNG, now, detail=verdict.rule)
            unit.drop(DUE, claim.line.id)
            unit.commit()
            return Outcome.REFUSED
        if (callback.refused, callback.due_at) != (verdict.rule, verdict.again_at):
            save(unit, callback.postponed(verdict.again_at, verdict.rule), "postponed", now)
            unit.index("callbacks", callback.id, verdict.again_at)
            unit.commit()
        self._store.postpone(callback.desk, claim, verdict.again_at, fresh=True)
        return Outcome.REFUSED

    def _place(self, callback: Callback, number: PhoneNumber, claim: Claim) -> Outcome:
        """Ask the carrier, once. What it answered, or that it did not, is written down."""
        now = self._runtime.clock.now()
        if now > claim.claimed_at + self._rules.send_by_seconds:
            return Outcome.WAITING  # too late to send: whoever claims next settles it
        order = CallOrder(
            to=number,
            caller_id=self._runtime.house.policy.desk[callback.desk].caller_id,
            desk=callback.desk,
            attempt=claim.line.id,
            ring_seconds=self._rules.ring_seconds,
            time_limit_seconds=self._rules.time_limit_seconds,
            detect_seconds=self._runtime.house.policy.machine_detection.timeout_seconds,
        )
        try:
            call = self._carrier.place_call(order)
        except CarrierError as error:
            return self._not_placed(callback, claim, error)
        self._placed(callback, claim, call)
        return Outcome.PLACED

    def _not_placed(self, callback: Callback, claim: Claim, error: CarrierError) -> Outcome:
        log.warning("not_placed", attempt=claim.line.id, reason=str(error), unclear=error.unclear)
        if error.unclear:
            return Outcome.WAITING  # it may ring all the same: settled when the lease has lapsed
        if error.retryable:
            self._due_again(callback, claim, self._runtime.clock.now() + ASK_AGAIN_SECONDS)
        else:
            self._failed(callback, claim)
        return Outcome.FAILED

    # settling

    def _settle(self, callback: Callback, attempt: Attempt, claim: Claim, now: float) -> Outcome:
        """The intent was written, and then? Never send again: find out (design section 6)."""
        if attempt.call is not None:
            self._placed(callback, claim, attempt.call)
            return Outcome.SETTLED
        try:
            call = self._unowned_call(callback, attempt)
        except CarrierError as error:
            log.warning("not_settled", attempt=attempt.id, reason=str(error))
            if now > attempt.at + UNCLEAR_AFTER_SECONDS:
                self._unclear(callback, claim)
                return Outcome.FAILED
            self._store.postpone(callback.desk, claim, now + ASK_AGAIN_SECONDS, fresh=False)
            return Outcome.WAITING
        if call is not None:
            self._placed(callback, claim, call)
            return Outcome.SETTLED
        settled_at = attempt.at + self._rules.settle_after_seconds
        if now < settled_at:
            self._store.postpone(callback.desk, claim, settled_at, fresh=False)
            return Outcome.WAITING
        self._due_again(callback, claim, now)
        return Outcome.SETTLED

    def _unowned_call(self, callback: Callback, attempt: Attempt) -> str | None:
        """A call to that number, from ours, made since, that no attempt owns."""
        number = PhoneNumber(self._runtime.keyring.open(callback.number_sealed, bound_to=NUMBER))
        caller_id = self._runtime.house.policy.desk[callback.desk].caller_id
        owned = {other.call for other in callback.attempts}
        listed = self._carrier.calls_to(number, caller_id, attempt.at - 1.0)
        return next((found.call for found in listed if found.call not in owned), None)

    # what is written down afterwards

    def _placed(self, callback: Callback, claim: Claim, call: str) -> None:
        """The carrier has it: remember its id, take the line out, and have the call followed."""
        attempt = claim.line.id

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            if current.state is CallbackState.PLACING and _is_latest(current, attempt):
                save(unit, current.placed(call), "placed", now)
            ends_by = now + self._rules.ring_seconds + self._rules.time_limit_seconds
            unit.owe(
                Line(
                    queue=OUTBOX,
                    id=f"follow:{attempt}",
                    kind="follow",
                    due=ends_by + FOLLOW_SLACK_SECONDS,
                    data={"conversation": attempt, "call": call},
                )
            )
            unit.drop(DUE, attempt)

        self._write(callback, write)

    def _due_again(self, callback: Callback, claim: Claim, due_at: float) -> None:
        """It was never placed: due again, under another attempt id."""

        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            unit.drop(DUE, claim.line.id)
            if current.state is CallbackState.PLACING and _is_latest(current, claim.line.id):
                queue_callback(unit, current.never_placed(due_at), now)

        self._write(callback, write)
        self._release(callback.number_hash, claim.line.id)

    def _failed(self, callback: Callback, claim: Claim) -> None:
        """The carrier will never ring this: a person decides."""
        self._give_up(callback, claim, Disposition.FAILED, TaskReason.COULD_NOT_BE_HELPED)

    def _unclear(self, callback: Callback, claim: Claim) -> None:
        """Whether it was rung cannot be found out: not rung by the bot again."""
        self._give_up(callback, claim, Disposition.NEEDS_PERSON, TaskReason.ATTEMPT_UNCLEAR)

    def _give_up(
        self, callback: Callback, claim: Claim, disposition: Disposition, reason: TaskReason
    ) -> None:
        def write(unit: UnitOfWork, current: Callback, now: float) -> None:
            unit.drop(DUE, claim.line.id)
            if not current.under_way or not _is_latest(current, claim.line.id):
                return
            note_on_number(unit, current, claim.line.id, disposition, now)
            close(unit, current.attempt_ended(disposition, None), now)
            _raise_task(unit, current, reason, now)

        self._write(callback, write)

    def _write(
        self, callback: Callback, write: Callable[[UnitOfWork, Callback, float], None]
    ) -> None:
        """Change a callback as it stands now: a webhook may have moved it meanwhile."""
        key = f"callback:{callback.id}"
        for _ in range(10):
            unit = UnitOfWork(self._store, callback.desk, (key,))
            data = unit.get(key)
            write(unit, Callback.from_json(data) if data else callback, self._runtime.clock.now())
            try:
                unit.commit()
            except Conflict:
                continue
            return
        raise Conflict(f"{key}: changed all the time")

    def _finish(self, desk: str, claim: Claim, outcome: Outcome) -> Outcome:
        self._store.done(desk, claim)
        return outcome

    # what is shared with other desks and other workers

    def _reserve(self, numbers: UnitOfWork, attempt: str, now: float) -> None:
        longest = self._rules.ring_seconds + self._rules.time_limit_seconds + FOLLOW_SLACK_SECONDS
        record = number_history.reserve(numbers.get(number_history.RECORD), attempt, now + longest)
        numbers.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        numbers.commit()

    def _release(self, number_hash: str, attempt: str) -> None:
        partition = number_history.partition(number_hash)
        unit = UnitOfWork(self._store, partition, (number_history.RECORD,))
        record = number_history.release(unit.get(number_history.RECORD), attempt)
        unit.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        unit.commit()

    def _takes_its_turn(self, now: float) -> bool:
        """One call a second, over all workers of the account (Twilio's default)."""
        unit = UnitOfWork(self._store, "account", (RATE,))
        if now < (unit.get(RATE) or {}).get("free_at", 0.0):
            return False
        unit.put(RATE, {"free_at": now + 1.0 / self._rules.calls_per_second_per_account})
        unit.commit()
        return True

    def _next_turn(self, now: float) -> float:
        record = self._store.read("account", (RATE,))[RATE].data or {}
        return max(now + 0.05, float(record.get("free_at", now)))


def _is_latest(callback: Callback, attempt: str) -> bool:
    return callback.attempt is not None and callback.attempt.id == attempt


def _raise_task(
    unit: UnitOfWork, callback: Callback, reason: TaskReason, now: float, *, detail: str = ""
) -> None:
    task = Task(
        id=f"{callback.id}:{reason.value}:{len(callback.attempts)}",
        desk=callback.desk,
        reason=reason,
        priority=priority_of(reason),
        owner="",
        raised_at=now,
        conversation=callback.id,
        case=callback.case,
        number=callback.number_mask,
        number_sealed=callback.number_sealed,
        wish=detail or None,
    )
    owe_task(unit, task)
