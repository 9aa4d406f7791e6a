"""A callback's life: due → claimed → placing → placed → ended, and due again by its retry rule.

A callback is a call that we owe a customer; an attempt is one try at it. Pure: records in,
records out; the store commits them with whatever decided it.
"""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from bot.actions import Disposition
from bot.attempts import (
    CLOCKS_DIFFER_SECONDS,
    CUSTOMER,
    IN_MEETING,
    Attempt,
    Telephone,
    attempt_from,
)
from bot.callback_life import MOVES, CallbackState
from bot.errors import NoSuchMove, UnreadableCallback

__all__ = [
    "CLOCKS_DIFFER_SECONDS",
    "FURTHEST_AHEAD_SECONDS",
    "HELD_BACK",
    "MOVES",
    "Attempt",
    "Callback",
    "CallbackState",
    "Telephone",
    "callback_of",
]

Json = dict[str, Any]

# No call is due further ahead than the dial rules look: a clock was wrong when it was put down.
FURTHEST_AHEAD_SECONDS = 370 * 86400.0

# The steps in the flow log of a callback that a rule refused.
HELD_BACK = ("postponed", "held back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A call that we owe. `number_sealed` opens with the department's keys.

    `asked_by` is `customer` (an express request: they texted) or the officer who had them rung.
    `asks` counts texts; `again` says that one came since the latest attempt began.
    `last` says that nothing is owed after the attempt that is under way. `ring_from` and
    `ring_until` are the time that a text asked for; it holds for one attempt that rings.
    `next_number` is the one they texted from during an attempt at another of theirs; `counted_from`
    how many tries there had been when they last asked; before `held_until` one of the staff wants
    nobody to ring. On the `line` of officers `asked_by` is rung; on that of a meeting a customer,
    to be joined to the officer whose call `meeting` names. `unknown`: another version's.
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
    next_number: Telephone | None = None
    counted_from: int = 0
    held_until: float | None = None
    line: str = CUSTOMER
    meeting: str = ""
    unknown: Json = field(default_factory=dict)

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
        # Not `asdict`: it copies deeply, which takes ten times as long.
        data: Json = {name: getattr(self, name) for name in self.__slots__}
        data["attempts"] = [attempt.to_json() for attempt in self.attempts]
        data["next_number"] = asdict(self.next_number) if self.next_number else None
        return {**data.pop("unknown"), **data}

    @classmethod
    def from_json(cls, data: Json) -> "Callback":
        """The callback that `to_json` of this version, or of another one, wrote down.

        What an older one did not know is as it is at the beginning; what a newer one knows is kept.
        Raises `UnreadableCallback` where nobody can tell how it stands.
        """
        known = {name: value for name, value in data.items() if name in _FIELDS}
        try:
            known["state"] = CallbackState(data["state"])
            known["attempts"] = tuple(map(attempt_from, data["attempts"]))
            if data.get("next_number"):
                known["next_number"] = Telephone(**data["next_number"])
            return cls(**known, unknown={name: data[name] for name in data.keys() - _FIELDS})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableCallback(f"a callback that cannot be read: {error!r}") from error

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

    @property
    def tries_since_asked(self) -> int:
        """The same since the customer last asked: what the cap of a case counts."""
        return 0 if self.again else self.tries - self.counted_from

    def due_after(self, seconds: float, now: float) -> float:
        """So long after the latest attempt began, and not before `now`.

        It began no later than now, even if a clock that ran ahead wrote it down.
        """
        return max(min(self.attempts[-1].at, now) + seconds, now)

    def is_astray(self, now: float) -> bool:
        """Whether a clock ran ahead when it was put down: years away, or begun in the future."""
        began = max([self.opened_at, *(attempt.at for attempt in self.attempts)])
        ahead = began > now + CLOCKS_DIFFER_SECONDS
        return ahead or self.due_at > now + FURTHEST_AHEAD_SECONDS

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
        on: Telephone | None = None,
    ) -> "Callback":
        """Asked for once more: it keeps its place, unless the customer asks for another time.

        A text during an attempt is kept for after it. A time that a wrong clock put years ahead is
        none: it is due now. `on` is another number of theirs, from which they asked: it goes there.

        A customer who asks after an attempt need not wait for its retry rule; an officer's asking
        lifts nothing (`config/policy.toml`, express_request).
        """
        again = self.again or (by_customer and self.tries > 0)
        last = self.last and not by_customer
        there = (
            self.next_number if on is None else on if on.number_hash != self.number_hash else None
        )
        asked = replace(self, asks=self.asks + 1, again=again, last=last, next_number=there)
        if self.under_way and again and not self.again:  # the attempt that rings is at that time
            asked = replace(asked, ring_from=None, ring_until=None)
        if window is not None:
            asked = replace(asked, ring_from=window[0], ring_until=window[1])
        if self.state is not CallbackState.DUE:
            return asked
        asked = asked._on_next_number()
        if window is not None:
            return replace(asked, due_at=window[0])
        sooner = self.is_astray(now) or (again and self.ring_from is None)
        return replace(asked, due_at=min(self.due_at, now)) if sooner else asked

    def for_meeting(self, meeting: str, now: float) -> "Callback":
        """Due now, to be joined to the officer of that call."""
        return replace(self, line=IN_MEETING, meeting=meeting, due_at=now, refused=None)

    def not_owed_any_more(self) -> "Callback":
        """The attempt under way is the last: they were helped, or want to be left alone."""
        return replace(self, last=True, again=False)

    def helped(self) -> "Callback":
        """The attempt under way is the call that they asked for, if only while it rang."""
        return replace(self, again=False)

    def begin(self, now: float) -> "Callback":
        """Write the intent down: the next attempt, before the carrier is asked."""
        attempt = Attempt(self.next_attempt, now, express=self.is_express)
        return replace(
            self._go("begin", CallbackState.PLACING),
            attempts=(*self.attempts, attempt),
            again=False,
            refused=None,
            counted_from=self.tries if self.again else self.counted_from,
        )

    def placed(self, call: str) -> "Callback":
        """The carrier has the call: its id."""
        return self._go("placed", CallbackState.PLACED)._with_attempt(call=call)

    def looked_for(self, now: float) -> "Callback":
        """Somebody looks what became of the attempt under way: from now on it is waited for."""
        latest = self.attempts[-1]
        return self if latest.is_waited_for(now) else self._with_attempt(looked_at=now)

    def postponed(self, until: float, rule: str) -> "Callback":
        """It may not be rung before then, by this rule."""
        return replace(self, due_at=until, refused=rule)

    def never_placed(self, due_at: float) -> "Callback":
        """The attempt was settled as never placed: due again, under another attempt id.

        If it was to be the last, nothing is owed any more, and it is settled next.
        """
        given_up = self._with_attempt(disposition=Disposition.CANCELLED.value)
        again = self.again or (self.attempts[-1].express and self.tries > 1)
        due = given_up._go("never_placed", CallbackState.DUE)._on_next_number()
        return replace(due, due_at=max(due_at, self.ring_from or due_at), again=again).apart()

    def attempt_ended(self, disposition: Disposition, due_again: float | None) -> "Callback":
        """The attempt ended so; due again then, or done with."""
        ended = self._with_attempt(disposition=disposition.value)
        if not self.again:  # else they texted while it rang, and that time is still to come
            ended = replace(ended, ring_from=None, ring_until=None)
        if due_again is None:
            done = ended._go("attempt_ended", CallbackState.ENDED)
            return replace(done, disposition=disposition.value)
        due = ended._go("attempt_ended", CallbackState.DUE)._on_next_number()
        return replace(due, due_at=due_again).apart()

    def settled(self, disposition: Disposition) -> "Callback":
        """Done with, without another attempt."""
        ended = self._go("settled", CallbackState.ENDED)
        return replace(ended, disposition=disposition.value)

    def _go(self, step: str, state: CallbackState) -> "Callback":
        """Raises `NoSuchMove` for a step that its life does not have: nobody is rung by it."""
        if (self.state, step, state) not in MOVES:
            raise NoSuchMove("a callback", self.state, step)
        return replace(self, state=state)

    def apart(self) -> "Callback":
        """What becomes of it next has nothing to do with a meeting any more."""
        return replace(self, line=CUSTOMER, meeting="") if self.meeting else self

    def _on_next_number(self) -> "Callback":
        there = self.next_number
        return replace(self, **asdict(there), next_number=None) if there else self

    def _with_attempt(self, **changes: Any) -> "Callback":
        latest = replace(self.attempts[-1], **changes)
        return replace(self, attempts=(*self.attempts[:-1], latest))


_FIELDS = frozenset(each.name for each in fields(Callback)) - {"unknown"}


def callback_of(attempt_id: str) -> str:
    """The id of the callback whose attempt this is."""
    return attempt_id.rpartition("-")[0]
