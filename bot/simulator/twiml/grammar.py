"""What TwiML allows where: verbs, their attributes and what may be nested in them.

Source: Twilio's own documentation of each verb, and twilio-python's twilio/twiml/. Anything else
is warning 12200 and is ignored. What the values may be is in attribute_values.py.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """What a verb may carry."""

    attributes: frozenset[str]
    children: frozenset[str] | None = frozenset()  # None: speech markup


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs of Twilio that this simulator does not play. They are kept in a document, and a call that
# comes to one ends with the carrier's apology and a clear word: to skip them would hide a mistake.
NOT_PLAYED_VERBS = _words("Enqueue Leave Connect Start Stop Pay Prompt Refer Sms Echo")
NOT_PLAYED_NOUNS = _words("Client Sip Queue Sim Application WhatsApp")
NOT_PLAYED = NOT_PLAYED_VERBS | NOT_PLAYED_NOUNS

VOICE = {
    "Response": Rule(
        frozenset(),
        _words("Say Play Pause Gather Record Redirect Hangup Reject Dial") | NOT_PLAYED_VERBS,
    ),
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
    "Record": Rule(
        _words(
            "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback"
            " recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe"
            " transcribeCallback recordingConfigurationId"
        )
    ),
    "Redirect": Rule(_words("method")),
    "Hangup": Rule(frozenset()),
    "Reject": Rule(_words("reason")),
    "Dial": Rule(
        _words(
            "action method timeout timeLimit callerId answerOnBridge hangupOnStar ringTone record"
            " trim recordingStatusCallback recordingStatusCallbackMethod"
            " recordingStatusCallbackEvent recordingTrack referUrl referMethod sequential events"
            " recordingConfigurationId passports"
        ),
        _words("Number Conference") | NOT_PLAYED_NOUNS,
    ),
    "Conference": Rule(
        _words(
            "muted beep startConferenceOnEnter endConferenceOnExit participantLabel"
            " jitterBufferSize waitUrl waitMethod maxParticipants record region trim coach"
            " statusCallbackEvent statusCallback statusCallbackMethod recordingStatusCallback"
            " recordingStatusCallbackMethod recordingStatusCallbackEvent eventCallbackUrl"
            " recordingConfigurationId"
        )
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
    "Response": Rule(frozenset(), _words("Message Redirect")),
    "Message": Rule(_words("to from action method statusCallback"), _words("Body Media")),
    "Redirect": Rule(_words("method")),
    "Body": Rule(frozenset()),
    "Media": Rule(frozenset()),
}

# What has no words of its own: text in it is an unexpected part of the document.
WORDLESS = _words("Response Gather Pause Hangup Reject Record")

# Attributes that are right but that this simulator does not act upon yet: said, and passed over.
NOT_HEEDED = {
    "Record": _words("transcribe transcribeCallback recordingConfigurationId"),
    "Dial": _words(
        "trim recordingStatusCallback referUrl recordingTrack events recordingConfigurationId"
        " passports"
    ),
    "Conference": _words("record recordingStatusCallback eventCallbackUrl"),
    "Number": _words("byoc"),
}
