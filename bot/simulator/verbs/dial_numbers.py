"""Dialling numbers: all at once or in turn; the first to answer is put through."""

from dataclasses import dataclass, field

from bot.simulator.calls.calling import LONGEST_CALL_SECONDS, handset_at, ring, start
from bot.simulator.calls.leg import JOINED_LEG, Leg
from bot.simulator.calls.limited import WHISPER, run_limited
from bot.simulator.calls.line import STAR, Bridge
from bot.simulator.calls.player import apologise
from bot.simulator.calls.process import Sleep, Steps
from bot.simulator.handsets.base import LONGEST_RING_SECONDS
from bot.simulator.records import Call, CallStatus
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import truth, whole_number
from bot.simulator.verbs.number import Wishes, numbers_of, wishes_of
from bot.simulator.webhooks.parameters import Pairs, recording_url

BAD_CALLER_ID = 13214  # d:api/errors/13214
RING_SECONDS, SHORTEST_RING_SECONDS = 30, 5  # d:voice/twiml/dial#timeout
BUFFER_SECONDS = 5  # "Twilio always adds a five-second timeout buffer" (the same)
NOT_RECORDED = frozenset({"", "do-not-record", "false"})


@dataclass
class Dialling:
    """The legs that one Dial rang, and the one that was put through."""

    parent: Leg
    document: Document
    verb: Verb
    legs: list[Leg] = field(default_factory=list)
    answered: Leg | None = None
    departed: bool = False  # has the one that was put through been sent elsewhere?

    # The course of it

    def steps(self) -> Steps[None]:
        """Ring, talk."""
        numbers = numbers_of(self.parent, self.document, self.verb)
        caller_id = self._caller_id()
        if caller_id is None:
            return
        in_turn = truth(self.verb, "sequential", False)
        for together in [[number] for number in numbers] if in_turn else [numbers]:
            yield from self._ring(caller_id, together)
            if self.answered is not None:
                yield from self._talk(self.answered)
                return

    def _ring(self, caller_id: str, numbers: list[tuple[str, Verb]]) -> Steps[None]:
        """Ring these, until one is put through or none is left."""
        for number, noun in numbers:
            self._dial(caller_id, number, wishes_of(self.parent, self.document, noun))
        while self.answered is None and any(not leg.over for leg in self._mine):
            yield Sleep(None, frozenset({JOINED_LEG}))

    def _talk(self, other: Leg) -> Steps[None]:
        """The two are through until one is gone, the time is over, or a star is pressed."""
        parent, clock = self.parent, self.parent.carrier.clock
        limit = whole_number(parent, self.verb, "timeLimit", int(LONGEST_CALL_SECONDS))
        if not (other.over or self.departed):
            self._join(other)
        since, woken = clock.now(), JOINED_LEG
        while not (other.over or self.departed) and woken == JOINED_LEG:
            spent = (clock.now() - since).total_seconds()
            woken = yield Sleep(max(0.0, limit - spent), frozenset({JOINED_LEG, STAR}))

    def _join(self, other: Leg) -> None:
        parent = self.parent
        parent.answer()
        parent.line = other.line = Bridge(parent, other, truth(self.verb, "hangupOnStar", False))
        parent.carrier.note("joined", parent.handset.name, other.handset.name, sid=parent.call.sid)
        parent.react(parent.ear.joined())
        other.react(other.ear.joined())

    def close(self) -> None:
        """Hang up what is still up, but for what has been sent elsewhere."""
        self.parent.line = None
        for leg in self._mine:
            leg.line = None
            leg.end("completed" if leg.call.answered_at else "canceled")

    @property
    def _mine(self) -> list[Leg]:
        """The legs that depend on this Dial."""
        return [leg for leg in self.legs if not (self.departed and leg is self.answered)]

    # One of the numbers

    def _dial(self, caller_id: str, number: str, wishes: Wishes) -> None:
        """Ring one number beside the others."""
        carrier, parent = self.parent.carrier, self.parent.call
        call = Call(carrier.sids.new("CA"), caller_id, number, "outbound-dial", carrier.clock.now())
        call.parent_sid = parent.sid
        carrier.calls[call.sid] = call
        leg = Leg(carrier, call, handset_at(carrier, number), wishes.notices)
        leg.on_end = lambda: self.parent.process.wake(JOINED_LEG)
        self.legs.append(leg)
        carrier.note("call_placed", caller_id, leg.handset.name, sid=call.sid)
        start(leg, self._child(leg, wishes))

    def _child(self, leg: Leg, wishes: Wishes) -> Steps[CallStatus]:
        """The other end: rings, hears the whisper, then stays until somebody hangs up."""
        ended = yield from ring(leg, self._ring_seconds())
        if ended is not None:
            return ended
        try:
            yield from wishes.answered(leg)
            if not (yield from _whisper(leg, wishes)):
                return "completed"
            self._answered_by(leg)
            yield Sleep(None)
            return "completed"
        finally:
            if leg.redirected:
                self._leaves(leg)

    def _ring_seconds(self) -> int:
        asked = whole_number(self.parent, self.verb, "timeout", RING_SECONDS)
        return min(max(asked, SHORTEST_RING_SECONDS), int(LONGEST_RING_SECONDS)) + BUFFER_SECONDS

    def _answered_by(self, leg: Leg) -> None:
        """The first is put through; the others stop ringing."""
        if self.answered is None:
            self.answered = leg
            for other in self.legs:
                if other is not leg:
                    other.end("completed" if other.call.answered_at else "canceled")
            self.parent.process.wake(JOINED_LEG)

    def _leaves(self, leg: Leg) -> None:
        """A live update sends the other end elsewhere: it is on its own from now on, and the
        caller goes on as if it had hung up (d:voice/twiml/dial#action)."""
        leg.line = None
        leg.on_end = lambda: None
        if self.answered is leg:
            self.departed = True
        else:
            self.legs.remove(leg)
        self.parent.process.wake(JOINED_LEG)

    # What it is given, and what comes of it

    def _caller_id(self) -> str | None:
        """The number shown: ours, or one of this call's two; by default that of the caller."""
        call = self.parent.call
        shown = self.verb.get("callerId", call.from_)
        if self.parent.carrier.may_show(shown) or shown in (call.from_, call.to):
            return shown
        words = f"callerId {shown!r} is not ours"
        self.parent.carrier.warn(BAD_CALLER_ID, words, call.sid, self.document.url)
        return None

    def outcome(self) -> Pairs:
        """What the action is told. A whisper that hung up is `completed`, but not bridged."""
        leg = self.answered or (self.legs[-1] if self.legs else None)
        if leg is None:
            return [("DialCallStatus", "failed"), ("DialBridged", "false")]
        bridged = str(self.answered is not None).lower()
        status = "completed" if self.departed else leg.call.status
        pairs = [("DialCallStatus", status), ("DialCallSid", leg.call.sid)]
        if leg.call.answered_at is not None and not self.departed:
            pairs.append(("DialCallDuration", str(leg.call.seconds)))
        return [*pairs, ("DialBridged", bridged), *self._recording()]

    def _recording(self) -> Pairs:
        if self.answered is None or self.verb.get("record") in NOT_RECORDED:
            return []
        carrier = self.parent.carrier
        return [("RecordingUrl", recording_url(carrier.account_sid, carrier.sids.new("RE")))]


def _whisper(leg: Leg, wishes: Wishes) -> Steps[bool]:
    """What whoever answers hears first; a hang-up in it keeps the two apart
    (d:voice/twiml/number#attributes-url)."""
    if wishes.whisper is None:
        return True
    end = yield from run_limited(leg, wishes.whisper, WHISPER)
    if end is None:
        yield from apologise(leg)
    return end is not None and end.at_the_end
