"""Reading attributes, most of which were checked when the document was read.

See attribute_values.py; a number of any other that makes no sense is a warning here, and the
default counts.
"""

from bot.simulator.calls.leg import Leg
from bot.simulator.error_numbers import UNKNOWN_PART
from bot.simulator.twiml.reading import Verb
from bot.simulator.whole_numbers import whole


def whole_number(leg: Leg, verb: Verb, name: str, default: int) -> int:
    """A number of seconds, digits or times."""
    word = verb.get(name, str(default))
    number = whole(word)
    if number is None:
        words = f"{verb.name} {name}={word[:20]!r} is not a number"
        leg.carrier.warn(UNKNOWN_PART, words, leg.call.sid)
        return default
    return number


def truth(verb: Verb, name: str, default: bool) -> bool:
    """true or false."""
    return verb.get(name, str(default)).lower() == "true"


def method(verb: Verb, name: str = "method") -> str:
    """GET or POST."""
    return "GET" if verb.get(name).upper() == "GET" else "POST"
