"""What the values of attributes may be, and the warning that Twilio gives for a wrong one.

The numbers are those of www.twilio.com/docs/api/errors (13210 to 13910); a value that is wrong is
left out, so that the default counts [mem]. An attribute without a number of its own warns 12200.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

MOST_HINTS, LONGEST_HINT = 500, 100  # d:voice/twiml/gather
LONGEST_SPEECH_SECONDS = 60  # d:voice/twiml/gather
LONGEST_RECORDING_SECONDS = 14400  # d:voice/twiml/record; 86400 for some accounts
MOST_PARTICIPANTS = 250  # d:voice/twiml/conference
IN_GATHER = {13511: 13321, 13510: 13322}  # the same mistake in a nested Say
CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
CONFERENCE_EVENTS = frozenset(
    ["start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"]
)
RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})


class Check(NamedTuple):
    """The number of the warning, and what passes without it."""

    code: int
    fits: Callable[[str], bool]


def fault_in(verb: str, name: str, value: str, parent: str = "") -> int:
    """The number of the warning that this value deserves; 0: none."""
    check = CHECKS.get(verb, {}).get(name)
    if check is None or check.fits(value):
        return 0
    return IN_GATHER.get(check.code, check.code) if parent == "Gather" else check.code


def _whole(least: int, most: int = 10**9 - 1) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        return re.fullmatch("[0-9]{1,9}", value) is not None and least <= int(value) <= most

    return fits


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda value: value.lower() in words


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


def _speech_timeout(value: str) -> bool:
    return value == "auto" or _positive(value)


def _few_short_hints(value: str) -> bool:
    hints = value.split(",")
    return len(hints) <= MOST_HINTS and all(len(hint.strip()) <= LONGEST_HINT for hint in hints)


def _recording_events(value: str) -> bool:
    return bool(value.split()) and set(value.split()) <= RECORDING_EVENTS


def _call_events(value: str) -> bool:
    return set(value.split()) <= CALL_EVENTS


def _conference_events(value: str) -> bool:
    return set(value.split()) <= CONFERENCE_EVENTS


_positive, _truth, _method = _whole(1), _one_of("true", "false"), _one_of("get", "post")
_input = _one_of("dtmf", "speech", "dtmf speech", "speech dtmf")
_model = _matching(
    "default|numbers_and_commands|phone_call|experimental_(conversations|utterances)"
    "|(googlev2|deepgram)_.+"
)
# Countries whose ringing tone a caller may hear (d:voice/twiml/dial).
_tones = _matching(
    "(?i:automatic|at|au|bg|br|be|ch|cl|cn|cz|de|dk|ee|es|fi|fr|gr|hu|il|in|it|lt|jp|mx|my|nl|no|nz"
    "|ph|pl|pt|ru|se|sg|th|uk|us|us-old|tw|ve|za)"
)
_recorded = _matching("(?i:true|false|do-not-record|record-from-(answer|ringing)(-dual)?)")
_voice = _matching(r"man|woman|alice|Polly\.[A-Z][a-z]+(-[A-Z]\w+)*|Google\.[a-z]{2,3}-[A-Z]{2}-.+")

CHECKS: Mapping[str, Mapping[str, Check]] = {
    "Say": {"loop": Check(13510, _whole(0)), "voice": Check(13511, _voice)},
    "Play": {
        "loop": Check(13410, _whole(0)),
        "digits": Check(13430, _matching("[0-9*#wWABCDabcd]+")),
    },
    "Pause": {"length": Check(13910, _positive)},
    "Redirect": {"method": Check(13710, _method)},
    "Reject": {"reason": Check(13810, _one_of("busy", "rejected"))},
    "Gather": {
        "finishOnKey": Check(13310, _matching("[0-9#*]?")),
        "method": Check(13312, _method),
        "timeout": Check(13313, _positive),
        "numDigits": Check(13314, _positive),
        "input": Check(13326, _input),
        "speechTimeout": Check(13327, _speech_timeout),
        "maxSpeechTime": Check(13328, _whole(1, LONGEST_SPEECH_SECONDS)),
        "partialResultCallbackMethod": Check(13329, _method),
        "hints": Check(13330, _few_short_hints),
        "bargeIn": Check(13332, _truth),
        "profanityFilter": Check(13333, _truth),
        "speechModel": Check(13334, _model),
        "debug": Check(13336, _truth),
        "actionOnEmptyResult": Check(13338, _truth),
        "enhanced": Check(13339, _truth),
    },
    "Record": {
        "method": Check(13610, _method),
        "timeout": Check(13611, _positive),
        "maxLength": Check(13612, _whole(2, LONGEST_RECORDING_SECONDS)),
        "finishOnKey": Check(13613, _matching("[0-9#*]*")),
        "transcribe": Check(13614, _truth),
        "playBeep": Check(13616, _truth),
        "recordingStatusCallbackEvent": Check(13621, _recording_events),
        "recordingStatusCallbackMethod": Check(12200, _method),
        "trim": Check(13699, _one_of("trim-silence", "do-not-trim")),
    },
    "Dial": {
        "method": Check(13210, _method),
        "timeout": Check(13212, _positive),
        "hangupOnStar": Check(13213, _truth),
        "timeLimit": Check(13216, _positive),
        "record": Check(13217, _recorded),
        "sequential": Check(13218, _truth),
        "answerOnBridge": Check(13219, _truth),
        "ringTone": Check(13220, _tones),
    },
    "Conference": {
        "muted": Check(13230, _truth),
        "endConferenceOnExit": Check(13231, _truth),
        "startConferenceOnEnter": Check(13232, _truth),
        "waitMethod": Check(13234, _method),
        "beep": Check(13235, _one_of("true", "false", "onenter", "onexit")),
        "maxParticipants": Check(12200, _whole(1, MOST_PARTICIPANTS)),
        "statusCallbackEvent": Check(12200, _conference_events),
        "statusCallbackMethod": Check(12200, _method),
    },
    "Number": {
        "method": Check(13221, _method),
        "statusCallbackEvent": Check(12200, _call_events),
        "statusCallbackMethod": Check(12200, _method),
        "amdStatusCallbackMethod": Check(12200, _method),
        "sendDigits": Check(13222, _matching("[0-9*#wW]+")),
    },
}
