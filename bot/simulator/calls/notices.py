"""Status notices of one call: which were asked for, in what order they were sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.simulator.carrier import Carrier
from bot.simulator.records import Call
from bot.simulator.webhooks.fetching import Answer
from bot.simulator.webhooks.parameters import of_call, recording_url, rfc2822

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
DEFAULT_EVENTS = frozenset({"completed"})
# What was answered is unfit (d:api/errors/15003); if nothing was, logs show 11205 as a warning.
CALLBACK_REFUSED = 15003


@dataclass
class Notices:
    """Tells a URL how a call gets on, holding nothing up (twilio.md section 2)."""

    url: str = ""
    method: str = "POST"
    events: frozenset[str] = field(default=DEFAULT_EVENTS)
    answered_by: str = ""  # if the call waited for machine detection, the last one says it [log]
    _sent: int = 0

    def send(self, carrier: Carrier, call: Call, event: str, sip: str = "") -> None:
        """Send one, if it was asked for."""
        if not self.url or event not in self.events:
            return
        pairs = of_call(carrier.account_sid, call)
        pairs += [
            ("Timestamp", rfc2822(carrier.clock.now())),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(self._sent)),
        ]
        if event == "completed":
            pairs += [*_final(call, sip), *_recorded(carrier, call)]
            pairs += [("AnsweredBy", self.answered_by)] if self.answered_by else []
        self._sent += 1
        errand = carrier.errand(self.url, self.method, pairs, "notice", call.sid)
        carrier.courier.send(errand, settled(carrier, call.sid, "status callback"))


def asked_events(words: Iterable[str]) -> frozenset[str]:
    """The events named, separated by spaces or repeated; `completed` if there are none."""
    named = frozenset(word for group in words for word in group.split()) & EVENTS
    return named or DEFAULT_EVENTS


def _final(call: Call, sip: str) -> list[tuple[str, str]]:
    """What only the last notice says."""
    minutes = -(-call.seconds // 60)
    pairs = [("CallDuration", str(call.seconds)), ("Duration", str(minutes))]
    return pairs + ([("SipResponseCode", sip)] if sip else [])


def _recorded(carrier: Carrier, call: Call) -> list[tuple[str, str]]:
    """Where a call that was to be recorded can be heard (d:voice/api/call-resource)."""
    if not call.recording_sid or call.answered_at is None:
        return []
    return [
        ("RecordingUrl", recording_url(carrier.account_sid, call.recording_sid)),
        ("RecordingSid", call.recording_sid),
        ("RecordingDuration", str(call.seconds)),
    ]


def settled(
    carrier: Carrier, sid: str, what: str, refused: int = CALLBACK_REFUSED
) -> Callable[[Answer], None]:
    """What becomes of an answer that nobody waits for: a warning if there is none, or a refusal.

    A refused notice changes nothing in the call (d:api/errors/15003).
    """

    def settle(answer: Answer) -> None:
        if answer.error:
            code = refused if answer.response else answer.error
            carrier.warn(code, f"{what}: {answer.words}", sid, answer.url)

    return settle
