"""Refusals of the REST API: Twilio's number, its HTTP status, its body (twilio.md section 5).

The numbers are those of Twilio's error dictionary (d:api/errors); the words are near to Twilio's.
"""

from flask import Response, jsonify, request

BAD_PARAMETER, UNAUTHORISED, BAD_METHOD, UNFINISHED = 20001, 20003, 20004, 20009
NOT_FOUND, TOO_MANY = 20404, 20429
NO_TO, BAD_URL, BAD_DIGITS, BAD_TIMEOUT, BAD_HTTP_METHOD = 21201, 21205, 21206, 21208, 21209
FROM_NOT_OURS, BAD_TO, BAD_FROM, NO_FROM = 21210, 21211, 21212, 21213
COUNTRY_OFF, BLOCKED, BAD_APPLICATION, NOT_LIVE = 21215, 21216, 21218, 21220
SAME_NUMBERS, BAD_NUMBER_URL, BAD_NUMBER_METHOD = 21266, 21402, 21403
TEXT_COUNTRY_OFF, NO_BODY, NO_SENDER, NO_RECIPIENT, BAD_SENDER = 21408, 21602, 21603, 21604, 21606
BAD_CALLBACK, OPTED_OUT, QUEUE_FULL, UNROUTABLE, TOO_LONG = 21609, 21610, 21611, 21612, 21617
BAD_EVENT, NO_SENDERS, BAD_SERVICE, BAD_NUMBER_APPLICATION = 21626, 21703, 21705, 22108
BAD_UPDATE, NOT_CANCELABLE, TWIML_TOO_LONG = 30400, 30409, 32018
NO_SEND_AT, BAD_SEND_AT, NO_SERVICE, BAD_VALIDITY = 35111, 35114, 35118, 90007

CONFERENCE_FULL, BAD_LABEL, LABEL_IN_USE = 16020, 16024, 16026

WORDS = {
    CONFERENCE_FULL: "Conference is full",
    BAD_LABEL: "Participant label invalid: max 128 chars, not a CallSid, no '/'",
    LABEL_IN_USE: "Participant label is in use by another participant",
    BAD_PARAMETER: "Invalid parameter",
    UNAUTHORISED: "Authenticate",
    BAD_METHOD: "Method not allowed",
    UNFINISHED: "Cannot delete this resource before it is complete",
    NOT_FOUND: "The requested resource was not found",
    TOO_MANY: "Too Many Requests",
    NO_TO: "No 'To' number is specified",
    BAD_URL: "Url parameter is required, and must be an absolute URL.",
    BAD_DIGITS: "SendDigits is invalid: at most 32 of 0123456789ABCD*#wW.",
    BAD_TIMEOUT: "Timeout must be a positive, whole number.",
    BAD_HTTP_METHOD: "Method is invalid: GET or POST.",
    FROM_NOT_OURS: "The source phone number provided is not yet verified for your account.",
    BAD_TO: "The phone number you are attempting to call is not valid.",
    BAD_FROM: "The 'From' number is not a valid phone number or alphanumeric sender ID.",
    NO_FROM: "No 'From' number is specified",
    21214: "'To' phone number cannot be reached",
    COUNTRY_OFF: "Account not authorized to call this number. Check your geographic permissions.",
    BLOCKED: "Account not allowed to call this number.",
    21217: "Phone number does not appear to be valid",
    BAD_APPLICATION: "Invalid ApplicationSid",
    NOT_LIVE: "Call is not in-progress. Cannot redirect.",
    21234: "Invalid Machine Detection configuration value",
    SAME_NUMBERS: "'To' and 'From' number cannot be the same",
    BAD_NUMBER_URL: "Invalid URL",
    BAD_NUMBER_METHOD: "Invalid Method: GET or POST.",
    TEXT_COUNTRY_OFF: "Permission to send an SMS has not been enabled for the region of 'To'.",
    NO_BODY: "Message body is required.",
    NO_SENDER: "A 'From' or 'MessagingServiceSid' parameter is required to send a message",
    NO_RECIPIENT: "A 'To' phone number is required.",
    BAD_SENDER: "The 'From' phone number is not a valid, SMS-capable number of your account.",
    BAD_CALLBACK: "The 'StatusCallback' URL is not a valid URL.",
    OPTED_OUT: "Attempt to send to unsubscribed recipient",
    QUEUE_FULL: "This 'From' number has exceeded the maximum number of queued messages",
    UNROUTABLE: "Message cannot be sent with the current combination of 'To' and 'From'",
    21614: "'To' number is not a valid mobile number",
    TOO_LONG: "The concatenated message body exceeds the 1600 character limit",
    NO_SENDERS: "The Messaging Service does not have a phone number available to send a message",
    BAD_SERVICE: "The Messaging Service is invalid",
    BAD_NUMBER_APPLICATION: "Invalid Application SID",
    BAD_UPDATE: "Parameters are not valid",
    NOT_CANCELABLE: "This message cannot be canceled",
    TWIML_TOO_LONG: "Twiml size exceeded maximum allowed value of 4000 characters",
    NO_SEND_AT: "SendAt timestamp is missing",
    BAD_SEND_AT: "SendAt must be between 300 seconds and 35 days in the future",
    NO_SERVICE: "MessagingServiceSid is required to schedule a message",
    BAD_VALIDITY: "Invalid validity period value",
}
STATUSES = {
    UNAUTHORISED: 401,
    NOT_FOUND: 404,
    BAD_METHOD: 405,
    UNFINISHED: 409,
    NOT_CANCELABLE: 409,
    TOO_MANY: 429,
}


class Refused(Exception):
    """A request that the API turns down."""

    def __init__(self, code: int, words: str = "") -> None:
        """By Twilio's number."""
        super().__init__(words or WORDS[code])
        self.code = code
        self.status = STATUSES.get(code, 400)


def not_found() -> Refused:
    """Nothing is at that address; Twilio says which."""
    return Refused(NOT_FOUND, f"The requested resource {request.path} was not found")


def refusal(refused: Refused) -> Response:
    """The body that twilio-python turns into a TwilioRestException."""
    body = {
        "code": refused.code,
        "message": str(refused),
        "more_info": f"https://www.twilio.com/docs/errors/{refused.code}",
        "status": refused.status,
    }
    response = jsonify(body)
    response.status_code = refused.status
    if refused.code == UNAUTHORISED:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response
