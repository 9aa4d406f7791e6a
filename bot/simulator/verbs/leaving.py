"""Redirect, Hangup and Reject: the verbs after which nothing runs."""

from bot.simulator.calls.leg import Leg
from bot.simulator.calls.player import End, GoTo, Next
from bot.simulator.calls.process import Steps
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method


def redirect(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Go on at another document; an empty one means this one again."""
    yield from ()
    return GoTo(verb.text, method(verb))


def hangup(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """End the call."""
    yield from ()
    return End()


def reject(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Do not pick up: busy or no-answer by its reason. Too late once the call is answered,
    when it only ends it (d:voice/twiml/reject)."""
    yield from ()
    if leg.call.answered_at is not None:
        return End()
    return End("busy" if verb.get("reason") == "busy" else "no-answer")
