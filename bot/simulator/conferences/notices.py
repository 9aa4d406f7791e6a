"""Status notices of one conference: the first to join says which and where.

Source: d:voice/twiml/conference#attributes-status-callback.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.simulator.calls.notices import settled
from bot.simulator.carrier import Carrier
from bot.simulator.webhooks.parameters import Pairs, rfc2822

# What is asked for by these words, and what it is called in the notice.
EVENTS = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
}


@dataclass
class ConferenceNotices:
    """Tells a URL what happens in a conference, holding nothing up."""

    url: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset()
    _sent: int = 0

    def send(self, carrier: Carrier, sid: str, event: str, pairs: Pairs) -> None:
        """Send one, if it was asked for. The count begins with 1, as in the documentation's
        example [mem]."""
        if not self.url or EVENTS[event] not in self.events:
            return
        self._sent += 1
        pairs = [
            ("ConferenceSid", sid),
            ("AccountSid", carrier.account_sid),
            ("StatusCallbackEvent", event),
            ("SequenceNumber", str(self._sent)),
            ("Timestamp", rfc2822(carrier.clock.now())),
            *pairs,
        ]
        errand = carrier.errand(self.url, self.method, pairs, "conference", sid)
        carrier.courier.send(errand, settled(carrier, sid, "conference callback"))


def asked_conference_events(words: Iterable[str]) -> frozenset[str]:
    """The events named, separated by spaces or repeated."""
    named = frozenset(word for group in words for word in group.split())
    return named & frozenset(EVENTS.values())
