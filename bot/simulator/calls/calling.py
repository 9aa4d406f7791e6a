"""The course of a call from the first ring: out to a handset, or in from one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.simulator.calls.amd import AmdPlan, detect_beside, detect_first, found
from bot.simulator.calls.leg import DECLINED, DIVERTED, KEY_SECONDS, PICKED_UP, Leg
from bot.simulator.calls.notices import Notices
from bot.simulator.calls.player import GoTo, run_call
from bot.simulator.calls.process import TIME, Sleep, Steps
from bot.simulator.carrier import Carrier
from bot.simulator.handsets.base import Handset, Ring
from bot.simulator.handsets.lines import Unreachable
from bot.simulator.numbers import OwnNumber
from bot.simulator.records import Call, CallStatus

RING_SECONDS = 60.0
LONGEST_CALL_SECONDS = 4 * 3600.0  # d:voice/twiml/record
NOBODY_CAME = frozenset({"no-answer", "by-hand"})
PAUSES = {"w": 0.5, "W": 1.0}  # d:voice/api/call-resource
SIP_UNREACHABLE, SIP_BUSY, SIP_GAVE_UP = "404", "486", "487"


@dataclass(frozen=True)
class Plan:
    """What somebody who places a call asked for."""

    start: GoTo
    fallback: tuple[str, str] = ("", "POST")
    notices: Notices = field(default_factory=Notices)
    timeout: float = RING_SECONDS
    time_limit: float = LONGEST_CALL_SECONDS
    amd: AmdPlan | None = None
    digits: str = ""


def place_call(carrier: Carrier, call: Call, plan: Plan) -> Leg:
    """Put an outgoing call of the API into the queue of the account."""
    leg = Leg(carrier, call, handset_at(carrier, call.to), plan.notices)
    leg.fallback = plan.fallback
    call.url = plan.start.url
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
    yield Sleep(leg.call.queue_seconds)
    ended = yield from ring(leg, plan.timeout)
    if ended is not None:
        return ended
    leg.limit(plan.time_limit)
    yield from send_digits(leg, plan.digits)
    first = plan.start
    if plan.amd is not None:
        first = yield from _detect(leg, plan.amd, first)
    return (yield from run_call(leg, first))


def send_digits(leg: Leg, digits: str) -> Steps[None]:
    """Press keys at whoever answered, an extension say; w and W wait (d:api/errors/21206)."""
    if digits:
        seconds = sum(PAUSES.get(key, KEY_SECONDS) for key in digits)
        yield from leg.utter(f"[keys {digits}]", seconds)


def ring(
    leg: Leg, timeout: float, at_ringing: Callable[[], None] = lambda: None
) -> Steps[CallStatus | None]:
    """Ring the far end until it answers (None), or something else comes of it."""
    carrier, call = leg.carrier, leg.call
    call.started_at = carrier.clock.now()
    call.status = "initiated"
    leg.notices.send(carrier, call, "initiated")
    yield Sleep(carrier.settings.setup_seconds)
    rings = _engaged(leg) or leg.handset.ring()
    if rings.outcome == "failed":
        leg.sip = SIP_UNREACHABLE
        return "failed"
    call.status = "ringing"
    carrier.note("ringing", leg.handset.name, sid=call.sid)
    leg.notices.send(carrier, call, "ringing")
    at_ringing()
    woken = yield Sleep(min(rings.seconds, timeout), _hand(rings))
    if _left_to_voicemail(leg, rings, woken, timeout):
        return None
    if woken == DECLINED or (rings.outcome == "busy" and rings.seconds <= timeout):
        leg.sip = SIP_BUSY
        return "busy"
    if woken != PICKED_UP and (rings.seconds > timeout or rings.outcome in NOBODY_CAME):
        leg.sip = SIP_GAVE_UP
        return "no-answer"
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
    return Ring("busy") if engaged(others, leg.handset) else None


def engaged(legs: Iterable[Leg], handset: Handset) -> bool:
    """Is this handset, which has one line, in one of these calls?"""
    return handset.engaged_tone() and any(
        leg.handset.number == handset.number
        and leg.handset.engaged_tone()
        and leg.call.status in ("ringing", "in-progress")
        for leg in legs
    )


def _detect(leg: Leg, amd: AmdPlan, first: GoTo) -> Steps[GoTo]:
    """Beside the call, or before it: then the callee hears silence first, and the first request
    says who answered (twilio.md section 2)."""
    if amd.asynchronous:
        detect_beside(leg, amd)
        return first
    verdict = yield from detect_first(leg, amd)
    leg.notices.answered_by = verdict.answered_by
    return GoTo(first.url, first.method, found(verdict), first.kind, first.twiml)


def receive_call(carrier: Carrier, own: OwnNumber, caller: Handset, shown: str) -> Leg:
    """A handset rings one of our numbers."""
    now = carrier.clock.now()
    call = Call(
        carrier.sids.new("CA"), shown, own.number, "inbound", now, "ringing", started_at=now
    )
    carrier.calls[call.sid] = call
    notices = Notices(own.status_callback, own.status_callback_method)
    leg = Leg(carrier, call, caller, notices)
    leg.fallback = (own.voice_fallback_url, own.voice_fallback_method)
    leg.limit(LONGEST_CALL_SECONDS)
    carrier.note("call_received", caller.name, own.number, sid=call.sid)
    start(leg, run_call(leg, GoTo(own.voice_url, own.voice_method)))
    return leg


def redirect_call(leg: Leg, going: GoTo) -> None:
    """A live update: what is being played stops in the middle, and the call goes on there.
    Whatever it left behind (a Dial, a conference) sees that it was `redirected`."""
    leg.listening = leg.hears_speech = False
    leg.redirected = True
    start(leg, run_call(leg, going))
    leg.redirected = False
