"""A callback's life: due → claimed → placing → placed → ended, and due again by its retry rule.

A callback is a call that we owe a customer; an attempt is one try at it. Pure: records in,
records out; the store commits them with whatever decided it.
"""

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.actions import Disposition

Json = dict[str, Any]

# No call is due further ahead than the dial rules look: a clock was wrong when it was put down.
FURTHEST_AHEAD_SECONDS = 370 * 86400.0


class CallbackState(StrEnum):
    """Where a callback stands. The claim of `due → claimed` is the queue's lease, not a state."""

    DUE = "due"
    PLACING = "placing"  # the attempt's intent is written down; the carrier may have been asked
    PLACED = "placed"  # the carrier has told us its id of the call
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when it was claimed, the carrier's id once known, how it ended.

    `express` says that the customer had asked for it; so that it is not forgotten if nothing rings.
    """

    id: str
    at: float
    call: str | None = None
    disposition: str | None = None
    express: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A call that we owe. `number_sealed` opens with the department's keys.

    `asked_by` is `customer` (an express request: they texted) or the officer who had them rung.
    `asks` counts texts; `again` says that one came since the latest attempt began.
    `last` says that nothing is owed after the attempt that is under way. `ring_from` and
    `ring_until` are the time that a text asked for; it holds for one attempt that rings.
    """

    id: str
    desk: str
    number_sealed: str
    number_hash: str
    number_mask: str
    case: str | None
    asked_by: str
    opened_at: float
    due_at: float
    state: CallbackState = CallbackState.DUE
    asks: int = 1
    again: bool = False
    last: bool = False
    attempts: tuple[Attempt, ...] = field(default_factory=tuple)
    disposition: str | None = None
    refused: str | None = None
    ring_from: float | None = None
    ring_until: float | None = None

    @property
    def next_attempt(self) -> str:
        """The id of the attempt that is due: it names the queue line and rides in the URLs."""
        return f"{self.id}-{len(self.attempts) + 1}"

    @property
    def attempt(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def under_way(self) -> bool:
        """Whether an attempt was begun and has not ended."""
        return self.state in (CallbackState.PLACING, CallbackState.PLACED)

    def to_json(self) -> Json:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "Callback":
        """The callback that `to_json` wrote down."""
        attempts = tuple(Attempt(**attempt) for attempt in data["attempts"])
        return cls(**{**data, "state": CallbackState(data["state"]), "attempts": attempts})

    @property
    def is_express(self) -> bool:
        """Whether the customer asked for a call after our last one (they texted)."""
        return self.again or (self.asked_by == "customer" and self.tries == 0)

    @property
    def failed_placings(self) -> int:
        """How often in a row, up to now, the carrier did not place it."""
        ended = [attempt.disposition for attempt in self.attempts if attempt.disposition]
        rang = [at + 1 for at, each in enumerate(ended) if each != Disposition.CANCELLED]
        return len(ended) - max(rang, default=0)

    @property
    def tries(self) -> int:
        """Attempts that reached the carrier, the one under way included."""
        return sum(attempt.disposition != Disposition.CANCELLED for attempt in self.attempts)

    def due_after(self, seconds: float, now: float) -> float:
        """So long after the latest attempt began, and not before `now`.

        It began no later than now, even if a clock that ran ahead wrote it down.
        """
        return max(min(self.attempts[-1].at, now) + seconds, now)

    def find(self, attempt_id: str) -> Attempt | None:
        """The attempt with this id."""
        return next((attempt for attempt in self.attempts if attempt.id == attempt_id), None)

    # steps

    def asked_again(
        self,
        now: float,
        *,
        by_customer: bool,
        window: tuple[float, float | None] | None = None,
    ) -> "Callback":
        """Asked for once more: it keeps its place, unless the customer asks for another time.

        A text during an attempt is kept for after it. A time that a wrong clock put years ahead is
        none: it is due now.

        A customer who asks after an attempt need not wait for its retry rule; an officer's asking
        lifts nothing (`config/policy.toml`, express_request).
        """
        again = self.again or (by_customer and self.tries > 0)
        last = self.last and not by_customer
        asked = replace(self, asks=self.asks + 1, again=again, last=last)
        if window is not None:
            asked = replace(asked, ring_from=window[0], ring_until=window[1])
        if self.state is not CallbackState.DUE:
            return asked
        if window is not None:
            return replace(asked, due_at=window[0])
        astray = self.due_at > now + FURTHEST_AHEAD_SECONDS
        sooner = astray or (again and self.ring_from is None)
        return replace(asked, due_at=min(self.due_at, now)) if sooner else asked

    def not_owed_any_more(self) -> "Callback":
        """The attempt under way is the last: they were helped, or want to be left alone."""
        return replace(self, last=True, again=False)

    def begin(self, now: float) -> "Callback":
        """Write the intent down: the next attempt, before the carrier is asked."""
        attempt = Attempt(self.next_attempt, now, express=self.is_express)
        return replace(
            self,
            state=CallbackState.PLACING,
            attempts=(*self.attempts, attempt),
            again=False,
            refused=None,
        )

    def placed(self, call: str) -> "Callback":
        """The carrier has the call: its id."""
        return self._with_attempt(state=CallbackState.PLACED, call=call)

    def postponed(self, until: float, rule: str) -> "Callback":
        """It may not be rung before then, by this rule."""
        return replace(self, due_at=until, refused=rule)

    def never_placed(self, due_at: float) -> "Callback":
        """The attempt was settled as never placed: due again, under another attempt id."""
        given_up = self._with_attempt(disposition=Disposition.CANCELLED.value)
        again = self.again or (self.attempts[-1].express and self.tries > 1)
        return replace(given_up, state=CallbackState.DUE, due_at=due_at, again=again)

    def attempt_ended(self, disposition: Disposition, due_again: float | None) -> "Callback":
        """The attempt ended so; due again then, or done with."""
        ended = self._with_attempt(disposition=disposition.value)
        if not self.again:  # else they texted while it rang, and that time is still to come
            ended = replace(ended, ring_from=None, ring_until=None)
        if due_again is None:
            return replace(ended, state=CallbackState.ENDED, disposition=disposition.value)
        return replace(ended, state=CallbackState.DUE, due_at=due_again)

    def settled(self, disposition: Disposition) -> "Callback":
        """Done with, without another attempt."""
        return replace(self, state=CallbackState.ENDED, disposition=disposition.value)

    def _with_attempt(self, *, state: CallbackState | None = None, **changes: Any) -> "Callback":
        latest = replace(self.attempts[-1], **changes)
        return replace(self, state=state or self.state, attempts=(*self.attempts[:-1], latest))


def callback_of(attempt_id: str) -> str:
    """The id of the callback whose attempt this is."""
    return attempt_id.rpartition("-")[0]
