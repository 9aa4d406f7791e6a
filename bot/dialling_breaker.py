"""The breaker of the dialling: silent or failing calls above a rate stop it, good ones start it.

One gate a desk. It stops at once; after a pause one call at a time goes out on trial, and so many
good ones in a row open it again. A bad one stops it for longer. What a person has paused, only a
person resumes. Pure: the gate, what the latest calls showed, the rules and the time are handed in.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from bot.actions import Disposition
from bot.policy_rules import Breaker

Json = dict[str, Any]

MINUTE = 60.0


class Sign(StrEnum):
    """What one call showed of us and of the carrier, whoever was rung."""

    SPOKE = "spoke"  # answered, and heard us
    RANG = "rang"  # the carrier rang them, and nobody answered
    NOTHING = "nothing"  # not placed, for no reason that says anything of the next one
    SILENT = "silent"  # answered, and never a word of ours was fetched
    OUR_FAULT = "our_fault"  # the apology, or worse
    FAILED = "failed"  # the carrier took the order and could not ring
    REFUSED = "refused"  # the carrier refused the order
    UNREACHED = "unreached"  # the carrier did not answer, or said that it cannot now
    ACCOUNT = "account_refused"  # the carrier refuses the whole account


HARMFUL = frozenset({Sign.SILENT, Sign.OUR_FAULT})  # somebody picked up, and we were not there
FAILING = frozenset({Sign.FAILED, Sign.REFUSED, Sign.UNREACHED, Sign.ACCOUNT})
AT_ONCE = frozenset({Sign.OUR_FAULT, Sign.ACCOUNT})  # one is enough: the next would be the same

SIGNS: dict[Disposition, Sign] = {
    Disposition.BUSY: Sign.RANG,
    Disposition.NO_ANSWER: Sign.RANG,
    Disposition.FAILED: Sign.FAILED,
    Disposition.ABANDONED: Sign.SILENT,
    Disposition.CANCELLED: Sign.NOTHING,
    Disposition.SETTLED_BY_CUSTOMER: Sign.NOTHING,
    Disposition.NEEDS_PERSON: Sign.NOTHING,  # after a fault of ours, which was noted itself
}


def sign_of(disposition: Disposition) -> Sign:
    """What the ending of a placed call shows; one that is not in the table heard us."""
    return SIGNS.get(disposition, Sign.SPOKE)


class State(StrEnum):
    """Whether calls go out."""

    RUNNING = "running"
    STOPPED = "stopped"  # none until the pause is over
    ON_TRIAL = "on_trial"  # one at a time


@dataclass(frozen=True, slots=True)
class Pause:
    """A person stopped the dialling: who, why and when."""

    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Where a desk stands. `stops` counts since it last ran; `good` the good trials in a row.

    `since` and `until` are the pause while stopped, and how long the call on `trial` is awaited.
    """

    state: State = State.RUNNING
    since: float = 0.0
    until: float = 0.0
    why: str = ""
    stops: int = 0
    good: int = 0
    trial: str = ""
    pause: Pause | None = None

    @property
    def runs(self) -> bool:
        """Whether nothing stands against dialling here."""
        return self.state is State.RUNNING and self.pause is None

    def to_json(self) -> Json:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json | None) -> "Gate":
        """The gate that `to_json` wrote; a desk without one runs."""
        if data is None:
            return cls()
        pause = Pause(**data["pause"]) if data["pause"] else None
        return cls(**{**data, "state": State(data["state"]), "pause": pause})


@dataclass(frozen=True, slots=True)
class Call:
    """What one attempt showed, and when we learnt of it."""

    attempt: str
    at: float
    sign: Sign


Calls = tuple[Call, ...]


def held_until(gate: Gate, now: float) -> float | None:
    """Until when nobody may be rung; None when somebody may. A person's pause has no end."""
    if gate.pause is not None:
        return float("inf")
    waits = gate.state is State.STOPPED or (gate.state is State.ON_TRIAL and gate.trial)
    return gate.until if waits and now < gate.until else None


def by_this_clock(gate: Gate, now: float) -> Gate:
    """The gate, its wait begun anew if the clock was put back to before it: never a longer one."""
    if gate.state is State.RUNNING or now >= gate.since:
        return gate
    return replace(gate, since=now, until=now + (gate.until - gate.since))


def begun(gate: Gate, attempt: str, now: float, seconds: float) -> Gate:
    """The gate as this attempt is placed: on trial if it does not run, awaited for `seconds`."""
    if gate.state is State.RUNNING:
        return gate
    return replace(gate, state=State.ON_TRIAL, trial=attempt, since=now, until=now + seconds)


def judged(
    gate: Gate, calls: Calls, attempt: str, sign: Sign, now: float, rules: Breaker
) -> tuple[Gate, Calls]:
    """The gate and the latest calls, now that this attempt has shown this."""
    calls = _noted(calls, Call(attempt, now, sign), rules)
    if gate.state is State.RUNNING:
        why = _reason_to_stop(calls, sign, rules)
        return (stopped(gate, why, now, rules) if why else gate), calls
    if gate.state is State.ON_TRIAL and gate.trial == attempt:
        tried = _tried(gate, sign, now, rules)
        return tried, () if tried.state is State.RUNNING else calls
    if sign in AT_ONCE:
        return _longer(gate, sign, now, rules), calls
    return gate, calls


def stopped(gate: Gate, why: Sign, now: float, rules: Breaker) -> Gate:
    """Stopped by this; each time in a row for twice as long, up to the longest pause."""
    stops = gate.stops + 1
    doubled = rules.pause_minutes * 2 ** min(stops - 1, 20)
    minutes = min(doubled, rules.longest_pause_minutes)
    return Gate(
        state=State.STOPPED,
        since=now,
        until=now + minutes * MINUTE,
        why=why.value,
        stops=stops,
        pause=gate.pause,
    )


def paused(gate: Gate, pause: Pause) -> Gate:
    """Stopped by a person; the first who did it stands."""
    return gate if gate.pause else replace(gate, pause=pause)


def resumed(now: float) -> Gate:
    """Running, because a person says so: whatever stopped it is over and forgotten."""
    return Gate(since=now)


def counted(calls: Iterable[Call]) -> tuple[int, int, int]:
    """How many were silent or faulty, how many failed, of how many."""
    signs = [call.sign for call in calls]
    silent = sum(sign in HARMFUL for sign in signs)
    return silent, sum(sign in FAILING for sign in signs), len(signs)


def _tried(gate: Gate, sign: Sign, now: float, rules: Breaker) -> Gate:
    """The gate after its call on trial. One that tells nothing is as if it had not been."""
    if sign in HARMFUL or sign in FAILING:
        return stopped(gate, sign, now, rules)
    proves = {Sign.SPOKE, Sign.RANG} if gate.why in FAILING else {Sign.SPOKE}
    good = gate.good + (sign in proves)
    if good >= rules.good_trials:
        return Gate(since=now, pause=gate.pause)
    return replace(gate, trial="", good=good)


def _longer(gate: Gate, sign: Sign, now: float, rules: Breaker) -> Gate:
    """One more fault, in a call from before: the pause begins anew, and is the same pause."""
    if gate.state is State.ON_TRIAL:
        return stopped(gate, sign, now, rules)
    return replace(gate, until=max(gate.until, now + rules.pause_minutes * MINUTE))


def _noted(calls: Calls, call: Call, rules: Breaker) -> Calls:
    """The latest calls with this one; what was a fault stays one, however the call ended."""
    before = next((each for each in calls if each.attempt == call.attempt), None)
    if call.sign is Sign.NOTHING or (before and before.sign is Sign.OUR_FAULT):
        return calls
    window = rules.within_minutes * MINUTE
    # Later than now are those from before the clock was put back: they count.
    kept = [each for each in calls if each is not before and call.at - each.at <= window]
    return (*kept, call)[-rules.latest_calls :]


def _reason_to_stop(calls: Calls, sign: Sign, rules: Breaker) -> Sign | None:
    if sign in AT_ONCE:
        return sign
    silent, failing, of = counted(calls)
    if silent >= rules.silent_least and silent >= rules.silent_share * of:
        return Sign.SILENT
    if failing >= rules.failing_least and failing >= rules.failing_share * of:
        return next(call.sign for call in reversed(calls) if call.sign in FAILING)
    return None
