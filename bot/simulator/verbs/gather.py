"""Gather: play a prompt, take keys, hand them to the action (d:voice/twiml/gather)."""

from dataclasses import dataclass

from bot.simulator.leg import KEY, Leg
from bot.simulator.player import GoTo, Next, play_verb
from bot.simulator.process import Rest, Steps
from bot.simulator.twiml import Document, Verb
from bot.simulator.verbs.attributes import method, truth, whole_number

TIMEOUT_SECONDS = 5
KEYPAD = frozenset("0123456789*#ABCD")


@dataclass
class Keying:
    """The keys taken by one Gather so far."""

    most: int
    finish_key: str
    digits: str = ""
    finished: bool = False
    finished_on: str = ""

    def take(self, key: str) -> None:
        """One more key; the finish key is not kept."""
        if key == self.finish_key:
            self.finished, self.finished_on = True, key
        elif key in KEYPAD:
            self.digits += key
            self.finished = len(self.digits) == self.most


def gather(leg: Leg, document: Document, verb: Verb, index: int) -> Steps[Next]:
    """Prompt, listen, and go to the action; without any key the next verb follows."""
    leg.documents_in_a_row = 0
    keying = Keying(whole_number(leg, verb, "numDigits", 0), verb.get("finishOnKey", "#"))
    leg.keys.clear()
    if "speech" in verb.get("input"):
        leg.carrier.warn(0, "the simulator does not hear speech", leg.call.sid, document.url)
    try:
        yield from _prompt(leg, document, verb)
        yield from _listen(leg, verb, keying)
    finally:
        leg.listening = False
    if not keying.digits and not truth(verb, "actionOnEmptyResult", False):
        return None
    changes = {"Digits": keying.digits, "FinishedOnKey": keying.finished_on, "msg": "Gather End"}
    return GoTo(verb.get("action"), method(verb), changes, "action")


def _prompt(leg: Leg, document: Document, verb: Verb) -> Steps[None]:
    """The nested verbs; the first key cuts them short. Keys count from the first word on."""
    asked_from = leg.said_so_far
    for child in verb.children:
        leg.listening = _hears_keys(verb) and truth(verb, "bargeIn", True)
        if leg.keys:
            break
        yield from play_verb(leg, document, child, 0)
    leg.listening = _hears_keys(verb)
    leg.ask(asked_from, interrupted=bool(leg.keys))


def _listen(leg: Leg, verb: Verb, keying: Keying) -> Steps[None]:
    """Take keys until enough, the finish key, or silence; each key begins the time-out anew."""
    seconds = whole_number(leg, verb, "timeout", TIMEOUT_SECONDS)
    while True:
        while leg.keys and not keying.finished:
            keying.take(leg.keys.popleft())
        if keying.finished or (yield Rest(seconds, frozenset({KEY}))) != KEY:
            return


def _hears_keys(verb: Verb) -> bool:
    """Speech alone leaves the keys alone; the simulator does not hear speech yet."""
    return "dtmf" in verb.get("input", "dtmf").split()
