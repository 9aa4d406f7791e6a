"""Dial: put the caller through to somebody else, or into a conference (d:voice/twiml/dial)."""

from typing import Protocol

from bot.simulator.calls.leg import Leg
from bot.simulator.calls.notices import settled
from bot.simulator.calls.player import GoTo, Next, apologise
from bot.simulator.calls.process import Steps
from bot.simulator.error_numbers import RETRIEVAL_FAILED
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method
from bot.simulator.verbs.dial_conference import Joining
from bot.simulator.verbs.dial_numbers import Dialling
from bot.simulator.webhooks.addresses import join
from bot.simulator.webhooks.parameters import Pairs, of_call, with_changes

MIXED_NOUNS = 13000  # d:api/errors/13000
COACHING = "the simulator does not play coaching in a Conference; the call ends here"


class Attempt(Protocol):
    """What one Dial does, and what came of it."""

    def steps(self) -> Steps[None]:
        """Do it, as long as it lasts."""
        ...

    def close(self) -> None:
        """The caller is out of it, for whatever reason."""
        ...

    def outcome(self) -> Pairs:
        """What the action is told."""
        ...


class Nothing:
    """A Dial that cannot be carried out."""

    def steps(self) -> Steps[None]:
        """Nothing happens."""
        yield from ()

    def close(self) -> None:
        """Nothing is left."""

    def outcome(self) -> Pairs:
        """It failed."""
        return [("DialCallStatus", "failed"), ("DialBridged", "false")]


def dial(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Put through, and go to the action when that is over. answerOnBridge lets the caller hear
    ringing until then, if Dial comes first (d:voice/twiml/dial#answeronbridge)."""
    if document.verbs[0] is not verb or verb.get("answerOnBridge") != "true":
        leg.answer()
    if any(noun.get("coach") for noun in verb.children):
        leg.carrier.warn(0, COACHING, leg.call.sid, document.url)
        return (yield from apologise(leg))
    attempt, done = _attempt(leg, document, verb), False
    try:
        yield from attempt.steps()
        done = True
    finally:
        # Not if the whole network is thrown away.
        if done or leg.over or leg.redirected:
            attempt.close()
        if leg.redirected and "action" in verb.attributes:
            _tell_action(leg, document, verb, attempt.outcome())
    if "action" not in verb.attributes:
        return None
    return GoTo(verb.get("action"), method(verb), dict(attempt.outcome()), "action")


def _attempt(leg: Leg, document: Document, verb: Verb) -> Attempt:
    """Numbers, or one conference, but not both."""
    rooms = [noun for noun in verb.children if noun.name == "Conference"]
    if not rooms:
        return Dialling(leg, document, verb)
    if len(verb.children) > 1 or verb.text:
        words = "Conference stands alone in a Dial"
        leg.carrier.warn(MIXED_NOUNS, words, leg.call.sid, document.url)
        return Nothing()
    return Joining(leg, document, verb, rooms[0])


def _tell_action(leg: Leg, document: Document, verb: Verb, outcome: Pairs) -> None:
    """A live update has taken the caller away: the action is still requested, and what it answers
    is not played (twilio.com/changelog, 24 May 2021)."""
    pairs = with_changes(of_call(leg.carrier.account_sid, leg.call), dict(outcome))
    url = join(document.url, verb.get("action"))
    errand = leg.carrier.errand(url, method(verb), pairs, "action", leg.call.sid)
    told = settled(leg.carrier, leg.call.sid, "action", RETRIEVAL_FAILED)
    leg.carrier.courier.send(errand, told)
