"""Refusals of the REST API: Twilio's number, its HTTP status, its body (twilio.md section 5)."""

from flask import Response, jsonify

UNAUTHORISED, NOT_FOUND = 20003, 20404
NO_TO, NO_URL, FROM_NOT_OURS, BAD_TO, BAD_FROM = 21201, 21205, 21210, 21211, 21212
NO_FROM, NOT_LIVE, NO_BODY, BAD_SENDER, TOO_LONG = 21213, 21220, 21602, 21606, 21617
OPTED_OUT, TWIML_TOO_LONG, BAD_PARAMETER = 21610, 32018, 20001

WORDS = {
    BAD_PARAMETER: "Invalid parameter",
    UNAUTHORISED: "Authenticate",
    NOT_FOUND: "The requested resource was not found",
    NO_TO: "No 'To' number is specified",
    NO_URL: "Url parameter is required.",
    FROM_NOT_OURS: "The source phone number provided is not yet verified for your account.",
    BAD_TO: "The phone number you are attempting to call is not valid.",
    BAD_FROM: "The 'From' number is not a valid phone number or shortcode.",
    NO_FROM: "No 'From' number is specified",
    21214: "'To' phone number cannot be reached",
    21215: "Account not authorized to call this number. Check your geographic permissions.",
    21216: "Account not allowed to call this number.",
    21217: "Phone number does not appear to be valid",
    NOT_LIVE: "Call is not in-progress. Cannot redirect.",
    21234: "Invalid Machine Detection configuration value",
    21408: "Permission to send an SMS has not been enabled for the region of the 'To' number.",
    NO_BODY: "Message body is required.",
    BAD_SENDER: "The 'From' phone number is not a valid, SMS-capable number of your account.",
    OPTED_OUT: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number is not currently reachable via SMS",
    21614: "'To' number is not a valid mobile number",
    TOO_LONG: "The concatenated message body exceeds the 1600 character limit",
    TWIML_TOO_LONG: "Twiml parameter is longer than 4000 characters",
}
STATUSES = {UNAUTHORISED: 401, NOT_FOUND: 404}


class Refused(Exception):
    """A request that the API turns down."""

    def __init__(self, code: int) -> None:
        """By Twilio's number."""
        super().__init__(WORDS[code])
        self.code = code
        self.status = STATUSES.get(code, 400)


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
    return response
