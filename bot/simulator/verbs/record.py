"""Record: take down what the far end says, hand it to the action (d:voice/twiml/record)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.calls.leg import KEY, SPEECH, Leg
from bot.simulator.calls.notices import settled
from bot.simulator.calls.player import GoTo, Next
from bot.simulator.calls.process import Sleep, Steps
from bot.simulator.calls.speech import begun_at, quiet_at, said_between
from bot.simulator.error_numbers import RETRIEVAL_FAILED
from bot.simulator.records import CallRecording
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method, truth, whole_number
from bot.simulator.webhooks.addresses import join
from bot.simulator.webhooks.parameters import Pairs, of_call, recording_url, rfc2822, with_changes

TIMEOUT_SECONDS, LONGEST_SECONDS = 5, 3600
FINISH_KEYS = "1234567890*#"
HANG_UP = "hangup"
BEEP_SECONDS = 1.0  # how long it is, Twilio does not say [mem]
PROCESSING_SECONDS = 1.0  # until a recording can be fetched [mem]


@dataclass
class Taking:
    """One recording as it is being made."""

    leg: Leg
    document: Document
    verb: Verb
    sid: str
    started: datetime

    def listen(self) -> Steps[str]:
        """Until a finish key, which is the result, a silence, or the longest time."""
        leg, clock = self.leg, self.leg.carrier.clock
        timeout = timedelta(seconds=whole_number(leg, self.verb, "timeout", TIMEOUT_SECONDS))
        longest = whole_number(leg, self.verb, "maxLength", LONGEST_SECONDS)
        latest = self.started + timedelta(seconds=longest)
        while True:
            while leg.keys:
                if (key := leg.keys.popleft()) in self.verb.get("finishOnKey", FINISH_KEYS):
                    return key
            quiet = quiet_at(leg.call.spoken, self.started) or self.started
            left = (min(latest, quiet + timeout) - clock.now()).total_seconds()
            if left <= 0:
                return ""
            yield Sleep(left, frozenset({KEY, SPEECH}))

    def keep(self) -> CallRecording | None:
        """Put it into the books of the call; None if nothing was said."""
        call, now = self.leg.call, self.leg.carrier.clock.now()
        words = said_between(call.spoken, self.started, now)
        if not words:
            self.tell("absent")
            return None
        recording = CallRecording(self.sid, self.started, words, self._seconds(now))
        call.recordings.append(recording)
        length = [("RecordingDuration", str(recording.seconds))]
        self.leg.carrier.timeline.after(PROCESSING_SECONDS, lambda: self.tell("completed", length))
        return recording

    def _seconds(self, now: datetime) -> int:
        """Its length; silence at both ends is trimmed unless the service wants it kept."""
        spoken, first, last = self.leg.call.spoken, self.started, now
        if self.verb.get("trim", "trim-silence") == "trim-silence":
            first = begun_at(spoken, self.started) or first
            last = min(now, quiet_at(spoken, self.started) or now)
        return max(1, round((last - first).total_seconds()))

    def tell(self, event: str, more: Pairs | None = None) -> None:
        """A notice of recordingStatusCallback; the parameters are those of real requests [log]."""
        url = self.verb.get("recordingStatusCallback")
        if not url or event not in self.verb.get("recordingStatusCallbackEvent", "completed"):
            return
        carrier = self.leg.carrier
        pairs = [
            ("RecordingSource", "RecordVerb"),
            ("RecordingSid", self.sid),
            ("RecordingUrl", self.url),
            ("RecordingStatus", event),
            ("RecordingChannels", "1"),
            ("ErrorCode", "0"),
            ("CallSid", self.leg.call.sid),
            ("RecordingStartTime", rfc2822(self.started)),
            ("AccountSid", carrier.account_sid),
            *(more or []),
        ]
        url, sid = join(self.document.url, url), self.leg.call.sid
        how = method(self.verb, "recordingStatusCallbackMethod")
        errand = carrier.errand(url, how, pairs, "recording", sid)
        carrier.courier.send(
            errand, settled(carrier, sid, "recording status callback", RETRIEVAL_FAILED)
        )

    def tell_action(self, changes: dict[str, str]) -> None:
        """The caller is gone: the action is told, and its answer means nothing."""
        leg = self.leg
        url = join(self.document.url, self.verb.get("action"))
        pairs = with_changes(of_call(leg.carrier.account_sid, leg.call), changes)
        errand = leg.carrier.errand(url, method(self.verb), pairs, "action", leg.call.sid)
        told = settled(leg.carrier, leg.call.sid, "action", RETRIEVAL_FAILED)
        leg.carrier.courier.send(errand, told)

    @property
    def url(self) -> str:
        """Where Twilio would keep the sound."""
        return recording_url(self.leg.carrier.account_sid, self.sid)

    def changes(self, recording: CallRecording, digits: str) -> dict[str, str]:
        """What the action is told."""
        return {
            "RecordingUrl": self.url,
            "RecordingSid": self.sid,
            "RecordingDuration": str(recording.seconds),
            "Digits": digits,
        }


def record(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Beep, listen, and go to the action; after an empty recording the next verb follows."""
    asked_from = leg.said_so_far
    if truth(verb, "playBeep", True):
        yield from leg.utter("[beep]", BEEP_SECONDS)
    carrier = leg.carrier
    taking = Taking(leg, document, verb, carrier.sids.new("RE"), carrier.clock.now())
    taking.tell("in-progress")
    leg.keys.clear()
    leg.listening = leg.hears_speech = True
    leg.ask(asked_from, interrupted=False)
    digits = HANG_UP
    try:
        digits = yield from taking.listen()
    finally:
        leg.listening = leg.hears_speech = False
        recording = taking.keep()
        if recording and digits == HANG_UP and leg.over:
            changes = taking.changes(recording, digits)
            carrier.timeline.after(0, lambda: taking.tell_action(changes))
    if recording is None:
        return None
    return GoTo(verb.get("action"), method(verb), taking.changes(recording, digits), "action")
