"""Who answered, judged by what is heard: the rules behind machine detection.

Twilio's own judge is a trained one. These are the rules by which its documentation explains the
thresholds (d:voice/api/call-resource): a short utterance is a person, a long one a machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.simulator.detection.sound import Sound

AmdMode = Literal["Enable", "DetectMessageEnd"]

FAX_SECONDS = 3.0  # of its whistle, until it is known [mem]


@dataclass(frozen=True)
class Thresholds:
    """When it makes up its mind, in seconds (d:voice/twiml/number gives the defaults)."""

    timeout: float = 30.0
    speech: float = 2.4
    speech_end: float = 1.2
    silence: float = 5.0


@dataclass(frozen=True)
class Verdict:
    """Who answered, and how long after the answer that was known."""

    answered_by: str
    seconds: float


def listen(sounds: Sequence[Sound], mode: AmdMode, limits: Thresholds) -> Verdict:
    """The verdict on these sounds, after which the line stays silent."""
    listener = _Listener(mode, limits)
    verdict = listener.listen_to([*sounds, Sound("silence", math.inf)])
    if verdict.seconds <= limits.timeout:
        return verdict
    in_greeting = listener.machine_at is not None and listener.machine_at <= limits.timeout
    return Verdict("machine_end_other" if in_greeting else "unknown", limits.timeout)


class _Listener:
    """What was heard so far: how long the call is up, since when somebody speaks or is silent."""

    def __init__(self, mode: AmdMode, limits: Thresholds) -> None:
        self._mode, self._limits = mode, limits
        self._now = 0.0
        self._silent_since = 0.0
        self._speech_since: float | None = None
        self.machine_at: float | None = None  # known for a machine whose end is waited for

    def listen_to(self, sounds: Sequence[Sound]) -> Verdict:
        """The first thing that settles it."""
        for sound in sounds:
            if verdict := self._heard(sound):
                return verdict
            self._now += sound.seconds
            if sound.kind != "silence":
                self._silent_since = self._now
        return Verdict("unknown", math.inf)

    def _heard(self, sound: Sound) -> Verdict | None:
        ends = self._now + sound.seconds
        if sound.kind == "silence":
            return self._silence(ends)
        if sound.kind == "speech":
            return self._speech(ends)
        if sound.kind == "beep":
            enable = self._mode == "Enable"
            return Verdict("machine_start" if enable else "machine_end_beep", ends)
        return Verdict("fax", self._now + FAX_SECONDS)

    def _silence(self, ends: float) -> Verdict | None:
        """Nobody speaks at all, or somebody has finished."""
        if self._speech_since is None:
            settled, answered_by = self._limits.silence, "unknown"
        else:
            settled = self._silent_since + self._limits.speech_end
            answered_by = "machine_end_silence" if self.machine_at is not None else "human"
        return Verdict(answered_by, settled) if ends >= settled else None

    def _speech(self, ends: float) -> Verdict | None:
        """Somebody speaks; pauses shorter than the end of speech belong to the utterance."""
        self._speech_since = self._now if self._speech_since is None else self._speech_since
        too_long = self._speech_since + self._limits.speech
        if self.machine_at is None and ends >= too_long:
            self.machine_at = max(self._now, too_long)
            if self._mode == "Enable":
                return Verdict("machine_start", self.machine_at)
        return None
