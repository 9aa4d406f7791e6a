"""The handler of a typical tutorial: the signature is checked, a menu is answered, nothing is kept.

Written as such tutorials write it, the validating decorator included.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

TOKEN = "RINGBACK_TWILIO_AUTH_TOKEN"  # the name of the variable that both apps read
PATH = "/gather"

app = Flask(__name__)


def validate_twilio_request(handler: Callable[[], Response]) -> Callable[[], Response]:
    """Refuse whatever Twilio did not sign."""

    @wraps(handler)
    def decorated() -> Any:
        validator = RequestValidator(os.environ[TOKEN])
        given = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(request.url, request.form, given):
            return abort(403)
        return handler()

    return decorated


@app.post(PATH)
@validate_twilio_request
def gather() -> Response:
    """Answer a choice, and ask again."""
    response = VoiceResponse()
    if request.form.get("Digits") == "1":
        response.say("You selected sales. Good for you!")
    elif request.form.get("Digits") == "2":
        response.say("You need support. We will help!")
    elif request.form.get("Digits"):
        response.say("Sorry, I don't understand that choice.")
    menu = response.gather(num_digits=1, action=PATH, method="POST")
    menu.say("Hello! For sales, press 1. For support, press 2.")
    response.redirect(PATH)
    return Response(str(response), mimetype="text/xml")
