"""Say, Play and Pause: what takes time on the line."""

from collections.abc import Iterator

from bot.simulator.carrier import speaking_seconds
from bot.simulator.leg import KEY_SECONDS, PAUSE_KEY_SECONDS, Leg
from bot.simulator.player import Next
from bot.simulator.process import Rest, Steps
from bot.simulator.twiml import Document, Verb
from bot.simulator.verbs.attributes import whole_number

EMPTY_SAY, SAY_TOO_LONG = 13520, 13521
MOST_CHARACTERS = {"Polly": 3000, "Google": 5000}  # d:api/errors/13521
MOST_BASIC_CHARACTERS = 4096
FOREVER = 1000  # loop="0" (d:voice/twiml/say)


def say(leg: Leg, document: Document, verb: Verb, index: int) -> Steps[Next]:
    """Speak."""
    leg.documents_in_a_row = 0
    if not verb.text:
        leg.carrier.warn(EMPTY_SAY, "Say is empty", leg.call.sid, document.url)
        return None
    most = MOST_CHARACTERS.get(verb.get("voice").split(".")[0], MOST_BASIC_CHARACTERS)
    if len(verb.text) > most:
        words = f"Say has {len(verb.text)} characters; {most} are allowed"
        leg.carrier.warn(SAY_TOO_LONG, words, leg.call.sid, document.url)
        return None
    seconds = speaking_seconds(leg.carrier.settings, verb.text)
    for _ in _times(leg, verb):
        if not (yield from leg.utter(verb.text, seconds)):
            break
    return None


def play(leg: Leg, document: Document, verb: Verb, index: int) -> Steps[Next]:
    """Play a recording, whose length we do not know, or keys."""
    leg.documents_in_a_row = 0
    keys = verb.get("digits")
    if keys:
        seconds = sum(PAUSE_KEY_SECONDS if key in "wW" else KEY_SECONDS for key in keys)
        yield from leg.utter(f"[keys {keys}]", seconds)
        return None
    for _ in _times(leg, verb):
        if not (yield from leg.utter(f"[plays {verb.text}]", leg.carrier.settings.play_seconds)):
            break
    return None


def pause(leg: Leg, document: Document, verb: Verb, index: int) -> Steps[Next]:
    """Silence. Before the call is answered it puts the answer off."""
    leg.documents_in_a_row = 0
    yield Rest(whole_number(leg, verb, "length", 1), leg.interrupts)
    return None


def _times(leg: Leg, verb: Verb) -> Iterator[int]:
    yield from range(whole_number(leg, verb, "loop", 1) or FOREVER)
