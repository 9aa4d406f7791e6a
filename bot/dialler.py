"""The dialler: takes due callbacks, asks whether they may be rung, and has the carrier ring them.

The intent is committed before the carrier is asked, and only the claim that wrote it may ask.
From then on the line of the due call is no more, and the attempt is settled (`bot.settling`) by
whoever finds it unfinished. Whatever process dies, a callback is neither lost nor rung twice.
"""

from collections.abc import Callable
from enum import StrEnum

import structlog

from bot import application_log, number_history
from bot.actions import Disposition, News, TaskReason
from bot.attempt_book import AttemptBook
from bot.callback_book import close, read_callback, save
from bot.callbacks import Callback, CallbackState
from bot.carrier import CallOrder, Carrier
from bot.desk import CallerLine
from bot.dial_rules import Verdict
from bot.dialling_breaker import Sign
from bot.dialling_gate import GATE, DiallingGate
from bot.dialling_pace import AT_ONCE, RATE, DiallingPace
from bot.errors import BadNumber, BadSeal, CarrierError, Conflict
from bot.halts import is_left_alone, is_on_the_line
from bot.may_ring_now import not_approved, verdict_on, verdict_on_officer
from bot.meetings import owe_news
from bot.opening import NUMBER
from bot.owing import raise_task_about
from bot.phone import PhoneNumber
from bot.recovering import RESTORED, Recovering
from bot.runtime import Runtime
from bot.settling import Settling
from bot.store import DUE, Claim
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEAST_SECONDS_BETWEEN_PLACINGS = 30.0  # of one callback, which the carrier did not take
MOST_SECONDS_BETWEEN_PLACINGS = 900.0


class Outcome(StrEnum):
    """What became of a claimed line."""

    PLACED = "placed"
    REFUSED = "refused"  # a rule says not now, or never
    WAITING = "waiting"  # what the carrier did is not known yet, or somebody else was quicker
    STALE = "stale"  # nothing is owed any more
    FAILED = "failed"
    HANDED_OVER = "handed_over"  # gone or unreadable: a person is told


class Dialler:
    """Works the queue of due callbacks of any desk. Any number of copies may run.

    Once it is `stopping`, it begins nothing: what it has claimed goes back at once.
    """

    def __init__(
        self, runtime: Runtime, carrier: Carrier, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._carrier = carrier
        self._policy = runtime.house.policy
        self._gate = DiallingGate(runtime.house.policy)
        self._pace = DiallingPace(runtime.store, runtime.house.policy)
        self._book = AttemptBook(runtime, self._gate, self._pace)
        self._recovering = Recovering(runtime, Settling(runtime, carrier, self._book))
        self._stopping = stopping

    def free_at(self, desk: str) -> float:
        """When a call may be placed at this desk, as it looks now. Raises `StoreDown`."""
        now = self._runtime.clock.now()
        busy = self._pace.refusal(UnitOfWork(self._store, desk), now)
        return busy.again_at or now if busy else now

    def take_one(self, desk: str) -> Outcome | None:
        """Take the next due callback of a desk; None if there is none that may begin now.

        Raises `StoreDown`.
        """
        now = self._runtime.clock.now()
        claim = self._store.claim(desk, DUE, now, self._policy.dialling.lease_seconds)
        if claim is None:
            return None
        application_log.bind(job=claim.line.id)
        try:
            outcome = self._take(desk, claim, now)
        except Conflict:  # somebody else got on by it: so this may be tried again, in its place
            self._store.postpone(desk, claim, min(claim.line.due, now), fresh=False)
            outcome = Outcome.WAITING
        if outcome is None:
            return None
        log.info("due_line", desk=desk, line=claim.line.id, tries=claim.tries, outcome=outcome)
        return outcome

    def _take(self, desk: str, claim: Claim, now: float) -> Outcome | None:
        id = claim.line.data["callback"]
        unit = UnitOfWork(self._store, desk, (f"callback:{id}", GATE, RATE, RESTORED))
        callback = read_callback(unit, id)
        if callback is None:
            self._book.hand_over(desk, id, claim.line.id)
            return Outcome.HANDED_OVER
        if callback.state is CallbackState.DUE and callback.next_attempt == claim.line.id:
            return self._ring(unit, callback, claim, now)
        if callback.under_way and callback.attempts[-1].id == claim.line.id:
            self._book.have_settled(unit, callback, claim.line.id, now)
            return Outcome.WAITING
        self._store.done(desk, claim)
        return Outcome.STALE

    def _ring(
        self, unit: UnitOfWork, callback: Callback, claim: Claim, now: float
    ) -> Outcome | None:
        """Ask the rules, reserve the number, write the intent down, and only then the carrier."""
        held = self._gate.held(unit, now) or self._recovering.held(unit, now)
        if held is not None:
            return self._hold(unit, callback, claim, held)
        try:
            number = PhoneNumber(
                self._runtime.keyring.open(callback.number_sealed, bound_to=NUMBER)
            )
        except (BadSeal, BadNumber):
            return self._refuse(unit, callback, claim, Verdict(False, "number_unreadable"))
        if (found := self._recovering.found(unit, callback, now)) is not None:
            return self._look_again(unit, claim, found)
        partition = number_history.partition(callback.number_hash)
        numbers = UnitOfWork(self._store, partition, (number_history.RECORD,))
        verdict = self._verdict(unit, callback, number, numbers, now)
        if not verdict.allowed:
            return self._refuse(unit, callback, claim, verdict)
        if (busy := self._pace.refusal(unit, now)) is not None:
            self._wait_its_turn(unit, callback, claim, busy, now)
            return None
        if self._stopping():
            self._give_back(callback, claim, now)
            return None
        self._book.reserve(numbers, claim.line.id, now)
        begun = self._book.begin(unit, callback, now)
        return self._place(begun, number, claim)

    def _look_again(self, unit: UnitOfWork, claim: Claim, found: Verdict) -> Outcome:
        """What was found about it is written down, or waited for; then it is taken anew."""
        if unit.changed:
            unit.commit()
        self._store.postpone(unit.partition, claim, found.again_at or 0.0, fresh=True)
        return Outcome.WAITING

    def _give_back(self, callback: Callback, claim: Claim, now: float) -> None:
        """It keeps its place in the queue, as if nobody had claimed it."""
        self._store.postpone(callback.desk, claim, min(callback.due_at, now), fresh=True)

    def _wait_its_turn(
        self, unit: UnitOfWork, callback: Callback, claim: Claim, busy: Verdict, now: float
    ) -> None:
        """No call can be placed at this desk now, so nobody behind it need be looked at either."""
        if busy.rule == AT_ONCE and callback.refused != AT_ONCE:
            save(unit, callback.postponed(callback.due_at, AT_ONCE), "held back", now)
            unit.commit()
        self._give_back(callback, claim, now)

    def _verdict(
        self,
        unit: UnitOfWork,
        callback: Callback,
        number: PhoneNumber,
        numbers: UnitOfWork,
        now: float,
    ) -> Verdict:
        """What the service itself has against dialling comes before the rules about the number."""
        if (unapproved := not_approved(self._runtime, callback.desk, now)) is not None:
            return unapproved
        record = numbers.get(number_history.RECORD)
        if callback.line == CallerLine.OFFICERS:
            return verdict_on_officer(self._runtime, callback)
        return verdict_on(
            self._runtime,
            callback,
            number,
            record,
            now,
            left_alone=is_left_alone(unit, callback.number_hash, callback.case),
            on_the_line=is_on_the_line(unit, callback.number_hash, now),
        )

    def _hold(self, unit: UnitOfWork, callback: Callback, claim: Claim, held: Verdict) -> Outcome:
        """Nobody is rung at this desk now: it keeps its place, with the reason, told once."""
        if callback.refused != held.rule:
            now = self._runtime.clock.now()
            save(unit, callback.postponed(callback.due_at, held.rule), "held back", now)
        if unit.changed:
            unit.commit()
        self._store.postpone(callback.desk, claim, held.again_at or 0.0, fresh=True)
        return Outcome.REFUSED

    def _refuse(
        self, unit: UnitOfWork, callback: Callback, claim: Claim, verdict: Verdict
    ) -> Outcome:
        """Not now: due again when the rule says so. Never: a person decides."""
        now = self._runtime.clock.now()
        if callback.meeting:  # an officer waits for them
            owe_news(unit, callback.meeting, callback.next_attempt, News.REFUSED, now)
            callback = callback.apart()
        if verdict.again_at is None:
            refused = callback.postponed(callback.due_at, verdict.rule)
            close(unit, refused.settled(Disposition.NEEDS_PERSON), now)
            raise_task_about(unit, callback, TaskReason.MAY_NOT_BE_RUNG, now)
            unit.drop(DUE, claim.line.id)
            unit.commit()
            return Outcome.REFUSED
        if callback.refused != verdict.rule or callback.due_at < now:
            save(unit, callback.postponed(verdict.again_at, verdict.rule), "postponed", now)
            unit.index("callbacks", callback.id, verdict.again_at)
            unit.commit()
        self._store.postpone(callback.desk, claim, verdict.again_at, fresh=True)
        return Outcome.REFUSED

    def _place(self, callback: Callback, number: PhoneNumber, claim: Claim) -> Outcome:
        """Ask the carrier, once. What it answered, or that it did not, is written down."""
        if self._runtime.clock.now() > claim.claimed_at + self._policy.dialling.send_by_seconds:
            return Outcome.WAITING  # too late to send: it is settled
        try:
            call = self._carrier.place_call(self._order(callback, number, claim.line.id))
        except CarrierError as error:
            return self._not_placed(callback, claim, error)
        self._book.placed(callback, claim.line.id, call)
        return Outcome.PLACED

    def _order(self, callback: Callback, number: PhoneNumber, attempt: str) -> CallOrder:
        detection = self._policy.machine_detection
        return CallOrder(
            to=number,
            caller_id=self._policy.desk[callback.desk].caller_id,
            desk=callback.desk,
            attempt=attempt,
            ring_seconds=self._policy.dialling.ring_seconds,
            time_limit_seconds=self._policy.dialling.time_limit_seconds,
            detect_seconds=detection.timeout_seconds,
            speech_threshold_ms=detection.speech_threshold_ms,
            speech_end_threshold_ms=detection.speech_end_threshold_ms,
            silence_timeout_ms=detection.silence_timeout_ms,
        )

    def _not_placed(self, callback: Callback, claim: Claim, error: CarrierError) -> Outcome:
        log.warning("not_placed", attempt=claim.line.id, reason=str(error), unclear=error.unclear)
        if error.unclear:
            self._book.unreached(callback, claim.line.id)
            return Outcome.WAITING  # it may ring all the same: it is settled
        if not error.retryable:
            self._book.failed(callback, claim.line.id)
            return Outcome.FAILED
        sign = _sign_of(error)
        wait = LEAST_SECONDS_BETWEEN_PLACINGS * 2**callback.failed_placings
        due_at = self._runtime.clock.now() + min(wait, MOST_SECONDS_BETWEEN_PLACINGS)
        self._book.never_placed(callback, claim.line.id, due_at, sign)
        if sign is Sign.ACCOUNT:
            self._stop_all(callback.desk)
        return Outcome.FAILED

    def _stop_all(self, but: str) -> None:
        """The account is refused: the other desks need not find it out by ringing.

        Should this not come to its end, a desk stops at its own first refusal.
        """
        for desk in self._runtime.desks:
            if desk != but:
                unit = UnitOfWork(self._store, desk, (GATE,))
                self._gate.stop(unit, Sign.ACCOUNT, self._runtime.clock.now())
                unit.commit()


def _sign_of(error: CarrierError) -> Sign:
    """What a refusal that may pass says of the calls after this one."""
    if error.account:
        return Sign.ACCOUNT
    return Sign.NOTHING if error.too_many else Sign.UNREACHED
