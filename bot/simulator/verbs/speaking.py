"""Say, Play and Pause: what takes time on the line."""

from collections.abc import Iterator

from bot.simulator.calls.leg import KEY_SECONDS, PAUSE_KEY_SECONDS, Leg
from bot.simulator.calls.player import Next
from bot.simulator.calls.process import Sleep, Steps
from bot.simulator.carrier import speaking_seconds
from bot.simulator.error_numbers import BAD_URL
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.twiml.voices import BAD_VOICE, language_of
from bot.simulator.verbs.attributes import whole_number

EMPTY_SAY, SAY_TOO_LONG = 13520, 13521
MOST_CHARACTERS = {"Polly": 3000, "Google": 5000}  # d:api/errors/13521
MOST_BASIC_CHARACTERS = 4096
FOREVER = 1000  # loop="0" (d:voice/twiml/say)


def say(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Speak. A Say that cannot be spoken is passed over."""
    code, words = _fault(verb)
    if code:
        leg.carrier.warn(code, words, leg.call.sid, document.url)
        return None
    seconds = speaking_seconds(leg.carrier.settings, verb.text)
    for _ in _times(leg, verb):
        if not (yield from leg.utter(verb.text, seconds)):
            break
    return None


def _fault(verb: Verb) -> tuple[int, str]:
    """Empty, too long, or a voice that does not speak the language: the pair "may result in error
    and Say instruction failure" (d:voice/twiml/say)."""
    if not verb.text:
        return EMPTY_SAY, "Say is empty"
    voice, language = verb.get("voice"), verb.get("language")
    maker = voice.split(".")[0]
    length = verb.length_with_tags if maker == "Google" else len(verb.text)
    most = MOST_CHARACTERS.get(maker, MOST_BASIC_CHARACTERS)
    if length > most:
        return SAY_TOO_LONG, f"Say has {length} characters; {most} are allowed"
    spoken = language_of(voice)
    if spoken and language and spoken.lower() != language.lower():
        return BAD_VOICE, f"{voice} speaks {spoken}, not {language}"
    return 0, ""


def play(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Play a recording, whose length we do not know, or keys (d:voice/twiml/play)."""
    keys = verb.get("digits")
    if not keys and not verb.text:
        leg.carrier.warn(BAD_URL, "Play has no URL", leg.call.sid, document.url)
        return None
    words, seconds = f"[plays {verb.text}]", leg.carrier.settings.play_seconds
    if keys:
        words = f"[keys {keys}]"
        seconds = sum(PAUSE_KEY_SECONDS if key in "wW" else KEY_SECONDS for key in keys)
    for _ in _times(leg, verb):
        if not (yield from leg.utter(words, seconds)):
            break
    return None


def pause(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Silence. Before the call is answered it puts the answer off (d:voice/twiml/pause)."""
    yield Sleep(whole_number(leg, verb, "length", 1), leg.interrupts)
    return None


def _times(leg: Leg, verb: Verb) -> Iterator[int]:
    yield from range(whole_number(leg, verb, "loop", 1) or FOREVER)
