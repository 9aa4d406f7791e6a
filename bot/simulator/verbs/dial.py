"""Dial: ring somebody else and put the two through to each other (d:voice/twiml/dial)."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

from bot.simulator.calling import handset_at, ring, start
from bot.simulator.leg import JOINED_LEG, Leg
from bot.simulator.notices import Notices, asked_events
from bot.simulator.numbers import is_e164
from bot.simulator.parameters import Pairs
from bot.simulator.player import GoTo, Next, run_documents
from bot.simulator.process import TIME, Rest, Steps
from bot.simulator.records import Call, CallStatus
from bot.simulator.twiml import Document, Verb
from bot.simulator.verbs.attributes import method, whole_number

BAD_NUMBER, BAD_CALLER_ID = 13223, 13214
RING_SECONDS, LONGEST_SECONDS = 30, 14400
CHILD = frozenset({JOINED_LEG})


@dataclass
class Dialled:
    """The legs that one Dial rang, and the one that answered."""

    parent: Leg
    base: str
    legs: list[Leg] = field(default_factory=list)
    answered: Leg | None = None

    def ring(self, caller_id: str, number: Verb, timeout: int) -> None:
        """Ring one number beside the others."""
        carrier, parent = self.parent.carrier, self.parent.call
        now = carrier.clock.now()
        call = Call(carrier.sids.new("CA"), caller_id, number.text, "outbound-dial", now)
        call.parent_sid = parent.sid
        carrier.calls[call.sid] = call
        leg = Leg(carrier, call, handset_at(carrier, number.text), self._notices(number))
        leg.on_end = lambda: self.parent.process.wake(JOINED_LEG)
        self.legs.append(leg)
        carrier.note("call_placed", caller_id, leg.handset.name, sid=call.sid)
        start(leg, self._child(leg, timeout, self._whisper(number)))

    def _notices(self, number: Verb) -> Notices:
        url = number.get("statusCallback")
        events = asked_events([number.get("statusCallbackEvent")])
        return Notices(urljoin(self.base, url) if url else "", "POST", events)

    def _whisper(self, number: Verb) -> GoTo | None:
        """What whoever answers hears before the two are through; a hang-up in it keeps them apart
        (d:voice/twiml/number)."""
        url = number.get("url")
        return GoTo(urljoin(self.base, url), method(number), kind="whisper") if url else None

    def _child(self, leg: Leg, timeout: int, whisper: GoTo | None) -> Steps[CallStatus]:
        """The other end: rings, hears the whisper, then stays until somebody hangs up."""
        ended = yield from ring(leg, timeout)
        if ended is not None:
            return ended
        if whisper is not None:
            end = yield from run_documents(leg, whisper)
            if not end.at_the_end:
                return end.status
        self._answered_by(leg)
        yield Rest(None)
        return "completed"

    def _answered_by(self, leg: Leg) -> None:
        """The first to answer is put through; the others stop ringing."""
        if self.answered is None:
            self.answered = leg
            self.end_all("canceled", but=leg)
            self.parent.process.wake(JOINED_LEG)

    def end_all(self, status: CallStatus, but: Leg | None = None) -> None:
        """Hang up what is still up."""
        for leg in self.legs:
            if leg is not but:
                leg.end("completed" if leg.call.answered_at else status)

    @property
    def ringing(self) -> bool:
        """Has nobody answered yet, though somebody still might?"""
        return self.answered is None and any(not leg.over for leg in self.legs)


def dial(leg: Leg, document: Document, verb: Verb, index: int) -> Steps[Next]:
    """Ring, join, and go to the action when the other end is gone."""
    leg.documents_in_a_row = 0
    dialled = Dialled(leg, document.url)
    try:
        caller_id = _caller_id(leg, verb, document)
        if caller_id is not None:
            yield from _ring_all(dialled, verb, caller_id)
        yield from _talk(dialled, whole_number(leg, verb, "timeLimit", LONGEST_SECONDS))
    finally:
        dialled.end_all("canceled")
    if "action" not in verb.attributes:
        return None
    return GoTo(verb.get("action"), method(verb), dict(_outcome(dialled)), "action")


def _caller_id(leg: Leg, verb: Verb, document: Document) -> str | None:
    """The number shown: ours, or one of this call's two; by default that of the caller."""
    call = leg.call
    shown = verb.get("callerId", call.from_)
    if shown in leg.carrier.numbers or shown in (call.from_, call.to):
        return shown
    leg.carrier.warn(BAD_CALLER_ID, f"callerId {shown!r} is not ours", call.sid, document.url)
    return None


def _ring_all(dialled: Dialled, verb: Verb, caller_id: str) -> Steps[None]:
    parent = dialled.parent
    timeout = whole_number(parent, verb, "timeout", RING_SECONDS)
    plain = (Verb("Number", {}, verb.text),) if verb.text else ()
    for number in (*plain, *verb.children):
        if is_e164(number.text):
            dialled.ring(caller_id, number, timeout)
        else:
            parent.carrier.warn(BAD_NUMBER, f"cannot dial {number.text!r}", parent.call.sid)
    while dialled.ringing:
        yield Rest(None, CHILD)


def _talk(dialled: Dialled, limit: int) -> Steps[None]:
    """The two are through until one hangs up or the time is over."""
    parent, other = dialled.parent, dialled.answered
    if other is None or other.over:
        return
    parent.answer()
    parent.carrier.note("joined", parent.handset.name, other.handset.name, sid=parent.call.sid)
    parent.react(parent.ear.joined())
    other.react(other.ear.joined())
    woken = JOINED_LEG
    while not other.over and woken != TIME:
        woken = yield Rest(limit, CHILD)


def _outcome(dialled: Dialled) -> Pairs:
    """What the action is told."""
    leg = dialled.answered or (dialled.legs[-1] if dialled.legs else None)
    if leg is None:
        return [("DialCallStatus", "failed"), ("DialBridged", "false")]
    bridged = str(dialled.answered is not None).lower()
    pairs = [("DialCallStatus", leg.call.status), ("DialCallSid", leg.call.sid)]
    if dialled.answered is not None:
        pairs.append(("DialCallDuration", str(leg.call.seconds)))
    return [*pairs, ("DialBridged", bridged)]
