"""Documents that may hold only some verbs: whispers, hold music, announcements."""

from dataclasses import replace

from bot.simulator.calls.leg import Leg
from bot.simulator.calls.player import End, GoTo, load_here, play
from bot.simulator.calls.process import Steps
from bot.simulator.error_numbers import UNKNOWN_PART
from bot.simulator.twiml.reading import Document

DIAL_IN_WHISPER, BAD_WAIT_VERB = 13201, 13238
WHISPER = frozenset({"Say", "Play", "Gather", "Hangup"})  # d:voice/twiml/number#attributes-url
MUSIC = frozenset({"Say", "Play", "Pause", "Redirect"})  # d:voice/twiml/conference


def run_limited(leg: Leg, start: GoTo, allowed: frozenset[str]) -> Steps[End | None]:
    """Play from there to the end; None if a document could not be had. No fallback URL."""
    document = yield from load_limited(leg, start, allowed)
    return (yield from play_limited(leg, document, allowed))


def play_limited(leg: Leg, document: Document | None, allowed: frozenset[str]) -> Steps[End | None]:
    """Play a document at hand, and those that it leads to."""
    while document is not None:
        going = yield from play(leg, document)
        if isinstance(going, End):
            return going
        document = yield from load_limited(leg, going, allowed)
    return None


def load_limited(leg: Leg, going: GoTo, allowed: frozenset[str]) -> Steps[Document | None]:
    """Fetch one document, and leave out what it may not hold."""
    leg.documents_in_a_row += 1
    document, _ = yield from load_here(leg, going)
    if document is None:
        return None
    for verb in document.verbs:
        if verb.name not in allowed:
            words = f"{verb.name} is not allowed here; it is passed over"
            leg.carrier.warn(_code(verb.name, allowed), words, leg.call.sid, document.url)
    verbs = tuple(verb for verb in document.verbs if verb.name in allowed)
    return replace(document, verbs=verbs)


def _code(name: str, allowed: frozenset[str]) -> int:
    if allowed is MUSIC:
        return BAD_WAIT_VERB
    return DIAL_IN_WHISPER if name == "Dial" else UNKNOWN_PART
