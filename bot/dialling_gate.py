"""The gate of a desk's dialling as it is kept: read before a call is placed, moved with its ending.

`bot.dialling_breaker` says what a call makes of the gate; here it is written down, told in the log
and to a person, in the unit of work of whatever decided it.
"""

from bot.actions import TaskReason
from bot.dial_rules import Verdict
from bot.dialling_breaker import (
    Call,
    Calls,
    Gate,
    Pause,
    Sign,
    State,
    begun,
    by_this_clock,
    counted,
    held_until,
    judged,
    paused,
    resumed,
    stopped,
)
from bot.flow_log import FlowLogLine, LineKind
from bot.owing import owe_task
from bot.policy import Policy
from bot.policy_rules import Breaker
from bot.store import Json
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

GATE = "dialling"
CALLS = "dialling_calls"  # apart: whoever places a call need not wait for those that end
KEEP_CALLS = 86400.0
LOOK_AGAIN_SECONDS = 30.0  # at a desk that is held: a person may have resumed it
SLACK_SECONDS = 120.0  # after the longest that a call on trial may last, and be settled

IN_WORDS = {
    Sign.SILENT: "people picked up and heard nothing of us",
    Sign.OUR_FAULT: "a fault of ours in a call",
    Sign.FAILED: "the carrier could not ring people",
    Sign.REFUSED: "the carrier refused the calls",
    Sign.UNREACHED: "the carrier gave no clear answer",
    Sign.ACCOUNT: "the carrier refuses the account",
}
STOPPED, PAUSED = "dialling_stopped", "dialling_paused"


class DiallingGate:
    """Holds the dialling of any desk back, and lets it go on, by the rules of `config/`."""

    def __init__(self, policy: Policy) -> None:
        times = policy.dialling
        self._rules: Breaker = policy.breaker
        self._longest = (
            times.ring_seconds
            + times.time_limit_seconds
            + times.settle_after_seconds
            + SLACK_SECONDS
        )

    def held(self, unit: UnitOfWork, now: float) -> Verdict | None:
        """What the desk itself has against any call now; None if nothing."""
        before = gate_of(unit)
        gate = by_this_clock(before, now)
        if gate != before:
            unit.put(GATE, gate.to_json())
        until = held_until(gate, now)
        if until is None:
            return None
        again_at = min(until, now + LOOK_AGAIN_SECONDS)
        if gate.pause is not None:
            return Verdict(False, PAUSED, "a person paused the dialling", again_at)
        return Verdict(False, STOPPED, self._rules.source, again_at)

    def begin(self, unit: UnitOfWork, attempt: str, now: float) -> None:
        """This attempt is placed: on trial, if the desk does not run. Only one can commit that."""
        gate = gate_of(unit)
        self._write(unit, gate, begun(gate, attempt, now, self._longest), now)

    def note(self, unit: UnitOfWork, attempt: str, sign: Sign, now: float) -> None:
        """What this attempt has shown; the desk may stop by it, or run again."""
        before, calls = gate_of(unit), calls_of(unit)
        gate, latest = judged(before, calls, attempt, sign, now, self._rules)
        if latest != calls:
            kept = {"calls": [[each.attempt, each.at, each.sign.value] for each in latest]}
            unit.put(CALLS, kept, keep=KEEP_CALLS)
        self._write(unit, before, gate, now, seen=latest or calls)

    def stop(self, unit: UnitOfWork, why: Sign, now: float) -> None:
        """Stop a desk that runs, by what another one met: it concerns the whole account."""
        gate = gate_of(unit)
        if gate.state is State.RUNNING:
            self._write(unit, gate, stopped(gate, why, now, self._rules), now)

    def _write(
        self, unit: UnitOfWork, before: Gate, gate: Gate, now: float, *, seen: Calls = ()
    ) -> None:
        if gate == before:
            return
        unit.put(GATE, gate.to_json())
        if event := _event(before, gate):
            _log(unit, event, gate, now, detail=counted_in_words(seen))
        if gate.stops > before.stops:
            _tell_a_person(unit, gate)


def pause(unit: UnitOfWork, officer: str, reason: str, now: float) -> Gate:
    """A person stops the dialling of this desk; the gate as it stands then."""
    before = gate_of(unit)
    gate = paused(before, Pause(officer, reason, now))
    if gate != before:
        unit.put(GATE, gate.to_json())
        _log(unit, "paused", gate, now, detail=f"by {officer}: {reason}")
    return gate


def resume(unit: UnitOfWork, officer: str, reason: str, now: float) -> bool:
    """A person lets this desk dial again, whatever held it; whether anything did."""
    before = gate_of(unit)
    if before.runs:
        return False
    unit.put(GATE, resumed(now).to_json())
    unit.put(CALLS, None)
    _log(unit, "resumed", before, now, detail=f"by {officer}: {reason}")
    return True


def gate_of(unit: UnitOfWork) -> Gate:
    """Where this desk stands."""
    return Gate.from_json(unit.get(GATE))


def calls_of(unit: UnitOfWork) -> Calls:
    """What the latest calls of this desk showed."""
    found: Json = unit.get(CALLS) or {"calls": []}
    return tuple(Call(attempt, at, Sign(sign)) for attempt, at, sign in found["calls"])


def why_in_words(gate: Gate) -> str:
    """What holds a desk, as people read it; nothing where nothing does."""
    if gate.pause is not None:
        return f"paused by {gate.pause.by}: {gate.pause.reason}"
    return IN_WORDS[Sign(gate.why)] if gate.state is not State.RUNNING else ""


def _event(before: Gate, gate: Gate) -> str:
    """What happened, for the log; nothing where only a wait was moved."""
    if gate.stops > before.stops:
        return "stopped" if before.state is State.RUNNING else "stopped again"
    if gate.state is State.RUNNING:
        return "recovered"
    if gate.trial and gate.trial != before.trial:
        return "on trial"
    return "trial passed" if gate.good > before.good else ""


def counted_in_words(calls: Calls) -> str:
    """The latest calls of a desk, as people read it."""
    silent, failing, of = counted(calls)
    return f"{silent} silent and {failing} failing of {of} calls" if of else ""


def _log(unit: UnitOfWork, event: str, gate: Gate, now: float, *, detail: str) -> None:
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.DIALLING,
            desk=unit.partition,
            conversation=gate.trial,
            event=event,
            after=gate.state.value,
            reason=gate.why,
            detail=detail,
        )
    )


def _tell_a_person(unit: UnitOfWork, gate: Gate) -> None:
    reason = TaskReason.DIALLING_STOPPED
    owe_task(
        unit,
        Task(
            id=f"dialling:{unit.partition}:{gate.since:.3f}:{gate.stops}",
            desk=unit.partition,
            reason=reason,
            priority=priority_of(reason),
            owner="",  # the worker that files it gives it to the desk
            raised_at=gate.since,
            conversation="",
        ),
    )
