"""Reading attributes, most of which were checked when the document was read.

See attribute_values.py; a number of any other that makes no sense is a warning here, and the
default counts.
"""

from bot.simulator.calls.leg import Leg
from bot.simulator.twiml.reading import UNKNOWN_PART, Verb


def whole_number(leg: Leg, verb: Verb, name: str, default: int) -> int:
    """A number of seconds, digits or times."""
    word = verb.get(name, str(default))
    if word.isascii() and word.isdecimal():
        return int(word)
    leg.carrier.warn(UNKNOWN_PART, f"{verb.name} {name}={word!r} is not a number", leg.call.sid)
    return default


def truth(verb: Verb, name: str, default: bool) -> bool:
    """true or false."""
    return verb.get(name, str(default)).lower() == "true"


def method(verb: Verb, name: str = "method") -> str:
    """GET or POST."""
    return "GET" if verb.get(name).upper() == "GET" else "POST"
