"""`ringback prove` by voice: a house that hears wrongly is refused, with a path that replays."""

from dataclasses import replace

import webhooks
from bot.actions import Ask
from bot.commands.proving import path_of
from bot.events import Chosen, Event, NotUnderstood
from bot.explore import Breach, prove
from bot.secret import Secret
from bot.speech_reading import SpeechReader
from tests.test_explore import blueprint

INBOUND = {line: flow for line, flow in webhooks.OPENS.items() if flow.name == "inbound_call"}


class DeafToPeople(SpeechReader):
    """Hears everything but the wish for a person."""

    def read(self, ask: Ask, words: Secret, confidence: float | None) -> Event:
        """As ever, but for that."""
        read = SpeechReader.read(self, ask, words, confidence)
        return NotUnderstood() if read == Chosen(choice="wants_person") else read


class Guesses(SpeechReader):
    """Takes low confidence for the best that can be had, and none for none."""

    def read(self, ask: Ask, words: Secret, confidence: float | None) -> Event:
        """As if it were sure."""
        return SpeechReader.read(self, ask, words, None if confidence is None else 1.0)


def found(reader: type[SpeechReader]) -> Breach:
    made = blueprint()
    broken = reader(made.speech.vocabulary, enabled=True, least_confidence=0.6)
    proven = prove(replace(made, speech=broken, opens=INBOUND))
    breaches = [one for one in proven.breaches if one.path]
    assert breaches, proven.breaches
    return breaches[0]


def path(breach: Breach) -> str:
    made = blueprint()
    return "\n".join(path_of(breach, made.questions, made.wording))


def test_somebody_who_says_so_must_reach_a_person() -> None:
    breach = found(DeafToPeople)

    assert "invariant 11" in breach.rule
    assert '> says "a person"' in path(breach)


def test_nobody_may_guess_what_the_carrier_is_not_sure_of() -> None:
    breach = found(Guesses)

    assert "invariant 4" in breach.rule
    assert "nobody tells how sure" in path(breach) or "(unsure)" in path(breach)
