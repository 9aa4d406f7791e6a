"""The half of a Gather that hears speech (d:voice/twiml/gather)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.calls.leg import SPEECH, Leg
from bot.simulator.calls.notices import settled
from bot.simulator.calls.process import TIME, Sleep, Steps
from bot.simulator.calls.speech import begun_at, quiet_at, said_between
from bot.simulator.error_numbers import RETRIEVAL_FAILED
from bot.simulator.twiml.attribute_values import LONGEST_SPEECH_SECONDS
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method, whole_number
from bot.simulator.webhooks.addresses import join
from bot.simulator.webhooks.parameters import of_call, with_changes

BAD_LANGUAGE, AUTO_WITH_MODEL = 13331, 13335
AUTO_SECONDS = 1  # "a pause in speech": how long is not said [mem]
# Welsh is not in Gather's list of languages (twilio.md section 7); any other is let pass.
NOT_RECOGNISED = frozenset({"cy", "cy-GB"})


@dataclass
class Hearing:
    """Speech recognition during one Gather."""

    leg: Leg
    verb: Verb
    document: Document
    silence_seconds: int
    since: datetime
    partials: int = 0

    def listen(self, on: bool) -> None:
        """Hear from now on, or no longer."""
        if on and not self.leg.hears_speech:
            self.since = self.leg.carrier.clock.now()
        self.leg.hears_speech = on

    @property
    def begun(self) -> bool:
        """Has speech been heard? Somebody who speaks already when it begins is heard, too."""
        spoken = self.leg.call.spoken
        return self.leg.hears_speech and begun_at(spoken, self.since) is not None

    def hear_out(self) -> Steps[str]:
        """From the beginning of speech to a silence, or to the longest time: the words."""
        spoken, clock = self.leg.call.spoken, self.leg.carrier.clock
        begun = begun_at(spoken, self.since) or clock.now()
        latest = begun + timedelta(seconds=self._most_seconds)
        while (quiet := quiet_at(spoken, self.since)) and clock.now() < latest:
            if (yield Sleep(_until(clock.now(), min(quiet, latest)), _WORDS)) != TIME:
                continue
            self._tell_partial()
            silence = min(self.silence_seconds, _until(clock.now(), latest))
            if (yield Sleep(silence, _WORDS)) == TIME:
                break
        return said_between(spoken, self.since, clock.now())

    @property
    def _most_seconds(self) -> int:
        return whole_number(self.leg, self.verb, "maxSpeechTime", LONGEST_SPEECH_SECONDS)

    def _tell_partial(self) -> None:
        """What is certain so far; the answer means nothing. Twilio sends more of these, with
        guesses at the last words (names from requests in public code [log], when [mem])."""
        leg, url = self.leg, self.verb.get("partialResultCallback")
        if not url:
            return
        said = said_between(leg.call.spoken, self.since, leg.carrier.clock.now())
        pairs = with_changes(
            of_call(leg.carrier.account_sid, leg.call),
            {
                "StableSpeechResult": said,
                "UnstableSpeechResult": "",
                "SequenceNumber": str(self.partials),
            },
        )
        self.partials += 1
        how = method(self.verb, "partialResultCallbackMethod")
        there = join(self.document.url, url)
        errand = leg.carrier.errand(there, how, pairs, "partial", leg.call.sid)
        told = settled(leg.carrier, leg.call.sid, "partial result", RETRIEVAL_FAILED)
        leg.carrier.courier.send(errand, told)


_WORDS = frozenset({SPEECH})


def _until(now: datetime, then: datetime) -> float:
    return max(0.0, (then - now).total_seconds())


def hearing(leg: Leg, verb: Verb, document: Document, timeout: int) -> Hearing | None:
    """What hears speech for this Gather; None if it does not ask for it, or cannot have it."""
    if "speech" not in verb.get("input").lower().split():
        return None
    language = verb.get("language", "en-US")
    if language in NOT_RECOGNISED:
        words = f"Gather cannot recognise speech in {language}"
        leg.carrier.warn(BAD_LANGUAGE, words, leg.call.sid, document.url)
        return None
    silence = _silence(leg, verb, document, timeout)
    return Hearing(leg, verb, document, silence, leg.carrier.clock.now())


def _silence(leg: Leg, verb: Verb, document: Document, timeout: int) -> int:
    """How long a silence ends speech: by default as long as `timeout`."""
    asked = verb.get("speechTimeout", str(timeout))
    if asked != "auto":
        return int(asked)
    if "speechModel" not in verb.attributes:
        return AUTO_SECONDS
    words = "speechTimeout auto cannot be used with a speechModel"
    leg.carrier.warn(AUTO_WITH_MODEL, words, leg.call.sid, document.url)
    return timeout
