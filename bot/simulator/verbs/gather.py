"""Gather: play a prompt, take keys or speech, hand them to the action (d:voice/twiml/gather)."""

from dataclasses import dataclass

from bot.simulator.calls.leg import KEY, Leg
from bot.simulator.calls.player import GoTo, Next, play_verb
from bot.simulator.calls.process import Sleep, Steps
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method, truth, whole_number
from bot.simulator.verbs.hearing import Hearing, hearing

TIMEOUT_SECONDS = 5
KEYPAD = frozenset("0123456789*#ABCD")

Result = dict[str, str]


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

    @property
    def result(self) -> Result:
        """What the action is told of them; more than Digits stands in logs only [log]."""
        return {"Digits": self.digits, "FinishedOnKey": self.finished_on, "msg": "Gather End"}


def gather(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Prompt, listen, and go to the action; without any input the next verb follows. Keys of
    before the Gather mean nothing to it [mem]."""
    leg.keys.clear()
    timeout = whole_number(leg, verb, "timeout", TIMEOUT_SECONDS)
    ear = hearing(leg, verb, document, timeout)
    try:
        yield from _prompt(leg, document, verb, ear)
        result = yield from _listen(leg, verb, timeout, ear)
    finally:
        leg.listening = leg.hears_speech = False
    empty = not (result.get("Digits") or result.get("SpeechResult"))
    if empty and not truth(verb, "actionOnEmptyResult", False):
        return None
    return GoTo(verb.get("action"), method(verb), result, "action")


def _prompt(leg: Leg, document: Document, verb: Verb, ear: Hearing | None) -> Steps[None]:
    """The nested verbs. The first key cuts them short, and so does speech, unless bargeIn is
    false: then it is heard only after them ("Stop playing media upon speech" [lib])."""
    asked_from = leg.said_so_far
    leg.listening = _hears_keys(verb)
    barge_in = truth(verb, "bargeIn", True)
    for child in verb.children:
        if ear:
            ear.listen(barge_in)
        if _begun(leg, ear):
            break
        yield from play_verb(leg, document, child)
    if ear:
        ear.listen(True)
    leg.ask(asked_from, interrupted=_begun(leg, ear))


def _begun(leg: Leg, ear: Hearing | None) -> bool:
    return bool(leg.keys) or (ear is not None and ear.begun)


def _listen(leg: Leg, verb: Verb, timeout: int, ear: Hearing | None) -> Steps[Result]:
    """Whichever begins first counts, keys or speech (d:voice/twiml/gather), and shuts out the
    other, the finish key included [mem]; the time-out is for the beginning."""
    if not _begun(leg, ear):
        yield Sleep(timeout, leg.interrupts)
    if leg.keys or ear is None or not ear.begun:
        keying = Keying(whole_number(leg, verb, "numDigits", 0), verb.get("finishOnKey", "#"))
        yield from _take_keys(leg, timeout, keying)
        return keying.result if _hears_keys(verb) else {}
    words = yield from ear.hear_out()
    confidence = f"{leg.carrier.settings.speech_confidence:g}"
    return {"SpeechResult": words, "Confidence": confidence}


def _take_keys(leg: Leg, timeout: int, keying: Keying) -> Steps[None]:
    """Until there are enough, the finish key, or silence; each key begins the time-out anew."""
    while leg.keys:
        keying.take(leg.keys.popleft())
        if keying.finished:
            return
        if not leg.keys:
            yield Sleep(timeout, frozenset({KEY}))


def _hears_keys(verb: Verb) -> bool:
    """Speech alone leaves the keys alone."""
    return "dtmf" in verb.get("input", "dtmf").lower().split()
