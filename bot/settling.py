"""Settling: an attempt whose intent was written, and then its worker died or heard no answer.

It is never sent again. Did a webhook of it arrive; does the carrier list a call to that number,
from ours, made since, that no attempt owns? Only when time enough has passed for the list to be
complete is it "never placed" (design sections 2 and 6).
"""

from enum import StrEnum

import structlog

from bot.attempt_book import AttemptBook
from bot.callbacks import Attempt, Callback
from bot.carrier import Carrier
from bot.errors import BadSeal, CarrierError
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.store import Claim

log = structlog.get_logger()

ASK_AGAIN_SECONDS = 30.0
UNCLEAR_AFTER_SECONDS = 900.0  # what the carrier cannot say by then, a person must find out


class Outcome(StrEnum):
    """What became of a claimed line."""

    PLACED = "placed"
    REFUSED = "refused"  # a rule says not now, or never
    SETTLED = "settled"
    WAITING = "waiting"  # what the carrier did is not known yet
    STALE = "stale"  # nothing is owed any more
    FAILED = "failed"
    HANDED_OVER = "handed_over"  # gone or unreadable: a person is told


class Settling:
    """Finds out what became of an attempt."""

    def __init__(self, runtime: Runtime, carrier: Carrier, book: AttemptBook) -> None:
        self._runtime = runtime
        self._carrier = carrier
        self._book = book

    def settle(self, callback: Callback, attempt: Attempt, claim: Claim, now: float) -> Outcome:
        """Placed, never placed, not known yet, or never to be known."""
        if attempt.call is not None:
            self._book.placed(callback, claim, attempt.call)
            return Outcome.SETTLED
        try:
            call = self._unowned_call(callback, attempt)
        except BadSeal:
            self._book.unclear(callback, claim)
            return Outcome.FAILED
        except CarrierError as error:
            return self._not_told(callback, attempt, claim, error, now)
        if call is not None:
            self._book.placed(callback, claim, call)
            return Outcome.SETTLED
        grace = self._runtime.house.policy.dialling.settle_after_seconds
        complete_at = attempt.complete_at(grace, now)
        if now < complete_at:
            self._book.looked_for(callback, claim.line.id)
            return self._wait(callback, claim, complete_at)
        self._book.never_placed(callback, claim, now)
        return Outcome.SETTLED

    def _not_told(
        self, callback: Callback, attempt: Attempt, claim: Claim, error: CarrierError, now: float
    ) -> Outcome:
        log.warning("not_settled", attempt=attempt.id, reason=str(error))
        if now > attempt.at + UNCLEAR_AFTER_SECONDS:
            self._book.unclear(callback, claim)
            return Outcome.FAILED
        return self._wait(callback, claim, now + ASK_AGAIN_SECONDS)

    def _wait(self, callback: Callback, claim: Claim, until: float) -> Outcome:
        self._runtime.store.postpone(callback.desk, claim, until, fresh=False)
        return Outcome.WAITING

    def _unowned_call(self, callback: Callback, attempt: Attempt) -> str | None:
        number = PhoneNumber(self._runtime.keyring.open(callback.number_sealed, bound_to=NUMBER))
        caller_id = self._runtime.house.policy.desk[callback.desk].caller_id
        owned = {other.call for other in callback.attempts}
        listed = self._carrier.calls_to(number, caller_id, attempt.at - 1.0)
        return next((found.call for found in listed if found.call not in owned), None)
