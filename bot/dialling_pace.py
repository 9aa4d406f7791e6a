"""The pace of a desk's dialling, shared by all its workers: calls a second, and calls at once.

Exact without a lock: whoever places a call writes RATE, so that of two workers one must decide
again; and each place is taken in that commit, and given back in the one that ends the attempt.
An attempt that nobody ends gives its place back at a known time.
"""

from bot.desk import MOST_AT_ONCE
from bot.dial_rules import Verdict
from bot.policy import Policy
from bot.store import Store
from bot.unit_of_work import UnitOfWork

RATE = "rate"  # the record that says when the desk's next call may be placed
LIVE_CALLS = "live_calls"  # the index of attempts under way: when each is over for certain
SOURCE = "design section 2: a desk's share of the account's"
PER_SECOND, AT_ONCE = "calls_per_second", "calls_at_once"

MOST_LEFT_OVER = 1000  # attempts that nobody ended; each placing takes out those that it meets
LONGEST_AHEAD_SECONDS = 6 * 3600.0  # no call may last as long (`[dialling]` in policy.toml)


class DiallingPace:
    """Says whether a desk may place one more call now, and writes down that it does."""

    def __init__(self, store: Store, policy: Policy) -> None:
        self._store = store
        self._desks = policy.desk
        times = policy.dialling
        self._apart = times.clocks_apart_seconds  # what lies further ahead a wrong clock wrote
        self._longest_call = times.longest_call_seconds
        self._longest = times.settle_after_seconds + self._longest_call

    def refusal(self, unit: UnitOfWork, now: float) -> Verdict | None:
        """Why this desk may not place a call now, and when it may at the latest; or None.

        RATE must be read before the calls are counted: then no place can be taken unseen.
        """
        free_at = (unit.get(RATE) or {}).get("free_at", 0.0)
        if now < free_at <= now + self._seconds_a_call(unit.partition) + self._apart:
            return Verdict(False, PER_SECOND, SOURCE, free_at)
        over_by = self._over_by(unit.partition, now)
        too_many = len(over_by) - self._desks[unit.partition].calls_at_once
        return Verdict(False, AT_ONCE, SOURCE, over_by[too_many]) if too_many >= 0 else None

    def begin(self, unit: UnitOfWork, attempt: str, now: float) -> None:
        """This attempt takes a place, and the next one waits its turn. Only one can commit that."""
        unit.put(RATE, {"free_at": now + self._seconds_a_call(unit.partition)})
        for left_over, over_by in self._live(unit.partition):
            if over_by <= now - self._apart:
                unit.index(LIVE_CALLS, left_over, None)
        unit.index(LIVE_CALLS, attempt, now + self._longest)

    def goes_on(self, unit: UnitOfWork, attempt: str, now: float) -> None:
        """The carrier has this call still: it keeps its place for as long as a call may last."""
        unit.index(LIVE_CALLS, attempt, now + self._longest_call)

    def at_once(self, desk: str, now: float) -> int:
        """How many calls of this desk may be going on."""
        return len(self._over_by(desk, now))

    def _over_by(self, desk: str, now: float) -> list[float]:
        """When each call that may be going on is over for certain, the first one first."""
        found = [at for _, at in self._live(desk)]
        return [at for at in found if now < at <= now + LONGEST_AHEAD_SECONDS]

    def _live(self, desk: str) -> list[tuple[str, float]]:
        return self._store.members(desk, LIVE_CALLS, limit=MOST_AT_ONCE + MOST_LEFT_OVER)

    def _seconds_a_call(self, desk: str) -> float:
        return 1.0 / self._desks[desk].calls_per_second


def call_is_over(unit: UnitOfWork, attempt: str) -> None:
    """This attempt's place is free again."""
    unit.index(LIVE_CALLS, attempt, None)
