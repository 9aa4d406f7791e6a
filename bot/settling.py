"""Settling: an attempt whose intent was written, and then its worker died or heard no answer.

It is never sent again. Did a webhook of it arrive; does the carrier list a call to that number,
from ours, made in the time in which it may have been ordered, that no attempt owns? Only when time
enough has passed for the list to be complete is it "never placed" (design sections 2 and 6).
"""

from collections.abc import Sequence

import structlog

from bot import number_history
from bot.attempt_book import AttemptBook
from bot.callback_book import read_callback
from bot.callbacks import Attempt, Callback
from bot.carrier import Carrier, ListedCall
from bot.errors import BadSeal, CarrierError
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.policy_rules import Dialling
from bot.runtime import Runtime
from bot.store import Json
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

ASK_AGAIN_SECONDS = 30.0
UNCLEAR_AFTER_SECONDS = 900.0  # what the carrier cannot say by then, a person must find out


class Settling:
    """Finds out what became of an attempt."""

    def __init__(self, runtime: Runtime, carrier: Carrier, book: AttemptBook) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._carrier = carrier
        self._book = book
        self._rules = runtime.house.policy.dialling

    def settle(self, desk: str, data: Json) -> float | None:
        """Placed, never placed, never to be known: None. Not known yet: when to look again."""
        callback = read_callback(UnitOfWork(self._store, desk), data["callback"])
        if callback is None:
            self._book.hand_over(desk, data["callback"], data["attempt"])
            return None
        attempt = callback.find(data["attempt"])
        if attempt is None or attempt.disposition is not None:
            return None
        if attempt.call is not None:
            self._book.placed(callback, attempt.id, attempt.call)
            return None
        now = self._runtime.clock.now()
        try:
            found = self._unowned_calls(callback, attempt)
        except BadSeal:
            self._book.unclear(callback, attempt.id)
            return None
        except CarrierError as error:
            return self._not_told(callback, attempt, error, now)
        return self._decide(callback, attempt, found, now)

    def _decide(
        self, callback: Callback, attempt: Attempt, found: list[str], now: float
    ) -> float | None:
        if len(found) > 1:  # one of them may be ours, or a person's, placed by hand
            log.warning("not_settled", attempt=attempt.id, reason="several calls fit")
            self._book.unclear(callback, attempt.id)
            return None
        if found:
            self._book.placed(callback, attempt.id, found[0])
            return None
        complete_at = attempt.complete_at(self._rules.settle_after_seconds, now)
        if now < complete_at:
            self._book.looked_for(callback, attempt.id)
            return complete_at - now
        self._book.never_placed(callback, attempt.id, now)
        return None

    def _not_told(
        self, callback: Callback, attempt: Attempt, error: CarrierError, now: float
    ) -> float | None:
        log.warning("not_settled", attempt=attempt.id, reason=str(error))
        asked_since = attempt.looked_at if attempt.is_waited_for(now) else None
        if asked_since is None:
            self._book.looked_for(callback, attempt.id)
        elif now > asked_since + UNCLEAR_AFTER_SECONDS:
            self._book.unclear(callback, attempt.id)
            return None
        return ASK_AGAIN_SECONDS

    def unowned_calls(self, callback: Callback, since: float) -> list[ListedCall]:
        """The calls to this callback's number since then that no attempt owns, the newest first.

        Raises `BadSeal`, `CarrierError`, `StoreDown`.
        """
        return self._unowned(callback, since, callback.attempts)

    def _unowned_calls(self, callback: Callback, attempt: Attempt) -> list[str]:
        others = tuple(other for other in callback.attempts if other.id != attempt.id)
        since = attempt.at - self._rules.clocks_apart_seconds
        found = self._unowned(callback, since, others)
        return [each.call for each in found if may_be_of(attempt.at, each, self._rules)]

    def _unowned(
        self, callback: Callback, since: float, others: Sequence[Attempt]
    ) -> list[ListedCall]:
        number = PhoneNumber(self._runtime.keyring.open(callback.number_sealed, bound_to=NUMBER))
        caller_id = self._runtime.house.policy.desk[callback.desk].caller_id
        listed = self._carrier.calls_to(number, caller_id, since)
        owned = self._owned_calls(callback, others) if listed else frozenset()
        return [each for each in listed if each.call not in owned]

    def _owned_calls(self, callback: Callback, others: Sequence[Attempt]) -> frozenset[str]:
        """The calls of these attempts at this number: this callback's, and those that its history
        knows; also of one that was given up, and rang after all."""
        partition = number_history.partition(callback.number_hash)
        history = self._store.read(partition, (number_history.RECORD,))[number_history.RECORD]
        keys = [f"call:{other.id}" for other in others if other.call is None]
        late = self._store.read(callback.desk, keys).values() if keys else ()
        known = {record.data["tokens"].get("call") for record in late if record.data}
        known |= {other.call for other in others} | number_history.calls(history.data)
        return frozenset(call for call in known if call)


def may_be_of(begun_at: float, listed: ListedCall, rules: Dialling) -> bool:
    """Whether this call may be the one that an attempt ordered: it was made while it could order.

    `created` is by the carrier's clock, which may differ from ours.
    """
    apart = rules.clocks_apart_seconds
    latest = begun_at + rules.send_by_seconds + rules.http_timeout_seconds
    return begun_at - apart <= listed.created <= latest + apart
