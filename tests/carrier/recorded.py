"""Webhooks as Twilio posts them (the parameter sets of its documents), with made-up people."""

from werkzeug.datastructures import MultiDict

ALICE = "+447700900001"
BOB = "+447700900002"
SERVICE = "+443069990001"
OFFICERS = "+443069990002"
CALL = "CA" + "1f" * 16
TEXT = "SM" + "2e" * 16
CHILD_CALL = "CA" + "3d" * 16
ATTEMPT = "at_4c9f"

_ACCOUNT = {"AccountSid": "AC" + "0a" * 16, "ApiVersion": "2010-04-01"}


class North:
    """The policy of a department with one desk and two lines."""

    default_desk = "main"

    def desk_of(self, number_e164: str) -> tuple[str, str] | None:
        """Customers ring one number, officers the other."""
        return {SERVICE: ("north", "customers"), OFFICERS: ("north", "officers")}.get(number_e164)


def form(base: dict[str, str], **changes: str | None) -> MultiDict[str, str]:
    """A form with some parameters changed, and those that are None left out."""
    return MultiDict({k: v for k, v in {**base, **changes}.items() if v is not None})


text_from_alice = {
    **_ACCOUNT,
    "MessageSid": TEXT,
    "SmsSid": TEXT,
    "SmsMessageSid": TEXT,
    "SmsStatus": "received",
    "From": ALICE,
    "To": SERVICE,
    "Body": "Sorry I missed you",
    "NumMedia": "0",
    "NumSegments": "1",
    "FromCountry": "GB",
    "FromCity": "",
    "FromState": "",
    "FromZip": "",
    "ToCountry": "GB",
    "ToCity": "London",
    "ToState": "",
    "ToZip": "",
}

call_from_alice = {
    **_ACCOUNT,
    "CallSid": CALL,
    "CallStatus": "ringing",
    "Direction": "inbound",
    "From": ALICE,
    "Caller": ALICE,
    "CallerCountry": "GB",
    "FromCountry": "GB",
    "To": SERVICE,
    "Called": SERVICE,
    "CalledCountry": "GB",
    "ToCountry": "GB",
    "CallToken": '{"parentCallInfoToken":"ey.ey.sig"}',
    "StirVerstat": "No-TN-Validation",
}

call_to_bob = {
    **_ACCOUNT,
    "CallSid": CALL,
    "CallStatus": "in-progress",
    "Direction": "outbound-api",
    "From": SERVICE,
    "Caller": SERVICE,
    "To": BOB,
    "Called": BOB,
    "ToCountry": "GB",
}

keys_from_bob = {
    **call_to_bob,
    "Digits": "31121980",
    "FinishedOnKey": "#",
    "msg": "Gather End",
}

desk_leg_of_bob = {
    **call_to_bob,
    "DialCallSid": CHILD_CALL,
    "DialCallStatus": "no-answer",
    "DialBridged": "false",
}

verdict_on_bob = {
    **{key: _ACCOUNT[key] for key in ("AccountSid",)},
    "CallSid": CALL,
    "AnsweredBy": "machine_end_beep",
    "MachineDetectionDuration": "4210",
}

notice_on_bob = {
    **call_to_bob,
    "CallStatus": "completed",
    "CallbackSource": "call-progress-events",
    "SequenceNumber": "3",
    "Timestamp": "Tue, 24 Nov 2026 10:00:41 +0000",
    "CallDuration": "41",
    "Duration": "1",
    "SipResponseCode": "200",
}

reminder_to_bob = {
    **_ACCOUNT,
    "MessageSid": TEXT,
    "SmsSid": TEXT,
    "MessageStatus": "undelivered",
    "SmsStatus": "undelivered",
    "ErrorCode": "30003",
    "From": SERVICE,
    "To": BOB,
}
