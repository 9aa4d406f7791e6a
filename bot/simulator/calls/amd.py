"""Machine detection: what was asked for, hearing the far end, and telling the service.

Twilio says nothing of a call that ends before the verdict; here nothing is reported then [mem].
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from bot.simulator.calls.leg import DETECTED, Leg
from bot.simulator.calls.notices import settled
from bot.simulator.calls.process import Sleep, Steps
from bot.simulator.detection.detector import AmdMode, Thresholds, Verdict, listen
from bot.simulator.whole_numbers import whole

BAD_AMD = 21234  # d:api/errors/21234
NOWHERE_TO_TELL = 21262  # d:api/errors/21262
MODES = ("Enable", "DetectMessageEnd")
# Their unit in seconds, least, most, and default [d:api/errors/21234, d:voice/twiml/number].
TUNING = {
    "MachineDetectionTimeout": (1.0, 3, 59, 30),
    "MachineDetectionSpeechThreshold": (0.001, 1000, 6000, 2400),
    "MachineDetectionSpeechEndThreshold": (0.001, 500, 5000, 1200),
    "MachineDetectionSilenceTimeout": (0.001, 2000, 10000, 5000),
}


@dataclass(frozen=True)
class AmdPlan:
    """How machine detection runs on one call (twilio.md section 2)."""

    mode: AmdMode
    limits: Thresholds = field(default_factory=Thresholds)
    asynchronous: bool = False
    url: str = ""
    method: str = "POST"


class BadAmd(ValueError):
    """A setting of machine detection that Twilio refuses (`BAD_AMD`)."""


def amd_asked(
    get: Callable[[str], str], url: str, method: str, asynchronous: bool
) -> AmdPlan | None:
    """The plan in these parameters, named as the Calls API names them; None: not wanted."""
    mode = get("MachineDetection")
    if not mode:
        return None
    if mode not in MODES:
        raise BadAmd(f"MachineDetection {mode!r}")
    limits = Thresholds(*(_tuned(name, get(name)) for name in TUNING))
    return AmdPlan(cast(AmdMode, mode), limits, asynchronous, url, method or "POST")


def _tuned(name: str, given: str) -> float:
    unit, least, most, default = TUNING[name]
    number = whole(given or str(default), least, most)
    if number is None:
        raise BadAmd(f"{name} {given[:20]!r}")
    return number * unit


def detect_first(leg: Leg, plan: AmdPlan) -> Steps[Verdict]:
    """Listen before the call goes on; the callee hears silence until the verdict."""
    verdict = _verdict(leg, plan)
    if verdict is None:
        verdict = yield from _by_hand(leg, plan)
    else:
        yield Sleep(verdict.seconds)
    _note(leg, verdict)
    return verdict


def detect_beside(leg: Leg, plan: AmdPlan) -> None:
    """Listen beside the call, and tell the service when the verdict is there."""
    if not plan.url:
        leg.carrier.warn(NOWHERE_TO_TELL, "no AMD status callback URL", leg.call.sid)
    verdict = _verdict(leg, plan)
    if verdict is not None:
        leg.later(verdict.seconds, lambda: _report(leg, plan, verdict))
        return
    answered_at = leg.carrier.clock.now()

    def told(answered_by: str) -> None:
        leg.detection = None
        seconds = (leg.carrier.clock.now() - answered_at).total_seconds()
        _report(leg, plan, Verdict(answered_by, seconds))

    leg.detection = told
    leg.later(plan.limits.timeout, lambda: leg.detection and leg.detection("unknown"))


def found(verdict: Verdict) -> dict[str, str]:
    """The verdict in the carrier's words."""
    milliseconds = str(round(verdict.seconds * 1000))
    return {"AnsweredBy": verdict.answered_by, "MachineDetectionDuration": milliseconds}


def _verdict(leg: Leg, plan: AmdPlan) -> Verdict | None:
    """What is heard, now and then wrongly; a handset may say otherwise, or leave it to a hand."""
    heard = listen(leg.handset.sounds(), plan.mode, plan.limits)
    said = leg.handset.verdict(heard, plan.limits.timeout)
    chance = random.Random(f"machine detection of {leg.call.sid}")  # noqa: S311  not for secrets
    if said is heard and chance.random() < leg.carrier.settings.wrong_verdict_rate:
        return _mistaken(heard, plan, chance)
    return said


def _mistaken(heard: Verdict, plan: AmdPlan, chance: random.Random) -> Verdict:
    """Another verdict that this mode gives, at a moment at which it could give it."""
    limits = plan.limits
    soon = min(limits.speech + limits.speech_end, limits.timeout)
    at = {"human": min(heard.seconds, soon), "unknown": min(limits.silence, limits.timeout)}
    if plan.mode == "Enable":
        at["machine_start"] = min(limits.speech, limits.timeout)
    else:
        late = min(max(heard.seconds, soon), limits.timeout)
        at |= {"machine_end_beep": late, "machine_end_silence": late}
    answered_by = chance.choice(sorted(at.keys() - {heard.answered_by}))
    return Verdict(answered_by, at[answered_by])


def _by_hand(leg: Leg, plan: AmdPlan) -> Steps[Verdict]:
    """Silence until somebody says what machine detection finds; `unknown` if nobody does."""
    answered_at = leg.carrier.clock.now()
    said: list[str] = []

    def told(answered_by: str) -> None:
        said.append(answered_by)
        leg.process.wake(DETECTED)

    leg.detection = told
    yield Sleep(plan.limits.timeout, frozenset({DETECTED}))
    leg.detection = None
    seconds = (leg.carrier.clock.now() - answered_at).total_seconds()
    return Verdict(said[0] if said else "unknown", seconds)


def _note(leg: Leg, verdict: Verdict) -> None:
    leg.call.answered_by = verdict.answered_by
    leg.carrier.note(
        "machine_detected", "carrier", leg.handset.name, verdict.answered_by, leg.call.sid
    )


def _report(leg: Leg, plan: AmdPlan, verdict: Verdict) -> None:
    """Tell the service, with just these four parameters [d:voice/answering-machine-detection]."""
    _note(leg, verdict)
    if not plan.url:
        return
    carrier, sid = leg.carrier, leg.call.sid
    pairs = [("CallSid", sid), ("AccountSid", carrier.account_sid), *found(verdict).items()]
    errand = carrier.errand(plan.url, plan.method, pairs, "amd", sid)
    carrier.courier.send(errand, settled(carrier, sid, "AMD callback"))
