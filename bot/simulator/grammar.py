"""What TwiML allows where: verbs, their attributes and what may be nested in them.

Source: Twilio's own documentation of each verb, and twilio-python's twilio/twiml/. Anything else
is warning 12200 and is ignored.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """What a verb may carry."""

    attributes: frozenset[str]
    children: frozenset[str] | None = frozenset()  # None: anything (speech markup)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOICE = {
    "Say": Rule(_words("voice language loop"), None),
    "Play": Rule(_words("loop digits")),
    "Pause": Rule(_words("length")),
    "Gather": Rule(
        _words(
            "action method input timeout finishOnKey numDigits speechTimeout maxSpeechTime hints"
            " language profanityFilter actionOnEmptyResult bargeIn partialResultCallback"
            " partialResultCallbackMethod speechModel enhanced dtmfDetection debug"
        ),
        _words("Say Play Pause"),
    ),
    "Redirect": Rule(_words("method")),
    "Hangup": Rule(frozenset()),
    "Reject": Rule(_words("reason")),
    "Dial": Rule(
        _words(
            "action method timeout timeLimit callerId answerOnBridge hangupOnStar ringTone record"
            " trim recordingStatusCallback recordingStatusCallbackMethod"
            " recordingStatusCallbackEvent recordingTrack referUrl referMethod sequential"
        ),
        _words("Number Client Sip Conference Queue Sim Application"),
    ),
    "Number": Rule(
        _words(
            "url method sendDigits statusCallback statusCallbackEvent statusCallbackMethod byoc"
            " machineDetection machineDetectionTimeout amdStatusCallback amdStatusCallbackMethod"
            " machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold"
            " machineDetectionSilenceTimeout"
        )
    ),
}

MESSAGING = {
    "Message": Rule(_words("to from action method statusCallback"), _words("Body Media")),
    "Redirect": Rule(_words("method")),
    "Body": Rule(frozenset()),
    "Media": Rule(frozenset()),
}

# Attributes that are right but that this simulator does not act upon yet: said, and passed over.
NOT_HEEDED = {
    "Gather": _words("partialResultCallback partialResultCallbackMethod"),
    "Dial": _words("hangupOnStar record sequential"),
    "Number": _words("sendDigits machineDetection amdStatusCallback"),
    "Message": _words("to from action statusCallback"),
}

# Verbs of Twilio that this simulator does not play: said in a clear word, and passed over.
NOT_PLAYED = _words(
    "Record Enqueue Leave Connect Start Stop Pay Prompt Refer Sms Transcription Siprec"
    " Client Sip Conference Queue Sim Application"
)
