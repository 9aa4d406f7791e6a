"""Reading attributes: a value that makes no sense is a warning, and the default counts."""

from bot.simulator.leg import Leg
from bot.simulator.twiml import UNKNOWN_PART, Verb


def whole_number(leg: Leg, verb: Verb, name: str, default: int) -> int:
    """A number of seconds, digits or times."""
    word = verb.get(name, str(default))
    if word.isdecimal():
        return int(word)
    leg.carrier.warn(UNKNOWN_PART, f"{verb.name} {name}={word!r} is not a number", leg.call.sid)
    return default


def truth(verb: Verb, name: str, default: bool) -> bool:
    """true or false."""
    return verb.get(name, str(default).lower()).lower() == "true"


def method(verb: Verb) -> str:
    """GET or POST."""
    return "GET" if verb.get("method").upper() == "GET" else "POST"
