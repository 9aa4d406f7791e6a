"""Taking back a call that the carrier has queued, once its number may not be rung any more.

The account's calls queue at the carrier, so that a call may begin to ring long after it was
ordered: past the calling hours or the time that was asked for, or once something stands against it.
One that is taken back while it is queued rings nobody, and no notice of it comes.
"""

import structlog

from bot import number_history
from bot.attempt_book import AttemptBook
from bot.callback_book import read_callback
from bot.callbacks import Callback, callback_of
from bot.carrier import Carrier
from bot.dial_rules import ALLOWED, Verdict
from bot.errors import BadNumber, BadSeal
from bot.halts import is_left_alone, is_on_the_line
from bot.may_ring_now import not_approved, verdict_on
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

QUEUED = "queued"
TAKEN_BACK = "canceled"  # by us, if the answer to it was lost
NOT_OWED = Verdict(False, "not_owed", "they were helped meanwhile, or are to be left alone")


def why_taken_back(status: str | None, verdict: Verdict, *, heard_of: bool) -> str | None:
    """The rule by which a call that stands so at the carrier rings no more; None if it may.

    A call of which a notice came has left the queue, and is followed as any other.
    """
    waits = status in (QUEUED, TAKEN_BACK) and not heard_of
    return verdict.rule if waits and not verdict.allowed else None


class TakingBack:
    """Cancels what is queued past its time, and owes it again."""

    def __init__(self, runtime: Runtime, carrier: Carrier, book: AttemptBook) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._carrier = carrier
        self._book = book

    def took_back(self, desk: str, attempt: str, call: str, status: str | None) -> bool:
        """Whether this call, of which we have heard nothing yet, is one no more."""
        callback = self._under_way(desk, attempt)
        if callback is None or status not in (QUEUED, TAKEN_BACK):
            return False
        verdict = self._verdict(callback, attempt)
        why = why_taken_back(status, verdict, heard_of=False)
        if why is None:
            return False
        gone = status == TAKEN_BACK or self._carrier.cancel(call)
        log.info("queued_past_its_time", attempt=attempt, rule=why, taken_back=gone)
        return gone and self._book.taken_back(callback, attempt, verdict)

    def _verdict(self, callback: Callback, attempt: str) -> Verdict:
        """What would be said of it now, had it never been placed."""
        now = self._runtime.clock.now()
        if callback.last:
            return NOT_OWED
        if (unapproved := not_approved(self._runtime, callback.desk, now)) is not None:
            return unapproved
        again = callback.never_placed(callback.due_at)
        try:
            number = PhoneNumber(self._runtime.keyring.open(again.number_sealed, bound_to=NUMBER))
        except (BadSeal, BadNumber):
            return ALLOWED  # it is at the carrier already: whoever settles or ends it tells more
        partition = number_history.partition(again.number_hash)
        kept = self._store.read(partition, (number_history.RECORD,))[number_history.RECORD]
        unit = UnitOfWork(self._store, callback.desk)
        return verdict_on(
            self._runtime,
            again,
            number,
            number_history.release(kept.data, attempt),
            now,
            left_alone=is_left_alone(unit, again.number_hash, again.case),
            on_the_line=is_on_the_line(unit, again.number_hash, now),
        )

    def _under_way(self, desk: str, attempt: str) -> Callback | None:
        callback = read_callback(UnitOfWork(self._store, desk), callback_of(attempt))
        latest = callback.attempt if callback and callback.under_way else None
        return callback if latest is not None and latest.id == attempt else None
