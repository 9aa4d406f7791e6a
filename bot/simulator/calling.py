"""The course of a call from the first ring: out to a handset, or in from one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.simulator.amd import AmdPlan, found, report
from bot.simulator.carrier import Carrier
from bot.simulator.handsets.base import Handset, Ring, Verdict
from bot.simulator.handsets.lines import Unreachable
from bot.simulator.leg import DECLINED, DETECTED, DIVERTED, PICKED_UP, Leg
from bot.simulator.notices import Notices
from bot.simulator.numbers import OwnNumber
from bot.simulator.player import GoTo, run_call
from bot.simulator.process import TIME, Rest, Steps
from bot.simulator.records import Call, CallStatus

RING_SECONDS, LONGEST_RING_SECONDS = 60.0, 600.0
LONGEST_CALL_SECONDS = 4 * 3600.0  # d:voice/twiml/record
NOBODY_CAME = frozenset({"no-answer", "by-hand"})
SIP_UNREACHABLE, SIP_GAVE_UP = "404", "487"

Course = Callable[[Leg], Steps[CallStatus]]


@dataclass(frozen=True)
class Plan:
    """What somebody who places a call asked for."""

    start: GoTo
    fallback: tuple[str, str] = ("", "POST")
    notices: Notices = field(default_factory=Notices)
    timeout: float = RING_SECONDS
    time_limit: float = LONGEST_CALL_SECONDS
    amd: AmdPlan | None = None


def place_call(carrier: Carrier, call: Call, plan: Plan) -> Leg:
    """Put an outgoing call of the API into the queue of the account."""
    leg = Leg(carrier, call, handset_at(carrier, call.to), plan.notices)
    leg.fallback = plan.fallback
    carrier.calls[call.sid] = call
    carrier.note("call_placed", call.from_, leg.handset.name, sid=call.sid)
    call.queue_seconds = carrier.take_slot()
    start(leg, _outgoing(leg, plan))
    return leg


def start(leg: Leg, steps: Steps[CallStatus]) -> None:
    """Set a call on its course; where that ends, the call ends."""
    leg.process.start(steps, leg.end)


def handset_at(carrier: Carrier, number: str) -> Handset:
    """The handset with that number; nobody is there if we know of none."""
    return carrier.handsets.get(number) or Unreachable(number, number)


def _outgoing(leg: Leg, plan: Plan) -> Steps[CallStatus]:
    yield Rest(leg.call.queue_seconds)
    ended = yield from ring(leg, plan.timeout)
    if ended is not None:
        return ended
    leg.limit(plan.time_limit)
    first = plan.start
    if plan.amd is not None:
        first = yield from _detect(leg, plan.amd, first)
    return (yield from run_call(leg, first))


def ring(leg: Leg, timeout: float) -> Steps[CallStatus | None]:
    """Ring the far end until it answers (None), or something else comes of it."""
    carrier, call = leg.carrier, leg.call
    call.started_at = carrier.clock.now()
    call.status = "initiated"
    leg.notices.send(carrier, call, "initiated")
    yield Rest(carrier.settings.setup_seconds)
    rings = _engaged(leg) or leg.handset.ring()
    if rings.outcome == "failed":
        leg.sip = SIP_UNREACHABLE
        return "failed"
    call.status = "ringing"
    carrier.note("ringing", leg.handset.name, sid=call.sid)
    leg.notices.send(carrier, call, "ringing")
    woken = yield Rest(min(rings.seconds, timeout), _hand(rings))
    if _left_to_voicemail(leg, rings, woken, timeout):
        return None
    if woken == DECLINED:
        return "busy"
    if woken != PICKED_UP and (rings.seconds > timeout or rings.outcome in NOBODY_CAME):
        leg.sip = SIP_GAVE_UP
        return "no-answer"
    if rings.outcome == "busy":
        return "busy"
    leg.answer()
    return None


def _hand(rings: Ring) -> frozenset[str]:
    """What ends the ringing of a telephone that somebody holds."""
    by_hand = frozenset({PICKED_UP, DECLINED, DIVERTED})
    return by_hand if rings.outcome == "by-hand" else frozenset()


def _left_to_voicemail(leg: Leg, rings: Ring, woken: str, timeout: float) -> bool:
    """The voicemail behind a telephone answers if its owner does not, before the caller gives
    up: also when they decline, or are in another call, as mobile networks do [mem]."""
    voicemail = leg.handset.voicemail()
    gave_up = woken == TIME and rings.seconds > timeout
    if voicemail is None or woken == PICKED_UP or gave_up:
        return False
    leg.hand_to(voicemail)
    leg.answer()
    return True


def _engaged(leg: Leg) -> Ring | None:
    """A person in another call is busy."""
    others = (other for other in leg.carrier.legs.values() if other is not leg)
    if leg.handset.engaged_tone() and any(
        other.handset.number == leg.handset.number
        and other.handset.engaged_tone()
        and other.call.status in ("ringing", "in-progress")
        for other in others
    ):
        return Ring("busy")
    return None


def _detect(leg: Leg, amd: AmdPlan, first: GoTo) -> Steps[GoTo]:
    """Beside the call, or before it: then the callee hears silence first, and the first request
    says who answered (twilio.md section 2)."""
    verdict = leg.handset.verdict(amd.mode, amd.timeout)
    if amd.asynchronous:
        _report_later(leg, amd, verdict)
        return first
    if verdict is None:
        verdict = yield from _detected_by_hand(leg, amd)
    else:
        yield Rest(verdict.seconds)
    leg.call.answered_by = verdict.answered_by
    name, sid = leg.handset.name, leg.call.sid
    leg.carrier.note("machine_detected", "carrier", name, verdict.answered_by, sid)
    return GoTo(first.url, first.method, found(verdict), first.kind, first.twiml)


def _report_later(leg: Leg, amd: AmdPlan, verdict: Verdict | None) -> None:
    """Tell it when its time has come, or when somebody says it: nobody says so: `unknown`."""
    answered_at = leg.carrier.clock.now()

    def told(answered_by: str) -> None:
        leg.detection = None
        seconds = (leg.carrier.clock.now() - answered_at).total_seconds()
        report(leg.carrier, leg.call, amd, Verdict(answered_by, seconds))

    if verdict is not None:
        leg.later(verdict.seconds, lambda: report(leg.carrier, leg.call, amd, verdict))
        return
    leg.detection = told
    leg.later(amd.timeout, lambda: leg.detection and leg.detection("unknown"))


def _detected_by_hand(leg: Leg, amd: AmdPlan) -> Steps[Verdict]:
    """Silence until somebody says what machine detection finds."""
    answered_at = leg.carrier.clock.now()
    found: list[str] = []

    def told(answered_by: str) -> None:
        found.append(answered_by)
        leg.process.wake(DETECTED)

    leg.detection = told
    yield Rest(amd.timeout, frozenset({DETECTED}))
    leg.detection = None
    seconds = (leg.carrier.clock.now() - answered_at).total_seconds()
    return Verdict(found[0] if found else "unknown", seconds)


def receive_call(carrier: Carrier, own: OwnNumber, caller: Handset, shown: str) -> Leg:
    """A handset rings one of our numbers."""
    now = carrier.clock.now()
    call = Call(
        carrier.sids.new("CA"), shown, own.number, "inbound", now, "ringing", started_at=now
    )
    carrier.calls[call.sid] = call
    leg = Leg(carrier, call, caller, Notices(own.status_callback))
    leg.fallback = (own.voice_fallback_url, "POST")
    leg.limit(LONGEST_CALL_SECONDS)
    carrier.note("call_received", caller.name, own.number, sid=call.sid)
    start(leg, run_call(leg, GoTo(own.voice_url)))
    return leg


def redirect_call(leg: Leg, going: GoTo) -> None:
    """A live update: what is being played stops in the middle, and the call goes on there."""
    leg.listening = False
    start(leg, run_call(leg, going))
